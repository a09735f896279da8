"""Calls to our numbers in the database: who calls, what is kept of a call, the lead of one that was answered. It judges
nothing, and changes no row of a call (calls.py)."""

from datetime import timedelta

import asyncpg

from adapters.postgres import entries, messages, queries
from adapters.postgres.captures import PostgresCaptures, start, tell
from adapters.postgres.entries import Arrival
from adapters.postgres.inbox import SQL as CAPTURES
from adapters.postgres.pool import connection
from adapters.postgres.rows import KeptRow, Opening
from domain.answering import CHANNEL, Caller, InboundCall
from domain.facts import PersonFacts
from domain.judge import Judge
from domain.messages import Inquiry, Person, RowRef
from domain.phones import CallNote, Taken
from domain.ports import Captured, PersonReader
from domain.values import Source

SQL = queries.load("callers")
ANSWERED = "answered"
"""Under which an answered call is kept in the inbox, by the vendor's id."""


class PostgresCallers(PostgresCaptures):
    """domain.phones.Callers, and the Captures port that takes its rows again. Raises Unavailable."""

    async def meet(self, tenant: str, call: InboundCall, person: PersonFacts) -> Caller:
        """Who calls. Of a number that nobody is known by there is what the number itself says."""
        async with connection(self._pool) as session:
            found = Caller.model_validate_json(await session.fetchval(SQL["meet"], tenant, call.caller or ""))
        if found.person_id is not None:
            return found
        return found.model_copy(update={"facts": found.facts.model_copy(update={"person": person})})

    async def arrived(self, tenant: str, vendor_id: str) -> InboundCall | None:
        """The call as it was announced; None where it wasn't kept."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["arrived"], tenant, vendor_id)
        return None if found is None else InboundCall.model_validate_json(found)

    async def done(self, tenant: str, vendor_id: str) -> None:
        """All of it was worked through."""
        async with connection(self._pool) as session:
            await session.execute(SQL["done"], tenant, vendor_id)

    async def note(self, tenant: str, lead_id: str, note: CallNote) -> Captured | None:
        """Keeps something of a call for its lead, which is told while it is open; None for what was kept before."""
        ref = RowRef(row_id="", kind=note.kind, at=note.at, rep=note.rep, talk=note.talk, contact=note.contact)
        async with connection(self._pool) as session:
            found = await session.fetchval(
                SQL["note"], tenant, lead_id, f"{CHANNEL}_{note.kind}", note.event_id, note.model_dump_json(),
                ref.model_dump_json(),
            )  # fmt: skip
        return None if found is None else Captured.model_validate_json(found)

    async def answered(self, tenant: str, taken: Taken, person: PersonFacts, judge: Judge) -> Captured:
        """They speak with one of ours: their open lead is told, or one is opened that this rep has. Texts not yet on
        their way are cancelled, and calls under way to them are off, in the same transaction."""
        return await self._answered(_arrival(tenant, taken, person, judge), taken)

    async def recapture(self, row_id: str, read: PersonReader, judge: Judge) -> Captured:
        """As PostgresCaptures, and rows of answered calls."""
        async with connection(self._pool) as session:
            found = await session.fetchval(CAPTURES["row"], row_id)
        row = None if found is None else KeptRow.model_validate_json(found)
        if row is None or row.channel != ANSWERED:
            return await super().recapture(row_id, read, judge)
        taken = Taken.model_validate(row.payload)
        return await self._answered(
            _arrival(row.tenant, taken, read(Person(phone=taken.caller)), judge, again=True), taken
        )

    async def _answered(self, arrival: Arrival, taken: Taken) -> Captured:
        async def work(session: asyncpg.Connection, opening: Opening) -> Captured:
            ref = messages.ref(opening, ANSWERED).model_copy(update={"rep": taken.rep, "talk": timedelta(0)})
            plain = entries.entry(opening, arrival, entries.person_row(opening, arrival, self._locate), ref)
            if opening.lead is not None:
                captured = await tell(session, opening, plain)
            else:
                captured = await start(session, opening, plain, _asked(taken), arrival.judge)
            await session.execute(SQL["quiet"], arrival.tenant, plain.person.person_id)
            await session.execute(CAPTURES["call_off"], arrival.tenant, plain.person.person_id, ANSWERED)
            return captured

        return await self._in_turn(arrival, work)


def _arrival(tenant: str, taken: Taken, person: PersonFacts, judge: Judge, again: bool = False) -> Arrival:
    return Arrival(tenant, ANSWERED, taken.vendor_id, taken, person, judge, again=again, sender=taken.caller)


def _asked(taken: Taken) -> Inquiry:
    """The inquiry that a call out of the blue is."""
    return Inquiry(source=Source.INBOUND_CALL, source_event_id=taken.vendor_id, person=Person(phone=taken.caller))
