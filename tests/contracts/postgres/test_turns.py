"""The rotation's memory: what a decision changes besides its lead, what is missed, who is away, turns given back."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.presence import PostgresPresence
from adapters.postgres.records import PostgresRecords
from domain import events
from domain.assignments import Assignment, Credit, WentAway, Why
from domain.decisions import Decision, DecisionKind, Judgement, Outcome, Trace
from domain.facts import RepLoad
from domain.lead import Lead
from domain.presence import PresenceChange, Word
from domain.transitions import apply
from domain.values import Code
from tests.contracts.postgres.builders import TENANT, count, inquiry, judge, person

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest_asyncio.fixture
async def lead(captures: PostgresCaptures) -> Lead:
    captured = (await captures.capture(TENANT, inquiry(), person(), judge)).lead
    assert captured is not None
    return captured


class Store:
    """Decisions on one lead, and what the rotation knows afterwards."""

    def __init__(self, pool: asyncpg.Pool, lead: Lead) -> None:
        self.decisions, self.lead, self.asked = PostgresDecisions(pool), lead, 0

    async def keep(self, trace: Trace, kind: DecisionKind = DecisionKind.REOFFER, number: int | None = None) -> None:
        self.asked = number or self.asked + 1
        decision = Decision(
            decision_id=f"{self.lead.lead_id}:1:{kind}:{self.asked}",
            kind=kind,
            outcome=Outcome.HAND_OFF,
            decided_at=NOW,
            good_until=NOW,
            policy_hash="p1",
            owner=trace.assignment.owner if trace.assignment else None,
        )
        facts = await self.decisions.facts(TENANT, self.lead.lead_id, NOW)
        await self.decisions.store(facts, None, Judgement(decision=decision, trace=trace))

    async def offer(self, rep: str, base: int = 0, step: int = 10, line: str | None = "all") -> None:
        why = Why.OWNER if line is None else Why.TURN if step else Why.MADE_UP
        await self.keep(Trace(assignment=Assignment(why=why, line=line, owner=rep, base=base, step=step)))

    async def load(self, rep: str, now: datetime = NOW + timedelta(minutes=1)) -> RepLoad:
        loads = (await self.decisions.facts(TENANT, self.lead.lead_id, now)).reps
        return next((load for load in loads if load.rep == rep), RepLoad(rep=rep))


@pytest.fixture
def store(pool: asyncpg.Pool, lead: Lead) -> Store:
    return Store(pool, lead)


async def test_each_offer_moves_its_rep_on_in_their_line(store: Store) -> None:
    await store.offer("ben", base=30)
    await store.offer("ben", base=20, step=5)
    await store.offer("ben", line="other", step=7)
    first, second = (await store.load("ben")).turns
    assert (first.line, first.offers, first.position) == ("all", 2, 45)
    assert (second.line, second.offers, second.position) == ("other", 1, 7)
    assert first.last < second.last == (await store.load("ben")).last_offered


async def test_the_same_decision_counts_once(store: Store) -> None:
    for _ in range(3):
        await store.keep(Trace(assignment=Assignment(why=Why.TURN, line="all", owner="ben", step=10)), number=7)
    (turn,) = (await store.load("ben")).turns
    assert (turn.offers, turn.position) == (1, 10)


async def test_a_lead_of_an_owner_is_an_offer_and_nobodys_turn(store: Store) -> None:
    await store.offer("ben", line=None)
    load = await store.load("ben")
    assert (load.turns, load.last_offered > 0, sum(load.lately)) == ((), True, 1)


async def test_a_credit_gives_the_turn_back_once_for_each_offer(store: Store, pool: asyncpg.Pool) -> None:
    credit = Trace(credit=Credit(rep="ben", code=Code.DUPLICATE))
    await store.keep(credit, DecisionKind.DISPOSE)
    assert await count(pool, "turn", "rep = 'ben'") == 0  # they had no offer
    await store.offer("ben")
    for _ in range(2):
        await store.keep(credit, DecisionKind.DISPOSE)
    (turn,) = (await store.load("ben")).turns
    assert turn.owed == 1
    await store.offer("ben", base=10, step=0)
    (made_up,) = (await store.load("ben")).turns
    assert made_up == turn.model_copy(update={"owed": 0, "offers": 2})
    assert await count(pool, "assignment", "rep = 'ben' and credited_for = 'duplicate'") == 1


async def test_a_lead_that_was_nobodys_turn_owes_none(store: Store) -> None:
    await store.offer("ben", line=None)
    await store.keep(Trace(credit=Credit(rep="ben", code=Code.BAD_NUMBER)), DecisionKind.DISPOSE)
    assert (await store.load("ben")).turns == ()


async def test_offers_are_counted_by_the_half_hour(store: Store) -> None:
    await store.offer("ben")
    await store.offer("ben")
    half_hours = 3 * 2  # exactly, whatever the minute
    assert (await store.load("ben", NOW + timedelta(hours=3))).lately == (*[0] * half_hours, 2)
    assert (await store.load("ben", NOW + timedelta(hours=26))).lately == ()


async def test_who_is_set_away_is_away_and_it_is_written_down_once(store: Store, pool: asyncpg.Pool) -> None:
    gone = Trace(went_away=(WentAway(rep="ben", because="missed 2 offers in a row"),))
    await store.keep(gone)
    await store.keep(gone)
    load = await store.load("ben")
    assert (load.away, load.away_because, load.away_until) == (True, "missed 2 offers in a row", None)
    assert await count(pool, "presence_change") == 1


async def test_going_away_and_coming_back(store: Store, pool: asyncpg.Pool) -> None:
    presence = PostgresPresence(pool)
    until = NOW + timedelta(days=2)
    away = PresenceChange(presence=Word.AWAY, until=until, because="at the fair", by="ben")
    await presence.change(TENANT, "ben", away)
    load = await store.load("ben")
    assert (load.away, load.away_until, load.away_because) == (True, until, "at the fair")
    await pool.execute("update presence set missed = 5")
    await presence.change(TENANT, "ben", PresenceChange(presence=Word.BACK))
    load = await store.load("ben")
    assert (load.away, load.away_until, load.away_because, load.missed) == (False, None, None, 0)
    assert await count(pool, "presence_change") == 2


async def test_a_time_off_to_come_is_kept_and_ends_when_they_are_back(store: Store, pool: asyncpg.Pool) -> None:
    presence = PostgresPresence(pool)
    start, end = NOW + timedelta(days=1), NOW + timedelta(days=3)
    await presence.change(TENANT, "ben", PresenceChange(presence=Word.AWAY, since=start, until=end))
    load = await store.load("ben")
    assert [(span.start, span.end) for span in load.time_off] == [(start, end)]
    assert not load.away
    await pool.execute("update time_off set starts = now() - interval '1 hour'")
    await presence.change(TENANT, "ben", PresenceChange(presence=Word.BACK))
    assert (await store.load("ben", datetime.now(UTC) + timedelta(minutes=1))).time_off == ()


def told(lead: Lead, *facts: events.AnyFact) -> Lead:
    for fact in facts:
        lead = apply(lead, fact)
    return lead


def offered(owner: str | None, number: int) -> events.Offered:
    return events.Offered(at=NOW, owner=owner, number=number)


@pytest.mark.parametrize(
    ("between", "missed"),
    [
        ((), 1),
        ((events.SlaMissed(at=NOW),), 1),
        ((events.Declined(at=NOW, rep="ben"),), 0),
        ((events.Accepted(at=NOW, rep="ben"),), 0),
        ((events.Accepted(at=NOW, rep="ana"),), 0),  # somebody was faster
        ((events.Disposed(at=NOW, code=Code.CONNECTED, by="ben"),), 0),
        ((events.CycleStarted(at=NOW, cycle=2, because="news"),), 0),
    ],
)
@pytest.mark.parametrize("following", ["cy", None])
async def test_an_offer_that_ran_out_unheard_is_missed(
    store: Store, pool: asyncpg.Pool, between: tuple[events.AnyFact, ...], missed: int, following: str | None
) -> None:
    records = PostgresRecords(pool, person_facts, whereabouts)
    lead = told(store.lead, offered("ben", 1), *between, offered(following, 2))
    for _ in range(2):
        await records.write(lead, NOW)
    assert (await store.load("ben")).missed == missed


async def test_whatever_is_heard_of_a_rep_ends_the_row(store: Store, pool: asyncpg.Pool) -> None:
    records = PostgresRecords(pool, person_facts, whereabouts)
    lead = told(store.lead, offered("ben", 1), offered("cy", 2), offered("ben", 3), offered(None, 4))
    await records.write(lead, NOW)
    assert ((await store.load("ben")).missed, (await store.load("cy")).missed) == (2, 1)
    await records.write(told(lead, events.Declined(at=NOW, rep="ben")), NOW)
    assert ((await store.load("ben")).missed, (await store.load("cy")).missed) == (0, 1)


async def test_many_captures_at_once_take_turns_all_the_same(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    found = await asyncio.gather(
        *(captures.capture(TENANT, inquiry(f"f{n}"), person(f"+151255501{n:02}"), judge) for n in range(12))
    )
    assert {one.status for one in found} == {"started"}
    counted = await pool.fetch("select rep, offers, position from turn order by rep")
    assert [tuple(row) for row in counted] == [("ana", 4, 4), ("ben", 4, 4), ("cy", 4, 4)]


async def test_when_they_were_last_taken_up_is_remembered(store: Store, pool: asyncpg.Pool) -> None:
    await PostgresRecords(pool, person_facts, whereabouts).write(
        told(store.lead, events.Accepted(at=NOW, rep="ben")), NOW
    )
    later = NOW + timedelta(days=1)
    history = (await store.decisions.facts(TENANT, store.lead.lead_id, later)).history
    assert (history.last_owner, history.last_owner_at) == ("ben", NOW)
