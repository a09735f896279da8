"""A real PostgreSQL for the contract suites: one cluster a run, one fresh database a test."""

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from adapters.postgres.pool import open_pool
from tests.postgres_fixture import Server, running_server, until_ready


@pytest_asyncio.fixture(scope="session")
async def postgres_server() -> AsyncIterator[Server]:
    with running_server() as server:
        await until_ready(server)
        await server.make_template()
        yield server


@pytest_asyncio.fixture
async def database_url(postgres_server: Server) -> str:
    """A database of this test's own, migrated."""
    return await postgres_server.new_database()


@pytest_asyncio.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    opened = await open_pool(database_url)
    yield opened
    await opened.close()
