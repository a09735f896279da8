"""The ledger as the nightly reconciliation reads it, and the prices it brings home. It moves no touch."""

import json

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection
from domain.ledger import Claim
from domain.reconciling import Compared, Sweep, VendorMessage

SQL = queries.load("books")
_CLAIMS = TypeAdapter(tuple[Claim, ...])


class PostgresBooks:
    """domain.reconciling.Books. Raises Unavailable without PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def left_open(self, tenant: str, after: str, limit: int) -> tuple[Claim, ...]:
        """Touches whose outcome isn't known, at most `limit`, by id, after one."""
        async with connection(self._pool) as session:
            return _CLAIMS.validate_json(await session.fetchval(SQL["left_open"], tenant, after, limit))

    async def waiting(self, tenant: str) -> int:
        """How many touches have waited to be sent for over an hour."""
        async with connection(self._pool) as session:
            return int(await session.fetchval(SQL["waiting"], tenant))

    async def compare(self, tenant: str, messages: tuple[VendorMessage, ...]) -> Compared:
        """A page of a vendor's list beside the ledger; prices and segments are taken over."""
        given = json.dumps([message.model_dump(mode="json") for message in messages])
        async with connection(self._pool) as session:
            return Compared.model_validate_json(await session.fetchval(SQL["compare"], tenant, given))

    async def keep(self, run: str, sweep: Sweep) -> None:
        """What a reconciliation came to, by the id of its run."""
        async with connection(self._pool) as session:
            await session.execute(SQL["keep"], run, sweep.tenant, sweep.model_dump_json())
