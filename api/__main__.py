"""The API process: settings, services, server; runs until SIGTERM. `python -m api`."""

import asyncio
import gc
import sys

import uvicorn

from api.app import build
from domain.errors import BatonError
from runtime.container import open_container
from runtime.dispatch import sweep_for_ever
from runtime.leaving import leave
from runtime.logs import configure_logs
from runtime.settings import Settings, read_settings

GRACE = 1
"""Seconds that open requests get at shutdown."""


async def serve(settings: Settings) -> None:
    """Serve until the process is told to stop."""
    async with open_container(settings) as services:
        config = uvicorn.Config(
            build(services),
            host=settings.api_host,
            port=settings.api_port,
            access_log=False,
            server_header=False,
            log_config=None,
            timeout_graceful_shutdown=GRACE,
        )
        sweepers = {
            "inbox": services.dispatch.sweep,
            "webhooks": services.webhooks.sweep,
            "policies": services.policies.refresh,
        }
        sweeping = [asyncio.create_task(sweep_for_ever(sweep, what)) for what, sweep in sweepers.items()]
        server = uvicorn.Server(config)
        gc.freeze()  # what is loaded stays: a full collection that looked through it would hold everybody up for 100 ms
        try:
            await server.serve()
        finally:
            for each in sweeping:
                each.cancel()


def main() -> int:
    """The process's exit code; what stops it from starting is said in words."""
    configure_logs()
    try:
        asyncio.run(serve(read_settings()))
    except BatonError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the reason a process gives its operator for not starting
        return 1
    return 0


if __name__ == "__main__":
    leave(main())
