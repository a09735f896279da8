"""Work that goes on after the answer: started here, counted, and waited for at shutdown. It decides nothing."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import structlog

MOST_AT_ONCE = 1000
"""Above this, work that a sweeper repeats anyway is left to it: Temporal is down or slow, and memory is not free."""

log = structlog.get_logger()


class Background:
    """The tasks of one app. A task that fails is logged by its error's name, never by its text."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    @property
    def is_full(self) -> bool:
        """Whether work that can wait should wait for the sweeper."""
        return len(self._running) >= MOST_AT_ONCE

    @property
    def running(self) -> int:
        """How much is going on."""
        return len(self._running)

    def begin(self, work: Coroutine[Any, Any, None], name: str) -> None:  # Any: what a coroutine yields and is sent
        """Start `work` now; the caller goes on."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def drain(self, patience: timedelta) -> None:
        """Wait for what is running; what takes longer than `patience` is cancelled."""
        if not self._running:
            return
        _, late = await asyncio.wait(set(self._running), timeout=patience.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():
            log.warning("background_cancelled", work=task.get_name())
        elif (error := task.exception()) is not None:
            log.error("background_failed", work=task.get_name(), error=type(error).__name__)
