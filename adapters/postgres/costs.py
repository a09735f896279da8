"""Touches that cost something, of one lead or page by page of many. Reads only; policy.spending counts."""

from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.costs import By, Spent, SpentTouch

SQL = queries.load("costs")
PAGE = 500
_PAGE = TypeAdapter(tuple[Spent, ...])
_TOUCHES = TypeAdapter(tuple[SpentTouch, ...])


class LeadCosts:
    """Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def leads(self, tenant: str, since: datetime, by: By | None) -> AsyncIterator[tuple[Spent, ...]]:
        """Pages of the tenant's leads opened from `since` on, in the leads' clock, oldest first."""
        after = since, ""
        while True:
            async with connection(self._pool) as session:
                found = await session.fetchval(SQL["leads"], tenant, since, *after, by or "source", PAGE)
            page = _PAGE.validate_json(found) if found is not None else ()
            if page:
                yield page
            if len(page) < PAGE:
                return
            after = page[-1].opened_at, page[-1].lead_id

    async def touches(self, tenant: str, lead_id: str) -> tuple[SpentTouch, ...]:
        """What was spent on one lead; nothing on one that isn't there."""
        async with connection(self._pool) as session:
            return _TOUCHES.validate_json(await session.fetchval(SQL["touches"], tenant, lead_id))
