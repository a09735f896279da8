"""Capture: one open lead a person whatever races, nothing lost after the answer, nothing accepted before."""

import asyncio
import json
from collections import Counter
from datetime import datetime, timedelta

import asyncpg
import pytest

from adapters.phones import whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.pool import open_pool
from adapters.postgres.switches import PostgresSwitches
from domain.decisions import Judgement
from domain.errors import BadInput, Unavailable
from domain.facts import Facts
from domain.messages import InboundText, Person, Signal
from domain.ports import Captured
from domain.switches import Name, Throw
from tests.contracts.postgres.builders import (
    PHONE,
    REPS,
    TENANT,
    RotationJudge,
    broken_judge,
    count,
    inquiry,
    judge,
    person,
    read,
)

EMAIL = "dana@example.com"


async def test_a_first_inquiry_starts_a_lead_with_its_decision(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    captured = await captures.capture(TENANT, inquiry(), person(email=EMAIL), judge)
    assert (captured.status, captured.first_motion) == ("started", "text_back")
    assert captured.lead is not None
    assert captured.lead.captured is not None
    assert captured.lead.captured.decision_id == f"{captured.lead_id}:1:triage:0"
    assert captured.ref is not None
    assert (captured.ref.kind, captured.ref.row_id) == ("inquiry", captured.row_id)
    row = await pool.fetchrow("select * from lead")
    assert (row["owner"], row["motion"], row["stage"], row["next_action"]) == ("ana", "text_back", "triage", "text")
    assert await count(pool, "decision", "trace -> 'reasons' -> 0 ->> 'rule' = 'always'") == 1
    assert await count(pool, "identity") == 2


async def test_fifty_posts_at_once_of_one_person_are_one_lead(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    posts = (captures.capture(TENANT, inquiry(f"form-{n}"), person(email=EMAIL), judge) for n in range(50))
    results = await asyncio.gather(*posts)
    assert Counter(result.status for result in results) == {"started": 1, "joined": 49}
    assert len({result.lead_id for result in results}) == 1
    assert await count(pool, "lead") == await count(pool, "person") == await count(pool, "decision") == 1
    assert await count(pool, "inbox", "state = 'captured'") == 50


async def test_fifty_posts_at_once_of_one_event_are_one_row(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    results = await asyncio.gather(*(captures.capture(TENANT, inquiry(), person(), judge) for _ in range(50)))
    assert Counter(result.status for result in results) == {"started": 1, "duplicate": 49}
    assert len({(result.lead_id, result.row_id, result.first_motion) for result in results}) == 1
    assert await count(pool, "inbox") == 1


async def test_the_rotation_is_strict_under_a_rush(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    people = (person(phone=f"+1512555{n:04}") for n in range(30))
    await asyncio.gather(*(captures.capture(TENANT, inquiry(f"f{n}"), one, judge) for n, one in enumerate(people)))
    offered = [row["rep"] for row in await pool.fetch("select rep from assignment order by number")]
    assert offered == list(REPS) * 10


async def test_a_person_is_known_by_phone_first_then_by_email(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    first = await captures.capture(TENANT, inquiry("1"), person(email=EMAIL), judge)
    other = await captures.capture(TENANT, inquiry("2"), person(phone="+15125550999"), judge)
    both = await captures.capture(TENANT, inquiry("3"), person(phone="+15125550999", email=EMAIL), judge)
    mail = await captures.capture(TENANT, inquiry("4"), person(phone=None, email=EMAIL), judge)
    assert (both.lead_id, mail.lead_id) == (other.lead_id, first.lead_id)
    assert await count(pool, "person") == 2
    assert await count(pool, "identity", "value = 'dana@example.com'") == 2


async def test_nobody_is_known_by_nothing(captures: PostgresCaptures) -> None:
    one = await captures.capture(TENANT, inquiry("1"), person(phone=None), judge)
    two = await captures.capture(TENANT, inquiry("2"), person(phone=None), judge)
    assert (one.status, two.status) == ("started", "started")


async def test_tenants_share_nothing(captures: PostgresCaptures) -> None:
    one = await captures.capture("one", inquiry(), person(), judge)
    two = await captures.capture("two", inquiry(), person(), judge)
    assert (one.status, two.status) == ("started", "started")


async def test_the_facts_hold_what_is_known(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    seen: list[Facts] = []

    class Remembering(RotationJudge):
        def triage(self, facts: Facts, now: datetime, decision_id: str) -> Judgement:
            seen.append(facts)
            return super().triage(facts, now, decision_id)

    await captures.signal(
        TENANT, Signal(source_event_id="s1", person=Person(), kind="page_view", page="/pricing"), person(), judge
    )
    stop = Throw(on=True, by="kim", because="a test")
    await PostgresSwitches(pool, TENANT).throw(Name.KILL_SWITCH, stop)
    given = inquiry(
        consent={"sms": True, "kind": "express"},
        attribution={"page": "/demo", "campaign": "fall", "referrer_name": "Ann"},
        answers={"timeline": "now"},
        signals=[{"kind": "email_click"}],
        active_deal=True,
        extra={"active_sequence": "true", "crm_owner": "77"},
    )
    await captures.capture(TENANT, given, person(company="Ortiz"), Remembering())
    facts = seen[0]
    assert (facts.page, facts.campaign, facts.referred, facts.answers) == ("/demo", "fall", True, {"timeline": "now"})
    assert (facts.consent.sms, facts.consent.kind, facts.kill_switch) == (True, "express", True)
    assert [one.kind for one in facts.signals] == ["page_view", "email_click"]
    assert (facts.history.active_deal, facts.history.active_sequence, facts.history.crm_owner) == (True, True, "77")
    assert (facts.person.company, bool(facts.person.person_id)) == ("Ortiz", True)


def without_what_came_later(facts: Facts) -> Facts:
    """Without the offer that the judgement made, and the contact that a text is."""
    return facts.model_copy(
        update={"reps": (), "history": facts.history.model_copy(update={"last_contact_at": None})},
    )


async def test_what_capture_judges_by_is_what_the_lead_is_judged_by_right_after(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    seen: list[Facts] = []

    class Remembering(RotationJudge):
        def triage(self, facts: Facts, now: datetime, decision_id: str) -> Judgement:
            seen.append(facts)
            return super().triage(facts, now, decision_id)

    remembering = Remembering()

    async def same(captured: Captured) -> None:
        assert (captured.status, captured.lead is not None) == ("started", True)
        assert captured.lead is not None
        now = captured.lead.opened_at
        after = await PostgresDecisions(pool).facts(TENANT, captured.lead.lead_id, now)
        assert without_what_came_later(after) == without_what_came_later(seen[-1])

    views = [{"kind": "page_view", "page": f"/{n}", "at": f"2026-11-0{n % 9 + 1}T10:00:00Z"} for n in range(40)]
    for n in range(2):
        viewed = inquiry(f"bare-{n}", signals=[*views, {"kind": "later", "at": "2099-01-01T00:00:00Z"}])
        await same(await captures.capture(TENANT, viewed, person(), remembering))
        await pool.execute("update lead set closed_at = now() where closed_at is null")
    full = inquiry(
        "full",
        consent={"sms": True, "kind": "express"},
        attribution={"page": "/demo", "campaign": "fall", "referrer_name": " "},
        answers={"timeline": "now"},
        extra={"crm_owner": "77", "active_deal": True},
    )
    left = await captures.capture(TENANT, full, person(email=EMAIL, postal_code="78701"), broken_judge)
    await asyncio.sleep(0.01)
    again = await captures.recapture(left.row_id, lambda _: person(email=EMAIL, postal_code="78701"), remembering)
    await same(again)
    assert again.lead is not None
    assert seen[-1].received_at < again.lead.opened_at
    await pool.execute("update lead set closed_at = now() where closed_at is null")
    text = InboundText(vendor_id="SM1", sender=PHONE, recipient="+15125550100", body="Hi")
    await same(await captures.text(TENANT, text, "reply", person(), remembering))
    await pool.execute("update lead set closed_at = now() where closed_at is null")
    meeting = Signal(source_event_id="s1", person=Person(), kind="meeting_request", page="/meet")
    await same(await captures.signal(TENANT, meeting, person(), remembering))


async def test_consent_holds_until_another_is_given(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    await captures.capture(TENANT, inquiry("1", consent={"sms": True, "kind": "written"}), person(), judge)
    await captures.capture(TENANT, inquiry("2"), person(), judge)
    given = json.loads(await pool.fetchval("select consent_of(person_id) from person"))
    assert (given["sms"], given["kind"]) == (True, "written")
    assert await count(pool, "consent") == 1


async def test_the_lead_lives_by_the_stacks_clock(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    await pool.execute("insert into setting values ('clock_offset', '86400')")
    captured = await captures.capture(TENANT, inquiry(), person(), judge)
    assert captured.lead is not None
    assert captured.lead.clock_offset == timedelta(days=1)
    ahead = captured.lead.opened_at - await pool.fetchval("select clock_timestamp()")
    assert timedelta(hours=23) < ahead <= timedelta(days=1)
    await pool.execute("update lead set clock_ahead = '10 days'")
    joined = await captures.capture(TENANT, inquiry("2"), person(), judge)
    assert joined.ref is not None
    assert joined.ref.at - captured.lead.opened_at > timedelta(days=10)


async def test_a_fault_in_judging_keeps_the_row_and_only_the_row(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    captured = await captures.capture(TENANT, inquiry(), person(), broken_judge)
    assert (captured.status, captured.lead_id) == ("undecided", None)
    assert await count(pool, "inbox", "state = 'undecided' and last_error = 'ZeroDivisionError'") == 1
    assert await count(pool, "person") == await count(pool, "lead") == 0
    assert (await captures.left_behind(TENANT, timedelta(0), 10))[0].status == "undecided"
    again = await captures.recapture(captured.row_id, read, judge)
    assert (again.status, again.row_id) == ("started", captured.row_id)
    assert (await captures.recapture(captured.row_id, read, judge)).status == "duplicate"
    assert (await captures.capture(TENANT, inquiry(), person(), judge)).lead_id == again.lead_id


async def test_a_capture_sees_the_close_it_waited_for(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    first = await captures.capture(TENANT, inquiry("1"), person(), judge)
    async with pool.acquire() as closing, closing.transaction():
        await closing.execute("update lead set closed_at = now()")
        waiting = asyncio.create_task(captures.capture(TENANT, inquiry("2"), person(), judge))
        await asyncio.sleep(0.1)
        assert not waiting.done()
    second = await waiting
    assert (second.status, second.lead_id != first.lead_id) == ("started", True)


async def test_how_a_lead_stands_is_known_from_its_capture_on(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    captured = await captures.capture(TENANT, inquiry(), person(), judge)
    assert captured.lead_id is not None
    standing = await captures.standing(TENANT, captured.lead_id)
    assert standing is not None
    assert (standing.start, standing.ref, standing.state) == (captured.lead, captured.ref, captured.lead)
    assert await captures.standing("other", captured.lead_id) is None
    await pool.execute("update lead set state = jsonb_set(state, '{closed}', '\"won\"')")
    closed = await captures.standing(TENANT, captured.lead_id)
    assert closed is not None
    assert (closed.start, closed.state.is_open) == (captured.lead, False)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"person": {"name": "a\x00b"}}, "person.name"),
        ({"answers": {"q": "\x00"}}, "answers.q"),
        ({"answers": {"q\x00": "a"}}, "answers.q\N{REPLACEMENT CHARACTER}"),
        ({"more": [{"deep": "\x00"}]}, "more[0].deep"),
        ({"more": [{"deep": "half \ud800"}]}, "more[0].deep"),
        ({"more": {"\udfff": 1}}, "more.\N{REPLACEMENT CHARACTER}"),
    ],
)
async def test_text_that_cannot_be_stored_is_refused_with_its_place(
    captures: PostgresCaptures, pool: asyncpg.Pool, given: dict[str, object], place: str
) -> None:
    with pytest.raises(BadInput) as caught:
        await captures.capture(TENANT, inquiry(**given), person(), judge)  # type: ignore[arg-type]  # no event and no source among them
    assert [where for where, _ in caught.value.problems] == [place]
    assert await count(pool, "inbox") == 0


async def test_hostile_text_is_only_text(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    name = "Robert'); drop table lead; --\\u0000 $1 {0} %s \U0001f600"
    given = inquiry("'; --", person={"name": name}, answers={"long": "x" * 8192, "quote": "\"'\\"}, note="é" * 8192)
    assert (await captures.capture(TENANT, given, person(company=name), judge)).status == "started"
    payload = json.loads(await pool.fetchval("select payload from inbox"))
    assert payload["person"]["name"] == await pool.fetchval("select name from person") == name
    assert (payload["answers"]["long"], payload["note"]) == ("x" * 8192, "é" * 8192)


async def test_no_answer_is_said_so_and_nothing_is_accepted(database_url: str) -> None:
    pool = await open_pool(database_url)
    captures = PostgresCaptures(pool, whereabouts)
    await pool.close()
    with pytest.raises(Unavailable):
        await captures.capture(TENANT, inquiry(), person(), judge)
    with pytest.raises(Unavailable):
        await open_pool("postgresql://baton@127.0.0.1:1/none")


async def test_a_killed_connection_accepts_nothing_and_the_pool_goes_on(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("lock table inbox in exclusive mode")
        waiting = asyncio.create_task(captures.capture(TENANT, inquiry(), person(), judge))
        await asyncio.sleep(0.1)
        await holder.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where wait_event_type = 'Lock' and datname = current_database()"
        )
        with pytest.raises(Unavailable):
            await waiting
    assert await count(pool, "inbox") == await count(pool, "lead") == await count(pool, "person") == 0
    assert (await captures.capture(TENANT, inquiry(), person(), judge)).status == "started"
