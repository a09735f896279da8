"""The reconciliation's ports in memory: the fake ledger's books, a vendor's list, and what the API is told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.costs import CostGroup
from domain.ledger import Claim
from domain.orders import TouchState
from domain.reconciling import Compared, Reconciled, StatementPage, Sweep, VendorMessage
from tests.fake_ledger import ON_ITS_WAY, RANK, FakeLedger

COSTS = (
    CostGroup(
        name="all", leads=2, touches=3, texts=3, segments=4, calls=0, minutes=0.0, total="0.05", per_lead="0.03",
        per_touch="0.02", estimated_share=0.4,
    ),
)  # fmt: skip


@dataclass
class FakeBooks:
    """domain.reconciling.Books over the fake ledger."""

    ledger: FakeLedger
    prices: dict[str, VendorMessage] = field(default_factory=dict)
    kept: dict[str, Sweep] = field(default_factory=dict)
    late: int = 0

    async def left_open(self, tenant: str, after: str, limit: int) -> tuple[Claim, ...]:
        rows = sorted(self.ledger.rows.items())
        found = [row.claim(False) for touch_id, row in rows if touch_id > after and row.state in ON_ITS_WAY]
        return tuple(found[:limit])

    async def waiting(self, tenant: str) -> int:
        return self.late

    async def compare(self, tenant: str, messages: tuple[VendorMessage, ...]) -> Compared:
        mine = {row.vendor_id: row for row in self.ledger.rows.values() if row.vendor_id}
        priced = 0
        for each in messages:
            known = self.prices.get(each.vendor_id)
            if each.vendor_id in mine and each.price is not None and (known is None or known.price != each.price):
                self.prices[each.vendor_id], priced = each, priced + 1
        return Compared(
            priced=priced,
            behind=tuple(
                each.vendor_id
                for each in messages
                if each.vendor_id in mine and RANK[TouchState(each.status)] > RANK[mine[each.vendor_id].state]
            ),
            strangers=tuple(each.vendor_id for each in messages if each.vendor_id not in mine),
        )

    async def keep(self, run: str, sweep: Sweep) -> None:
        self.kept[run] = sweep


@dataclass
class FakeStatement:
    """domain.reconciling.Statement: pages by number; `troubles` are raised by the next calls, one each."""

    pages: list[tuple[VendorMessage, ...]] = field(default_factory=list)
    troubles: list[Exception | None] = field(default_factory=list)
    asked: list[tuple[datetime, str | None]] = field(default_factory=list)

    async def page(self, since: datetime, mark: str | None) -> StatementPage:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        self.asked.append((since, mark))
        number = int(mark or 0)
        messages = self.pages[number] if number < len(self.pages) else ()
        return StatementPage(messages=messages, next=str(number + 1) if number + 1 < len(self.pages) else None)


@dataclass
class FakeReconciling:
    """api.services.Reconciling: goes on for `rounds` questions, then is done."""

    rounds: int = 0
    asked: list[tuple[str, timedelta]] = field(default_factory=list)
    sweep: Sweep = field(default_factory=lambda: Sweep(tenant="main"))

    async def now(self, key: str, window: timedelta) -> Reconciled:
        self.asked.append((key, window))
        if len(self.asked) <= self.rounds:
            return Reconciled(status="running")
        return Reconciled(status="done", sweep=self.sweep)
