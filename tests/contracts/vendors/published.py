"""The vendors' published descriptions: in $BATON_CONTRACTS, by default ../shared/contracts from the project's root.

Without them the tests that need them are skipped, and say so.
"""

import importlib.util
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uvicorn

ROOT = Path(__file__).resolve().parents[3]
CONTRACTS = Path(os.environ.get("BATON_CONTRACTS") or ROOT / "../shared/contracts").resolve()


@dataclass
class Received:
    """What a vendor's description was asked, and what it found wrong with it."""

    url: str
    log: list[dict[str, Any]] = field(default_factory=list)  # any: the mock's own entries

    def errors(self) -> list[str]:
        return [f"{entry['method']} {entry['path']}: {error}" for entry in self.log for error in entry["errors"]]

    def paths(self) -> list[str]:
        return [f"{entry['method']} {entry['path']}" for entry in self.log]


def published(name: str) -> Path:
    """A file of the contracts folder; skips the test where there is none."""
    path = CONTRACTS / name
    if not path.is_file():
        pytest.skip(f"no vendor contracts: {name} is not in $BATON_CONTRACTS", allow_module_level=True)
    return path


@contextmanager
def description(name: str) -> Iterator[Received]:
    """The vendor's description served on a free loopback port by the contracts' own checking server."""
    mock, spec = _mock(), json.loads(published(f"specs/{name}").read_bytes())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    received = Received(f"http://127.0.0.1:{port}")
    config = uvicorn.Config(
        mock.app_for([mock.Contract(spec)], received.log),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        lifespan="off",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        _until_started(server, thread)
        yield received
    finally:
        server.should_exit = True
        thread.join(10)


def _until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + 20
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the contract server did not start")
        time.sleep(0.02)


def _mock() -> ModuleType:
    spec = importlib.util.spec_from_file_location("contract_mock", published("contract_mock.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
