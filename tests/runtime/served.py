"""The real API over fakes, served on a port, for commands that speak HTTP to it; and an API that gives one answer."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
import pytest
import uvicorn

from api.app import build
from tests.api.fakes import API_KEY, FakeServices


@contextmanager
def served(services: FakeServices) -> Iterator[str]:
    """The address, for as long as the block lasts."""
    config = uvicorn.Config(build(services), host="127.0.0.1", port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def reached(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServices]:
    """`baton` reaches these services, by the environment alone: whatever this machine has set doesn't count."""
    for name in [name for name in os.environ if name.startswith("BATON_")]:
        monkeypatch.delenv(name)
    with served(services) as url:
        monkeypatch.setenv("BATON_API_URL", url)
        monkeypatch.setenv("BATON_API_KEY", API_KEY)
        yield services


def answered(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[httpx2.Request], httpx2.Response]
) -> list[httpx2.Request]:
    """What commands ask, of an API that gives this answer."""
    requests: list[httpx2.Request] = []

    def heard(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return answer(request)

    real = httpx2.Client

    def client(**given: object) -> httpx2.Client:
        return real(transport=httpx2.MockTransport(heard), **given)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr(httpx2, "Client", client)
    monkeypatch.setenv("BATON_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("BATON_API_KEY", API_KEY)
    return requests
