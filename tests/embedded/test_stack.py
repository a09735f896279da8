"""The stack as a whole on real servers: its files, its clock, its refusals, its end; as root and as a plain user."""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from domain.errors import NotFound
from runtime.embedded import foreground, ports, procfs
from runtime.embedded.addresses import Status, read_status
from runtime.embedded.errors import AlreadyRunning, PortTaken, StackError
from runtime.embedded.identity import NOBODY
from runtime.embedded.programs import ROOT
from runtime.embedded.skipping import fast_forward_lead
from runtime.embedded.stack import Stack
from runtime.embedded.state import DataDirectory
from tests.embedded.stand_ins import START, alive, descendants, options, until

NAMES = {"temporal", "postgres", "simulator", "api", "worker"}
NOBODYS_LEAD = "0199a7c2-0000-7000-8000-000000000001"
AS_NOBODY = ("setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, and reachable by a user who may not enter pytest's own folders."""
    made = Path(tempfile.mkdtemp(prefix="baton-test-"))
    yield made
    shutil.rmtree(made)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def up() -> AsyncIterator[Stack]:
    """One stack on named ports, for tests that leave it as they found it."""
    folder = Path(tempfile.mkdtemp(prefix="baton-test-"))
    async with Stack(folder, replace(options(), port_base=ports.free().api)) as stack:
        yield stack
    assert stack.status().state == "down"
    shutil.rmtree(folder)


async def clock_of(stack: Stack) -> float:
    connection = await asyncpg.connect(stack.database_url)
    try:
        return float(await connection.fetchval("select value::text from setting where key = 'clock_offset'"))
    finally:
        await connection.close()


async def test_the_same_directory_keeps_its_addresses_secrets_and_clock(folder: Path) -> None:
    data = folder / "data"
    async with Stack(data, options()) as first:
        status, kept, clock = first.status(), first.secrets, await clock_of(first)
        expected = (START - datetime.now(UTC)).total_seconds()
        assert clock == pytest.approx(expected, abs=30)
    async with Stack(data, replace(options(), start_at=START + timedelta(days=9))) as again:
        assert again.status().urls == status.urls
        assert again.secrets == kept
        assert await clock_of(again) == clock
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "stack.json").stat().st_mode & 0o777 == 0o600
    assert (data / "logs" / "temporal.log.1").exists()


async def test_a_second_start_is_refused_plainly_and_does_no_harm(up: Stack) -> None:
    before = up.status()
    with pytest.raises(AlreadyRunning, match=rf"already running on .*process {os.getpid()}.*{up.urls.console}"):
        await Stack(up.data.path, options()).start()
    assert up.status() == before
    assert before.state == "up"


async def test_a_second_start_in_the_foreground_leaves_the_running_stack_its_state(up: Stack) -> None:
    before = up.status()
    with pytest.raises(AlreadyRunning):
        await foreground.run(Stack(up.data.path, options()), never)
    assert up.status() == before


@pytest.mark.parametrize("command", ["up", "demo"])
async def test_a_second_command_on_a_running_directory_is_refused_and_does_no_harm(up: Stack, command: str) -> None:
    before = up.status()
    code, said = await baton(command, up.data.path)
    assert code == 1
    assert f"already running on {up.data.path} (process {os.getpid()})" in said
    assert up.status() == before
    assert before.state == "up"


async def test_a_file_is_no_data_directory(tmp_path: Path) -> None:
    file = tmp_path / "passwd"
    file.touch()
    code, said = await baton("up", file)
    assert (code, said) == (1, f"Can't use {file} for data: File exists. Name another folder with --data.\n")


async def baton(command: str, data: Path) -> tuple[int | None, str]:
    """Exit status and everything said by a `baton` of its own."""
    words = (sys.executable, "-m", "runtime.cli.main", command, "--data", str(data))
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=PIPE, stderr=STDOUT)
    said, _ = await asyncio.wait_for(process.communicate(), 20)
    return process.returncode, said.decode()


def never(_: Stack) -> None:
    pytest.fail("it was announced")


async def test_a_lead_nobody_knows_can_not_be_moved_on(up: Stack) -> None:
    with pytest.raises(NotFound, match=f"No lead {NOBODYS_LEAD} is known"):
        await fast_forward_lead(up.data.path, NOBODYS_LEAD, timedelta(hours=1))


async def test_status_has_the_promised_shape(up: Stack) -> None:
    said = json.loads(up.status().model_dump_json())
    assert set(said) == {"state", "processes", "urls", "temporal_address", "database_url", "api_key"}
    assert set(said["urls"]) == {"api", "console", "temporal_ui", "simulator"}
    assert said["state"] == "up"
    assert set(said["processes"]) == NAMES
    assert all(alive(pid) for pid in said["processes"].values())


@pytest.mark.parametrize("name", ["worker", "temporal", "postgres"])
async def test_a_killed_child_has_another_pid_in_the_status_and_the_state_is_up_again(up: Stack, name: str) -> None:
    killed = up.status().processes[name]
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    await until(lambda: back(up.status(), name, killed), 3, f"{name} is back")


def back(status: Status, name: str, gone: int) -> bool:
    return status.state == "up" and status.processes[name] not in {None, gone}


