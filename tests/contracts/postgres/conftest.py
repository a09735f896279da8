"""The store that most tests here begin with."""

import asyncpg
import pytest

from adapters.phones import whereabouts
from adapters.postgres.captures import PostgresCaptures


@pytest.fixture
def captures(pool: asyncpg.Pool) -> PostgresCaptures:
    return PostgresCaptures(pool, whereabouts)
