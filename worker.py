"""The worker process: settings -> container -> workers -> run until SIGTERM. Nothing imports this module."""

import asyncio
import contextlib
import gc
import signal

from domain.errors import BatonError
from runtime.container import open_container
from runtime.dispatch import sweep_for_ever
from runtime.failpoints import watched
from runtime.leaving import leave
from runtime.logs import configure_logs
from runtime.settings import read_settings
from runtime.temporal import workers


async def main() -> None:
    """Run all workers until told to stop; touches under way get a moment to settle."""
    configure_logs()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with open_container(read_settings(), lazy=False) as container, contextlib.AsyncExitStack() as running:
        await container.reconciling.plan(container.policies.current.policy.business.zone)
        for worker in workers(container.client, container.decisions(), watched(container).touches()):
            await running.enter_async_context(worker)
        # Which numbers texts go from is the active policy's: one that was given up must not be used for long.
        refreshing = asyncio.create_task(sweep_for_ever(container.policies.refresh, "policies"))
        running.callback(refreshing.cancel)
        gc.freeze()  # what is loaded stays: a full collection that looked through it would hold everybody up for 100 ms
        await stop.wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except BatonError as reason:
        leave(str(reason))
    leave(0)
