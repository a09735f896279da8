"""A real PostgreSQL for the contract suites: one cluster a run, one fresh database a test."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from adapters.phones import whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.pool import open_pool
from tests.contracts.ledgers import Bench
from tests.contracts.postgres.builders import TENANT, inquiry, intent, judge, person
from tests.fake_ledger import FakeLedger
from tests.fakes import facts_of
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


@pytest_asyncio.fixture(params=["fake", "postgres"])
async def bench(request: pytest.FixtureRequest, pool: asyncpg.Pool) -> AsyncIterator[Bench]:
    if request.param == "fake":
        touch = intent("lead-1", "p1")
        fake = FakeLedger(people={"lead-1": facts_of("lead-1", "demo_request", touch.lead_now)})
        yield Bench(fake, touch, fake=fake)
        return
    captured = await PostgresCaptures(pool, whereabouts).capture(TENANT, inquiry(), person(), judge)
    assert captured.lead_id is not None
    touch = intent(captured.lead_id, await pool.fetchval("select person_id from person"))
    yield Bench(PostgresLedger(pool), touch, pool=pool)
