"""What touches cost: by the vendor's word where it has given one, else by the policy's own prices. Money is exact until
it is shown, with two decimals."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from domain.values import Stored

By = Literal["source", "motion", "outcome"]


class SpentTouch(Stored):
    """A touch that reached a vendor. Personal data: its words, which are counted and go no further."""

    channel: str
    body: str
    segments: int | None = None  # the vendor's count
    price: Decimal | None = None  # what it charged; None until it says so
    unit: str | None = None  # the currency of that
    talk: timedelta | None = None  # of a call that was held


class Spent(Stored):
    """A lead and the touches that cost something. `group` is what it is counted under."""

    lead_id: str
    opened_at: datetime
    group: str
    touches: tuple[SpentTouch, ...]


class LeadCost(Stored):
    """What a lead has cost. `estimate`: all its touches by the policy's prices; `actual`: those the vendor has named a
    price for, by that; `total`: each by its price, else its estimate. `unpriced`: touches without a price yet."""

    estimate: str
    actual: str
    total: str
    currency: str
    touches: int
    unpriced: int


class CostGroup(Stored):
    """Leads that are counted together. Amounts are decimal strings; `estimated_share` is the part of the total that no
    vendor has confirmed."""

    name: str
    leads: int
    touches: int
    texts: int
    segments: int
    calls: int
    minutes: float
    total: str
    per_lead: str
    per_touch: str | None
    estimated_share: float


class CostReport(Stored):
    """Over leads opened from `since` on: all of them first, then by group, the dearest first."""

    since: datetime
    by: By | None
    currency: str
    policy_hash: str  # whose prices the estimates are
    groups: tuple[CostGroup, ...]
