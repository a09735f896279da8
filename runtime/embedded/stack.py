"""The embedded stack as one thing: `async with Stack(data)` has it up, with its addresses, and leaves nothing running.

Order: lock, leftovers, Temporal and PostgreSQL together, migrations and clock, simulator, API and worker together.
"""

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

from adapters.postgres.migrate import migrate
from adapters.postgres.pool import open_pool
from adapters.postgres.views import Views
from runtime.embedded import addresses, environment, ports, procfs, programs
from runtime.embedded.addresses import Run, State, Status, Urls
from runtime.embedded.child import ChildSpec
from runtime.embedded.errors import AlreadyRunning, StackError
from runtime.embedded.postgres import EmbeddedPostgres
from runtime.embedded.state import DEFAULT_DATA, DataDirectory, Kept, Secrets
from runtime.embedded.supervisor import Supervisor
from runtime.embedded.temporal import EmbeddedTemporal

DEFAULT_POLICY = programs.ROOT / "policies" / "default.yaml"
LEFTOVER_LIMIT = 5.0

Phases = Sequence[Sequence[ChildSpec]]


def _unheard(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Options:
    """How to start. `start_at` (aware) puts a new stack's clock there; a directory that has a clock keeps it."""

    port_base: int | None = None
    policy: Path = DEFAULT_POLICY
    start_at: datetime | None = None
    call_pace: float = 1.0  # so many seconds of a talk are reported for each real one
    say: Callable[[str], object] = _unheard  # hears, in a sentence each, of deaths and restarts
    migrate: Callable[[str], Awaitable[object]] = migrate
    children: Phases | None = None  # instead of simulator, API and worker


class Stack:
    """One embedded stack. `urls`, `secrets`, `database_url` and `temporal_address` are there once it has started."""

    def __init__(self, data: Path = DEFAULT_DATA, options: Options | None = None) -> None:
        self.data = DataDirectory(data)
        self.options = options or Options()
        self._supervisor = Supervisor(self.data.logs, self._record, self.options.say)
        self._state: State = "starting"
        self._me = procfs.identify(os.getpid())
        self._ports: ports.Ports | None = None
        self._secrets: Secrets | None = None

    async def __aenter__(self) -> "Stack":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Everything up and answering, or a StackError and nothing left running."""
        self._lock()
        try:
            self._end_leftovers()
            self.data.rotate_logs()
            self._settle()
            await self._start_servers()
            await self.options.migrate(self.database_url)
            offset = await self._set_clock()
            _refuse_real_vendors(offset)
            for phase in self.options.children or self._programs(offset):
                await self._supervisor.start(phase)
        except BaseException:
            await self.stop()
            raise
        self._state = "up"
        self._record()

    async def stop(self) -> None:
        """Everything down within 5 s, in the reverse order; twice is fine. Without the lock nothing here is ours."""
        if not self.data.is_ours:
            return
        self._state = "down"
        await self._supervisor.stop()
        self.data.run.unlink(missing_ok=True)
        self.data.unlock()

    @property
    def ports(self) -> ports.Ports:
        if self._ports is None:
            raise StackError("The stack hasn't been started: it has no ports yet.")
        return self._ports

    @property
    def secrets(self) -> Secrets:
        if self._secrets is None:
            raise StackError("The stack hasn't been started: it has no secrets yet.")
        return self._secrets

    @property
    def urls(self) -> Urls:
        return addresses.urls(self.ports)

    @property
    def database_url(self) -> str:
        return addresses.database_url(self.ports, self.secrets)

    @property
    def temporal_address(self) -> str:
        return addresses.temporal_address(self.ports)

    def environment(self) -> dict[str, str]:
        """The BATON_* variables of the API and the worker, for a program that is to see what they see."""
        told = environment.of_children(self.ports, self.secrets, self.options.policy.resolve())
        return {**told, "BATON_FAILPOINTS": str(self.data.failpoints)}

    def status(self) -> Status:
        return addresses.read_status(self.data)

    def _lock(self) -> None:
        try:
            self.data.lock()
        except AlreadyRunning as reason:
            found = addresses.read_status(self.data).urls
            raise AlreadyRunning(f"{reason} Console: {found.console}  Temporal UI: {found.temporal_ui}") from None

    def _end_leftovers(self) -> None:
        """Children of a supervisor killed a moment ago may still be dying, and two servers may not share a file."""
        run = addresses.read_run(self.data)
        left = [known for known in (run.processes.values() if run else ()) if known is not None]
        if not procfs.end_all(lambda: [known.pid for known in left if known.alive()], LEFTOVER_LIMIT):
            raise StackError(f"Processes of an earlier run can't be ended: {[known.pid for known in left]}.")

    def _settle(self) -> None:
        kept = self.data.load()
        self._secrets = kept.secrets
        self._ports = ports.choose(self.options.port_base, kept.ports)
        self.data.keep(Kept(ports=self._ports, secrets=kept.secrets))
        self._record()

    async def _start_servers(self) -> None:
        postgres = EmbeddedPostgres.find(self.data, self.ports.postgres, self.secrets.postgres_password)
        temporal = EmbeddedTemporal(self.data, self.ports)
        await self._supervisor.start([postgres.spec(), temporal.spec()])

    async def _set_clock(self) -> timedelta:
        """The stack's offset from real time, kept in the database; `start_at` counts only where there is none."""
        pool = await open_pool(self.database_url, size=2)
        try:
            views = Views(pool)
            kept = await views.clock_offset()
            if self.options.start_at is not None and not kept:
                kept = self.options.start_at - datetime.now(UTC)
                await views.set_clock_offset(kept)
            return kept
        finally:
            await pool.close()

    def _programs(self, offset: timedelta) -> Phases:
        here, own = self.ports, self.environment()
        double = environment.of_simulator(
            here, self.secrets, offset, self.data.path / "simulator.log", self.options.call_pace
        )
        return [
            [programs.simulator(here.simulator, double)],
            [programs.api(here.api, own), programs.worker(here.api, own)],
        ]

    def _record(self) -> None:
        assert self._me is not None
        state: State = "starting" if self._state == "up" and not self._supervisor.all_ready() else self._state
        addresses.write_run(self.data, Run(state=state, supervisor=self._me, processes=self._supervisor.identities()))


def _refuse_real_vendors(offset: timedelta) -> None:
    """A text sent at nine by a moved clock would ring at three in the morning."""
    real = environment.real_vendors(os.environ)
    if offset and real:
        raise StackError(
            f"The clock of this data directory isn't real time, but BATON_* variables name real vendors "
            f"({', '.join(real)}). Unset them, or start with another --data."
        )
