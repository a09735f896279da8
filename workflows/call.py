"""One attempt at a call: reps' phones, acceptance, the person's phone, the talk, the end (decision 0024).

Orchestrates only: what happened is in the call's row, which callbacks change and tell; what is done is an activity. It
answers in durations.
"""

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import workflows.call_effects as effects
    import workflows.call_ends as ends
    import workflows.call_patience as patience
    import workflows.waiting as waiting
    from activities.phone_calls import PERSON, RECORDED
    from domain.call_orders import CallAnswer, CallControl, CallEnded, CallOrder, Taken, What
    from domain.calls import Call, LegState, Party, read_call
    from domain.decisions import Opening
    from workflows.call_controls import MAKING_UP
    from workflows.call_phones import CallPhones


@workflow.defn(name="Call")
class CallWorkflow(CallPhones):
    """One call. Its lead learns at once who took it, and at the end what came of it."""

    @workflow.init
    def __init__(self, order: CallOrder) -> None:
        super().__init__(order)
        self._told_of: str | None = None  # the leg whose rep the lead knows to have it

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
        until = workflow.now() + self._order.plan.ring
        if self._order.plan.first is Opening.LEAD:  # theirs rings as soon as somebody of ours is on the phone
            await self._wait(lambda: self._is_settled() or ends.has_rep(self._call), self._order.plan.ring)
            if ends.has_rep(self._call) and self._call.is_wanted:
                self._placing[PERSON] = self._place(Party.LEAD, PERSON)
        await self._until_settled(until - workflow.now())
        if not self._is_settled():
            await self._look()
            await self._hang_up(Party.REP, lambda state: state is not LegState.ANSWERED, but=self._call.taken_by)
            await self._until_settled(MAKING_UP)
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
        if PERSON not in self._placing and not await self._dial():
            return
        placed = self._placing[PERSON]
        ring = self._order.plan.lead_ring + patience.SLACK
        await self._wait(lambda: self._call.has_answered or not self._call.is_going_on, ring)
        if placed.done() and placed.result().result not in ("sent", "unknown"):
            self._refused = placed.result()
        elif self._is_off():
            await self._quieten(placed)
        elif not self._call.has_answered:
            await self._look()

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
        if self._order.plan.first is Opening.LEAD and not self._call.met and not self._is_stopped():
            longest = self._order.plan.lead_ring + patience.SLACK + patience.HEARING  # and they hear who called
            await self._wait(lambda: self._call.is_phone_down, longest)
        for party in (Party.LEAD, Party.REP, Party.MANAGER):
            await self._hang_up(party, lambda state: True, but=self._dismissed)
        for placing in self._placing.values():
            placing.cancel()
        if self._order.plan.record and self._call.met:
            await waiting.moment(lambda: self._call.recording is not None, patience.RECORDING, "recording")
        self._learn(await effects.end(self._order, self._now))

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

    async def _leave_message(self) -> None:
        person = self._call.person
        if self._order.plan.drop is not None and person is not None:
            self._learn(await effects.leave_message(self._order, (person.leg_id,), self._now))
            await self._dismiss()
            await self._wait(lambda: self._call.is_phone_down, patience.HEARING + patience.HEARING)

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
