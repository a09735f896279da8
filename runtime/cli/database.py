"""How commands that read or write much reach the database itself: BATON_DATABASE_URL, else the embedded stack's."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from adapters.postgres.pool import open_pool
from domain.errors import BadInput
from runtime.embedded.addresses import read_status
from runtime.embedded.errors import StackError
from runtime.embedded.state import DataDirectory

TENANT = "main"


def tenant() -> str:
    """Whose rows: BATON_TENANT, as API and worker have it."""
    return os.environ.get("BATON_TENANT") or TENANT


@asynccontextmanager
async def database(data: Path) -> AsyncIterator[asyncpg.Pool]:
    """A small pool. Raises StackError without a database to reach, BadInput for an address that can't be one, and for
    that of an API alone, Unavailable when it does not answer."""
    pool = await open_pool(os.environ.get("BATON_DATABASE_URL") or _embedded(data), size=2)
    try:
        yield pool
    finally:
        await pool.close()


def _embedded(data: Path) -> str:
    if os.environ.get("BATON_API_URL"):
        raise BadInput("BATON_API_URL names a Baton, and this works on its database: set BATON_DATABASE_URL too.")
    status = read_status(DataDirectory(data))
    if status.state == "down" or not status.database_url:
        raise StackError(
            f"No Baton runs on {data}. Start one with `baton up --data {data}`, or set BATON_DATABASE_URL."
        )
    return status.database_url
