"""A stack whose servers are real and whose programs are stand-ins.

`python -m tests.embedded.stand_ins DATA` runs one until SIGTERM, and writes "up" when all answers.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from runtime.embedded import foreground
from runtime.embedded.child import ChildSpec
from runtime.embedded.procfs import started
from runtime.embedded.stack import Options, Stack
from runtime.leaving import leave

START = datetime(2026, 11, 24, 15, tzinfo=UTC)
SLEEP = "import time; time.sleep(600)"


async def always() -> bool:
    return True


def program(name: str, code: str = SLEEP) -> ChildSpec:
    return ChildSpec(name, (sys.executable, "-c", code), always)


async def migrate(url: str) -> None:
    """The one table the stack itself writes to."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("create table if not exists setting (key text primary key, value jsonb not null)")
    finally:
        await connection.close()


def options(say: Callable[[str], object] = sys.stderr.write) -> Options:
    phases = ((program("simulator"),), (program("api"), program("worker")))
    return Options(migrate=migrate, children=phases, start_at=START, say=say)


def alive(pid: int) -> bool:
    """False for a zombie: whoever is process 1 here may not reap."""
    return started(pid) is not None


def descendants(root: int) -> set[int]:
    """Every live process below `root`, however deep, and whatever session it is in."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and alive(int(entry.name)):
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found: set[int] = set()
    while more := {pid for pid, parent in parents.items() if parent in found | {root}} - found:
        found |= more
    return found


async def until(happened: Callable[[], bool], limit: float, what: str) -> float:
    """Seconds it took; fails the test after `limit`."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < limit, f"not within {limit} s: {what}"
        await asyncio.sleep(0.01)
    return time.monotonic() - began


def announce(_: Stack) -> None:
    sys.stdout.write("up\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(foreground.run(Stack(Path(sys.argv[1]), options(say=sys.stderr.write)), announce))
    leave(0)
