"""Our numbers: who knows which, and whose turn it is to text from one (decision 0027). Tells nobody itself."""

import json
from datetime import datetime, timedelta

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.senders import Asking, Backlog, Burst, Known, Turn

SQL = queries.load("senders")


class PostgresSenders:
    """The Senders and Bursts ports. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def known(self, tenant: str, person_id: str, phone: str | None, zone: str, touch_id: str) -> Known:
        """The number the person last had to do with, and what each number sent of late."""
        given = (tenant, person_id, phone, zone, touch_id)
        async with connection(self._pool) as session:
            return Known.model_validate_json(await session.fetchval(SQL["known"], *given))

    async def take(self, asking: Asking, now: datetime | None = None) -> Turn:
        """Whether it is the text's turn now; one short transaction, one after another in a tenant."""
        async with connection(self._pool) as session:
            return Turn.model_validate_json(await session.fetchval(SQL["take"], _plain(asking), now))

    async def waiting(self, tenant: str) -> tuple[Backlog, ...]:
        """Texts that wait, by number."""
        async with connection(self._pool) as session:
            rows = await session.fetch(SQL["waiting"], tenant)
        return tuple(Backlog.model_validate_json(row[0]) for row in rows)

    async def bursts(self, tenant: str, again: timedelta) -> tuple[Burst, ...]:
        """Bursts that nobody was told of; nobody else gets them before `again` is over."""
        async with connection(self._pool) as session:
            rows = await session.fetch(SQL["bursts"], tenant, again)
        return tuple(Burst.model_validate_json(row[0]) for row in rows)

    async def told(self, alert_id: str) -> None:
        """The supervisors have heard of it."""
        async with connection(self._pool) as session:
            await session.execute(SQL["told"], alert_id)


def _plain(asking: Asking) -> str:
    """As JSON whose times are seconds."""
    spans = {
        name: span.total_seconds() for name in ("target", "promised") if (span := getattr(asking, name)) is not None
    }
    return json.dumps({**asking.model_dump(mode="json", exclude={"target", "promised"}), **spans})
