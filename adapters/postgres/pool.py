"""Connections to PostgreSQL, and the one place where its troubles become the domain's errors. Knows no table.

jsonb crosses as text: pydantic writes and reads it on our side, so no connection needs a codec of its own.
"""

import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta

import asyncpg
import structlog

from domain.errors import BadInput, Unavailable

COMMAND_TIMEOUT = timedelta(seconds=4)
"""A PostgreSQL that hangs is told apart from one that works by this: a sender waits so long, and a second, for its 503.
The slowest statement of ours takes a few hundredths of it."""

ACQUIRE_TIMEOUT = timedelta(seconds=5)
RELEASE_TIMEOUT = timedelta(seconds=1)
"""How long a statement that ran out of time is waited for before its connection is thrown away."""

TRIES = 5
"""How often a transaction that lost a race is made again."""

LOST_RACE = (asyncpg.UniqueViolationError, asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_NO_ANSWER = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,  # what asyncpg makes of a server that dies while it still writes the request
)
_NOT_LET_IN = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)
_NOT_READY = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
    asyncpg.InsufficientPrivilegeError,
)
_NOT_READABLE = (asyncpg.DataError, asyncpg.ProgramLimitExceededError)
_SETTINGS = {
    "application_name": "baton",
    "timezone": "UTC",
    "jit": "off",
    "lock_timeout": "3s",
    "statement_timeout": "3500ms",  # the server gives up first, and says so
    "idle_in_transaction_session_timeout": "15s",
    "plan_cache_mode": "force_generic_plan",  # few, big statements: planning costs more than running
}

log = structlog.get_logger()


async def open_pool(database_url: str, size: int = 10) -> asyncpg.Pool:
    """A pool of at most `size` connections. Raises as `connecting` does."""
    with connecting():
        pool: asyncpg.Pool = await asyncpg.create_pool(
            database_url,
            min_size=min(2, size),
            max_size=size,
            command_timeout=COMMAND_TIMEOUT.total_seconds(),
            timeout=ACQUIRE_TIMEOUT.total_seconds(),
            server_settings=_SETTINGS,
            reset=_nothing_to_reset,
        )
        return pool


async def _nothing_to_reset(_connection: asyncpg.Connection) -> None:
    """No statement of ours leaves anything in a session, so the usual round trip that cleans up is saved."""


@contextmanager
def connecting() -> Iterator[None]:
    """Turns what keeps a first connection from being made into BadInput (a wrong address, user or database) and
    Unavailable (no answer), in words for whoever set BATON_DATABASE_URL.

    They repeat no part of it: with a slash in the password the host is a part of the password.
    """
    try:
        yield
    except (ValueError, OverflowError):
        raise BadInput(
            "BATON_DATABASE_URL is no PostgreSQL address; it reads postgresql://user:password@host:5432/database. "
            "Write what isn't a letter or a digit in the password as %2F (for /), %40 (@), %3A (:), %23 (#), %3F (?)."
        ) from None
    except asyncpg.InvalidAuthorizationSpecificationError:
        raise BadInput("PostgreSQL refuses the user or the password in BATON_DATABASE_URL. Correct them.") from None
    except asyncpg.InvalidCatalogNameError:
        raise BadInput("PostgreSQL has no database of the name in BATON_DATABASE_URL. Create it first.") from None
    except (*_NO_ANSWER, asyncpg.InterfaceError) as error:
        raise Unavailable(
            f"PostgreSQL can't be reached at the address in BATON_DATABASE_URL: {_without_address(error)}."
        ) from None


@contextmanager
def answering() -> Iterator[None]:
    """Turns PostgreSQL's troubles into Unavailable (no answer, or not ready for us) and BadInput (a value it can't
    store)."""
    try:
        yield
    except _NOT_READY as error:
        raise _not_ready(error) from error
    except _NOT_READABLE as error:
        raise _bad_input(error) from error
    except asyncpg.InterfaceError as error:
        # asyncpg's own DataError, a value it could not send, is the one that is a ValueError.
        raise (_bad_input(error) if isinstance(error, ValueError) else _unavailable(error)) from error
    except (*_NO_ANSWER, *_NOT_LET_IN) as error:
        raise _unavailable(error) from error


def _without_address(error: Exception) -> str:
    if not isinstance(error, OSError):
        return type(error).__name__
    number = error.errno or 0  # a name that isn't found has a negative one
    return (os.strerror(number) if number > 0 else error.strerror) or type(error).__name__


def _bad_input(error: Exception) -> BadInput:
    log.warning("postgres_refused_value", error=type(error).__name__)
    return BadInput("A value can't be stored: send text without control characters and within the documented lengths.")


def _not_ready(error: asyncpg.PostgresError) -> Unavailable:
    what = str(error.args[0])  # names of tables and columns, never a value
    log.error("postgres_not_ready", error=type(error).__name__, what=what)
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return Unavailable(f"PostgreSQL refuses the user in BATON_DATABASE_URL a right it needs: {what}.")
    return Unavailable(f"The database isn't at this version's schema ({what}): run `baton migrate`.")


def _unavailable(error: Exception) -> Unavailable:
    log.warning("postgres_no_answer", error=type(error).__name__)
    return Unavailable("PostgreSQL does not answer; nothing was accepted. Try again.")


@asynccontextmanager
async def connection(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """One connection; each statement is a transaction of its own."""
    with answering():
        session = await pool.acquire(timeout=ACQUIRE_TIMEOUT.total_seconds())
        try:
            yield session
        finally:
            await pool.release(session, timeout=RELEASE_TIMEOUT.total_seconds())


@asynccontextmanager
async def transaction(pool: asyncpg.Pool, turn: str | None = None) -> AsyncIterator[asyncpg.Connection]:
    """One transaction. Those with the same `turn` run one after another; that costs no round trip of its own."""
    async with connection(pool) as session:
        await session.execute(f"begin; select pg_advisory_xact_lock({_number(turn)})" if turn else "begin")
        try:
            yield session
        except BaseException:
            # The pool rolls back what a broken connection could not.
            with suppress(*_NO_ANSWER, asyncpg.InterfaceError):
                await session.execute("rollback")
            raise
        await session.execute("commit")


def _number(turn: str) -> int:
    return int.from_bytes(hashlib.blake2b(turn.encode(), digest_size=8).digest(), "big", signed=True)
