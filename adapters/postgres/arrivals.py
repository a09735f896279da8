"""What came in, read back for a simulation: each lead's beginning, and each time news started it over, with the facts
of that moment and what the person really wrote next. Personal data: names."""

from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.facts import Facts
from domain.replies import Said
from domain.values import Stored

SQL = queries.load("arrivals")
PAGE = 500


class Reply(Stored):
    """What the person wrote, and when."""

    at: datetime
    said: Said = None


class PastArrival(Stored):
    """A lead's beginning as it was judged. `name` and `referrer` as given."""

    decision_id: str
    at: datetime
    recorded_at: datetime
    facts: Facts
    name: str | None = None
    source_event_id: str | None = None
    referrer: str | None = None
    replies: tuple[Reply, ...] = ()


_REPLIES = TypeAdapter(tuple[Reply, ...])


class PastArrivals:
    """Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def since(self, tenant: str, since: datetime) -> AsyncIterator[PastArrival]:
        """Each beginning recorded from `since` (real time) on, oldest first, page by page."""
        after = since, ""
        while True:
            async with connection(self._pool) as session:
                rows = await session.fetch(SQL["arrivals"], tenant, since, *after, PAGE)
            for row in rows:
                facts = Facts.model_validate_json(row["facts"])
                yield PastArrival(**{**row, "facts": facts, "replies": _REPLIES.validate_json(row["replies"])})
            if len(rows) < PAGE:
                return
            after = rows[-1]["recorded_at"], rows[-1]["decision_id"]
