"""Running leads by the policy they follow, and the log of migrations. Judges nothing."""

from datetime import datetime

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.cohorts import InFlight, MigrationRow, Page, Wanted

SQL = queries.load("cohorts")
_LEADS = TypeAdapter(tuple[InFlight, ...])


class PostgresCohorts:
    """The Cohorts port. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool, tenant: str) -> None:
        self._pool = pool
        self._tenant = tenant

    async def page(self, wanted: Wanted, now: datetime) -> Page:
        """Leads that don't follow the policy yet; `now` is real time."""
        chosen = wanted.selection
        given = (wanted.to, chosen.source, chosen.stage, chosen.lead, wanted.cursor, wanted.limit + 1)
        async with connection(self._pool) as session:
            found = _LEADS.validate_json(await session.fetchval(SQL["page"], self._tenant, now, *given))
        leads = found[: wanted.limit]
        return Page(leads=leads, cursor=leads[-1].lead.lead_id if len(found) > wanted.limit else None)

    async def log(self, row: MigrationRow) -> None:
        """Writes a line of the log."""
        async with connection(self._pool) as session:
            await session.execute(SQL["log"], self._tenant, row.model_dump_json())
