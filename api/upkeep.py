"""What routes on the touch ledger need of the assembled system; the rest is in services.py."""

from datetime import timedelta
from typing import Protocol

from domain.reconciling import Reconciled
from domain.settling import Settled, Settlement


class Settling(Protocol):
    """A person's word on a touch nobody knew the outcome of. Raises NotFound, Refused, Unavailable; follow never."""

    async def settle(self, touch_id: str, settlement: Settlement, key: str) -> Settled: ...

    async def follow(self, settled: Settled) -> None: ...


class Reconciling(Protocol):
    """The ledger compared with the vendors' own lists. Raises Unavailable."""

    async def now(self, key: str, window: timedelta) -> Reconciled: ...
