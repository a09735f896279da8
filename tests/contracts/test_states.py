"""Every state of a touch and everything that can happen to it, on every channel: one table for both ledgers."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.postgres.settling import PostgresSettlements
from domain.errors import Refused
from domain.ledger import Intent
from domain.messages import Delivery
from domain.ports import Ledger
from domain.settling import Settlement, Settlements
from domain.values import Channel, Purpose
from tests.contracts.ledgers import DEADLINE, Bench
from tests.contracts.postgres.builders import TENANT
from tests.fake_settling import FakeSettlements

STATES = ("claimed", "sending", "unknown", "sent", "failed", "delivered", "cancelled")
# What each comes to, in the order of STATES; a dot leaves the touch as it is.
TABLE = {
    "claimed again": ". . . . . . .",
    "begun": "sending . . . . . .",
    "handed back": ". claimed claimed . . . .",
    "reopened unproven": ". . . . . . .",
    "sent": "sent sent sent . . . .",
    "failed": "failed failed failed failed . . .",
    "lost track of": ". unknown . . . . .",
    "called back as sent": "sent sent sent . . . .",
    "called back as failed": "failed failed failed failed . . .",
    "called back as delivered": "delivered delivered delivered delivered delivered . .",
    "refused": "cancelled . . . . . .",
    "said to have arrived": ". . sent . . . .",
    "said not to have arrived": ". . failed . . . .",
}
CELLS = [
    (state, event, state if cell == "." else cell)
    for event, row in TABLE.items()
    for state, cell in zip(STATES, row.split(), strict=True)
]


class Hand:
    """Brings a touch into a state, and does things to it."""

    def __init__(self, ledger: Ledger, settlements: Settlements) -> None:
        self.ledger = ledger
        self.settlements = settlements

    async def bring(self, touch: Intent, state: str) -> None:
        await self.ledger.claim(touch, "a:1:1")
        if state == "cancelled":
            await self.ledger.refuse(touch, "no_consent")
        elif state != "claimed":
            assert await self.ledger.begin(touch.touch_id, "a:1:1", DEADLINE) is None
            if state != "sending":
                vendor_id = None if state in ("unknown", "failed") else f"SM-{touch.touch_id}"
                await self.ledger.settle(touch.touch_id, state, vendor_id, None)

    async def do(self, touch: Intent, event: str) -> None:
        does: dict[str, Callable[[], Awaitable[object]]] = {
            "claimed again": lambda: self.ledger.claim(touch, "a:1:2"),
            "begun": lambda: self.ledger.begin(touch.touch_id, "a:1:1", DEADLINE),
            "handed back": lambda: self.ledger.release(touch.touch_id, "a:1:1"),
            "reopened unproven": lambda: self.ledger.reopen(touch.touch_id, "a:1:1"),
            "sent": lambda: self.ledger.settle(touch.touch_id, "sent", f"SM-{touch.touch_id}", None),
            "failed": lambda: self.ledger.settle(touch.touch_id, "failed", None, "21617"),
            "lost track of": lambda: self.ledger.settle(touch.touch_id, "unknown", None, "no trace"),
            "refused": lambda: self.ledger.refuse(touch, "no_consent"),
            "said to have arrived": lambda: self._said(touch, "sent"),
            "said not to have arrived": lambda: self._said(touch, "failed"),
        }
        if event.startswith("called back"):
            await self._called_back(touch, event.rpartition(" ")[2])
        else:
            await does[event]()

    async def _called_back(self, touch: Intent, status: str) -> None:
        callback = Delivery(
            touch_id=touch.touch_id, vendor_id=f"SM-{touch.touch_id}", status=status, vendor_status=status
        )
        await self.ledger.delivery(TENANT, callback)

    async def _said(self, touch: Intent, what: str) -> None:
        settlement = Settlement.model_validate({"as": what, "by": "kim"})
        try:
            await self.settlements.settle(TENANT, touch.touch_id, settlement, "k1")
        except Refused:  # the table says where: nothing changes there
            return


@pytest.fixture
def hand(bench: Bench) -> Hand:
    if bench.fake is not None:
        return Hand(bench.fake, FakeSettlements(bench.fake))
    assert bench.pool is not None
    return Hand(bench.ledger, PostgresSettlements(bench.pool))


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.CALL, Channel.CHAT, Channel.CRM])
async def test_each_event_leaves_each_state_as_the_table_says(bench: Bench, hand: Hand, channel: Channel) -> None:
    internal = channel in (Channel.CHAT, Channel.CRM)
    purpose = Purpose.INTERNAL if internal else bench.touch.purpose
    found = []
    for state, event, _ in CELLS:
        name = f"{state}-{event}".replace(" ", "-")
        changes = {"touch_id": name, "key": name, "channel": channel, "purpose": purpose}
        touch = bench.touch.model_copy(update=changes)
        await hand.bring(touch, state)
        assert (await bench.ledger.current(name)).state == state
        await hand.do(touch, event)
        found.append((state, event, str((await bench.ledger.current(name)).state)))
    assert found == CELLS
