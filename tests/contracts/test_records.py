"""One suite for both stores of decisions and records, the fakes of the workflow tests and the real ones: what workflows
rely on holds for either. What a real row says to lists, and what it does to the person, is the real one's alone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.records import PostgresRecords
from adapters.postgres.views import Views
from domain import events
from domain.decisions import DecisionKind, Judgement
from domain.lead import Lead
from domain.ports import Decisions, Records
from domain.transitions import apply, written
from domain.values import ClosedReason, Code
from tests.contracts.postgres.builders import PHONE, TENANT, inquiry, judge, person
from tests.fake_ledger import FakeLedger
from tests.fakes import FakeDecisions, FakeRecords, facts_of

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


@dataclass
class Bench:
    """Both stores under test, a lead just captured, and what they hold of it: its newest state and its story."""

    decisions: Decisions
    records: Records
    lead: Lead
    holds: Callable[[], Awaitable[tuple[Lead, list[str]]]]
    is_closed: Callable[[], Awaitable[bool]]


def faked() -> Bench:
    facts = facts_of("lead-1", "demo_request", NOW)
    records, ledger = FakeRecords(), FakeLedger(people={"lead-1": facts})
    captured = judge.triage(facts, NOW, "lead-1:1:triage:0").decision
    lead = Lead(tenant=TENANT, lead_id="lead-1", source="demo_request", opened_at=NOW, captured=captured)

    async def holds() -> tuple[Lead, list[str]]:
        story = records.story["lead-1"]
        return records.leads["lead-1"], [story[seq].fact.kind for seq in sorted(story)]

    async def is_closed() -> bool:
        return "lead-1" in records.closed

    return Bench(FakeDecisions(ledger), records, lead, holds, is_closed)


async def real(pool: asyncpg.Pool) -> Bench:
    lead = (await PostgresCaptures(pool, whereabouts).capture(TENANT, inquiry(), person(), judge)).lead
    assert lead is not None
    lead_id, views = lead.lead_id, Views(pool)

    async def holds() -> tuple[Lead, list[str]]:
        detail = await views.lead_detail(TENANT, lead_id)
        assert detail.state is not None
        return detail.state, [line.kind for line in detail.story]

    async def is_closed() -> bool:
        return (await views.lead_detail(TENANT, lead_id)).lead.closed_at is not None

    return Bench(PostgresDecisions(pool), PostgresRecords(pool, person_facts, whereabouts), lead, holds, is_closed)


@pytest_asyncio.fixture(params=["fake", "postgres"])
async def bench(request: pytest.FixtureRequest, pool: asyncpg.Pool) -> AsyncIterator[Bench]:
    yield faked() if request.param == "fake" else await real(pool)


def triaged(lead: Lead) -> Lead:
    """The lead, having taken the decision made at capture; captures read the real clock."""
    assert lead.captured is not None
    return apply(lead, events.Decided(at=lead.opened_at + timedelta(minutes=1), decision=lead.captured))


async def judgement(bench: Bench, owner: str) -> Judgement:
    facts = await bench.decisions.facts(TENANT, bench.lead.lead_id, NOW)
    made = judge.triage(facts, NOW, f"{bench.lead.lead_id}:1:reoffer:1")
    decision = made.decision.model_copy(update={"kind": DecisionKind.REOFFER, "owner": owner})
    return made.model_copy(update={"decision": decision})


async def test_facts_are_those_of_the_leads_person(bench: Bench) -> None:
    facts = await bench.decisions.facts(TENANT, bench.lead.lead_id, NOW)
    assert (facts.tenant, facts.lead_id, facts.source) == (TENANT, bench.lead.lead_id, "demo_request")
    assert (facts.person.phone, facts.history.opted_out) == (PHONE, False)


async def test_the_first_answer_to_a_question_stays(bench: Bench) -> None:
    facts = await bench.decisions.facts(TENANT, bench.lead.lead_id, NOW)
    first, second = await judgement(bench, "ben"), await judgement(bench, "cy")
    assert await bench.decisions.store(facts, None, first) == first.decision
    assert await bench.decisions.store(facts, None, second) == first.decision
    assert await bench.decisions.find(first.decision.decision_id) == first.decision


async def test_a_question_never_asked_has_no_answer(bench: Bench) -> None:
    assert await bench.decisions.find("none") is None


async def test_what_was_written_twice_is_there_once(bench: Bench) -> None:
    lead = apply(triaged(bench.lead), events.Accepted(at=NOW, rep="ana"))
    await bench.records.write(lead, NOW)
    await bench.records.write(lead, NOW)
    assert await bench.holds() == (lead, ["decided", "accepted"])


async def test_a_stale_write_changes_nothing(bench: Bench) -> None:
    older = triaged(bench.lead)
    newer = apply(written(older, older.seq), events.Disposed(at=NOW, code=Code.CONNECTED, by="ana"))
    await bench.records.write(older, NOW)
    await bench.records.write(newer, NOW)
    await bench.records.write(older, NOW)
    assert await bench.holds() == (newer, ["decided", "disposed"])


async def test_closing_keeps_the_last_state_and_may_be_repeated(bench: Bench) -> None:
    lead = triaged(bench.lead)
    await bench.records.write(lead, NOW)
    assert not await bench.is_closed()
    closed = apply(written(lead, lead.seq), events.Closed(at=NOW, reason=ClosedReason.WON))
    await bench.records.close(closed, NOW)
    await bench.records.close(closed, NOW)
    assert await bench.is_closed()
    assert await bench.holds() == (closed, ["decided", "closed"])
