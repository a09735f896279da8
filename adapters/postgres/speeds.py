"""Leads as the report of speeds reads them, page by page. Reads only; what the figures mean is for policy.pace."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.speeds import Timed

SQL = queries.load("speeds")
PAGE = 500
By = Literal["source", "segment", "band", "owner"]
_PAGE = TypeAdapter(tuple[Timed, ...])


class LeadSpeeds:
    """Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def leads(self, tenant: str, since: datetime, by: By | None) -> AsyncIterator[tuple[Timed, ...]]:
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
