"""Two attempts, a vendor that loses answers, callbacks and a person, in any order: one touch at most, and it only rises
but for what was proven not to have been sent."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.messages import Delivery
from domain.orders import TouchState
from domain.settling import Settlement
from tests.activities.stage import INTENT
from tests.fake_ledger import RANK, FakeLedger
from tests.fake_settling import FakeSettlements

ATTEMPTS = ("w:1:1", "w:1:2")
BACK_ON_PROOF = ("handed_back", "listed")
STEPS = st.one_of(
    st.tuples(
        st.sampled_from(("begins", "answered", "lost_on_the_way", "answer_lost", "handed_back", "listed", "gives_up")),
        st.sampled_from(ATTEMPTS),
    ),
    st.tuples(st.just("called_back"), st.sampled_from(("sent", "delivered", "failed"))),
    st.tuples(st.just("said"), st.sampled_from(("sent", "failed"))),
)


@dataclass
class World:
    """What is true at the vendor, beside what the ledger believes. Its listings count at once, and come only after
    every request has ended, as the 30 s beyond each request's deadline see to."""

    ledger: FakeLedger = field(default_factory=lambda: FakeLedger(grace=timedelta(0)))
    accepted: int = 0
    on_the_wire: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settlements = FakeSettlements(self.ledger)

    @property
    def state(self) -> TouchState | None:
        row = self.ledger.rows.get(INTENT.touch_id)
        return row.state if row is not None else None

    async def step(self, what: str, who: str) -> None:
        await getattr(self, what)(who)

    async def begins(self, who: str) -> None:
        """Claims, begins, and asks the vendor at once; an attempt that isn't let does nothing."""
        if (await self.ledger.claim(INTENT, who)).fresh:
            await self._ask(who)

    async def _ask(self, who: str) -> None:
        if await self.ledger.begin(INTENT.touch_id, who, timedelta(0)) is None:
            self.on_the_wire.append(who)

    async def answered(self, who: str) -> None:
        if who in self.on_the_wire:
            self.on_the_wire.remove(who)
            self.accepted += 1
            await self.ledger.settle(INTENT.touch_id, "sent", "SM1", None)

    async def answer_lost(self, who: str) -> None:
        if who in self.on_the_wire:
            self.on_the_wire.remove(who)
            self.accepted += 1

    async def lost_on_the_way(self, who: str) -> None:
        """Nobody here can tell it from an answer that was lost."""
        if who in self.on_the_wire:
            self.on_the_wire.remove(who)

    async def handed_back(self, who: str) -> None:
        """The network proved that nothing was sent."""
        if who in self.on_the_wire:
            self.on_the_wire.remove(who)
            await self.ledger.release(INTENT.touch_id, who)

    async def listed(self, who: str) -> None:
        """One look at the vendor's list, and what the protocol makes of it."""
        if self.state not in (TouchState.SENDING, TouchState.UNKNOWN) or self.on_the_wire:
            return
        if self.accepted:
            await self.ledger.settle(INTENT.touch_id, "sent", "SM1", None)
        elif await self.ledger.missed(INTENT.touch_id) >= 2 and await self.ledger.reopen(INTENT.touch_id, who):
            await self._ask(who)

    async def gives_up(self, _who: str) -> None:
        if self.state is not None:
            await self.ledger.settle(INTENT.touch_id, "unknown", None, "no trace")

    async def called_back(self, status: str) -> None:
        if self.accepted:
            callback = Delivery(touch_id=INTENT.touch_id, vendor_id="SM1", status=status, vendor_status=status)
            await self.ledger.delivery("main", callback)

    async def said(self, what: str) -> None:
        settlement = Settlement.model_validate({"as": what, "by": "kim"})
        if self.state is TouchState.UNKNOWN:
            try:
                await self.settlements.settle("main", INTENT.touch_id, settlement, what)
            except Refused:
                return


async def lived(steps: list[tuple[str, str]]) -> None:
    world, before = World(), None
    for what, who in steps:
        await world.step(what, who)
        after = world.state
        assert world.accepted <= 1, steps
        if before is not None and after is not None and what not in BACK_ON_PROOF:
            assert RANK[after] >= RANK[before], steps
        before = after


@settings(max_examples=800, deadline=None, derandomize=True)
@given(st.lists(STEPS, min_size=8, max_size=40))
def test_no_order_of_attempts_callbacks_and_a_persons_word_sends_twice_or_lowers_a_state(
    steps: list[tuple[str, str]],
) -> None:
    asyncio.run(lived(steps))
