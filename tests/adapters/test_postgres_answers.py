"""A server that goes away in the middle of a statement is Unavailable, whatever asyncpg makes of it."""

import asyncpg
import pytest

from adapters.postgres.pool import answering
from domain.errors import Unavailable


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.InternalClientError("got result for unknown protocol state"),
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.InterfaceError("connection is closed"),
        ConnectionRefusedError(111, "refused"),
        TimeoutError(),
    ],
)
def test_no_answer_is_unavailable(error: Exception) -> None:
    with pytest.raises(Unavailable), answering():
        raise error
