"""Rows of running calls, each changed under its lock by the domain's own fold (decision 0024). It judges nothing."""

from functools import reduce

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import connection, transaction
from domain.call_facts import CallFact, changed
from domain.calls import Call
from domain.errors import NotFound

SQL = queries.load("calls")


class PostgresCalls:
    """domain.phones.Calls. Raises NotFound for a call that isn't there, Unavailable."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

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

    async def end(self, call_id: str) -> Call:
        """Over: nobody of it is on the phone any more."""
        async with connection(self._pool) as session:
            return _found(call_id, await session.fetchval(SQL["end"], call_id))


def _found(call_id: str, state: str | None) -> Call:
    if state is None:
        raise NotFound(f"There is no call {call_id}.")
    return Call.model_validate_json(state)
