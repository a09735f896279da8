"""Judgements of a running lead as PostgreSQL keeps them: the first answer for good, and all that it was made from."""

from datetime import UTC, datetime

import asyncpg
import pytest
import pytest_asyncio

from adapters.postgres.build import build
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.views import Views
from domain import transitions
from domain.adoption import Adopting, read_question
from domain.decisions import Began, DecisionKind, Followup
from domain.errors import NotFound
from domain.events import Decided
from domain.lead import Lead
from policy import judgements
from tests.contracts.postgres.builders import PHONE, TENANT, inquiry, judge, person
from tests.policy import cases

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def views(pool: asyncpg.Pool) -> Views:
    return Views(pool)


@pytest_asyncio.fixture
async def lead(captures: PostgresCaptures) -> Lead:
    """A lead that was captured."""
    captured = (await captures.capture(TENANT, inquiry(), person(), judge)).lead
    assert captured is not None
    return captured


async def test_a_stored_decision_follows_from_what_is_stored_with_it(
    pool: asyncpg.Pool, views: Views, lead: Lead
) -> None:
    decisions = PostgresDecisions(pool)
    policy = cases.default()
    facts = await decisions.facts(TENANT, lead.lead_id, NOW)
    kinds = [kind for kind in DecisionKind if kind is not DecisionKind.ADOPT]  # its question holds more, see below
    for kind in kinds:
        decision_id = f"{lead.lead_id}:2:{kind}:1"
        asked = Followup(kind=kind, decision_id=decision_id, owner="ana", began=Began.LADDER_OVER)
        later = None if kind is DecisionKind.TRIAGE else asked
        await decisions.store(facts, later, judgements.of(facts, later, policy, NOW, decision_id))
    told = [one for one in await views.lead_trace(TENANT, lead.lead_id) if ":2:" in one.decision.decision_id]
    assert [one.decision.kind for one in told] == kinds
    for one in told:
        stored = one.decision
        again = judgements.of(one.facts, one.asked, policy, stored.decided_at, stored.decision_id)
        assert (again.decision, again.trace) == (stored, one.trace)


async def test_an_adoption_follows_from_the_question_that_is_stored_with_it(pool: asyncpg.Pool, lead: Lead) -> None:
    decisions, policy = PostgresDecisions(pool), cases.changed(hops=2)
    facts = await decisions.facts(TENANT, lead.lead_id, NOW)
    answers = await decisions.cycle(TENANT, lead.lead_id, 1)
    assert [(one.decision, one.asked) for one in answers] == [(lead.captured, None)]
    assert lead.captured is not None
    triaged = transitions.apply(lead, Decided(at=NOW, decision=lead.captured))
    decision_id = f"{lead.lead_id}:1:adopt:1"
    ask = Adopting(kind=DecisionKind.ADOPT, decision_id=decision_id, lead=triaged, answers=answers)
    stored = await decisions.store(facts, ask, judgements.of(facts, ask, policy, NOW, decision_id))
    assert (stored.kind, stored.policy_hash) == (DecisionKind.ADOPT, policy.hash)
    kept = await pool.fetchval("select asked from decision where decision_id = $1", decision_id)
    assert judgements.of(facts, read_question(kept), policy, NOW, decision_id).decision == stored
    later = await decisions.cycle(TENANT, lead.lead_id, 1)
    assert [(one.decision.kind, one.asked) for one in later] == [("triage", None), ("adopt", None)]


async def test_the_first_answer_to_a_question_stays(pool: asyncpg.Pool, views: Views, lead: Lead) -> None:
    decisions = PostgresDecisions(pool)
    facts = await decisions.facts(TENANT, lead.lead_id, NOW)
    assert (facts.source, facts.person.phone, facts.cycle) == ("demo_request", PHONE, 1)
    judgement = judge.triage(facts, NOW, f"{lead.lead_id}:1:reoffer:1")
    decision = judgement.decision.model_copy(update={"kind": DecisionKind.REOFFER, "owner": "ben"})
    first = await decisions.store(facts, None, judgement.model_copy(update={"decision": decision}))
    other = decision.model_copy(update={"owner": "cy"})
    assert await decisions.store(facts, None, judgement.model_copy(update={"decision": other})) == first == decision
    assert await decisions.find(decision.decision_id) == first
    assert await decisions.find("none") is None
    loads = (await decisions.facts(TENANT, lead.lead_id, NOW)).reps
    assert [(load.rep, load.open_leads) for load in loads] == [("ana", 1), ("ben", 0)]
    assert loads[1].last_offered > loads[0].last_offered > 0
    assert [one.decision.kind for one in await views.lead_trace(TENANT, lead.lead_id)] == ["triage", "reoffer"]
    assert {one.engine for one in await views.lead_trace(TENANT, lead.lead_id)} == {build()}
    with pytest.raises(NotFound):
        await decisions.facts("other", lead.lead_id, NOW)
