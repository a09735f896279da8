"""Migrations: applied once, in order, by one process at a time, and never changed afterwards."""

import asyncio
from importlib import resources
from pathlib import Path

import asyncpg
import pytest

from adapters.postgres.migrate import MigrationError, migrate, migrations
from tests.postgres_fixture import Server

FIRST = "-- Runs before new code.\n-- migrate:up\ncreate table a (n integer);\n-- migrate:down\ndrop table a;\n"
SHIPPED = resources.files("adapters.postgres").joinpath("migrations")


async def test_applies_each_shipped_file_once(postgres_server: Server) -> None:
    url = await postgres_server.new_database("template0")
    assert await migrate(url) == [one.version for one in migrations(SHIPPED)]
    assert await migrate(url) == []


async def test_ten_at_once_apply_each_file_once(postgres_server: Server) -> None:
    url = await postgres_server.new_database("template0")
    applied = await asyncio.gather(*(migrate(url) for _ in range(10)))
    assert sorted(map(len, applied)) == [0] * 9 + [len(migrations(SHIPPED))]


async def test_names_the_file_that_was_changed_after_it_was_applied(postgres_server: Server, tmp_path: Path) -> None:
    url = await postgres_server.new_database("template0")
    file = tmp_path / "1_first.sql"
    file.write_text(FIRST)
    assert await migrate(url, tmp_path) == ["1"]
    file.write_text(FIRST.replace("integer", "bigint"))
    with pytest.raises(MigrationError, match=r"1_first\.sql was changed"):
        await migrate(url, tmp_path)


@pytest.mark.parametrize(
    ("more", "said"), [("selekt 1;", "syntax error"), ("insert into b values (1);", '"b" does not exist')]
)
async def test_a_failing_file_leaves_nothing_of_itself(
    postgres_server: Server, tmp_path: Path, more: str, said: str
) -> None:
    url = await postgres_server.new_database("template0")
    (tmp_path / "1_first.sql").write_text(FIRST.replace("integer);", f"integer); {more}"))
    with pytest.raises(MigrationError, match=rf"1_first\.sql: .*{said}"):
        await migrate(url, tmp_path)
    (tmp_path / "1_first.sql").write_text(FIRST)
    assert await migrate(url, tmp_path) == ["1"]


async def test_goes_on_from_what_dbmate_applied(postgres_server: Server, tmp_path: Path) -> None:
    url = await postgres_server.new_database("template0")
    session = await asyncpg.connect(url)
    await session.execute("create table schema_migrations (version varchar(128) primary key)")
    await session.execute("insert into schema_migrations values ('1')")
    await session.close()
    (tmp_path / "1_first.sql").write_text(FIRST)
    (tmp_path / "2_second.sql").write_text(FIRST)
    assert await migrate(url, tmp_path) == ["2"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("first.sql", FIRST),
        ("1_first.sql", FIRST.replace("-- migrate:up", "")),
        ("1_first.sql", FIRST.replace("-- Runs before new code", "-- Adds a table")),
    ],
)
def test_refuses_a_file_that_breaks_the_format(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(MigrationError, match=name.replace(".", r"\.")):
        migrations(tmp_path)


async def test_every_shipped_file_can_be_taken_back(postgres_server: Server) -> None:
    url = await postgres_server.new_database()
    session = await asyncpg.connect(url)
    for one in sorted(SHIPPED.iterdir(), key=lambda file: file.name, reverse=True):
        await session.execute(one.read_text(encoding="utf-8").split("-- migrate:down")[1])
    left = await session.fetchval(
        "select count(*) from pg_tables where schemaname = 'public' and tablename !~ '^schema_'"
    )
    await session.close()
    assert left == 0


async def test_those_that_wait_hold_up_nothing_that_waits_for_them(postgres_server: Server, tmp_path: Path) -> None:
    """An index that is made concurrently waits for every transaction, those of waiting processes among them."""
    url = await postgres_server.new_database("template0")
    (tmp_path / "1_first.sql").write_text(
        FIRST.replace("integer);", "integer); insert into a select generate_series(1, 300000);")
    )
    (tmp_path / "2_index.sql").write_text(
        "-- Runs before new code.\n-- migrate:up transaction:false\ncreate index concurrently a_n on a (n);\n"
        "-- migrate:down\ndrop index a_n;\n"
    )
    applied = await asyncio.gather(*(migrate(url, tmp_path) for _ in range(3)))
    assert sorted(applied) == [[], [], ["1", "2"]]
