"""The four speeds as the database keeps them: written once, never moved, over cycles; and read back for the report."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from activities.policies import Policies
from adapters.phones import person_facts, whereabouts
from adapters.postgres import speeds
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.policies import PostgresPolicies
from adapters.postgres.records import PostgresRecords
from adapters.postgres.speeds import LeadSpeeds
from adapters.postgres.views import Views
from domain import events as e
from domain.decisions import DecisionKind, Outcome
from domain.errors import BadInput
from domain.lead import Lead
from domain.speeds import Speed, Timed
from domain.transitions import apply, written
from domain.values import Action, Channel, Code
from policy.at_capture import AtCapture
from runtime.reports import Reports
from tests.builders import a_decision, an_item
from tests.contracts.postgres.builders import TENANT, inquiry, person
from tests.policy import cases

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest_asyncio.fixture
async def lead(captures: PostgresCaptures) -> Lead:
    """A lead that was captured by the default policy."""
    captured = (await captures.capture(TENANT, inquiry(), person(), AtCapture(cases.default()))).lead
    assert captured is not None
    assert captured.captured is not None
    return apply(captured, e.Decided(at=captured.opened_at, decision=captured.captured))


def lived(lead: Lead, *facts: e.AnyFact) -> Lead:
    for fact in facts:
        lead = apply(lead, fact)
    return lead


async def all_of(pool: asyncpg.Pool, since: datetime = LONG_AGO, tenant: str = TENANT) -> list[Timed]:
    return [lead async for page in LeadSpeeds(pool).leads(tenant, since, "source") for lead in page]


async def test_each_speed_is_a_moment_of_its_own_and_the_first_stays(pool: asyncpg.Pool, lead: Lead) -> None:
    start = lead.opened_at
    text = e.Performed(at=start + MINUTE, item=an_item("1:text-1", action=Action.TEXT), channel=Channel.SMS)
    contact = a_decision(
        decision_id="r", kind=DecisionKind.REPLY, outcome=Outcome.KEEP, contact_at=start + 3 * MINUTE, agenda=()
    )
    first = lived(
        lead, text, e.Accepted(at=start + 2 * MINUTE, rep="ada"), e.Decided(at=start + 4 * MINUTE, decision=contact)
    )
    records = PostgresRecords(pool, person_facts, whereabouts)
    await records.write(first, start)
    met = lived(
        written(first, first.seq),
        e.Disposed(at=start + 5 * MINUTE, code=Code.MEETING_SET, by="ada"),
        e.CycleStarted(at=start + 6 * MINUTE, cycle=2, because="rest is over"),
        text.model_copy(update={"at": start + 7 * MINUTE}),
        e.Accepted(at=start + 8 * MINUTE, rep="ben"),
        e.Disposed(at=start + 9 * MINUTE, code=Code.MEETING_SET, by="ben"),
    )
    for state in (met, met, first):  # repeated, and a stale one
        await records.write(state, start)
    (row,) = await all_of(pool)
    assert [
        row.first_automation_at,
        row.first_human_attempt_at,
        row.first_two_way_contact_at,
        row.first_meeting_at,
    ] == [start + MINUTE * number for number in (1, 2, 3, 5)]
    listed = (await Views(pool).list_leads(TENANT)).leads[0]
    assert (listed.first_automation_at, listed.first_meeting_at) == (row.first_automation_at, row.first_meeting_at)


async def test_a_row_says_what_the_first_decision_planned(pool: asyncpg.Pool, lead: Lead) -> None:
    (row,) = await all_of(pool)
    assert lead.plan is not None
    assert (row.due_at, row.opened_at, row.source, row.group) == (
        lead.plan.sla_due_at, lead.opened_at, "demo_request", "demo_request",
    )  # fmt: skip
    texts = [item for item in lead.agenda if item.action is Action.TEXT]
    assert row.text_at == (texts[0].at if texts else None)
    assert row.is_held == bool(texts and texts[0].held_by)
    assert row.decided_after is not None
    assert 0 <= row.decided_after < 60
    assert row.first_automation_at is None


async def test_leads_are_read_page_by_page_without_tests_and_other_tenants(
    pool: asyncpg.Pool, captures: PostgresCaptures, lead: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = AtCapture(cases.default())
    for number in range(6):
        who = person(phone=f"+1512555010{number}", email=f"p{number}@customer.example")
        await captures.capture(TENANT, inquiry(f"more-{number}"), who, judge)
    await pool.execute("update lead set opened_at = $1", lead.opened_at)
    await pool.execute("update lead set test = true where lead_id = $1", lead.lead_id)
    for page in (1, 3, 500):
        monkeypatch.setattr(speeds, "PAGE", page)
        found = [row.lead_id for row in await all_of(pool)]
        assert len(found) == len(set(found)) == 6
    assert await all_of(pool, lead.opened_at + MINUTE) == []
    assert await all_of(pool, tenant="another") == []


@pytest.mark.parametrize(("by", "name"), [("source", "demo_request"), ("owner", "ada"), ("segment", "unknown")])
async def test_the_report_is_of_all_and_of_each_group(pool: asyncpg.Pool, lead: Lead, by: speeds.By, name: str) -> None:
    state = lived(lead, e.Accepted(at=lead.opened_at + MINUTE, rep="ada"))
    await PostgresRecords(pool, person_facts, whereabouts).write(state, lead.opened_at)
    policies = Policies(cases.default(), PostgresPolicies(pool, TENANT))
    report = await Reports(pool, TENANT, policies).speed(timedelta(days=1), by)
    assert [(group.name, group.leads) for group in report.groups] == [("all", 1), (name, 1)]
    assert report.policy_hash == cases.default().hash
    attempt = next(each for each in report.groups[0].speeds if each.speed is Speed.FIRST_HUMAN_ATTEMPT)
    assert (attempt.happened, attempt.not_yet) == (1, 0)
    assert attempt.wall_clock is not None
    assert attempt.wall_clock.median == 60
    nobody = await Reports(pool, TENANT, policies).speed(datetime.now(UTC), None)
    assert nobody.groups == ()
    with pytest.raises(BadInput, match="can't begin there") as caught:
        await Reports(pool, TENANT, policies).speed(datetime.now(UTC) + timedelta(days=1), None)
    assert caught.value.problems[0][1].startswith("must not be later than now, which is 20")
