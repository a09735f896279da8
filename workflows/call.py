"""One attempt at a call: reps' phones, acceptance, the person's phone, the talk, the end (decision 0024).

Orchestrates only: what happened is in the call's row, which callbacks change and tell; what is done is an activity. It
answers in durations.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import workflows.call_effects as effects
    import workflows.call_ends as ends
    import workflows.call_patience as patience
    import workflows.waiting as waiting
    from activities.phone_calls import PERSON, RECORDED, leg_id
    from domain.call_orders import CallAnswer, CallControl, CallEnded, CallOrder, LegOrder, Taken, What
    from domain.calls import Call, LegState, Party, read_call
    from domain.orders import Touched
    from workflows.call_controls import MAKING_UP, Controls


@workflow.defn(name="Call")
class CallWorkflow:
    """One call. Its lead learns at once who took it, and at the end what came of it."""

    @workflow.init
    def __init__(self, order: CallOrder) -> None:
        self._order = order
        self._call = Call(call_id=order.call_id, tenant=order.tenant, lead_id=order.lead_id, asked_at=order.as_of)
        self._placing: dict[str, asyncio.Task[Touched]] = {}
        self._refused: Touched | None = None
        self._off: str | None = None
        self._told_of: str | None = None  # the leg whose rep the lead knows to have it
        self._dismissed: str | None = None
        self._controls = Controls(order, lambda: self._call, self._learn)

    @workflow.run
    async def run(self, order: CallOrder) -> CallEnded:
        self._learn(await effects.begin(order))
        await self.ring()
        await self.tell()
        await self.connect()
        await self.talk()
        await self.wrap_up()
        return ends.ended(self._call, order.plan, self._refused)

    # --- stages -------------------------------------------------------------------------------------------------------

    async def ring(self) -> None:
        """The reps' phones at once, until one takes it, all have passed or missed it, or the budget is over."""
        for rep in self._order.plan.reps:
            self._placing[rep] = self._place(Party.REP, rep)
        await self._wait(self._is_settled, self._order.plan.ring)
        if not self._is_settled():
            await self._look()
            await self._hang_up(Party.REP, lambda state: state is not LegState.ANSWERED, but=self._call.taken_by)
            await self._wait(self._is_settled, MAKING_UP)
        await self._hang_up(Party.REP, lambda state: True, but=self._call.taken_by)

    async def tell(self) -> None:
        """The lead hears who has it, as often as that changes; with whoever has it the conference ends."""
        parent, taker = workflow.info().parent, self._call.taker
        if taker is None or taker.leg_id == self._told_of:
            return
        self._told_of = taker.leg_id
        settled = ends.new_owner(self._call) is None  # by somebody or something else
        if parent is not None and taker.rep is not None and not settled:
            lead = workflow.get_external_workflow_handle(parent.workflow_id)
            await lead.signal("call_taken", Taken(call_id=self._order.call_id, rep=taker.rep))
        if not taker.is_first_rung:
            self._learn(await effects.ends(self._order, (taker.leg_id,), True, self._now))

    async def connect(self) -> None:
        """The person's phone, once the rep waits for them in the conference."""
        if not self._call.is_going_on:
            return
        for _ in range(patience.LOOKS):
            await self._wait(lambda: self._is_rep_in() or not self._call.is_going_on, patience.JOINING)
            if self._is_rep_in() or not self._call.is_going_on:
                break
            await self._look()
        if not self._is_rep_in() or not self._call.is_going_on:
            return
        placed = self._placing[PERSON] = self._place(Party.LEAD, PERSON)
        ring = self._order.plan.lead_ring + patience.SLACK
        await self._wait(lambda: self._call.has_answered or not self._call.is_going_on, ring)
        if placed.done() and placed.result().result not in ("sent", "unknown"):
            self._refused = placed.result()
        elif self._is_off():
            await self._quieten(placed)
        elif not self._call.has_answered:
            await self._look()

    async def _quieten(self, placed: asyncio.Task[Touched]) -> None:
        """Their phone, down before anything else is done or said; as soon as the vendor has a name for what rings."""
        leg = leg_id(self._order, PERSON)
        if not self._call.is_wanted and self._call.has_answered and not self._is_stopped():
            return  # they picked up all the same, and meet a rep
        await waiting.moment(lambda: placed.done() or ends.is_named(self._call, leg), patience.SLACK, "call")
        self._learn(await effects.hang_up(self._order, (leg,), self._now))

    async def talk(self) -> None:
        """Until one of them goes. A machine may be heard after they have met: it is left the policy's words, or
        alone."""
        if not self._call.has_answered:
            return
        await self._wait(lambda: ends.has_begun_or_failed(self._call) or self._is_stopped(), patience.HEARING)
        if self._order.plan.record and self._order.plan.announce and self._call.met and self._talks():
            self._learn(await effects.announce(self._order, RECORDED, self._now))
        await self._wait_for_the_end()
        if self._call.is_machine and not self._call.is_person_gone:
            await self._leave_message()

    async def wrap_up(self) -> None:
        """Who waits hears how it ended; every phone down, and the row read for the last time."""
        self._controls.stop()
        if self._is_stopped():  # their phone first: nothing that is said holds that up
            await self._hang_up(Party.LEAD, lambda state: True, but=None)
        if ends.is_told_in_vain(self._call):
            await self._wait(lambda: not ends.is_told_in_vain(self._call), patience.HEARING)
        await self._dismiss()
        for party in (Party.LEAD, Party.REP, Party.MANAGER):
            await self._hang_up(party, lambda state: True, but=self._dismissed)
        for placing in self._placing.values():
            placing.cancel()
        if self._order.plan.record and self._call.met:
            await waiting.moment(lambda: self._call.recording is not None, patience.RECORDING, "recording")
        self._learn(await effects.end(self._order, self._now))

    # --- what is asked along the way ----------------------------------------------------------------------------------

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

    # --- doing --------------------------------------------------------------------------------------------------------

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

    async def _leave_message(self) -> None:
        person = self._call.person
        if self._order.plan.drop is not None and person is not None:
            self._learn(await effects.leave_message(self._order, (person.leg_id,), self._now))
            await self._dismiss()
            await self._wait(lambda: self._call.is_phone_down, patience.HEARING + patience.HEARING)

    async def _dismiss(self) -> None:
        """The rep who waits hears how it ended, once."""
        why, taker = ends.words_for_taker(self._call, self._order.plan, self._refused), self._call.taker
        if why is not None and taker is not None and self._dismissed is None:
            self._dismissed = taker.leg_id
            self._learn(await effects.dismiss(self._order, (taker.leg_id,), why, self._now))

    async def _wait_for_the_end(self) -> None:
        began = workflow.now()
        while self._talks() and workflow.now() - began < patience.LONGEST_TALK:
            await self._wait(lambda: not self._talks() or self._call.taken_by != self._told_of, patience.LOOK_EVERY)
            if not self._talks():
                return
            if self._call.taken_by != self._told_of:
                await self.tell()
            else:
                await self._look()

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

    # --- messages: record a fact, return ------------------------------------------------------------------------------

    @workflow.signal(name="moved", description="The call's row as it stands. Sent by Baton's own API.")
    def moved(self, raw: Any) -> None:  # noqa: ANN401 - decoded by a total function: no payload is dropped unseen
        self._learn(read_call(raw))

    @workflow.signal(name="call_off", description='Why nobody is to be connected any more, such as "replied".')
    def call_off(self, raw: Any) -> None:  # noqa: ANN401 - its lead sends it, and a person may
        self._off = str(raw)[:64]

    @workflow.update(name="control", description="A person of ours has it done: {what, by, rings?, note_id?}.")
    def control(self, asked: CallControl) -> CallAnswer:
        said = self._controls.take(asked)
        if asked.what is What.HANG_UP and not self._call.met:
            self._off = "hung_up"
        return CallAnswer(call_id=self._order.call_id, said=said)

    @control.validator
    def why_not_control(self, asked: CallControl) -> None:
        self._controls.refuse(asked)

    @workflow.query(name="call", description="The call as its workflow knows it; free of personal data.")
    def state(self) -> Call:
        return self._call
