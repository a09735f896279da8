"""Brings a database up to date: SQL files in dbmate's format, each applied once, in order, by one process at a time.

Operators may use dbmate on the same files and table; what it lacks is here: a lock, and a check that an applied file
wasn't changed.
"""

import asyncio
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from importlib.resources.abc import Traversable

import asyncpg

from adapters.postgres import queries
from adapters.postgres.pool import answering, connecting
from domain.errors import BatonError

SQL = queries.load("migrate")
ASK_AGAIN = timedelta(milliseconds=200)
_FILE = re.compile(r"^(?P<version>\d+)_\w+\.sql$")
_UP = re.compile(r"^-- migrate:up(?P<options>.*)$", re.MULTILINE)
_DOWN = re.compile(r"^-- migrate:down", re.MULTILINE)
_WHEN = re.compile(r"^-- Runs (before|after) new code\b")


class MigrationError(BatonError):
    """A migration file can't be applied, or isn't what was applied; the text says which and what to do."""

    code = "migration"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `up` is the SQL between its markers; `alone` means it can't run inside a transaction."""

    version: str
    name: str
    up: str
    sha256: str
    alone: bool


async def migrate(database_url: str, folder: Traversable | None = None) -> list[str]:
    """Applies what is missing and answers the versions applied; an empty list when up to date.

    Raises MigrationError for a file that was changed after it was applied, and as `connecting` and `answering` do.
    """
    known = migrations(folder or resources.files(__package__).joinpath("migrations"))
    with connecting():
        session = await asyncpg.connect(database_url, timeout=10)
    with answering():
        try:
            # Asked for again and again: a statement that waits is what an index made concurrently waits for.
            while not await session.fetchval(SQL["lock"]):  # noqa: ASYNC110 - another process can't set an event
                await asyncio.sleep(ASK_AGAIN.total_seconds())
            return await _apply_missing(session, known)
        finally:
            await session.close()


def migrations(folder: Traversable) -> tuple[Migration, ...]:
    """The files of a folder, oldest first. Raises MigrationError for a name or a text that breaks the format."""
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    read = tuple(_read(file.name, file.read_bytes()) for file in files)
    versions = [migration.version for migration in read]
    if len(set(versions)) != len(versions):
        raise MigrationError("Two migrations have the same version; give the newer one a later number.")
    return read


def _read(name: str, content: bytes) -> Migration:
    text = content.decode("utf-8")
    file, up, down = _FILE.match(name), _UP.search(text), _DOWN.search(text)
    if file is None or up is None or down is None or down.start() < up.end():
        raise MigrationError(
            f"{name}: name it <version>_<what>.sql and give it `-- migrate:up`, then `-- migrate:down`."
        )
    if _WHEN.match(text) is None:
        raise MigrationError(f"{name}: its first line must say `-- Runs before new code` or `-- Runs after new code`.")
    digest = hashlib.sha256(content).hexdigest()
    return Migration(file["version"], name, text[up.end() : down.start()], digest, "transaction:false" in up["options"])


async def _apply_missing(session: asyncpg.Connection, known: tuple[Migration, ...]) -> list[str]:
    await session.execute(SQL["tables"])
    applied = {row["version"]: row["sha256"] for row in await session.fetch(SQL["applied"])}
    for migration in known:
        if applied.get(migration.version) not in (None, migration.sha256):
            raise MigrationError(
                f"{migration.name} was changed after it was applied here. Restore it and put the change in a new file."
            )
    missing = [migration for migration in known if migration.version not in applied]
    for migration in missing:
        await _apply(session, migration)
    # Versions that dbmate applied have no digest yet.
    await session.executemany(SQL["digest"], [(migration.version, migration.sha256) for migration in known])
    return [migration.version for migration in missing]


async def _apply(session: asyncpg.Connection, migration: Migration) -> None:
    try:
        if migration.alone:
            await session.execute(migration.up)
            await session.execute(SQL["record"], migration.version)
        else:
            async with session.transaction():
                await session.execute(migration.up)
                await session.execute(SQL["record"], migration.version)
    except asyncpg.SyntaxOrAccessError as error:  # a table that isn't there, a right that is missing
        raise MigrationError(f"{migration.name}: {error.args[0]}") from error
