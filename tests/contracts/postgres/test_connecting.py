"""A database that can't be reached, or isn't ready for Baton, is refused in words that say what to correct."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from structlog.testing import capture_logs

from adapters.postgres.migrate import migrate
from adapters.postgres.policies import PostgresPolicies
from adapters.postgres.pool import open_pool
from domain.errors import BadInput, BatonError, Unavailable
from tests.postgres_fixture import Server

SECRET = "s3cret"
NO_ADDRESS, NO_ANSWER = "BATON_DATABASE_URL is no PostgreSQL address", "PostgreSQL can't be reached"

Reach = Callable[[str], Awaitable[None]]


async def opened(url: str) -> None:
    await (await open_pool(url)).close()


async def migrated(url: str) -> None:
    await migrate(url)


WAYS = pytest.mark.parametrize("reach", [opened, migrated])


@WAYS
@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        (SECRET, BadInput, NO_ADDRESS),
        (f"mysql://baton:{SECRET}@127.0.0.1/x", BadInput, NO_ADDRESS),
        (f"postgresql://baton:{SECRET}/x@127.0.0.1:1/x", BadInput, "%2F"),
        (f"postgresql://baton:{SECRET}#x@127.0.0.1:1/x", BadInput, NO_ADDRESS),
        (f"postgresql://baton:{SECRET}@127.0.0.1:99999/x", BadInput, NO_ADDRESS),
        (f"postgresql://baton:{SECRET}@127.0.0.1:1/x?sslmode=maybe", BadInput, NO_ADDRESS),
        (f"postgresql://baton:{SECRET}@127.0.0.1:1/x", Unavailable, f"{NO_ANSWER}.*Connection refused"),
        (f"postgresql://127.0.0.1:5/{SECRET}@127.0.0.1:1/x", Unavailable, NO_ANSWER),
        (f"postgresql://baton:{SECRET}@a..b/x", BadInput, NO_ADDRESS),
    ],
)
async def test_a_wrong_address_is_refused_without_a_part_of_it(
    reach: Reach, url: str, kind: type[BatonError], said: str
) -> None:
    with capture_logs() as logs, pytest.raises(kind, match=said) as refused:
        await reach(url)
    assert SECRET not in f"{refused.value!r} {refused.value.__cause__!r} {logs}"


@WAYS
async def test_a_user_or_a_database_that_is_not_there_is_named_as_what_is_wrong(
    reach: Reach, postgres_server: Server
) -> None:
    address = f"host={postgres_server.folder}"
    with pytest.raises(BadInput, match="refuses the user or the password"):
        await reach(f"postgresql://stranger:{SECRET}@/postgres?{address}")
    with pytest.raises(BadInput, match="no database of the name"):
        await reach(f"postgresql://baton@/{SECRET}?{address}")


async def test_a_database_without_our_tables_asks_for_the_migration(postgres_server: Server) -> None:
    pool = await open_pool(await postgres_server.new_database("template0"))
    with pytest.raises(Unavailable, match="run `baton migrate`"):
        await PostgresPolicies(pool, "main").active()
    await pool.close()


async def test_a_user_without_the_right_is_told_which(postgres_server: Server) -> None:
    url = await postgres_server.new_database("template0")
    owner = await asyncpg.connect(url)
    await owner.execute("create role reader login")
    try:
        with pytest.raises(Unavailable, match="right it needs: permission denied for schema public"):
            await migrate(url.replace("baton@", "reader@"))
    finally:
        await owner.execute("drop role reader")
        await owner.close()


async def test_a_database_that_is_gone_while_we_run_is_no_answer(postgres_server: Server) -> None:
    url = await postgres_server.new_database()
    pool = await open_pool(url)
    await postgres_server.statement(f"drop database {url.split('/')[3].split('?')[0]} with (force)")
    for _ in range(3):
        with pytest.raises(Unavailable):
            await PostgresPolicies(pool, "main").active()
    await pool.close()
