"""Callbacks of one call or conference on their way to Baton, in order; whoever is on the line never waits for them."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from simulator.courier import Answer, Courier
from simulator.faults import Callbacks

_TRIES, _PAUSE = 2, 1.0  # Twilio repeats once


@dataclass(frozen=True, slots=True)
class Letter:
    """One callback, ready to post, and what a fault does to it; `late` in seconds."""

    post: Callable[[], Awaitable[Answer]]
    plan: Callbacks | None = None
    late: float = 5.0
    written: float = field(default_factory=time.monotonic)


class Outbox:
    """Sends one letter after the other. A reordered letter waits until the next one has gone, or the line is closed."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._waiting: deque[Letter] = deque()
        self._held: Letter | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    def put(self, letter: Letter) -> None:
        if letter.plan == "drop":
            return
        if letter.plan == "reorder" and self._held is None:
            self._held = letter
            return
        self._waiting.extend([letter, letter] if letter.plan == "duplicate" else [letter])
        self.close()

    def close(self) -> None:
        """Nothing more is going to overtake what was held back."""
        if self._held is not None:
            self._waiting.append(self._held)
            self._held = None
        if self._waiting and self._idle.is_set():
            self._idle.clear()
            self._courier.spawn(self._carry())

    async def drained(self) -> None:
        """Returns when everything written so far has been sent."""
        await self._idle.wait()

    async def _carry(self) -> None:
        try:
            while self._waiting:
                await self._send(self._waiting.popleft())
        finally:
            self._idle.set()

    async def _send(self, letter: Letter) -> None:
        if letter.plan == "late":
            await asyncio.sleep(max(letter.written + letter.late - time.monotonic(), 0.0))
        await self._courier.insist(lambda _: letter.post(), times=_TRIES, pause=_PAUSE)
