"""A tenant's switches and the log of who turned them. Judges nothing."""

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.switches import Name, Switches, Throw

SQL = queries.load("switches")


class PostgresSwitches:
    """The SwitchBoard port. Raises Unavailable when PostgreSQL does not answer."""

    def __init__(self, pool: asyncpg.Pool, tenant: str) -> None:
        self._pool = pool
        self._tenant = tenant

    async def throw(self, name: Name, throw: Throw) -> Switches:
        """Turns a switch; in force for every touch that is begun after this returns."""
        given = (name, throw.on, throw.by, throw.because)
        async with connection(self._pool) as session:
            return Switches.model_validate_json(await session.fetchval(SQL["throw"], self._tenant, *given))

    async def standing(self) -> Switches:
        """How the switches stand."""
        async with connection(self._pool) as session:
            return Switches.model_validate_json(await session.fetchval(SQL["standing"], self._tenant))
