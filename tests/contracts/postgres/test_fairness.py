"""The fairness report over what decisions and stories have kept: shares, what became of offers, who was passed over."""

import re
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from activities.policies import Policies
from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.fairness import SHOWN, Fairness
from adapters.postgres.policies import PostgresPolicies
from adapters.postgres.records import PostgresRecords
from domain import events
from domain.assignments import Assignment, Considered, Credit, PassedOver, Why
from domain.decisions import Decision, DecisionKind, Judgement, Outcome, Trace
from domain.errors import NotFound
from domain.fairness import Share
from domain.lead import Lead
from domain.transitions import apply
from domain.values import ClosedReason, Code
from runtime.reports import Reports
from tests.contracts.postgres.builders import TENANT, inquiry, judge, person
from tests.policy import cases

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=30)


@pytest_asyncio.fixture
async def lead(captures: PostgresCaptures, pool: asyncpg.Pool) -> Lead:
    captured = (await captures.capture(TENANT, inquiry(), person(), judge)).lead
    assert captured is not None
    await pool.execute("delete from assignment")
    await pool.execute("delete from decision")
    return captured


@pytest.fixture
def report(pool: asyncpg.Pool) -> Fairness:
    return Fairness(pool)


def looked(owner: str, **weights: int) -> Trace:
    """A look for a taker among these reps, all of them in line; cy is away."""
    line = tuple(
        Considered(
            rep=rep, reason=None if rep == owner else PassedOver.LATER_TURN, because="later", weight=weight, place=place
        )
        for place, (rep, weight) in enumerate(weights.items(), 1)
    )
    gone = Considered(rep="cy", reason=PassedOver.AWAY, because="is away")
    return Trace(assignment=Assignment(why=Why.TURN, line="all", owner=owner, step=1, considered=(*line, gone)))


async def keep(pool: asyncpg.Pool, lead: Lead, trace: Trace, number: int, at: datetime = NOW) -> None:
    store = PostgresDecisions(pool)
    kind = DecisionKind.DISPOSE if trace.credit else DecisionKind.REOFFER
    decision = Decision(
        decision_id=f"{lead.lead_id}:1:{kind}:{number}",
        kind=kind,
        outcome=Outcome.HAND_OFF,
        decided_at=at,
        good_until=at,
        policy_hash="p1",
        owner=trace.assignment.owner if trace.assignment else None,
    )
    await store.store(await store.facts(TENANT, lead.lead_id, at), None, Judgement(decision=decision, trace=trace))


async def test_what_was_due_is_beside_what_came(pool: asyncpg.Pool, lead: Lead, report: Fairness) -> None:
    for number in range(8):
        await keep(pool, lead, looked("ana" if number % 4 else "ben", ana=3, ben=1), number)
    found = {share.rep: share for share in (await report.report(TENANT, LONG_AGO, None, None)).reps}
    assert (found["ana"].due, found["ana"].got, found["ana"].weight, found["ana"].offered) == (6, 6, 3, 6)
    assert (found["ben"].due, found["ben"].got, found["ben"].in_line) == (2, 2, 8)
    assert (found["cy"].in_line, found["cy"].offered) == (0, 0)


async def test_a_rep_asks_why_not_me(pool: asyncpg.Pool, lead: Lead, report: Fairness) -> None:
    await keep(pool, lead, looked("ana", ana=1, ben=1), 1)
    await keep(pool, lead, looked("ben", ana=1, ben=1), 2)
    found = await report.report(TENANT, LONG_AGO, "ben", None)
    assert [share.rep for share in found.reps] == ["ben"]
    assert [(each.owner, each.reason, each.place) for each in found.passed_over] == [("ana", "later_turn", 2)]
    away = await report.report(TENANT, LONG_AGO, "cy", None)
    assert [(each.owner, each.because) for each in away.passed_over] == [("ben", "is away"), ("ana", "is away")]
    assert (await report.report(TENANT, LONG_AGO, "nobody", None)).passed_over == ()


async def test_a_lead_tells_of_all_who_were_considered(pool: asyncpg.Pool, lead: Lead, report: Fairness) -> None:
    await keep(pool, lead, looked("ana", ana=1, ben=1), 1)
    found = await report.report(TENANT, LONG_AGO, None, lead.lead_id)
    assert [each.rep for each in found.passed_over] == ["ben", "cy"]
    assert (await report.report(TENANT, LONG_AGO, None, "other")).reps == ()
    assert (await report.report("other", LONG_AGO, None, lead.lead_id)).reps == ()


