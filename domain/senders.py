"""Our own numbers: what choosing one for a person needs to know, whose turn it is to text from one, and the ports that
tell. Nothing is chosen here."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from pydantic import AwareDatetime, Field

from domain.values import Stored


class Known(Stored):
    """`last`: the number the person last heard from, or wrote to or called; `waits_at`: the one where this very text
    waits for its turn. `recent`: texts of the last 24 hours by number, those that wait included; `today`: segments of
    the day that caps count by, by number."""

    last: str | None = None
    waits_at: str | None = None
    recent: dict[str, int] = Field(default_factory=dict)
    today: dict[str, int] = Field(default_factory=dict)


class Asking(Stored):
    """A text that asks whether it may go now. `sender`: the number, or the service that chooses one; limits are in SMS
    segments, None where there is none. `rank`: smaller goes first. `promised`: how much of `target` is left, None where
    nothing was promised. `zone`: where the day of caps begins."""

    tenant: str
    touch_id: str
    sender: str
    segments: int
    rank: int
    zone: str
    per_second: Decimal | None = None
    per_day: int | None = None
    all_per_day: int | None = None
    target: timedelta | None = None
    promised: timedelta | None = None


class Turn(Stored):
    """Whether it may go; else in what time to ask again. `full`: no more today, from this number or any."""

    granted: bool
    full: bool = False
    wait: timedelta = timedelta(0)


class Backlog(Stored):
    """Texts that wait for one number, and in what time the last of them goes."""

    sender: str
    waiting: int
    last_in: timedelta


class Burst(Stored):
    """More texts than a number can send in the time that was promised; `tries` counts attempts to tell, this one too.
    Moments are real."""

    alert_id: str
    sender: str
    waiting: int
    per_second: Decimal
    last_in: timedelta
    promised: timedelta
    recorded_at: AwareDatetime
    tries: int


class Senders(Protocol):
    """Our numbers, as people know them and as carriers let them send.

    known: `phone` is the person's; `zone` is where the day of caps begins; `touch_id` is the text's. take: a turn that
    is granted is spent; a text that asked and never came back stands in nobody's way after 5 s; `now` is the server's
    unless given.
    """

    async def known(self, tenant: str, person_id: str, phone: str | None, zone: str, touch_id: str) -> Known: ...

    async def take(self, asking: Asking, now: datetime | None = None) -> Turn: ...


class Bursts(Protocol):
    """What waits, and bursts that supervisors have to hear of: nobody else gets them before `again` is over."""

    async def waiting(self, tenant: str) -> tuple[Backlog, ...]: ...

    async def bursts(self, tenant: str, again: timedelta) -> tuple[Burst, ...]: ...

    async def told(self, alert_id: str) -> None: ...
