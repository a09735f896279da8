"""The data directory: its lock, and what is kept in it between starts (ports and secrets). Knows no process."""

import base64
import fcntl
import os
import secrets
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runtime.embedded.errors import AlreadyRunning, StackError
from runtime.embedded.ports import Ports

DEFAULT_DATA = Path(".baton")


class Secrets(BaseModel):
    """Made once per data directory, shown only by `baton status`. The vendors' are those the simulator accepts."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    postgres_password: str = Field(default_factory=lambda: secrets.token_urlsafe(24))
    api_key: str = Field(default_factory=lambda: "baton_" + secrets.token_urlsafe(24))
    webhook_secret: str = Field(default_factory=lambda: "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
    twilio_account_sid: str = Field(default_factory=lambda: "AC" + secrets.token_hex(16))
    twilio_auth_token: str = Field(default_factory=lambda: secrets.token_hex(16))
    twilio_from: str = "+13125550100"  # 555-01xx: set aside for fiction
    slack_token: str = Field(default_factory=lambda: "xoxb-" + secrets.token_hex(24))
    slack_signing_secret: str = Field(default_factory=lambda: secrets.token_hex(16))
    hubspot_token: str = Field(default_factory=lambda: "pat-na1-" + secrets.token_hex(16))
    hubspot_client_secret: str = Field(default_factory=lambda: secrets.token_hex(16))


class Kept(BaseModel):
    """The content of stack.json."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    ports: Ports | None = None
    secrets: Secrets = Field(default_factory=Secrets)


class DataDirectory:
    """One embedded stack's files. Created 0700; everything written here is for its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.postgres = self.path / "pg"
        self.postgres_password = self.path / "pg.password"
        self.temporal = self.path / "temporal.db"
        self.logs = self.path / "logs"
        self.kept = self.path / "stack.json"
        self.run = self.path / "run.json"
        self.failpoints = self.path / "failpoints"
        self._lock = self.path / "lock"
        self._held: int | None = None

    def lock(self) -> None:
        """Take the directory for this process, creating it if need be; AlreadyRunning when another process has it.

        Two Temporal servers would share one SQLite file without a word, so nothing starts before this.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.logs.mkdir(exist_ok=True, mode=0o700)
            held = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as reason:
            what = f"Can't use {self.path} for data: {reason.strerror}. Name another folder with --data."
            raise StackError(what) from reason
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            what = f"Baton is already running on {self.path} (process {self.holder() or 'unknown'})."
            raise AlreadyRunning(what) from None
        os.ftruncate(held, 0)
        os.pwrite(held, f"{os.getpid()}\n".encode(), 0)
        self._held = held

    @property
    def is_ours(self) -> bool:
        """Whether this process holds the lock through this object."""
        return self._held is not None

    def unlock(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def holder(self) -> int | None:
        """Pid of the process that took the lock last; it may be gone."""
        try:
            return int(self._lock.read_text())
        except (OSError, ValueError):
            return None

    def load(self) -> Kept:
        """What earlier starts kept; fresh secrets and no ports on the first."""
        try:
            return Kept.model_validate_json(self.kept.read_bytes())
        except FileNotFoundError:
            return Kept()
        except OSError as reason:
            what = f"Can't read {self.kept}: {reason.strerror}. Name the stack's data directory with --data."
            raise StackError(what) from reason
        except ValidationError as reason:
            raise StackError(
                f"{self.kept} isn't readable any more ({reason.error_count()} wrong values). It holds the database's "
                "password: put it back from a copy, or start with another --data."
            ) from reason

    def keep(self, kept: Kept) -> None:
        write_private(self.kept, kept.model_dump_json(indent=2) + "\n")

    def rotate_logs(self) -> None:
        """NAME.log of the last run becomes NAME.log.1; older ones go."""
        for log in self.logs.glob("*.log"):
            log.replace(log.with_name(log.name + ".1"))


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner may read, all of it or nothing: a reader or a crash never sees half."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
