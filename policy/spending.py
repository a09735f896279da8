"""What leads have cost: the vendor's price of each touch where it is known, else the policy's estimate. Pure; it counts
what was sent, and decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from domain.costs import By, CostGroup, LeadCost, Spent, SpentTouch
from policy import cost, texts
from policy.prices import Prices

CURRENCY = "USD"
"""Of amounts no vendor has named: the policy's prices are those of Twilio's list in the United States."""

ALL = "all"
NONE = Decimal(0)


@dataclass(slots=True)
class Sum:
    """Exact amounts and counts of touches."""

    leads: int = 0
    touches: cost.Touches = field(default_factory=cost.Touches)
    count: int = 0
    unpriced: int = 0
    estimate: Decimal = NONE  # of all
    actual: Decimal = NONE  # of those with a price
    guessed: Decimal = NONE  # of those without
    units: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        """Each touch by its price, else by its estimate."""
        return self.actual + self.guessed

    def take(self, touches: Iterable[SpentTouch], prices: Prices) -> None:
        """Count a lead's touches."""
        self.leads += 1
        for touch in touches:
            made = _made(touch, prices)
            guess = cost.of(made, prices).total
            self.touches += made
            self.count += 1
            self.estimate += guess
            if touch.price is None:
                self.unpriced += 1
                self.guessed += guess
            else:
                self.actual += touch.price
            if touch.unit is not None and touch.unit not in self.units:
                self.units = (*self.units, touch.unit)

    @property
    def currency(self) -> str:
        """The vendors' own, all of them where there are several: nothing is converted."""
        return "+".join(sorted(self.units)) or CURRENCY


def of_lead(touches: Iterable[SpentTouch], prices: Prices) -> LeadCost:
    """What one lead has cost."""
    found = Sum()
    found.take(touches, prices)
    return LeadCost(
        estimate=cost.shown(found.estimate),
        actual=cost.shown(found.actual),
        total=cost.shown(found.total),
        currency=found.currency,
        touches=found.count,
        unpriced=found.unpriced,
    )


class Spending:
    """Leads taken one after another, then told by group."""

    def __init__(self, prices: Prices, by: By | None) -> None:
        self._prices = prices
        self._by = by
        self._all = Sum()
        self._groups: dict[str, Sum] = {}

    def take(self, lead: Spent) -> None:
        """Count one lead."""
        self._all.take(lead.touches, self._prices)
        if self._by is not None:
            self._groups.setdefault(lead.group, Sum()).take(lead.touches, self._prices)

    @property
    def currency(self) -> str:
        """Of all amounts."""
        return self._all.currency

    def groups(self) -> tuple[CostGroup, ...]:
        """All leads, then each group, the dearest first; none without leads."""
        if not self._all.leads:
            return ()
        ranked = sorted(self._groups.items(), key=lambda each: (-each[1].total, each[0]))
        return tuple(_group(name, found) for name, found in ((ALL, self._all), *ranked))


def _made(touch: SpentTouch, prices: Prices) -> cost.Touches:
    if touch.channel == "sms":
        return cost.Touches(texts=1, segments=touch.segments or texts.segments(touch.body))
    if touch.channel == "call":
        return cost.Touches(calls=1, talk=touch.talk if touch.talk is not None else prices.call.talk)
    return cost.Touches()


def _group(name: str, found: Sum) -> CostGroup:
    minutes = found.touches.talk / timedelta(minutes=1)
    return CostGroup(
        name=name,
        leads=found.leads,
        touches=found.count,
        texts=found.touches.texts,
        segments=found.touches.segments,
        calls=found.touches.calls,
        minutes=round(minutes, 2),
        total=cost.shown(found.total),
        per_lead=cost.shown(found.total / found.leads),
        per_touch=cost.shown(found.total / found.count) if found.count else None,
        estimated_share=round(float(found.guessed / found.total), 4) if found.total else 0.0,
    )
