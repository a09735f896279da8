"""Published policies as texts, kept for good: a lead pinned to one can always be judged by it. Parses nothing."""

from collections.abc import Mapping

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection

SQL = queries.load("policies")
_PACKS = TypeAdapter(dict[str, str])


class PostgresPolicies:
    """Where policies are kept by hash. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def publish(  # noqa: PLR0913, PLR0917 - a policy is these six things
        self, tenant: str, name: str, text: str, packs: Mapping[str, str], policy_hash: str, author: str
    ) -> None:
        """Keeps the policy and makes it the tenant's active one; publishing it again changes nothing but that."""
        stored = _PACKS.dump_json(dict(packs)).decode()
        async with connection(self._pool) as session:
            await session.execute(SQL["publish"], policy_hash, tenant, name, text, stored, author)

    async def active(self, tenant: str) -> str | None:
        """The hash of the tenant's active policy; None before the first was published."""
        async with connection(self._pool) as session:
            found: str | None = await session.fetchval(SQL["active"], tenant)
        return found

    async def text(self, policy_hash: str) -> tuple[str, dict[str, str]] | None:
        """A policy's text and its contact-rule packs by name; None when it was never published."""
        async with connection(self._pool) as session:
            row = await session.fetchrow(SQL["text"], policy_hash)
        return (row["text"], _PACKS.validate_json(row["packs"])) if row is not None else None
