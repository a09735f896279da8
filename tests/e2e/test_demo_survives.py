"""`baton demo` invites its audience to kill things: whatever is killed comes back, and the demo goes on."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bench.rig import PROGRAM, ROOT, until
from runtime.demo import script
from runtime.embedded import procfs
from runtime.embedded.addresses import Status, read_status
from runtime.embedded.state import DataDirectory

FIVE = ("api", "simulator", "postgres", "worker", "temporal")
COMES = "comes    "
RINGS = "rings    "
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

    async def go_on(self, sign: str = COMES) -> None:
        """Returns when one more lead has come, or another `sign` of life."""
        came = self.said.count(sign)
        await until(lambda: self.said.count(sign) > came, LIMIT, f"the demo shows {sign!r} once more")

    async def end(self) -> None:
        """Ctrl-C, which ends it well."""
        self.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(self.process.wait(), 30) == 0


@pytest.fixture
def speed() -> float:
    """So many times as fast as one reads."""
    return 1.0


@pytest_asyncio.fixture(loop_scope="session")
async def demo(tmp_path: Path, speed: float) -> AsyncIterator[Demo]:
    arguments = ("demo", "--data", str(tmp_path / "data"), "--speed", str(speed))
    with (tmp_path / "said").open("wb") as said:
        process = await asyncio.create_subprocess_exec(*PROGRAM, *arguments, cwd=ROOT, stdout=said, stderr=said)
    try:
        yield Demo(tmp_path, process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 30)


@pytest.mark.slow
async def test_killing_each_part_while_it_plays_ends_nothing(demo: Demo) -> None:
    await demo.shows(RINGS)
    for name in FIVE:
        await demo.kill(name)
    await demo.go_on()
    await demo.end()


@pytest.mark.long
@pytest.mark.timeout(2 * LIMIT)
async def test_at_a_persons_pace_everybody_ends_as_scripted(demo: Demo) -> None:
    await demo.shows("ended as scripted")
    assert f"{len(script.PARTS)} of {len(script.PARTS)} ended as scripted" in demo.said, demo.said[-6000:]
    await demo.end()


@pytest.mark.long
@pytest.mark.timeout(2 * LIMIT)
async def test_killing_each_part_while_phones_ring_ends_nothing(demo: Demo) -> None:
    for name in FIVE:
        await demo.go_on(RINGS)
        await demo.kill(name)
    await demo.shows("ended as scripted")
    await demo.end()


@pytest.mark.long
@pytest.mark.timeout(2 * LIMIT)
@pytest.mark.parametrize("speed", [1.0, 20.0])
async def test_killing_each_part_all_along_and_after_the_end_ends_nothing(demo: Demo) -> None:
    for name in FIVE:
        await demo.go_on()
        await demo.kill(name)
    await demo.shows("ended as scripted")
    for name in FIVE:
        await demo.kill(name)
        await asyncio.sleep(AFTERWARDS)
        assert demo.process.returncode is None, f"killing {name} ended the demo: {demo.said[-3000:]}"
    await demo.end()
