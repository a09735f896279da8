"""Named queries: each file reads, each query has a name of its own and a description, and PostgreSQL understands it."""

from importlib import resources

import asyncpg
import pytest

from adapters.postgres import queries

FILES = sorted(
    file.name.removesuffix(".sql")
    for file in resources.files("adapters.postgres").iterdir()
    if file.name.endswith(".sql")
)


@pytest.mark.parametrize(
    "text", ["select 1", "-- name: one\nselect 1", "-- name: a: x\nselect 1\n-- name: a: y\nselect 2"]
)
def test_a_query_without_name_description_or_a_name_of_its_own_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"example\.sql"):
        queries.parsed(text, "example")


@pytest.mark.parametrize("file", FILES)
async def test_every_query_fits_the_schema(pool: asyncpg.Pool, file: str) -> None:
    known = queries.load(file)
    assert known
    for name, query in known.items():
        if name != "tables":  # two statements: it makes the tables that the others of its file use
            await pool.execute(f"prepare q as {query}")
            await pool.execute("deallocate q")
