"""The real PostgreSQL under each identity this machine allows: closed folders, passwords, and kills of every kind."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from runtime.embedded import identity as identities
from runtime.embedded import ports, procfs
from runtime.embedded.identity import Identity
from runtime.embedded.postgres import EmbeddedPostgres, find_binaries
from runtime.embedded.state import DataDirectory
from runtime.embedded.supervisor import Supervisor
from tests.embedded.stand_ins import alive, descendants, until

PASSWORD = "only-for-this-test"
BUSY = "do $$ begin loop end loop; end $$"


def usable() -> list[Identity]:
    found = identities.find()
    return [found, Identity.SWITCHED] if found is Identity.MAPPED else [found]


@asynccontextmanager
async def running(postgres: EmbeddedPostgres) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(postgres.data.logs)
    try:
        await supervisor.start([postgres.spec()])
        yield supervisor
    finally:
        await supervisor.stop()


def server(data: DataDirectory, identity: Identity | None = None) -> EmbeddedPostgres:
    found = identity or identities.find()
    if found is Identity.SWITCHED and not is_open_to_nobody(find_binaries() / "initdb"):
        pytest.skip("nobody can't run PostgreSQL: its programs lie below a folder that only root may enter")
    return EmbeddedPostgres(data, ports.free().postgres, PASSWORD, find_binaries(), found)


def is_open_to_nobody(program: Path) -> bool:
    """Asked of the kernel as nobody: the right to pass closed folders doesn't count here, as it doesn't for initdb."""
    user = Identity.SWITCHED.prefix(signal.SIGKILL)
    return subprocess.run((*user, "test", "-x", str(program)), cwd="/", check=False).returncode == 0


def postmaster(supervisor: Supervisor) -> int:
    found = supervisor.identities()["postgres"]
    assert found is not None
    return found.pid


async def value(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def keep_busy(postgres: EmbeddedPostgres) -> asyncio.Task[str]:
    """A backend that spins and looks at nothing, as one in the middle of a big sort would."""
    connection = await asyncpg.connect(postgres.url)
    await connection.execute("create table kept (id int); insert into kept values (7)")
    spinning = asyncio.create_task(connection.execute(BUSY))
    await asyncio.sleep(0.2)
    return spinning


@pytest.mark.parametrize("identity", usable())
async def test_a_query_answers_below_a_closed_folder_and_a_wrong_password_is_refused(
    data: DataDirectory, identity: Identity
) -> None:
    postgres = server(data, identity)
    async with running(postgres):
        assert await value(postgres.url, "select current_database()") == "baton"
        assert await value(postgres.url, "show fsync") == "on"
        stored = await value(postgres.url, "select rolpassword from pg_authid where rolname = 'baton'")
        assert str(stored).startswith("SCRAM-SHA-256$")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await value(postgres.url.replace(PASSWORD, "wrong"), "select 1")
    assert data.postgres.stat().st_mode & 0o777 == 0o700
    assert not data.postgres_password.exists()
    assert procfs.working_in(data.postgres) == []


@pytest.mark.parametrize("identity", usable())
async def test_a_killed_postmaster_with_a_busy_backend_is_back_within_two_seconds(
    data: DataDirectory, identity: Identity
) -> None:
    postgres = server(data, identity)
    async with running(postgres) as supervisor:
        spinning = await keep_busy(postgres)
        first = postmaster(supervisor)
        backends = descendants(first)
        began = time.monotonic()
        os.kill(first, signal.SIGKILL)
        await until(lambda: not supervisor.all_ready(), 2, "the death is noticed")
        await until(supervisor.all_ready, 2, "PostgreSQL is back")
        took = time.monotonic() - began
        assert await value(postgres.url, "select id from kept") == 7
        assert took < 2
        assert not [pid for pid in backends if alive(pid)]
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await spinning


async def test_a_busy_backend_does_not_hold_up_a_stop(data: DataDirectory) -> None:
    postgres = server(data)
    async with running(postgres) as supervisor:
        spinning = await keep_busy(postgres)
        began = time.monotonic()
        await supervisor.stop()
        assert time.monotonic() - began < 3
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await spinning
    assert procfs.working_in(data.postgres) == []


async def test_a_pid_file_whose_number_is_another_programs_by_now_is_no_obstacle(data: DataDirectory) -> None:
    postgres = server(data)
    async with running(postgres):
        left = (data.postgres / "postmaster.pid").read_text()
    lines = left.splitlines()
    (data.postgres / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    async with running(postgres):
        assert await value(postgres.url, "select 1") == 1


async def test_a_cluster_left_half_made_is_made_again(data: DataDirectory) -> None:
    half = data.path / "pg.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    postgres = server(data)
    async with running(postgres):
        assert await value(postgres.url, "select 1") == 1


async def test_the_servers_log_quotes_nobodys_data(data: DataDirectory) -> None:
    postgres = server(data)
    async with running(postgres):
        await value(postgres.url, "create table person (phone text primary key)")
        for _ in range(2):
            try:
                await value(postgres.url, "insert into person values ('+15125550142')")
            except asyncpg.UniqueViolationError:
                continue
    log = (data.logs / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "5550142" not in log


async def test_leftovers_are_found_by_their_folder_alone(data: DataDirectory) -> None:
    """Another cluster's processes, and anything else on the machine, are left alone."""
    postgres = server(data)
    async with running(postgres) as supervisor:
        mine = {postmaster(supervisor), *descendants(postmaster(supervisor))}
        assert set(procfs.working_in(data.postgres)) == mine
        assert os.getpid() not in mine
