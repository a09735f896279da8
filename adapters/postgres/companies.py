"""The company table: imported rows, and what the provider answered. It judges nothing and asks nobody."""

import json
from datetime import UTC, datetime

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import connection, transaction
from domain.companies import CompanyFacts
from domain.enrichment import Imported

SQL = queries.load("companies")
BATCH = 2_000
"""Rows of one statement of an import; it takes a fraction of what a statement may."""


class PostgresCompanies:
    """The Companies port, of one tenant. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool, tenant: str) -> None:
        self._pool = pool
        self._tenant = tenant

    async def find(self, domain: str) -> CompanyFacts | None:
        """What is known of a company, by import or by an answer that still holds."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["find"], self._tenant, domain, datetime.now(UTC))
        return None if found is None else CompanyFacts.model_validate_json(found)

    async def domain_of(self, lead_id: str) -> str | None:
        """The domain of the company of the lead's person; None without one, or without such a lead."""
        async with connection(self._pool) as session:
            found: str | None = await session.fetchval(SQL["domain_of"], self._tenant, lead_id)
        return found

    async def answered(self, domain: str, found: CompanyFacts | None) -> None:
        """Keeps what the provider said, for this and every later lead of the company."""
        told = (
            None
            if found is None
            else found.model_dump_json(exclude_none=True, exclude={"domain", "target", "owner", "asked"})
        )
        async with connection(self._pool) as session:
            await session.execute(SQL["answered"], self._tenant, domain, told)

    async def replace(self, rows: tuple[CompanyFacts, ...], dry_run: bool) -> Imported:
        """Writes all rows or none; a dry run only says what it would come to."""
        totals = Imported()
        async with transaction(self._pool, turn=f"companies:{self._tenant}") as session:
            for start in range(0, len(rows), BATCH):
                batch = json.dumps([row.model_dump() for row in rows[start : start + BATCH]])
                found = Imported.model_validate_json(await session.fetchval(SQL["compare"], self._tenant, batch))
                totals = Imported(
                    added=totals.added + found.added,
                    changed=totals.changed + found.changed,
                    unchanged=totals.unchanged + found.unchanged,
                )
                if not dry_run:
                    await session.execute(SQL["replace"], self._tenant, batch)
        return totals
