"""Text-back latency: from the moment a webhook should be sent to the moment the vendor's door gets the request.

Open loop: leads come when they come (Poisson, seeded), however slow the stack is, and each is timed from its intended
moment. One machine holds load, stack and simulator, so the figures are of all of them together.
"""

import asyncio
import contextlib
import math
import os
import random
import time
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from bench.outside import Outside, eventually, inquiry
from bench.people import someone

SETTLE_LIMIT = 120.0
BARS = {"p50": 150.0, "p99": 500.0}
"""Milliseconds from webhook to vendor request at 5 leads a second."""


class Spread(BaseModel):
    """Milliseconds."""

    model_config = ConfigDict(frozen=True)

    p50: float
    p90: float
    p99: float
    max: float

    def __str__(self) -> str:
        return f"p50 {self.p50:7.1f}   p90 {self.p90:7.1f}   p99 {self.p99:7.1f}   max {self.max:7.1f} ms"


class Measured(BaseModel):
    """One round. `ack_ms`, `touch_ms`, `late_ms`: intended moment to 2xx, to the vendor's door, to our own send.

    `busy_cores` are the whole machine's.
    """

    model_config = ConfigDict(frozen=True)

    rate: float
    leads: int
    ack_ms: Spread
    touch_ms: Spread
    late_ms: Spread
    lost: int
    duplicate_touches: int
    busy_cores: float

    @property
    def meets_bars(self) -> bool:
        within = self.touch_ms.p50 < BARS["p50"] and self.touch_ms.p99 < BARS["p99"]
        return within and self.lost == 0 and self.duplicate_touches == 0


@dataclass(slots=True)
class _Sent:
    """Real moments of one lead, seconds since the epoch."""

    intended: float
    begun: float = 0.0
    acked: float = 0.0


@dataclass(slots=True)
class Load:
    """Leads numbered from `first` on, `rate` a second."""

    outside: Outside
    rate: float
    leads: int
    first: int
    seed: int = 1
    sent: dict[str, _Sent] = field(default_factory=dict)

    async def run(self) -> Measured:
        """Send all, wait for all texts, count."""
        began, since = _busy_seconds(), await self._last_seq()
        started = time.monotonic()
        chance, due = random.Random(self.seed), time.time() + 0.2
        async with asyncio.TaskGroup() as group:
            for number in range(self.first, self.first + self.leads):
                due += chance.expovariate(self.rate)
                await asyncio.sleep(max(due - time.time(), 0.0))
                group.create_task(self._send(number, due))
        busy = (_busy_seconds() - began) / (time.monotonic() - started)
        return await self._count(since, busy)

    async def _send(self, number: int, due: float) -> None:
        who = someone(number)
        sent = self.sent[who.phone] = _Sent(due, begun=time.time())
        await self.outside.capture(inquiry(who))
        sent.acked = time.time()

    async def _last_seq(self) -> int:
        return len(await self.outside.log())

    async def _count(self, since: int, busy: float) -> Measured:
        async def all_texted() -> bool:
            return {entry.to for entry in await self.outside.log(since)} >= self.sent.keys()

        with contextlib.suppress(TimeoutError):  # what doesn't come is counted as lost
            await eventually(all_texted, SETTLE_LIMIT, "every phone is texted")
        arrived: dict[str, list[float]] = {phone: [] for phone in self.sent}
        for entry in await self.outside.log(since):
            if entry.kind == "sms" and entry.to in arrived:
                arrived[entry.to].append(entry.real_at.timestamp())
        sent = self.sent.values()
        return Measured(
            rate=self.rate,
            leads=self.leads,
            ack_ms=spread([each.acked - each.intended for each in sent]),
            touch_ms=spread([min(at) - self.sent[phone].intended for phone, at in arrived.items() if at]),
            late_ms=spread([each.begun - each.intended for each in sent]),
            lost=sum(not at for at in arrived.values()),
            duplicate_touches=sum(len(at) - 1 for at in arrived.values() if at),
            busy_cores=round(busy, 2),
        )


def spread(seconds: list[float]) -> Spread:
    """Nearest-rank percentiles, in milliseconds."""
    ordered = sorted(seconds)

    def rank(share: float) -> float:
        return round(ordered[max(math.ceil(share * len(ordered)), 1) - 1] * 1000, 1) if ordered else math.inf

    return Spread(p50=rank(0.5), p90=rank(0.9), p99=rank(0.99), max=rank(1.0))


def _busy_seconds() -> float:
    """Seconds that all cores together have been busy since boot."""
    with open("/proc/stat", encoding="ascii") as file:  # noqa: PTH123 - a kernel's answer, not a file
        spent = [int(word) for word in file.readline().split()[1:]]
    return (sum(spent) - spent[3] - spent[4]) / os.sysconf("SC_CLK_TCK")
