"""Runs a stack until Ctrl-C or SIGTERM, and takes it down in good order whenever that comes, half started included."""

import asyncio
import signal
from collections.abc import Callable

from runtime.embedded.stack import Stack

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run(stack: Stack, announce: Callable[[Stack], None]) -> None:
    """Start, `announce` when all answers, wait for a signal, stop. StackError if it can't be started."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, asked.set)
    starting = asyncio.create_task(stack.start())
    asking = asyncio.create_task(asked.wait())
    try:
        await asyncio.wait({starting, asking}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()  # it stops what it had started
            await asyncio.wait({starting})
            return
        starting.result()
        announce(stack)
        await asking
    finally:
        asking.cancel()
        await stack.stop()
        for number in SIGNALS:
            loop.remove_signal_handler(number)
