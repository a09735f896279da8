"""Texts to be taken back at the vendor, as triggers mark them with each reply and each stop. Takes none back itself."""

from datetime import timedelta

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.recalls import Recall

SQL = queries.load("recalls")


class PostgresRecalls:
    """The Recalls port. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def take(self, tenant: str, again: timedelta, limit: int) -> tuple[Recall, ...]:
        """Texts to be taken back, oldest first; nobody else gets them before `again` is over."""
        async with connection(self._pool) as session:
            rows = await session.fetch(SQL["take"], tenant, again, limit)
        return tuple(Recall.model_validate_json(row[0]) for row in rows)

    async def settled(self, touch_id: str, taken_back: bool) -> None:
        """What came of it."""
        async with connection(self._pool) as session:
            await session.execute(SQL["settled"], touch_id, taken_back)
