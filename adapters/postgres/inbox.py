"""The inbox's rows beside capturing (captures.py): kept, dispatched, left behind, put back. Judges nothing."""

import json
from datetime import timedelta

import asyncpg
import structlog
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection, transaction
from adapters.postgres.readable import bounded, scrubbed
from domain.inbox import Standing, Unfinished
from domain.ports import Captured
from domain.transitions import SEEN_KEPT

SQL = queries.load("captures")
_CAPTURED = TypeAdapter(tuple[Captured, ...])
_UNFINISHED = TypeAdapter(tuple[Unfinished, ...])
log = structlog.get_logger()


class PostgresInbox:
    """Half of the Captures port. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def keep(self, tenant: str, channel: str, source_event_id: str, payload: str) -> str | None:
        """Keeps a raw webhook once; its row's id, or None. Call `dispatched` when it is worked through."""
        stored = json.dumps(scrubbed(payload))
        async with connection(self._pool) as session:
            row_id: str | None = await session.fetchval(SQL["keep"], tenant, channel, bounded(source_event_id), stored)
            return row_id

    async def unfinished(self, tenant: str, channel: str, older_than: timedelta, limit: int) -> tuple[Unfinished, ...]:
        """A tenant's raw webhooks of a channel that nobody worked through; no other sweeper is given them for
        `older_than`, and each further try waits twice as long, up to 16 times."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["unfinished"], tenant, channel, older_than, limit)
        return _UNFINISHED.validate_json(found)

    async def left_behind(self, tenant: str, older_than: timedelta, limit: int) -> tuple[Captured, ...]:
        """A tenant's rows whose lead wasn't told, to dispatch; undecided rows, to capture again. Ours alone for
        `older_than`."""
        async with connection(self._pool) as session:
            return _CAPTURED.validate_json(await session.fetchval(SQL["left_behind"], tenant, older_than, limit))

    async def standing(self, tenant: str, lead_id: str) -> Standing | None:
        """A lead as the records have it; None when the tenant has no such lead."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["standing"], tenant, lead_id)
        return None if found is None else Standing.model_validate_json(found)

    async def dispatched(self, row_id: str) -> None:
        """The lead was told, or a raw webhook worked through."""
        async with connection(self._pool) as session:
            await session.execute(SQL["dispatched"], row_id)

    async def refuse(self, row_id: str, because: str) -> None:
        """A raw webhook can't be worked through, now or later: it stays as it came, with the reason."""
        async with connection(self._pool) as session:
            await session.execute(SQL["refuse"], row_id, scrubbed(because))

    async def put_back(self, row_id: str, because: str) -> None:
        """The lead's workflow is over: the row will be captured again, unless the lead had it after all.

        A lead that is open all the same was terminated or failed: it is closed, so that what comes opens a new one.
        """
        async with transaction(self._pool) as session:
            abandoned = await session.fetchval(SQL["abandon"], row_id)
            if abandoned is not None:
                log.error("lead_abandoned", lead_id=abandoned, because=because)
                await session.execute(SQL["hand_back"], abandoned, SEEN_KEPT)
            await session.execute(SQL["put_back"], row_id, scrubbed(because))
