"""Failed conditions, as a trigger notes them with each stored decision. Tells nobody itself."""

from datetime import timedelta

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.faults import Fault

SQL = queries.load("faults")


class PostgresFaults:
    """The Faults port. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def take(self, tenant: str, again: timedelta, limit: int) -> tuple[Fault, ...]:
        """Faults of a tenant that nobody was told of, oldest first; nobody else gets them before `again` is over."""
        async with connection(self._pool) as session:
            rows = await session.fetch(SQL["take"], tenant, again, limit)
        found = [Fault.model_validate_json(row[0]) for row in rows]
        return tuple(sorted(found, key=lambda each: each.recorded_at))

    async def told(self, alert_id: str) -> None:
        """The supervisors have heard of it."""
        async with connection(self._pool) as session:
            await session.execute(SQL["told"], alert_id)
