"""What a supervisor does when a child dies, dies for ever, won't stop, or has children of its own. No servers."""

import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from runtime.embedded import child
from runtime.embedded.child import ChildSpec
from runtime.embedded.errors import ChildWouldNotStart
from runtime.embedded.supervisor import Supervisor
from tests.embedded.stand_ins import SLEEP, alive, descendants, program, until

STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); " + SLEEP
PARENT = (
    f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}]); print('up', flush=True); " + SLEEP
)
BROKEN = "import sys; sys.exit('no such table')"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest_asyncio.fixture
async def supervisor(tmp_path: Path, said: list[str]) -> AsyncIterator[Supervisor]:
    made = Supervisor(tmp_path, say=said.append)
    yield made
    await made.stop()


def pid(supervisor: Supervisor, name: str) -> int | None:
    found = supervisor.identities()[name]
    return None if found is None else found.pid


def printed(path: Path, word: str) -> bool:
    return path.exists() and word in path.read_text()


async def test_a_killed_child_is_started_again_at_once_and_it_is_said(supervisor: Supervisor, said: list[str]) -> None:
    await supervisor.start([program("worker")])
    first = pid(supervisor, "worker")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    took = await until(lambda: pid(supervisor, "worker") not in {None, first}, 2, "another worker")
    assert took < 1
    assert said == ["worker was killed by SIGKILL; starting it again."]


async def test_a_child_that_crashes_on_and_on_ends_the_start_with_the_end_of_its_log(
    supervisor: Supervisor, said: list[str]
) -> None:
    with pytest.raises(ChildWouldNotStart, match="no such table") as refusal:
        await supervisor.start([ChildSpec("api", (sys.executable, "-c", BROKEN), never)])
    assert refusal.value.name == "api"
    assert len(said) == child.QUICK_DEATHS
    assert "5 times in a row" in said[-1]
    assert "no such table" in said[-1]


async def test_a_running_child_that_begins_to_crash_is_tried_again_more_slowly(
    supervisor: Supervisor, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "SLOW_PAUSE", 0.3)
    flag = tmp_path / "mended"
    code = f"import pathlib, sys, time\nif not pathlib.Path({str(flag)!r}).exists(): sys.exit('broken')\n{SLEEP}"
    flag.touch()
    await supervisor.start([program("worker", code)])
    first = pid(supervisor, "worker")
    assert first is not None
    flag.unlink()
    os.kill(first, signal.SIGTERM)
    await until(lambda: bool(said) and "in a row" in said[-1], 5, "the crash loop is said")
    flag.touch()
    await until(lambda: pid(supervisor, "worker") is not None and supervisor.all_ready(), 3, "it runs when mended")


async def test_a_child_that_says_nothing_ends_the_start(supervisor: Supervisor) -> None:
    with pytest.raises(ChildWouldNotStart, match=r"didn't answer within 0\.3 s"):
        await supervisor.start([ChildSpec("api", (sys.executable, "-c", SLEEP), never)], limit=0.3)


async def test_a_program_that_is_not_there_is_named_in_the_refusal(supervisor: Supervisor) -> None:
    with pytest.raises(ChildWouldNotStart, match="No such file or directory"):
        await supervisor.start([ChildSpec("api", ("/nowhere/at/all",), never)])


async def test_children_deaf_to_their_stop_signal_are_killed_in_time(supervisor: Supervisor, tmp_path: Path) -> None:
    for phase in (["postgres", "temporal"], ["simulator"], ["api", "worker"]):
        await supervisor.start([program(name, STUBBORN) for name in phase])
    await until(lambda: all(printed(log, "deaf") for log in tmp_path.glob("*.log")), 3, "all are deaf")
    mine = [each.pid for each in supervisor.identities().values() if each is not None]
    assert len(mine) == 5
    began = time.monotonic()
    await supervisor.stop()
    assert time.monotonic() - began < 5
    assert not [pid for pid in mine if alive(pid)]


async def test_what_a_killed_child_had_started_itself_dies_too(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start([program("worker", PARENT)])
    await until(lambda: printed(tmp_path / "worker.log", "up"), 3, "the grandchild runs")
    first = pid(supervisor, "worker")
    assert first is not None
    (grandchild,) = descendants(first)
    os.kill(first, signal.SIGKILL)
    await until(lambda: not alive(grandchild), 2, "the grandchild is gone")


async def test_a_child_killed_while_stopping_is_not_started_again(supervisor: Supervisor, said: list[str]) -> None:
    await supervisor.start([program("worker")])
    await supervisor.stop()
    assert said == []
    assert supervisor.identities() == {}


async def never() -> bool:
    return False
