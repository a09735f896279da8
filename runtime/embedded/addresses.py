"""Where a person or a program finds each part of an embedded stack, and the words `baton status` answers with."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from runtime.embedded import postgres
from runtime.embedded.ports import LOOPBACK, Ports
from runtime.embedded.procfs import ProcessId
from runtime.embedded.state import DataDirectory, Kept, Secrets, write_private

State = Literal["up", "starting", "down"]


class Urls(BaseModel):
    """Null where the stack has never been started."""

    model_config = ConfigDict(frozen=True)

    api: str | None = None
    console: str | None = None
    temporal_ui: str | None = None
    simulator: str | None = None


class Status(BaseModel):
    """The shape promised for `baton status --json`; a process that isn't alive at this moment is null."""

    model_config = ConfigDict(frozen=True)

    state: State
    processes: dict[str, int | None]
    urls: Urls
    temporal_address: str | None = None
    database_url: str | None = None
    api_key: str | None = None


class Run(BaseModel):
    """The content of run.json: who runs now. It is there only between start and stop, or after a kill."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: State
    supervisor: ProcessId
    processes: dict[str, ProcessId | None]


def urls(ports: Ports) -> Urls:
    api = f"http://{LOOPBACK}:{ports.api}"
    return Urls(
        api=api,
        console=f"{api}/",
        temporal_ui=f"http://{LOOPBACK}:{ports.temporal_ui}",
        simulator=f"http://{LOOPBACK}:{ports.simulator}",
    )


def temporal_address(ports: Ports) -> str:
    return f"{LOOPBACK}:{ports.temporal}"


def database_url(ports: Ports, secrets: Secrets) -> str:
    return f"postgresql://{postgres.USER}:{secrets.postgres_password}@{LOOPBACK}:{ports.postgres}/{postgres.DATABASE}"


def write_run(data: DataDirectory, run: Run) -> None:
    write_private(data.run, run.model_dump_json(indent=2) + "\n")


def read_run(data: DataDirectory) -> Run | None:
    """None when nothing was started, or it stopped in good order."""
    try:
        return Run.model_validate_json(data.run.read_bytes())
    except (OSError, ValidationError):
        return None


def read_status(data: DataDirectory) -> Status:
    """What runs on `data` now, from its files and /proc alone: from any process, whatever the stack does."""
    run, kept = read_run(data), data.load()
    running = run is not None and run.supervisor.alive()
    processes = {} if run is None else {name: _live_pid(known) for name, known in run.processes.items()}
    return _status(run.state if run is not None and running else "down", processes, kept)


def _status(state: State, processes: dict[str, int | None], kept: Kept) -> Status:
    if state == "up" and not all(processes.values()):
        state = "starting"  # one has just died and is about to be started again
    if kept.ports is None:
        return Status(state=state, processes=processes, urls=Urls())
    return Status(
        state=state,
        processes=processes,
        urls=urls(kept.ports),
        temporal_address=temporal_address(kept.ports),
        database_url=database_url(kept.ports, kept.secrets),
        api_key=kept.secrets.api_key,
    )


def _live_pid(known: ProcessId | None) -> int | None:
    return known.pid if known is not None and known.alive() else None
