"""Companies in the capture transaction: what is known of one, and what others of it did, are facts of the first
decision; three who stir are told to the company's open leads, whichever came first, behaviour or lead."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from adapters.phones import whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.companies import PostgresCompanies
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.switches import PostgresSwitches
from domain.companies import CompanyFacts
from domain.decisions import DecisionKind, Followup, Outcome
from domain.facts import Facts, PersonFacts, SignalFact
from domain.messages import Signal
from domain.ports import Captured
from domain.switches import Name, Throw
from policy import news
from policy.at_capture import AtCapture
from tests.contracts.postgres.builders import TENANT, count, inquiry
from tests.policy.cases import TEXAS, default

JUDGE = AtCapture(default())
ACME = "acme.example"


def of(name: str, domain: str = ACME, phone: str | None = None) -> PersonFacts:
    """Somebody with an address at a company, or elsewhere."""
    return PersonFacts(
        email=f"{name}@{domain}",
        email_domain=domain,
        company_domain=None if domain == "gmail.com" else domain,
        phone=phone,
        places=TEXAS,
        region="TX",
        country="US",
    )


class World:
    """Captures by the default policy, and what came of them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.judge = JUDGE
        self.pool, self.captures = pool, PostgresCaptures(pool, whereabouts)
        self.number = 0

    async def asks(self, name: str, source: str = "webinar", **changes: object) -> Captured:
        self.number += 1
        said = inquiry(f"form-{self.number}", source, test=changes.pop("test", False))
        return await self.captures.capture(TENANT, said, of(name, **changes), self.judge)  # type: ignore[arg-type]  # of a test

    async def looks(self, name: str, page: str = "/pricing", **changes: object) -> Captured:
        self.number += 1
        signal = Signal.model_validate(
            {"source_event_id": f"view-{self.number}", "kind": "page_view", "page": page, "person": {}}
        )
        return await self.captures.signal(TENANT, signal, of(name, **changes), self.judge)  # type: ignore[arg-type]  # of a test

    async def facts(self, captured: Captured) -> Facts:
        """Facts of the lead's first decision, as they were stored with it."""
        stored = await self.pool.fetchval("select facts from decision where lead_id = $1", captured.lead_id)
        return Facts.model_validate_json(stored)

    async def facts_now(self, captured: Captured) -> Facts:
        """What a judgement would read now."""
        assert captured.lead_id is not None
        now = datetime.now(UTC) + timedelta(minutes=1)
        return await PostgresDecisions(self.pool).facts(TENANT, captured.lead_id, now)

    async def told(self) -> list[str]:
        """Leads that are to hear of a buying group."""
        rows = await self.pool.fetch(
            "select lead_id from inbox where channel = 'account' and state = 'captured' and ref ->> 'kind' = 'account'"
        )
        return sorted(row["lead_id"] for row in rows)


@pytest.fixture
def world(pool: asyncpg.Pool) -> World:
    return World(pool)


async def test_what_the_company_table_has_is_a_fact_of_the_first_decision(world: World) -> None:
    row = CompanyFacts(domain=ACME, name="Acme", employees=250, target=True, owner="ben")
    await PostgresCompanies(world.pool, TENANT).replace((row,), dry_run=False)
    captured = await world.asks("ann")
    facts = await world.facts(captured)
    assert facts.company == row
    assert (await world.facts_now(captured)).company == row
    assert captured.lead is not None
    assert captured.lead.captured is not None
    assert captured.lead.captured.route == "strategic_account"  # a target by the table
    stranger = await world.asks("zoe", domain="else.example")
    assert (await world.facts(stranger)).company is None


async def test_only_a_store_that_may_ask_somebody_says_so(world: World) -> None:
    assert (await world.facts(await world.asks("ann"))).enriches is False
    world.captures = PostgresCaptures(world.pool, whereabouts, enriches=True)
    captured = await world.asks("bob")
    assert (await world.facts(captured)).enriches is True
    assert (await world.facts_now(captured)).enriches is False  # later judgements don't wait


async def test_in_the_sandbox_nobody_is_asked_about_a_company(world: World) -> None:
    world.captures = PostgresCaptures(world.pool, whereabouts, enriches=True)
    board = PostgresSwitches(world.pool, TENANT)
    await board.throw(Name.SANDBOX, Throw(on=True, by="ops", because="a trial"))
    assert (await world.facts(await world.asks("bob"))).enriches is False


async def test_a_group_that_cant_be_judged_loses_nobodys_message(world: World, pool: asyncpg.Pool) -> None:
    class Broken(AtCapture):
        def makes_group(self, facts: Facts, before: tuple[SignalFact, ...], now: datetime) -> bool:
            raise ZeroDivisionError

    await world.asks("ann")
    world.judge = Broken(default())
    assert (await world.asks("bob")).status == "started"
    assert (await world.looks("bob")).status == "joined"
    assert await count(pool, "lead") == 2