async def test_named_ports_are_used_in_their_order_and_a_taken_one_is_named(up: Stack, folder: Path) -> None:
    base = up.ports.api
    assert up.urls.api == f"http://127.0.0.1:{base}"
    assert up.urls.temporal_ui == f"http://127.0.0.1:{base + 1}"
    with pytest.raises(PortTaken, match=rf"{base + 3} \(temporal\)"):
        await Stack(folder / "two", replace(options(), port_base=base)).start()


async def test_remembered_ports_that_were_taken_meanwhile_are_given_up(folder: Path) -> None:
    data = folder / "data"
    kept = DataDirectory(data)
    kept.lock()
    taken = ports.free()
    kept.keep(kept.load().model_copy(update={"ports": taken}))
    kept.unlock()
    squatter = await asyncio.start_server(lambda _, __: None, "127.0.0.1", taken.simulator)
    async with squatter, Stack(data, options()) as stack:
        assert stack.ports.simulator != taken.simulator


async def test_a_stack_file_that_cannot_be_read_is_a_plain_refusal(folder: Path) -> None:
    data = folder / "data"
    data.mkdir(mode=0o700)
    (data / "stack.json").write_text('{"secrets": {"api_key": 7}}')
    with pytest.raises(StackError, match=r"stack.json isn't readable.*--data"):
        await Stack(data, options()).start()


@asynccontextmanager
async def in_a_process(data: Path, user: tuple[str, ...] = ()) -> AsyncIterator[asyncio.subprocess.Process]:
    """A stack of stand-ins under a supervisor of its own, up when it is handed over."""
    command = (*user, sys.executable, "-m", "tests.embedded.stand_ins", str(data))
    running = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    assert running.stdout is not None
    try:
        assert await asyncio.wait_for(running.stdout.readline(), 20) == b"up\n"
        yield running
    finally:
        below = descendants(running.pid)
        if running.returncode is None:
            running.kill()
        await running.communicate()
        await until(lambda: not [pid for pid in below if alive(pid)], 5, "every process is gone")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_ctrl_c_ends_everything_within_five_seconds(folder: Path, number: signal.Signals) -> None:
    async with in_a_process(folder / "data") as supervisor:
        below = descendants(supervisor.pid)
        assert len(below) >= len(NAMES)
        began = time.monotonic()
        supervisor.send_signal(number)
        assert await asyncio.wait_for(supervisor.wait(), 5) == 0
        assert time.monotonic() - began < 5
        assert not [pid for pid in below if alive(pid)]
        assert read_status(DataDirectory(folder / "data")).state == "down"


async def test_a_killed_supervisor_leaves_nobody_and_a_new_start_goes_on(folder: Path) -> None:
    async with in_a_process(folder / "data") as supervisor:
        status = read_status(DataDirectory(folder / "data"))
        connection = await asyncpg.connect(status.database_url)
        await connection.execute("create table kept (id int); insert into kept values (7)")
        spinning = asyncio.create_task(connection.execute("do $$ begin loop end loop; end $$"))
        await asyncio.sleep(0.2)
        below = descendants(supervisor.pid)
        supervisor.kill()
        await supervisor.wait()
        await until(lambda: not [pid for pid in below if alive(pid)], 2, "every process is gone")
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await spinning
    async with Stack(folder / "data", options()) as stack:
        connection = await asyncpg.connect(stack.database_url)
        assert await connection.fetchval("select id from kept") == 7
        await connection.close()


async def test_everything_killed_at_once_and_a_new_start_follows_at_once(folder: Path) -> None:
    async with in_a_process(folder / "data") as supervisor:
        below = descendants(supervisor.pid)
        for pid in (supervisor.pid, *below):
            procfs.send(pid, signal.SIGKILL)
    async with in_a_process(folder / "data"):
        assert read_status(DataDirectory(folder / "data")).state == "up"


async def plain_user() -> tuple[str, ...]:
    """Words that run a command as nobody. Where only root may enter this Python's folder, with the right to pass it;
    the servers' programs have to be open to nobody without that right, which they don't use when they look for each
    other."""
    passage = ("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override")
    needs = (
        "import tests; from runtime.embedded import postgres as p, temporal as t; p.find_binaries(); t.find_binary()"
    )
    again = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', '{needs}']))"
    for user in (AS_NOBODY, (*AS_NOBODY, *passage)):
        probe = await asyncio.create_subprocess_exec(*user, sys.executable, "-c", again, cwd=ROOT, stderr=DEVNULL)
        if await probe.wait() == 0:
            return user
    pytest.skip("nobody can't run this: Python, the servers or the project lie below a folder that only root may enter")


async def test_a_plain_user_runs_it_in_a_folder_of_their_own(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("already a plain user: every other test here shows it")
    os.chown(folder, NOBODY, NOBODY)
    async with in_a_process(folder / "data", await plain_user()) as supervisor:
        assert (folder / "data" / "pg").stat().st_uid == NOBODY
        assert read_status(DataDirectory(folder / "data")).state == "up"
        below = descendants(supervisor.pid)
        supervisor.kill()
        await supervisor.wait()
        await until(lambda: not [pid for pid in below if alive(pid)], 2, "every process is gone")