async def test_what_is_older_is_left_out_and_too_much_is_said(pool: asyncpg.Pool, lead: Lead, report: Fairness) -> None:
    await keep(pool, lead, looked("ana", ana=1, ben=1), 1, NOW - timedelta(days=9))
    assert (await report.report(TENANT, NOW - timedelta(days=7), None, None)).reps == ()
    assert not (await report.report(TENANT, LONG_AGO, "ben", None)).more
    await pool.execute(
        "insert into decision (decision_id, tenant, lead_id, kind, at, policy_hash, facts, decision, trace)"
        " select 'x' || n, tenant, lead_id, 'work', at, policy_hash, facts, decision, trace"
        " from decision, generate_series(1, $1) n",
        SHOWN,
    )
    found = await report.report(TENANT, LONG_AGO, "ben", None)
    assert (len(found.passed_over), found.more) == (SHOWN, True)


async def test_what_became_of_each_offer(pool: asyncpg.Pool, lead: Lead, report: Fairness) -> None:
    def offered(owner: str | None, number: int) -> events.Offered:
        return events.Offered(at=NOW, owner=owner, number=number)

    told = lead
    for fact in (
        offered("ana", 1),
        events.Declined(at=NOW, rep="ana"),
        offered("ben", 2),
        offered("cy", 3),
        events.Accepted(at=NOW, rep="ben"),
        offered("ben", 4),
        events.Disposed(at=NOW, code=Code.CONNECTED, by="ben"),
        offered("ana", 5),
        offered("dee", 6),
        events.Closed(at=NOW, reason=ClosedReason.OPTED_OUT),
    ):
        told = apply(told, fact)
    await PostgresRecords(pool, person_facts, whereabouts).write(told, NOW)
    found = {share.rep: share for share in (await report.report(TENANT, LONG_AGO, None, None)).reps}
    assert (found["ana"].passed, found["ana"].timed_out) == (1, 1)
    assert (found["ben"].timed_out, found["ben"].accepted) == (1, 1)
    assert found["cy"].taken_by_others == 1
    assert (found["dee"].ended, found["dee"].waiting) == (1, 0)


async def test_outcomes_are_all_of_the_offers(pool: asyncpg.Pool, lead: Lead, report: Fairness) -> None:
    told = apply(lead, events.Offered(at=NOW, owner="ana", number=1))
    await PostgresRecords(pool, person_facts, whereabouts).write(told, NOW)
    (share,) = (await report.report(TENANT, LONG_AGO, None, None)).reps
    assert share.waiting == 1
    names = await pool.fetchval("select pg_get_viewdef('offer_outcome')")
    outcomes = set(re.findall(r"THEN '(\w+)'::text|ELSE '(\w+)'::text", names))
    assert {one or other for one, other in outcomes} <= set(Share.model_fields)


async def test_turns_that_came_back_are_counted(pool: asyncpg.Pool, lead: Lead, report: Fairness) -> None:
    await keep(pool, lead, looked("ana", ana=1, ben=1), 1)
    await keep(pool, lead, Trace(credit=Credit(rep="ana", code=Code.DUPLICATE)), 2)
    (share,) = (await report.report(TENANT, LONG_AGO, "ana", None)).reps
    assert (share.offered, share.credited) == (1, 1)


async def test_a_rep_or_a_lead_that_nobody_knows_is_said_to_be_none(pool: asyncpg.Pool, lead: Lead) -> None:
    reports = Reports(pool, TENANT, Policies(cases.default(), PostgresPolicies(pool, TENANT)))
    week, nobody = timedelta(days=7), "00000000-0000-0000-0000-000000000000"
    for rep, lead_id, said in (
        ("adda", None, "There is no rep adda; did you mean ada?"),
        ("fred", None, "There is no rep fred."),
        (None, nobody, f"There is no lead {nobody}"),
    ):
        with pytest.raises(NotFound) as caught:
            await reports.fairness(week, rep, lead_id)
        assert str(caught.value).startswith(said)
    assert (await reports.fairness(week, "ada", None)).reps == ()
    assert (await reports.fairness(week, None, lead.lead_id)).reps == ()
    await keep(pool, lead, looked("fred", fred=1), 1)  # of the team until lately
    assert [share.rep for share in (await reports.fairness(week, "fred", None)).reps] == ["fred"]
