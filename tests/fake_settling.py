"""A person's word on touches of the fake ledger, held to the same suite as the real one."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.errors import NotFound, Refused
from domain.ledger import Intent
from domain.messages import Again, RowRef
from domain.orders import TouchState
from domain.settling import Asking, Settled, Settlement
from domain.values import Channel, Purpose
from tests.fake_ledger import FakeLedger, Row


def unknown(touch_id: str, lead_id: str, now: datetime) -> Row:
    """A text of which nobody knows whether it arrived."""
    intent = Intent(
        touch_id=touch_id, key=f"{lead_id}:1:text-1", tenant="main", lead_id=lead_id, person_id="p1",
        channel=Channel.SMS, purpose=Purpose.RESPONSIVE, recipient="+15125550142", template="text_back",
        body="Hi Dana", lead_now=now,
    )  # fmt: skip
    return Row(intent, "a", state=TouchState.UNKNOWN)


@dataclass
class FakeSettlements:
    """domain.settling.Settlements."""

    ledger: FakeLedger
    closed: set[str] = field(default_factory=set)
    taken: dict[str, tuple[str, Settled]] = field(default_factory=dict)
    asked: dict[str, tuple[Asking, ...]] = field(default_factory=dict)

    async def settle(self, tenant: str, touch_id: str, settlement: Settlement, key: str) -> Settled:
        row = self.ledger.rows.get(touch_id)
        if row is None:
            raise NotFound(f"There is no touch {touch_id}.")
        lead_id, again = row.intent.lead_id, None
        if settlement.again:
            if row.intent.channel != "sms" or row.intent.template is None:
                raise Refused("Only a text to the person can be sent again: this touch is none.")
            if lead_id in self.closed:
                raise Refused("The lead is closed.")
            again = Again(template=row.intent.template, purpose=row.intent.purpose)
        taken = self.taken.get(touch_id)
        if taken is not None and taken[0] == key:
            return taken[1].model_copy(update={"state": str(row.state)})
        if row.state is not TouchState.UNKNOWN:
            raise Refused(f"What became of this touch is known: it is {row.state}.")
        row.move(TouchState(settlement.as_), None, None)
        told = RowRef(
            row_id=f"{touch_id}:settled", kind="settled", at=row.intent.lead_now, source=settlement.as_, again=again
        )
        ref = None if lead_id in self.closed else told
        said = f"{settlement.by} says {settlement.as_}"
        settled = Settled(
            touch_id=touch_id, lead_id=lead_id, state=str(row.state), by=settlement.by, said=said, ref=ref
        )
        self.taken[touch_id] = key, settled
        return settled

    async def asking(self, tenant: str, touch_id: str) -> tuple[Asking, ...]:
        return self.asked.get(touch_id, ())

    async def unknown(self, tenant: str) -> int:
        return sum(row.state is TouchState.UNKNOWN for row in self.ledger.rows.values())
