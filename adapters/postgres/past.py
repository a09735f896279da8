"""Stored decisions read back in the order they were recorded, page by page: however many there are, few are held."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.views import KeptDecision

SQL = queries.load("decisions")
PAGE = 200


@dataclass(frozen=True, slots=True)
class Span:
    """Which decisions: recorded from `since` on and before `until` (real time), of one lead or of all."""

    since: datetime
    until: datetime
    lead_id: str | None = None


class Past:
    """Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def decisions(self, tenant: str, span: Span) -> AsyncIterator[KeptDecision]:
        """Each decision of a tenant, oldest first. Those that are recorded meanwhile are left out by `until`."""
        after = span.since, ""
        while True:
            page = await self._page(tenant, span, after)
            for kept in page:
                yield kept
            if len(page) < PAGE:
                return
            after = page[-1].recorded_at, page[-1].decision_id

    async def _page(self, tenant: str, span: Span, after: tuple[datetime, str]) -> list[KeptDecision]:
        given = (tenant, span.since, *after, span.until, PAGE)
        async with connection(self._pool) as session:
            if span.lead_id is None:
                rows = await session.fetch(SQL["past"], *given)
            else:
                rows = await session.fetch(SQL["past_of_lead"], *given, span.lead_id)
        return [KeptDecision.model_validate(dict(row)) for row in rows]
