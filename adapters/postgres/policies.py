"""Published policies as texts, kept for good: a lead pinned to one can always be judged by it. Parses nothing."""

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection, transaction
from domain.publications import Entered, Entering, HowActive, InForce, PolicyText, Versions

SQL = queries.load("policies")
LOG_SHOWN = 200
_PACKS = TypeAdapter(dict[str, str])


class PostgresPolicies:
    """The PolicyStore port. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool, tenant: str) -> None:
        self._pool = pool
        self._tenant = tenant

    async def publish(self, entering: Entering) -> Entered:
        """Keeps the policy and makes it the active one, in the turn of captures: a lead is judged wholly before or
        wholly after. Publishing the active one again changes nothing."""
        given = (
            entering.policy_hash,
            self._tenant,
            entering.name,
            entering.text,
            _PACKS.dump_json(entering.packs).decode(),
            entering.author,
            entering.note,
            entering.way,
            entering.undoes,
            entering.expects,
        )
        async with transaction(self._pool, turn=f"capture:{self._tenant}") as session:
            return Entered.model_validate_json(await session.fetchval(SQL["publish"], *given))

    async def active(self) -> str | None:
        """The hash of the active policy; None before the first was published."""
        async with connection(self._pool) as session:
            found: str | None = await session.fetchval(SQL["active"], self._tenant)
        return found

    async def in_force(self) -> InForce:
        """Hashes of policies that somebody is judged by."""
        async with connection(self._pool) as session:
            return InForce.model_validate_json(await session.fetchval(SQL["in_force"], self._tenant))

    async def standing(self) -> HowActive:
        """The active policy and how it came to be so."""
        async with connection(self._pool) as session:
            return HowActive.model_validate_json(await session.fetchval(SQL["standing"], self._tenant))

    async def listed(self) -> Versions:
        """All versions and the newest of the log."""
        async with connection(self._pool) as session:
            return Versions.model_validate_json(await session.fetchval(SQL["list"], self._tenant, LOG_SHOWN))

    async def text(self, policy_hash: str) -> PolicyText | None:
        """A policy as it was written; None when this tenant never published it."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["text"], self._tenant, policy_hash)
        return PolicyText.model_validate_json(found) if found is not None else None
