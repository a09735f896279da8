"""Texts that a vendor has taken and that must not go any more, and the ports that name and stop them."""

from datetime import timedelta
from typing import Protocol

from domain.values import Stored


class Recall(Stored):
    """A text to be taken back: the touch, and its id at the vendor."""

    touch_id: str
    vendor_id: str


class Recalls(Protocol):
    """Texts of people who replied, or told us to stop, after the vendor had taken them. take: nobody else gets them
    before `again` is over. settled: `taken_back`, else it was too late."""

    async def take(self, tenant: str, again: timedelta, limit: int) -> tuple[Recall, ...]: ...

    async def settled(self, touch_id: str, taken_back: bool) -> None: ...


class Cancels(Protocol):
    """A vendor that can be told to forget a text. cancel: whether it won't go; False when that was too late. Raises a
    VendorError otherwise. Asked twice it answers the same, or False."""

    async def cancel(self, vendor_id: str) -> bool: ...
