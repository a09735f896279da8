"""Runs a stack until a signal, or until what it is for is done, and takes it down in good order whenever that comes,
half started included."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

from runtime.embedded.stack import Stack

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
During = Callable[[], Coroutine[Any, Any, None]]  # Any: what a coroutine yields and is sent


async def run(stack: Stack, announce: Callable[[Stack], None], during: During | None = None) -> bool:
    """Start, `announce` when all answers, do what it is for (None: wait for a signal), stop.

    Whether `during` came to its end by itself; a signal cancels it. StackError if the stack can't be started.
    """
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
            return False
        starting.result()
        announce(stack)
        return await _until(asking, during)
    finally:
        asking.cancel()
        await stack.stop()
        for number in SIGNALS:
            loop.remove_signal_handler(number)


async def _until(asking: asyncio.Task[bool], during: During | None) -> bool:
    if during is None:
        await asking
        return False
    going = asyncio.create_task(during())
    await asyncio.wait({going, asking}, return_when=asyncio.FIRST_COMPLETED)
    if not going.done():
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)  # whatever it says now, it was told to go
        return False
    going.result()
    return True
