"""What /proc says about processes: is it alive, is it still the same one, who works in this folder. Linux only."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

PROC = Path("/proc")


class ProcessId(BaseModel):
    """A process, never mistaken for a later one of the same number: `started` is in clock ticks since boot."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started: int

    def alive(self) -> bool:
        return started(self.pid) == self.started


def started(pid: int) -> int | None:
    """Start time of a live process in clock ticks since boot; None when there is none or it is a zombie."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else int(fields[19])


def identify(pid: int) -> ProcessId | None:
    ticks = started(pid)
    return None if ticks is None else ProcessId(pid=pid, started=ticks)


def working_in(folder: Path) -> list[int]:
    """Pids of live processes whose working directory is `folder`; other users' can't be seen and aren't ours."""
    wanted = str(folder.resolve())
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and _cwd(entry) == wanted]


def _cwd(entry: Path) -> str:
    try:
        return str((entry / "cwd").readlink())
    except OSError:
        return ""


def end_all(pids: Callable[[], Iterable[int]], limit: float) -> bool:
    """SIGKILL what `pids` lists until it lists nothing, for `limit` seconds at most; False if something is still there.

    Asked again each time because a process killed late may have forked in between.
    """
    deadline = time.monotonic() + limit
    while left := list(pids()):
        for pid in left:
            send(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def send(pid: int, number: signal.Signals) -> None:
    """Signal one process; one that has gone meanwhile is no error."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def send_group(pid: int, number: signal.Signals) -> None:
    """Signal the whole session a child leads; gone is no error."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return
