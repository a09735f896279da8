"""An embedded stack as a process of its own, started as a person would (`baton up`) and hurt as an operator fears."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runtime.embedded import procfs
from runtime.embedded.addresses import Status, read_status
from runtime.embedded.state import DataDirectory

ROOT = Path(__file__).parents[1]
ALWAYS_OPEN = ROOT / "policies" / "always_open.yaml"
PROGRAM = (sys.executable, "-m", "runtime.cli.main")
START_LIMIT = 90.0
STOP_LIMIT = 30.0
LOOK_AGAIN = 0.02


@dataclass(slots=True)
class Rig:
    """One stack on one data directory. Policy always_open: the same at any hour of any day."""

    folder: Path
    policy: Path = ALWAYS_OPEN
    _supervisor: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> Path:
        """What the supervisor said."""
        return self.folder / "supervisor.log"

    async def start(self) -> None:
        """`baton up`; returns when everything answers. RuntimeError with its words when it ends instead."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as said:
            self._supervisor = await asyncio.create_subprocess_exec(
                *PROGRAM, "up", "--data", str(self.folder), "--policy", str(self.policy),
                cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        await self.until_up()

    async def until_up(self, limit: float = START_LIMIT) -> None:
        """Returns when every process of the stack answers."""
        await until(self._is_up, limit, f"the stack is up (see {self.log})")

    def _is_up(self) -> bool:
        if self._supervisor is None or self._supervisor.returncode is not None:
            raise RuntimeError(f"The stack ended: {self.log.read_text()[-2000:]}")
        return self.status().state == "up"

    async def stop(self) -> None:
        """Ctrl-C, and SIGKILL for whatever is left."""
        supervisor = self._supervisor
        if supervisor is None:
            return
        left = below(supervisor.pid)
        for pid in (supervisor.pid, *left):
            procfs.send(pid, signal.SIGCONT)
        if supervisor.returncode is None:
            supervisor.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(supervisor.wait(), STOP_LIMIT)
        except TimeoutError:
            supervisor.kill()
            await supervisor.wait()
        for pid in left:
            procfs.send(pid, signal.SIGKILL)
        self._supervisor = None

    def status(self) -> Status:
        """Who runs, and where to reach it."""
        return read_status(DataDirectory(self.folder))

    def secret(self, name: str) -> str:
        """One of the stack's secrets by its name in stack.json."""
        return str(json.loads((self.folder / "stack.json").read_text())["secrets"][name])

    def pid(self, name: str) -> int:
        """The process that does the work of `name`, or of the supervisor."""
        if name == "supervisor":
            assert self._supervisor is not None
            return self._supervisor.pid
        found = self.status().processes[name]
        if found is None:
            raise ProcessLookupError(f"{name} isn't running")
        return found

    def kill(self, name: str) -> int:
        """SIGKILL; the supervisor starts it again. Returns the pid that was."""
        pid = self.pid(name)
        procfs.send(pid, signal.SIGKILL)
        return pid

    async def kill_all_of(self, name: str) -> None:
        """SIGKILL to a process and all below it; returns when none of them is left.

        A dead postmaster's backends answer their clients for a moment longer; after this nothing does.
        """
        pids = [self.pid(name), *below(self.pid(name))]
        for pid in pids:
            procfs.send(pid, signal.SIGKILL)
        await until(lambda: all(procfs.started(pid) is None for pid in pids), STOP_LIMIT, f"nothing of {name} is left")

    async def until_back(self, name: str, gone: int, limit: float = START_LIMIT) -> None:
        """Returns when `name` has another pid than `gone` and the stack is up."""
        await until(
            lambda: self.status().processes.get(name) not in {None, gone} and self._is_up(), limit, f"{name} is back"
        )

    async def kill_everything(self) -> None:
        """SIGKILL to the supervisor and all below it, at once."""
        supervisor = self._supervisor
        assert supervisor is not None
        for pid in (supervisor.pid, *below(supervisor.pid)):
            procfs.send(pid, signal.SIGKILL)
        await supervisor.wait()
        self._supervisor = None

    def pause(self, name: str) -> list[int]:
        """SIGSTOP to a process and all below it: it is there and doesn't answer. Returns whom to resume."""
        pids = [self.pid(name), *([] if name == "supervisor" else below(self.pid(name)))]
        for pid in pids:
            procfs.send(pid, signal.SIGSTOP)
        return pids

    @staticmethod
    def resume(pids: list[int]) -> None:
        """SIGCONT to what `pause` stopped."""
        for pid in reversed(pids):
            procfs.send(pid, signal.SIGCONT)


def below(root: int) -> list[int]:
    """Every live process below `root`, parents before children."""
    parents: dict[int, int] = {}
    for entry in procfs.PROC.iterdir():
        if entry.name.isdigit() and procfs.started(int(entry.name)) is not None:
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


async def until(happened: Callable[[], bool], limit: float, what: str) -> None:
    """Returns when it has; TimeoutError that says what was waited for after `limit` seconds."""
    try:
        async with asyncio.timeout(limit):
            while not happened():  # noqa: ASYNC110 - another process can't set an event
                await asyncio.sleep(LOOK_AGAIN)
    except TimeoutError:
        raise TimeoutError(f"not within {limit:g} s: {what}") from None
