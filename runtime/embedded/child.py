"""One process that is to stay up: start it, learn when it answers, start it again when it dies, stop it.

Knows nothing of the other processes.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from runtime.embedded import leash, procfs
from runtime.embedded.errors import ChildWouldNotStart

QUICK_DEATHS = 5
RESTART_PAUSES = (0.0, 0.1, 0.2, 0.4, 0.8)  # seconds before the 1st … 5th restart in a row
SLOW_PAUSE = 5.0  # and from then on
CRASH_WINDOW = 10.0  # a child that lived shorter than this died quickly,
KILL_WINDOW = 1.0  # unless somebody killed it from outside: that is no crash loop
POLL = 0.02
ANSWER_LIMIT = 2.0
TAIL_LINES = 20

log = structlog.get_logger()


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """A command and how to live with it.

    `ready` says whether it does its work now, not whether a port is open; it may not raise. `clear` ends what a killed
    predecessor left behind, before each start and after a stop; `prepare` makes what it needs, before each start, and
    may raise StackError; both may block. The kernel sends `death_signal` when the supervisor dies.
    """

    name: str
    argv: tuple[str, ...]
    ready: Callable[[], Awaitable[bool]]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path | None = None
    clear: Callable[[], None] = _nothing
    prepare: Callable[[], None] = _nothing
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL


class Child:
    """Keeps one ChildSpec running from `launch` to `stop`. `changed` is called at each birth, readiness and death."""

    def __init__(self, spec: ChildSpec, logs: Path, changed: Callable[[], None], say: Callable[[str], object]) -> None:
        self.spec = spec
        self.log = logs / f"{spec.name}.log"
        self.ready = asyncio.Event()
        self.crash_loop = asyncio.Event()
        self._changed = changed
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self._quick_deaths = 0
        self._keeper: asyncio.Task[None] | None = None

    def identity(self) -> procfs.ProcessId | None:
        return None if self._process is None else procfs.identify(self._process.pid)

    def launch(self) -> None:
        """Start and keep it; returns at once."""
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.spec.name}")

    async def answers(self, limit: float) -> None:
        """Wait for its first answer; ChildWouldNotStart when it crash-loops, or says nothing for `limit` seconds."""
        assert self._keeper is not None
        waits = {asyncio.ensure_future(self.ready.wait()), asyncio.ensure_future(self.crash_loop.wait())}
        try:
            await asyncio.wait({*waits, self._keeper}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in waits:
                waiting.cancel()
        if self._keeper.done() and not self._stopping:
            self._keeper.result()
        if self.crash_loop.is_set():
            raise ChildWouldNotStart(self.spec.name, f"died {QUICK_DEATHS} times in a row", self.log, self.tail())
        if not self.ready.is_set():
            raise ChildWouldNotStart(self.spec.name, f"didn't answer within {limit:g} s", self.log, self.tail())

    async def stop(self, limit: float) -> None:
        """End it: its stop signal, then SIGKILL to its session after `limit` seconds. Already dead is fine."""
        self._stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            procfs.send(process.pid, self.spec.stop_signal)
            try:
                await asyncio.wait_for(process.wait(), limit)
            except TimeoutError:
                self._say(f"{self.spec.name} didn't stop within {limit:g} s and was killed.")
                procfs.send_group(process.pid, signal.SIGKILL)
        await self._end_keeper()
        if process is not None:
            await asyncio.to_thread(self.spec.clear)

    async def _end_keeper(self) -> None:
        if self._keeper is None:
            return
        if self._process is None or self._process.returncode is not None:
            self._keeper.cancel()  # it may be pausing before a restart
        await asyncio.wait({self._keeper})

    def tail(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:])
        except OSError:
            return ""

    async def _keep(self) -> None:
        while not self._stopping:
            await asyncio.to_thread(self.spec.clear)
            await asyncio.to_thread(self.spec.prepare)
            born = time.monotonic()
            self._process = process = await self._spawn()
            self._changed()
            code = await self._live(process)
            procfs.send_group(process.pid, signal.SIGKILL)  # what it had started itself
            self.ready.clear()
            self._changed()
            if not self._stopping:
                await asyncio.sleep(self._pause_after(code, time.monotonic() - born))

    async def _spawn(self) -> asyncio.subprocess.Process:
        output = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            return await asyncio.create_subprocess_exec(
                *leash.command(self.spec.death_signal),
                *self.spec.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(self.spec.env),
                cwd=self.spec.cwd,
                start_new_session=True,
            )
        finally:
            os.close(output)

    async def _live(self, process: asyncio.subprocess.Process) -> int:
        """From birth to death; the exit code, negative for a signal."""
        asking = asyncio.create_task(self._ask(), name=f"ask {self.spec.name}")
        asking.add_done_callback(_report)
        try:
            return await process.wait()
        finally:
            asking.cancel()

    async def _ask(self) -> None:
        while not await self._answer():  # noqa: ASYNC110 - another process can't set an event
            await asyncio.sleep(POLL)
        self.ready.set()
        self._changed()

    async def _answer(self) -> bool:
        # Not wait_for: on Python 3.11 it may swallow a cancellation, and a child that is gone would be asked for ever.
        try:
            async with asyncio.timeout(ANSWER_LIMIT):
                return await self.spec.ready()
        except TimeoutError:
            return False

    def _pause_after(self, code: int, lived: float) -> float:
        """Seconds to wait before the next start. Says what happened."""
        window = KILL_WINDOW if code == -signal.SIGKILL else CRASH_WINDOW
        self._quick_deaths = self._quick_deaths + 1 if lived < window else 0
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        if self._quick_deaths < QUICK_DEATHS:
            self._say(f"{self.spec.name} {how}; starting it again.")
            return RESTART_PAUSES[max(self._quick_deaths - 1, 0)]
        if self._quick_deaths == QUICK_DEATHS:
            again = f"{QUICK_DEATHS} times in a row; trying again every {SLOW_PAUSE:g} s"
            self._say(f"{self.spec.name} {how}, {again}. The end of {self.log}:\n{self.tail()}")
            self.crash_loop.set()
        return SLOW_PAUSE


def _report(asking: asyncio.Task[None]) -> None:
    """A ready check that raises is a mistake in Baton: without this the child would only seem never to answer."""
    if not asking.cancelled() and (mistake := asking.exception()) is not None:
        log.error("ready_check_failed", task=asking.get_name(), exc_info=mistake)
