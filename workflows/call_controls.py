"""What people of ours have done to a call that goes on: hold, warm transfer, managers who join, the phone down.

An order is taken by the call's handler and carried out in the call's own turn; what lasts (phones that ring) goes on
beside it. Nobody is handed over unseen: the person is on hold while the two reps speak (R27).
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    import workflows.call_effects as effects
    import workflows.waiting as waiting
    from domain.call_orders import CallControl, CallOrder, LegOrder, What
    from domain.calls import Call, CallAct, Party
    from domain.messages import key_of

MAKING_UP = timedelta(seconds=40)
"""So long may somebody who has picked up listen and make up their mind, after the phone stopped ringing."""

BRIEFING = timedelta(seconds=90)
"""So long may two reps speak while the person is on hold; then the three of them speak."""

SAID = {
    What.HOLD: "the person is put on hold",
    What.RESUME: "the person is taken off hold",
    What.TRANSFER: "{to} is rung; the person is on hold until they have spoken",
    What.COMPLETE: "the call is theirs",
    What.BARGE: "{to} is rung, and will be heard by both",
    What.COACH: "{to} is rung, and will be heard by the rep alone",
    What.HANG_UP: "the call is over",
}
_RINGS = (What.TRANSFER, What.BARGE, What.COACH)


class Controls:
    """One call's. `view` is the row as the call knows it, `learn` tells the call of a newer one."""

    def __init__(self, order: CallOrder, view: Callable[[], Call], learn: Callable[[Call | None], None]) -> None:
        self._order = order
        self._view = view
        self._learn = learn
        self._asked: list[tuple[str, CallControl]] = []
        self._taken: list[str] = []
        self._beside: list[asyncio.Task[None]] = []
        self._second: str | None = None  # leg of the rep to whom the call is being handed over
        self._is_handing_over = False
        self._completed = False
        self._resumed = False
        self._does: dict[What, Callable[[CallControl], Awaitable[None]]] = {
            What.HOLD: lambda asked: self._hold(True),
            What.RESUME: self._resume,
            What.TRANSFER: self._transfer,
            What.COMPLETE: self._complete,
            What.BARGE: lambda asked: self._join(asked, coaches=False),
            What.COACH: lambda asked: self._join(asked, coaches=True),
            What.HANG_UP: self._hang_up,
        }

    @property
    def is_asked(self) -> bool:
        """Whether an order waits to be carried out."""
        return bool(self._asked)

    def refuse(self, asked: CallControl) -> None:
        """Reject the order being validated where it can't be taken now; a repeat of one that was taken passes."""
        if (why := self._why_not(_update_id(), asked)) is not None:
            raise ApplicationError(why, type="Refused", non_retryable=True)

    def _why_not(self, update_id: str, asked: CallControl) -> str | None:
        if update_id in self._taken:
            return None
        if any(key_of(known) == key_of(update_id) for known in self._taken):
            return "This key has already carried another order to this call; send this one with a key of its own."
        call, rings = self._view(), asked.what in _RINGS
        if rings != (asked.rings is not None):
            return "Say whose phone is to ring." if rings else "Nobody's phone rings for this: leave out `to`."
        if asked.what is not What.HANG_UP and (not call.met or not call.is_going_on or call.is_person_gone):
            return "Nobody talks in this call now."
        return self._why_not_hand_over(call, asked)

    def _why_not_hand_over(self, call: Call, asked: CallControl) -> str | None:
        second = call.leg(self._second)
        if asked.what is What.COMPLETE and (second is None or not second.is_in):
            return "There is nobody in the call to whom it could be handed over."
        if asked.what is What.TRANSFER and self._is_handing_over:
            return "The call is being handed over already."
        if rep_in(call, asked.rings):
            return f"{asked.rings} is in the call already."
        return None

    def take(self, asked: CallControl) -> str:
        """Note the order; what is said to who gave it."""
        update_id = _update_id()
        if update_id not in self._taken:
            self._taken.append(update_id)
            self._asked.append((update_id, asked))
            self._is_handing_over = self._is_handing_over or asked.what is What.TRANSFER
        return SAID[asked.what].format(to=asked.rings)

    async def carry_out(self, now: datetime) -> None:
        """The oldest order that waits."""
        update_id, asked = self._asked.pop(0)
        after = max(now - self._order.as_of, timedelta(0))
        act = CallAct(act_id=update_id[:128], what=asked.what, by=asked.by, rings=asked.rings, after=after)
        self._learn(await effects.note(self._order, act, now))
        await self._does[asked.what](asked)

    def stop(self) -> None:
        """The call is over: nothing goes on beside it."""
        for each in self._beside:
            each.cancel()

    @property
    def _now(self) -> datetime:
        return workflow.now() + self._order.clock_offset

    async def _hold(self, is_on: bool) -> None:
        person = self._view().person
        if person is not None:
            self._learn(await effects.hold(self._order, (person.leg_id,), is_on, self._now))

    async def _resume(self, asked: CallControl) -> None:
        self._resumed = True
        await self._hold(False)

    async def _hang_up(self, asked: CallControl) -> None:
        legs = tuple(leg.leg_id for leg in self._view().legs if not leg.is_over)
        self._learn(await effects.hang_up(self._order, legs, self._now))

    async def _join(self, asked: CallControl, coaches: bool) -> None:
        order = effects.further(self._order, Party.MANAGER, asked.rings or "", len(self._taken), self._now)
        self._beside.append(asyncio.create_task(self._place(order.model_copy(update={"coaches": coaches}))))

    async def _complete(self, asked: CallControl) -> None:
        self._completed = True

    async def _transfer(self, asked: CallControl) -> None:
        first = self._view().taker
        if first is None:
            self._is_handing_over = False
            return
        order = effects.further(self._order, Party.REP, asked.rings or "", len(self._taken), self._now)
        order = order.model_copy(update={"succeeds": first.leg_id, "note_id": asked.note_id})
        self._second, self._completed, self._resumed = order.leg_id, False, False
        self._beside.append(asyncio.create_task(self._hand_over(first.leg_id, order)))

    async def _place(self, order: LegOrder) -> None:
        touched = await effects.place(order)
        if touched.result != "sent":  # no callback will tell of it
            self._learn(await effects.look(self._order, self._now))

    async def _hand_over(self, first: str, order: LegOrder) -> None:
        """The person waits; the second rep is rung and briefed; they speak; the person is back, and the first goes."""
        await self._hold(True)
        placing = asyncio.create_task(self._place(order))
        patience = order.plan.ring + MAKING_UP
        await self._until(lambda: self._is_settled(order.leg_id) or not self._is_in(first), patience)
        placing.cancel()
        if self._is_in(order.leg_id):
            await self._speak(first, order.leg_id)
        else:
            self._learn(await effects.hang_up(self._order, (order.leg_id,), self._now))
            await self._hold(False)
            self._learn(await effects.tell(self._order, (first,), "not_free", self._now))
        self._second, self._is_handing_over = None, False

    async def _speak(self, first: str, second: str) -> None:
        def are_together() -> bool:
            return self._is_in(first) and self._is_in(second)

        self._learn(await effects.ends(self._order, (first,), False, self._now))
        await self._until(lambda: self._completed or self._resumed or not are_together(), BRIEFING)
        await self._hold(False)
        if self._completed and are_together():
            self._learn(await effects.hang_up(self._order, (first,), self._now))
        elif not self._is_in(second):
            self._learn(await effects.ends(self._order, (first,), True, self._now))
            self._learn(await effects.tell(self._order, (first,), "not_free", self._now))

    def _is_in(self, leg_id: str) -> bool:
        leg = self._view().leg(leg_id)
        return leg is not None and leg.is_in

    def _is_settled(self, leg_id: str) -> bool:
        """Whether a phone that is rung has come to something: its rep is in the conference, or won't be."""
        leg = self._view().leg(leg_id)
        return leg is not None and (leg.is_in or leg.is_over)

    @staticmethod
    async def _until(happened: Callable[[], bool], at_most: timedelta) -> None:
        await waiting.moment(happened, at_most, "hand over")


def rep_in(call: Call, rep: str | None) -> bool:
    """Whether this rep's phone is in the call, or rings for it."""
    return rep is not None and any(leg.rep == rep and not leg.is_over and leg.left_at is None for leg in call.legs)


def _update_id() -> str:
    info = workflow.current_update_info()
    return info.id if info is not None else ""
