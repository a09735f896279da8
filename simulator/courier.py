"""Carries callbacks and webhooks to Baton and counts those on their way: at none, all is settled."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx2

from simulator.clock import EmbeddedClock
from simulator.log import Vendor

# An answer that doesn't come on one line must not hold up another.
_UNLIMITED = httpx2.Limits(max_connections=None, max_keepalive_connections=20)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One signed request to Baton; `timeout` in seconds, as that vendor waits. A GET has no body."""

    vendor: Vendor
    url: str
    body: str
    headers: Mapping[str, str]
    timeout: float
    media: str = "application/x-www-form-urlencoded"
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Baton answered; status None when it didn't."""

    status: int | None
    text: str = ""
    media: str = ""

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def worth_repeating(self) -> bool:
        return self.status is None or self.status == 429 or self.status >= 500


@dataclass(frozen=True, slots=True)
class Carried:
    """A line of GET /sim/callbacks."""

    real_at: datetime
    vendor: Vendor
    url: str
    status: int | None


class Courier:
    """One pooled client for all vendors. Proxies from the environment are ignored: Baton is on this machine."""

    def __init__(self) -> None:
        self._http = httpx2.AsyncClient(trust_env=False, follow_redirects=False, limits=_UNLIMITED)
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending = 0
        self.carried: deque[Carried] = deque(maxlen=5000)

    @property
    def inflight(self) -> int:
        return len(self._tasks) + self._sending

    async def post(self, parcel: Parcel) -> Answer:
        """Send once; a failed connection or a timeout is an answer without a status, never an exception."""
        headers = {"Content-Type": parcel.media, **parcel.headers}
        self._sending += 1
        try:
            response = await self._http.request(
                parcel.method, parcel.url, content=parcel.body.encode(), headers=headers, timeout=parcel.timeout
            )
            media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            answer = Answer(response.status_code, response.text, media)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            answer = Answer(None, type(error).__name__)
        finally:
            self._sending -= 1
        self.carried.append(Carried(EmbeddedClock.real_now(), parcel.vendor, parcel.url, answer.status))
        return answer

    async def insist(self, attempt: Callable[[int], Awaitable[Answer]], times: int, pause: float) -> Answer:
        """Repeat after failures that may pass (no answer, 429, 5xx), `times` attempts in all, `pause` seconds apart."""
        answer = await attempt(0)
        for number in range(1, times):
            if not answer.worth_repeating:
                break
            await asyncio.sleep(pause)
            answer = await attempt(number)
        return answer

    def spawn(self, errand: Coroutine[None, None, None]) -> None:
        """Run in the background, counted as in flight from now on."""
        task = asyncio.create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    def drop_all(self) -> None:
        for task in self._tasks:
            task.cancel()
        self.carried.clear()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler({"message": "an errand failed", "exception": error})
