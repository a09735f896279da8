"""The read model of leads: a row with what lists show, and the story fact by fact. Workflows only write it."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from adapters.postgres import people, queries
from adapters.postgres.pool import LOST_RACE, TRIES, transaction
from domain import speeds
from domain.errors import NotFound, Unavailable
from domain.events import Accepted, AnyFact, CycleStarted, Declined, Disposed, Offered
from domain.facts import Locator, PersonFacts
from domain.lasting import Entry
from domain.lead import Lead
from domain.messages import Person
from domain.ports import PersonReader
from domain.transitions import SEEN_KEPT
from domain.values import Code, Stored

SQL = queries.load("records")
WAKE = "wake"
"""The next action of a lead at rest with nothing else to do."""


class StoryRow(Stored):
    cycle: int
    seq: int
    fact: AnyFact


class _Found(Stored):
    """Answer of query `bad_number`."""

    person_id: str
    facts: PersonFacts
    disowned: str | None = None
    others: tuple[str, ...] = ()


class Projection(Stored):
    """A lead as lists show it."""

    tenant: str
    lead_id: str
    stage: str
    owner: str | None
    queue: str | None
    band: str | None
    score: int | None
    motion: str | None
    cycle: int
    next_action_at: datetime | None
    next_action: str | None
    sla_due_at: datetime | None
    breached: bool
    outcome: str | None
    policy_hash: str | None
    first_touch_at: datetime | None
    contacted_at: datetime | None
    first_automation_at: datetime | None
    first_human_attempt_at: datetime | None
    first_two_way_contact_at: datetime | None
    first_meeting_at: datetime | None
    closed_at: datetime | None
    seq: int
    is_won_over: bool  # accepted by the owner, or reached: whom the person knows from now on
    won_over_at: datetime | None
    state: Lead
    story: tuple[StoryRow, ...]


class PostgresRecords:
    """The Records port. Raises NotFound for a lead that was never captured, Unavailable without PostgreSQL.

    `read` and `locate` tell what another number of a person is good for, and where they may be by it.
    """

    def __init__(self, pool: asyncpg.Pool, read: PersonReader, locate: Locator) -> None:
        self._pool = pool
        self._numbers = _Numbers(read, locate)

    async def write(self, lead: Lead, now: datetime) -> None:
        """Brings row and story up to the lead's seq. Safe to repeat; a stale lead changes nothing."""
        await self._write(lead, None)

    async def close(self, lead: Lead, now: datetime) -> None:
        """Closes the row, so that the person's next message opens a new lead; late messages are handed back."""
        await self._write(lead, now)

    async def _write(self, lead: Lead, closed_at: datetime | None) -> None:
        document = projection(lead, closed_at).model_dump_json()
        for _ in range(TRIES):
            try:
                async with transaction(self._pool) as session:
                    new: list[int] | None = await session.fetchval(SQL["write"], document)
                    if new is None:
                        raise NotFound(f"There is no lead {lead.lead_id}.")
                    await _heed(session, lead, new, self._numbers)
                    if closed_at is not None:
                        # A statement of its own: it must see what was captured while the row was waited for.
                        await session.execute(SQL["hand_back"], lead.lead_id, SEEN_KEPT)
                return
            except LOST_RACE:
                continue
        raise Unavailable("The lead's record could not be written. Try again.")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What a number of a person is good for."""

    read: PersonReader
    locate: Locator

    async def give_up(self, session: asyncpg.Connection, lead: Lead, by: str) -> None:
        """The number that turned out to be bad is used no more; the person's other one is, where they have one."""
        found = _Found.model_validate_json(await session.fetchval(SQL["bad_number"], lead.tenant, lead.lead_id, by))
        bad = found.disowned or found.facts.phone
        if bad is None:
            return
        others = (self.read(Person(phone=number)) for number in found.others)
        facts = people.without(found.facts, self.read(Person(phone=bad)).phone or bad, others)
        facts = facts.model_copy(update={"places": self.locate(facts)})
        await session.execute(SQL["number_is_bad"], found.person_id, facts.model_dump_json())


async def _heed(session: asyncpg.Connection, lead: Lead, new: list[int], numbers: _Numbers) -> None:
    """What a disposition says of the person holds for all their leads, and what is heard of a rep for all offers, from
    when it is first written down on."""
    for seq, fact in ((entry.seq, entry.fact) for entry in lead.unwritten if entry.seq in new):
        if isinstance(fact, Offered):
            await session.execute(SQL["offered"], lead.tenant, lead.lead_id, seq)
        elif isinstance(fact, Accepted | Declined | Disposed):
            rep = fact.by if isinstance(fact, Disposed) else fact.rep
            await session.execute(SQL["heard_of"], lead.tenant, rep)
        if isinstance(fact, Disposed) and fact.code is Code.OPTED_OUT:
            await session.execute(SQL["asked_not_to_be_contacted"], lead.tenant, lead.lead_id, fact.at)
        elif isinstance(fact, Disposed) and fact.code is Code.BAD_NUMBER:
            await numbers.give_up(session, lead, fact.by)


def projection(lead: Lead, closed_at: datetime | None) -> Projection:
    """The lead's row; `closed_at` closes it for good."""
    plan = lead.plan or lead.captured
    item, due = lead.next_item(), lead.next_due()
    won_over = [moment for moment in (lead.accepted_at, lead.contacted_at) if moment is not None]
    return Projection(
        tenant=lead.tenant,
        lead_id=lead.lead_id,
        stage=lead.stage,
        owner=lead.owner,
        queue=lead.queue,
        band=plan.band if plan else None,
        score=plan.score if plan else None,
        motion=plan.motion if plan else None,
        cycle=lead.cycle,
        next_action_at=due,
        next_action=item.action if item is not None and item.at == due else WAKE if due else None,
        sla_due_at=lead.sla,
        breached=lead.breached,
        outcome=lead.closed,
        policy_hash=lead.policy_hash or None,
        first_touch_at=lead.first_touch_at,
        contacted_at=lead.contacted_at,
        **speeds.of(entry.fact for entry in lead.unwritten).model_dump(),
        closed_at=closed_at,
        seq=lead.seq,
        is_won_over=bool(won_over),
        won_over_at=max(won_over, default=None),
        state=lead,
        story=story(lead),
    )


def story(lead: Lead) -> tuple[StoryRow, ...]:
    """What is still to be written down, each fact in the cycle in which it happened."""
    rows: list[StoryRow] = []
    cycle = lead.cycle
    for entry in reversed(lead.unwritten):
        rows.append(_row(entry, cycle))
        if isinstance(entry.fact, CycleStarted):
            cycle = entry.fact.cycle - 1
    return tuple(reversed(rows))


def _row(entry: Entry, cycle: int) -> StoryRow:
    return StoryRow(cycle=cycle, seq=entry.seq, fact=entry.fact)
