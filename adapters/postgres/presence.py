"""Who is away, who is off, and what the rotation knows of everybody. It judges nothing."""

from datetime import datetime

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import connection
from adapters.postgres.readable import refuse_unreadable
from domain.presence import Loads, PresenceChange, Word

SQL = queries.load("presence")


class PostgresPresence:
    """Raises Unavailable without PostgreSQL, BadInput for a word that can't be stored."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def loads(self, tenant: str) -> Loads:
        """What the rotation knows now, in the clock of leads that come now."""
        async with connection(self._pool) as session:
            now: datetime = await session.fetchval(SQL["clock"])
            return Loads.model_validate_json(await session.fetchval(SQL["loads"], tenant, now))

    async def change(self, tenant: str, rep: str, change: PresenceChange) -> None:
        """Keeps the word; the next judgement heeds it."""
        refuse_unreadable(change)
        async with connection(self._pool) as session:
            now: datetime = await session.fetchval(SQL["clock"])
            if change.since is not None and change.since > now:
                given = (change.since, change.until, change.because, change.by)
                await session.execute(SQL["take_off"], tenant, rep, *given)
            else:
                is_away = change.presence is Word.AWAY
                given_now = (is_away, change.because, change.until, change.by, now)
                await session.execute(SQL["change"], tenant, rep, *given_now)
