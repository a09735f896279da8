"""The nightly comparison of our ledger with the vendors' own lists: how far it has come, and what was found.

Sweep lives in Temporal history: ids, counts and a vendor's page mark, no personal data. Nothing else here does.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from domain.ledger import Claim
from domain.values import Given, Stored

WINDOW = timedelta(hours=48)
"""How far back a vendor's list is read."""

LONGEST = timedelta(days=31)
UNITS = {"h": "hours", "d": "days"}

MOST_NAMED = 20
"""How many touches or messages a report names; all of them are counted."""


class Reconcile(Given):
    """Ask for a comparison now, of what went out within `since`: so many hours or days."""

    since: str = Field(default="48h", pattern=r"^[1-9][0-9]{0,3}[hd]$")

    @property
    def window(self) -> timedelta:
        """As a length of time, 31 days at most."""
        return min(timedelta(**{UNITS[self.since[-1]]: int(self.since[:-1])}), LONGEST)


class Part(StrEnum):
    """What is done next."""

    TOUCHES = "touches"  # those whose outcome we don't know are looked for, one by one
    STATEMENT = "statement"  # the vendor's list is read, page by page
    TELL = "tell"
    OVER = "over"


class Sweep(Stored):
    """One reconciliation: what it is about, how far it is, what it came to. Carried whole from page to page."""

    tenant: str
    window: timedelta = WINDOW
    part: Part = Part.TOUCHES
    cursor: str = ""  # the last touch looked for; in a statement which one, and the vendor's mark of the page
    began: datetime | None = None  # real time
    pages: int = 0
    found: int = 0  # touches that were looked for and found
    unknown: int = 0  # looked for in vain: a person's to settle
    unasked: int = 0  # the vendor could not be asked
    waiting: int = 0  # claimed for over an hour: nothing was sent yet
    delivered: int = 0  # settled by the vendor's list, for want of a callback
    failed: int = 0
    priced: int = 0
    strangers: int = 0  # messages of the vendor's that no touch of ours knows
    named_unknown: tuple[str, ...] = ()
    named_strangers: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do."""
        return self.part is Part.OVER

    @property
    def is_worth_telling(self) -> bool:
        """Whether anybody should hear of it. Prices that came in are no news."""
        return any((self.found, self.unknown, self.unasked, self.waiting, self.delivered, self.failed, self.strangers))


class Reconciled(Stored):
    """A reconciliation as it is told: `sweep` once it is over, None while it goes on."""

    status: str  # done | running
    sweep: Sweep | None = None


class VendorMessage(Stored):
    """A message or call in a vendor's own list, as far as it concerns us. `price` is what it cost us, None until the
    vendor knows; `segments` those of a text."""

    vendor_id: str
    status: str  # in the ledger's words: sent | delivered | failed
    vendor_status: str
    error: str | None = None
    price: Decimal | None = None
    price_unit: str | None = None
    segments: int | None = None
    talk: timedelta | None = None  # how long a phone was held to an ear
    created_at: datetime


class StatementPage(Stored):
    """A page of what went out. `next` asks for the page after it, None on the last."""

    messages: tuple[VendorMessage, ...]
    next: str | None = None


class Statement(Protocol):
    """A vendor's list of what went out from us: of texts, or of calls. Raises a VendorError of domain.errors."""

    async def page(self, since: datetime, mark: str | None) -> StatementPage: ...


class Compared(Stored):
    """A page beside the ledger, by vendor id: prices taken over, touches that are further there, ones we don't have."""

    priced: int
    behind: tuple[str, ...]
    strangers: tuple[str, ...]


class Books(Protocol):
    """The ledger's side. Raises Unavailable.

    left_open: touches begun over ten minutes ago whose outcome isn't known, by id, after one. waiting: how many have
    been claimed for over an hour. compare: takes over prices and segments; moves nothing. keep: a report, by its run.
    """

    async def left_open(self, tenant: str, after: str, limit: int) -> tuple[Claim, ...]: ...

    async def waiting(self, tenant: str) -> int: ...

    async def compare(self, tenant: str, messages: tuple[VendorMessage, ...]) -> Compared: ...

    async def keep(self, run: str, sweep: Sweep) -> None: ...
