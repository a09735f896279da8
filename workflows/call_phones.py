"""The phones of a call under way: rung, put down, waited for; and the call's row as its workflow knows it. What is done
when is call.py's."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import workflows.call_effects as effects
    import workflows.call_ends as ends
    import workflows.call_patience as patience
    import workflows.waiting as waiting
    from activities.phone_calls import PERSON, leg_id
    from domain.call_orders import CallOrder, LegOrder
    from domain.calls import Call, LegState, Party
    from domain.orders import Touched
    from workflows.call_controls import Controls


class CallPhones:
    """What a call's workflow does and asks, stage by stage the same."""

    def __init__(self, order: CallOrder) -> None:
        self._order = order
        self._call = Call(call_id=order.call_id, tenant=order.tenant, lead_id=order.lead_id, asked_at=order.as_of)
        self._placing: dict[str, asyncio.Task[Touched]] = {}
        self._refused: Touched | None = None
        self._off: str | None = None
        self._dismissed: str | None = None
        self._controls = Controls(order, lambda: self._call, self._learn)

    @property
    def _now(self) -> datetime:
        return workflow.now() + self._order.clock_offset

    def _is_settled(self) -> bool:
        """Whether nobody's press is waited for any more."""
        return self._call.taken_by is not None or self._call.nobody_left_to_take or self._is_stopped()

    def _is_stopped(self) -> bool:
        """Whether it was called off for something that leaves nothing to tell whoever picks up."""
        return self._call.off is not None and self._call.off not in ends.WORTH_TELLING

    def _is_rep_in(self) -> bool:
        return self._call.taker is not None and self._call.taker.is_in

    def _is_off(self) -> bool:
        return not self._call.is_going_on

    def _talks(self) -> bool:
        """Whether a rep and the person are, or may come, together."""
        call = self._call
        return call.is_going_on and not call.is_person_gone and not call.is_machine

    def _place(self, party: Party, who: str) -> asyncio.Task[Touched]:
        return asyncio.create_task(self._ring_one(effects.leg(self._order, party, who, self._now)))

    async def _ring_one(self, order: LegOrder) -> Touched:
        touched = await effects.place(order)
        if touched.result != "sent":  # no callback will tell of it
            await self._look()
        return touched

    async def _hang_up(self, party: Party, which: Callable[[LegState], bool], but: str | None) -> None:
        legs = tuple(
            leg.leg_id for leg in self._call.of(party) if not leg.is_over and which(leg.state) and leg.leg_id != but
        )
        if legs:
            self._learn(await effects.hang_up(self._order, legs, self._now))

    async def _look(self) -> None:
        self._learn(await effects.look(self._order, self._now))

    async def _wait(self, happened: Callable[[], bool], at_most: timedelta) -> None:
        """Until it happened, or so long; a word that the call is off is passed on to its row meanwhile."""
        due = workflow.now() + at_most
        while not happened() and workflow.now() < due:
            left = due - workflow.now()
            await waiting.moment(
                lambda: happened() or self._is_to_be_called_off() or self._controls.is_asked, left, "call"
            )
            while self._controls.is_asked:
                await self._controls.carry_out(self._now)
            if self._is_to_be_called_off() and self._off is not None:
                self._learn(await effects.call_off(self._order, self._off, self._now))
                self._off = None

    def _is_to_be_called_off(self) -> bool:
        return self._off is not None and self._call.off is None and not self._call.met

    def _learn(self, call: Call | None) -> None:
        if call is not None and call.version >= self._call.version:
            self._call = call

    async def _dial(self) -> bool:
        """Ring the person once the rep is in the conference; whether that came about."""
        for _ in range(patience.LOOKS):
            await self._wait(lambda: self._is_rep_in() or not self._call.is_going_on, patience.JOINING)
            if self._is_rep_in() or not self._call.is_going_on:
                break
            await self._look()
        if self._is_rep_in() and self._call.is_going_on:
            self._placing[PERSON] = self._place(Party.LEAD, PERSON)
        return PERSON in self._placing

    async def _quieten(self, placed: asyncio.Task[Touched]) -> None:
        """Their phone, down before anything else is done or said; as soon as the vendor has a name for what rings."""
        leg = leg_id(self._order, PERSON)
        if not self._call.is_wanted and self._call.has_answered and not self._is_stopped():
            return  # they picked up all the same, and meet a rep
        await waiting.moment(lambda: placed.done() or ends.is_named(self._call, leg), patience.SLACK, "call")
        self._learn(await effects.hang_up(self._order, (leg,), self._now))

    async def _until_settled(self, at_most: timedelta) -> None:
        """Wait for a press; a phone of theirs that rings for a call which is off is put down meanwhile."""
        due, rings = workflow.now() + at_most, self._placing.get(PERSON)
        await self._wait(lambda: self._is_settled() or (rings is not None and ends.is_to_be_quiet(self._call)), at_most)
        if rings is not None and ends.is_to_be_quiet(self._call):
            await self._quieten(rings)
            await self._wait(self._is_settled, due - workflow.now())

    async def _dismiss(self) -> None:
        """The rep who waits hears how it ended, once."""
        why, taker = ends.words_for_taker(self._call, self._order.plan, self._refused), self._call.taker
        if why is not None and taker is not None and self._dismissed is None:
            self._dismissed = taker.leg_id
            self._learn(await effects.dismiss(self._order, (taker.leg_id,), why, self._now))
