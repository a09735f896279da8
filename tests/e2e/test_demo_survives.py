"""`baton demo` invites its audience to kill things: whatever is killed comes back, and the demo goes on."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bench.rig import PROGRAM, ROOT, until
from runtime.embedded import procfs
from runtime.embedded.addresses import Status, read_status
from runtime.embedded.state import DataDirectory

FIVE = ("api", "simulator", "postgres", "worker", "temporal")
LIMIT = 300.0
AFTERWARDS = 4.0
"""Seconds in which the demo looks at what is new some eight times."""


@dataclass
class Demo:
    """A demo at a person's pace, its output in a file."""

    folder: Path
    process: asyncio.subprocess.Process

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text()

    def status(self) -> Status:
        return read_status(DataDirectory(self.folder / "data"))

    async def shows(self, words: str) -> None:
        def shown() -> bool:
            assert self.process.returncode is None, self.said[-3000:]
            return words in self.said

        await until(shown, LIMIT, f"the demo shows {words!r}")

    async def kill(self, name: str) -> None:
        """SIGKILL; returns when all is up again, with the news of it on the screen."""
        gone = self.status().processes[name]
        assert gone is not None
        procfs.send(gone, signal.SIGKILL)

        def is_back() -> bool:
            assert self.process.returncode is None, f"killing {name} ended the demo: {self.said[-3000:]}"
            found = self.status()
            return found.state == "up" and found.processes[name] not in {None, gone}

        await until(is_back, 60, f"{name} is back")
        await self.shows(f"{name} was killed by SIGKILL; starting it again.")


@pytest_asyncio.fixture(loop_scope="session")
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    with (tmp_path / "said").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *PROGRAM, "demo", "--data", str(tmp_path / "data"), cwd=ROOT, stdout=said, stderr=said
        )  # fmt: skip
    try:
        yield Demo(tmp_path, process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 30)


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_killing_each_part_during_the_play_and_after_it_ends_nothing(demo: Demo) -> None:
    await demo.shows("comes    Dana Ortiz")
    for name in FIVE:
        await demo.kill(name)
    await demo.shows("ended as scripted")
    for name in FIVE:
        await demo.kill(name)
        await asyncio.sleep(AFTERWARDS)
        assert demo.process.returncode is None, f"killing {name} ended the demo: {demo.said[-3000:]}"
    demo.process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(demo.process.wait(), 30) == 0
