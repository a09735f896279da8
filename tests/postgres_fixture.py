"""A real PostgreSQL for tests: a throw-away cluster on a private socket, a fresh database a test."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg

from adapters.postgres.migrate import migrate
from runtime.embedded import identity
from runtime.embedded.postgres import find_binaries

_NUMBERS = count(1)
_QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=200",
    "timezone=UTC",
)
_START_LIMIT = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running cluster; its databases are reached through a socket in a private folder."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://baton@/{database}?host={self.folder}"

    async def statement(self, sql: str) -> None:
        session = await asyncpg.connect(self.url("postgres"), timeout=5)
        try:
            await session.execute(sql)
        finally:
            await session.close()

    async def make_template(self) -> None:
        """The migrated database that each test's own is a copy of."""
        await self.statement("create database template_baton")
        await migrate(self.url("template_baton"))

    async def new_database(self, template: str = "template_baton") -> str:
        """The URL of a fresh copy of `template`; template0 gives an empty one. Without fsync, file_copy is quickest."""
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        await self.statement(f"create database {name} template {template} strategy file_copy")
        return self.url(name)


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """A cluster for as long as the context is open; nothing of it is left behind."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    who, binaries = identity.find(), find_binaries()
    who.take(folder)
    prefix, data = who.prefix(signal.SIGKILL), str(folder / "data")
    init = (
        *prefix,
        str(binaries / "initdb"),
        "-D",
        data,
        "-U",
        "baton",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    )
    try:
        subprocess.run(init, check=True, capture_output=True)
        settings = [word for setting in _QUICK for word in ("-c", setting)]
        command = (*prefix, str(binaries / "postgres"), "-D", data, "-k", str(folder), *settings)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            yield Server(folder)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def until_ready(server: Server) -> None:
    """Returns when a query answers."""
    async with asyncio.timeout(_START_LIMIT):
        while True:
            try:
                return await server.statement("select 1")
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.05)
