"""The real API over fakes, served on a port, for commands that speak HTTP to it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from api.app import build
from tests.api.fakes import FakeServices


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