async def test_signals_first_then_the_lead(world: World) -> None:
    await world.looks("ann")
    await world.looks("ann")
    await world.looks("bob")
    await world.looks("bob", page="/blog")
    captured = await world.asks("cat", source="webinar")
    await world.looks("cat")
    facts = await world.facts(captured)
    assert sorted((one.kind, one.page, one.inquiry) for one in facts.colleagues) == [
        ("page_view", "/blog", False),
        *[("page_view", "/pricing", False)] * 3,
    ]
    assert len({one.person for one in facts.colleagues}) == 2
    assert captured.first_motion == "nurture"  # cat herself had not shown intent yet
    group = await world.asks("dan", source="webinar")
    assert group.first_motion == "human_task"
    assert group.lead is not None
    assert group.lead.captured is not None
    assert (group.lead.captured.route, group.lead.captured.intent) == ("buying_group", 15)


async def test_the_lead_first_then_signals(world: World) -> None:
    captured = await world.asks("ann", source="webinar")
    assert (captured.first_motion, captured.lead_id) == ("nurture", captured.lead_id)
    await world.looks("ann")
    await world.looks("bob")
    assert await world.told() == []
    await world.looks("cat")
    assert await world.told() == [captured.lead_id]
    await world.looks("cat")
    await world.looks("dan")
    assert await world.told() == [captured.lead_id], "told once, when they became three"
    judgement = news.on_news(
        await world.facts_now(captured),
        default(),
        datetime.now(UTC) + timedelta(minutes=1),
        Followup(kind=DecisionKind.NEWS, decision_id="d", news_source="buying_group"),
    )
    assert (judgement.decision.outcome, judgement.decision.rules[-1]) == (Outcome.RESTART, "news/buying_group")


async def test_what_is_told_goes_to_the_lead_by_the_sweeper(world: World) -> None:
    captured = await world.asks("ann", source="demo_request")
    await world.looks("bob")
    await world.looks("cat")
    left = await world.captures.left_behind(TENANT, timedelta(0), 10)
    rows = [row for row in left if row.ref is not None and row.ref.kind == "account"]
    assert [(row.status, row.lead_id) for row in rows] == [("joined", captured.lead_id)]
    ref = rows[0].ref
    assert ref is not None
    assert (ref.source, ref.strong, ref.row_id) == ("buying_group", True, rows[0].row_id)
    await world.captures.put_back(rows[0].row_id, "the lead has ended")
    assert await count(world.pool, "inbox", "channel = 'account' and state <> 'kept'") == 0


async def test_an_inquiry_makes_the_third_too_and_its_own_lead_is_not_told(world: World) -> None:
    first = await world.asks("ann", source="demo_request")
    second = await world.asks("bob", source="pricing_page")
    third = await world.asks("cat", source="contact_sales")
    assert await world.told() == sorted(str(each.lead_id) for each in (first, second))
    facts = await world.facts(third)
    assert sorted((one.kind, one.inquiry) for one in facts.colleagues) == [
        ("demo_request", True),
        ("pricing_page", True),
    ]


async def test_who_was_chosen_at_capture_and_never_asked_keeps_their_turn(world: World) -> None:
    """The lead waited and was judged again: one offer was made, to whom the second decision names."""
    captured = await world.asks("ann", source="referral")
    assert captured.lead is not None
    first, decisions = captured.lead.captured, PostgresDecisions(world.pool)
    assert first is not None
    assert first.owner == "ada"
    again = JUDGE.triage(await world.facts_now(captured), datetime.now(UTC), f"{captured.lead_id}:1:triage:1")
    assert again.trace.assignment is not None
    taken = again.trace.assignment.model_copy(update={"owner": "ben"})
    again = again.model_copy(
        update={
            "decision": again.decision.model_copy(update={"owner": "ben"}),
            "trace": again.trace.model_copy(update={"assignment": taken}),
        }
    )
    for _ in range(2):  # a repeated activity
        await decisions.store(await world.facts_now(captured), None, again)
    rows = await world.pool.fetch("select rep from assignment where lead_id = $1", captured.lead_id)
    assert [row["rep"] for row in rows] == ["ben"]


async def test_free_mail_never_makes_a_buying_group(world: World) -> None:
    captured = await world.asks("ann", domain="gmail.com")
    for name in ("bob", "cat", "dan", "eve"):
        await world.looks(name, domain="gmail.com")
    assert (await world.facts_now(captured)).colleagues == ()
    assert await world.told() == []


async def test_one_human_under_two_addresses_and_test_leads_make_no_group(world: World) -> None:
    captured = await world.asks("ann", source="demo_request", phone="+15125550142")
    await world.looks("bob", phone="+15125550143")
    await world.asks("tess", source="demo_request", test=True)
    assert (await world.facts_now(captured)).colleagues != ()
    assert {one.kind for one in (await world.facts_now(captured)).colleagues} == {"page_view"}
    # The same number under another address is the same person.
    await world.pool.execute(
        "update person set facts = facts || '{\"phone\": \"+15125550142\"}' where facts ->> 'email' like 'bob@%'"
    )
    assert (await world.facts_now(captured)).colleagues == ()


async def test_colleagues_of_another_tenant_are_nobody(world: World) -> None:
    for name in ("ann", "bob"):
        await world.looks(name)
    captured = await world.captures.capture("other", inquiry("form-9", "webinar"), of("cat"), JUDGE)
    assert (await world.facts(captured)).colleagues == ()


async def test_a_big_company_is_looked_at_by_its_newest(world: World) -> None:
    for number in range(70):
        await world.looks(f"p{number}")
    facts = await world.facts(await world.asks("ann"))
    assert len(facts.colleagues) == 64
    moments = [one.at for one in facts.colleagues]
    assert moments == sorted(moments)
