"""Baton's own programs as children of the embedded stack: simulator, API, worker, and how each shows it works."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from runtime.embedded.child import ChildSpec
from runtime.embedded.ports import LOOPBACK

ROOT = Path(__file__).parents[2]
WORKER = ROOT / "worker.py"


def simulator(port: int, env: Mapping[str, str]) -> ChildSpec:
    ready = http_answers(port, "/sim/log?since=999999999")
    return ChildSpec("simulator", (sys.executable, "-m", "simulator"), ready, env, ROOT)


def api(port: int, env: Mapping[str, str]) -> ChildSpec:
    return ChildSpec("api", (sys.executable, "-m", "api"), http_answers(port, "/readyz"), env, ROOT)


def worker(api_port: int, env: Mapping[str, str]) -> ChildSpec:
    """It has no door of its own: the API's /readyz says whether a worker polls."""
    return ChildSpec("worker", (sys.executable, str(WORKER)), http_answers(api_port, "/readyz"), env, ROOT)


def http_answers(port: int, path: str) -> Callable[[], Awaitable[bool]]:
    """True when GET on the loopback says 200. Plain sockets: no client to close, no proxy to fall for."""

    async def check() -> bool:
        try:
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            return False
        try:
            writer.write(f"GET {path} HTTP/1.0\r\nHost: {LOOPBACK}:{port}\r\n\r\n".encode())
            return (await reader.readline()).split()[1:2] == [b"200"]
        except OSError:
            return False
        finally:
            writer.close()

    return check
