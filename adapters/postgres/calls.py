"""Rows of running calls, each changed under its lock by the domain's own fold (decision 0024). It judges nothing."""

from datetime import timedelta
from functools import reduce

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import connection, transaction
from adapters.postgres.readable import scrubbed
from domain.abandonment import Abandonment
from domain.call_changes import changed
from domain.call_counts import counted
from domain.call_facts import CallFact, Recorded
from domain.call_views import Address, CallView, shown
from domain.calls import Call
from domain.errors import NotFound
from domain.messages import RowRef

SQL = queries.load("calls")


class PostgresCalls:
    """domain.phones.Calls. Raises NotFound for a call that isn't there, Unavailable."""

    def __init__(self, pool: asyncpg.Pool, address: Address | None = None) -> None:
        self._pool = pool
        self._address = address

    async def begin(self, call: Call, person_id: str | None = None) -> Call:
        """The row, made; as it stands, where it was made before. The person is the lead's, where none is given."""
        row = (call.call_id, call.tenant, call.lead_id or None, call.model_dump_json())
        async with connection(self._pool) as session:
            made = await session.fetchval(SQL["begin"], *row, person_id)
        return await self.read(call.call_id) if made is None else Call.model_validate_json(made)

    async def read(self, call_id: str) -> Call:
        """The call as it stands."""
        async with connection(self._pool) as session:
            return _found(call_id, await session.fetchval(SQL["read"], call_id))

    async def change(self, call_id: str, *facts: CallFact) -> Call:
        """The call after these facts, one change after another; what says nothing new writes nothing."""
        async with transaction(self._pool) as session:
            before = _found(call_id, await session.fetchval(SQL["hold"], call_id))
            after = reduce(changed, facts, before)
            if after is not before:
                await session.execute(SQL["keep"], call_id, after.model_dump_json())
            return after

    async def called_off(self, row_id: str) -> tuple[Call, ...]:
        """Running calls that are off, of whoever sent this message of the inbox."""
        async with connection(self._pool) as session:
            return tuple(
                Call.model_validate_json(row["state"]) for row in await session.fetch(SQL["called_off"], row_id)
            )

    async def recorded(self, call_id: str, fact: Recorded) -> tuple[Call, RowRef | None]:
        """As change; with the inbox row by which its open lead hears of it, where the call was over already: once."""
        async with transaction(self._pool) as session:
            before = _found(call_id, await session.fetchval(SQL["hold"], call_id))
            after = changed(before, fact)
            if after is before:
                return after, None
            await session.execute(SQL["keep"], call_id, after.model_dump_json())
            told = await session.fetchval(SQL["tell"], call_id)
        return after, RowRef.model_validate_json(told) if told is not None else None

    async def note(self, call_id: str, note_id: str) -> str | None:
        """Words that go with something done to a call; None where there are none."""
        async with connection(self._pool) as session:
            words: str | None = await session.fetchval(SQL["note"], call_id, note_id)
            return words

    async def keep_note(self, call_id: str, note_id: str, words: str) -> None:
        """Keep such words, once."""
        async with connection(self._pool) as session:
            await session.execute(SQL["keep_note"], call_id, note_id, scrubbed(words))

    async def outdated(self, tenant: str, keep: timedelta, limit: int) -> tuple[Call, ...]:
        """Calls whose recording has to go: older than `keep` by the server's clock, or not to be listened to."""
        async with connection(self._pool) as session:
            rows = await session.fetch(SQL["outdated"], tenant, keep, limit)
        return tuple(Call.model_validate_json(row[0]) for row in rows)

    async def view(self, tenant: str, call_id: str) -> CallView | None:
        """A call as people see it; None where the tenant has no such call."""
        async with connection(self._pool) as session:
            row = await session.fetchrow(SQL["view"], tenant, call_id)
        return None if row is None else shown(Call.model_validate_json(row[0]), row[1], self._address)

    async def listed(self, tenant: str, lead_id: str | None, live: bool, limit: int) -> tuple[CallView, ...]:
        """Calls, newest first: of a lead, or those under way."""
        async with connection(self._pool) as session:
            return await listed(session, (tenant, lead_id, live, limit), self._address)

    async def end(self, call_id: str) -> Call:
        """Over: nobody of it is on the phone any more. What it adds to the count of the abandoned is added once."""
        async with transaction(self._pool) as session:
            call = _found(call_id, await session.fetchval(SQL["hold"], call_id))
            adds = counted(call)
            ended = await session.fetchval(SQL["end"], call_id)
            if ended is not None and adds.answered:
                await session.execute(SQL["count"], call_id, adds.answered, adds.abandoned)
        return call if ended is None else _found(call_id, ended)

    async def abandonment(self, tenant: str) -> dict[str, Abandonment]:
        """Answered and abandoned calls of thirty days, by the source of their leads."""
        async with connection(self._pool) as session:
            rows = await session.fetch(SQL["abandonment"], tenant)
        return {source: Abandonment.model_validate_json(found) for source, found in rows}


async def listed(
    session: asyncpg.Connection, wanted: tuple[str, str | None, bool, int], address: Address | None
) -> tuple[CallView, ...]:
    """Calls of (tenant, lead or None, whether only those under way, how many), as people see them."""
    rows = await session.fetch(SQL["listed"], *wanted)
    return tuple(shown(Call.model_validate_json(state), ended_at, address) for state, ended_at in rows)


def _found(call_id: str, state: str | None) -> Call:
    if state is None:
        raise NotFound(f"There is no call {call_id}.")
    return Call.model_validate_json(state)
