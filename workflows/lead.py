"""The life of one lead, from the second it arrives to the moment it is closed.

Orchestrates only: judgements come from policy through Decide, touches go through the ledger, facts are folded by
domain.transitions.
"""

from collections.abc import Callable
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    # By their full names: by `from workflows import panel` the sandbox loads them anew for every lead.
    import workflows.effects as effects
    import workflows.panel as panel
    import workflows.waiting as waiting
    from domain import events as e
    from domain.call_orders import read_taken
    from domain.decisions import DecisionKind
    from domain.lead import Lead
    from domain.messages import Accept, AdoptPolicy, Answer, Decline, Disposition, read_disposition, read_row
    from domain.values import Stage
    from workflows.agenda import Agenda
    from workflows.book import Book


@workflow.defn(name="Lead")
class LeadWorkflow:
    """One lead. Every stage returns at once if its result is already on the lead, so it may continue as new
    anywhere."""

    @workflow.init
    def __init__(self, lead: Lead) -> None:
        self._book = Book(lead)
        self._agenda = Agenda(self._book)

    @property
    def lead(self) -> Lead:
        """The lead as it stands."""
        return self._book.lead

    @workflow.run
    async def run(self, lead: Lead) -> Lead:
        while self.lead.is_open:
            await self.triage()
            await self.hand_off()
            await self.wait_for_contact()
            await self.work()
            await self.rest()
            await self.start_next_cycle()
        await self.settle()
        return self.lead

    # --- stages -------------------------------------------------------------------------------------------------------

    async def triage(self) -> None:
        """Take the decision made at capture, or ask for one when that has outlived its shelf, or the lead waited and
        learnt of its company."""
        if self.lead.plan is not None:
            return
        learnt = await self._book.learn()
        if not self.lead.is_open:
            return
        if not learnt and (fresh := self.lead.fresh_capture(self._book.now)):
            self._book.record(e.Decided(at=self._book.now, decision=fresh, cycle=self.lead.cycle))
        else:
            await self._book.ask(DecisionKind.TRIAGE)

    async def hand_off(self) -> None:
        """Set the first motion going: touch, offer and CRM start side by side, the touch first."""
        if self.lead.handed_off_at is not None or self.lead.is_nurtured or not self.lead.is_awaiting_contact:
            return
        self._agenda.start_due()
        self._book.record(e.HandedOff(at=self._book.now))

    async def wait_for_contact(self) -> None:
        """Climb the ladder (warn, rescue, re-offer, pool, remind, supervisor) until somebody reaches the person."""
        await self._follow(lambda: self.lead.is_climbing)

    async def work(self) -> None:
        """Somebody is on it: a disposition with a reason is owed, and asked for until it comes or nothing is left to
        ask by."""
        while self.lead.is_disposed or self.lead.is_being_worked:
            if self.lead.is_disposed:
                await self._book.ask(DecisionKind.DISPOSE, code=self.lead.disposition)
            elif self.lead.working_since is None:
                await self._book.begin_work()
            elif self.lead.is_left_alone:
                await self._book.ask(DecisionKind.DISPOSE)
            else:
                await self._follow(lambda: self.lead.is_being_worked and not self.lead.is_left_alone)

    async def rest(self) -> None:
        """Sleep on the track; its drip goes on. A strong new signal, or a reply, ends it early."""
        if self.lead.rest is not None and self.lead.stage is not Stage.RESTING:
            self._book.record(e.Rested(at=self._book.now, track=self.lead.rest.track, until=self.lead.rest.until))
        await self._follow(lambda: self.lead.is_resting and not self.lead.is_rested(self._book.now))

    async def start_next_cycle(self) -> None:
        """A rest that ran out, or news worth starting over for, begins the next cycle."""
        if self.lead.starts_over(self._book.now):
            because, woken = self.lead.restart or "rest is over", self.lead.restart is not None
            source, cycle = self.lead.heard if woken else None, self.lead.cycle + 1
            now, others = self._book.now, woken and self.lead.by_others
            begun = e.CycleStarted(at=now, cycle=cycle, because=because, source=source, woken=woken, by_others=others)
            self._book.record(begun)

    async def settle(self) -> None:
        """Close the record at once, so that new messages open a new lead; then tell the CRM and the owner how it
        ended."""
        if self.lead.stage is not Stage.CLOSED and self.lead.closed is not None:
            self._book.record(e.Closed(at=self._book.now, reason=self.lead.closed))
            await effects.close(self.lead, self._book.now)
        await self._follow(lambda: bool(self.lead.agenda))
        await self._agenda.finish()
        await self._follow(lambda: bool(self.lead.agenda))  # what a call that outlived the lead came to
        await self._agenda.finish()
        await self._book.write_down()
        panel.show(self.lead)
        await workflow.wait_condition(workflow.all_handlers_finished)

    # --- the loop -----------------------------------------------------------------------------------------------------

    async def _follow(self, goes_on: Callable[[], bool]) -> None:
        """Work through the agenda while `goes_on()`: start what is due, hear news, write down, wait for the next
        moment."""
        while goes_on():
            self._book.stirred = False
            self._agenda.start_due()
            if self.lead.adopting is not None and self.lead.is_open:
                await self._book.adopt()
            if self.lead.news:
                await self._book.hear_news()
            panel.show(self.lead)
            if self._book.is_to_be_written or not self._agenda.is_at_work:
                await self._book.write_down()
            if not self._book.stirred and goes_on():
                await self._wait()

    async def _wait(self) -> None:
        moments = (self.lead.next_due(self._agenda.busy), self._book.write_by)
        due = min((moment for moment in moments if moment is not None), default=None)
        left = None if due is None else due - self._book.now
        carried = None if self._agenda.is_at_work else self.lead
        await waiting.until(lambda: self._book.stirred, left, carried, f"next: {panel.next_in_words(self.lead)}")

    # --- messages: record a fact, return ------------------------------------------------------------------------------

    @workflow.signal(name="inbox", description="A fact kept in the inbox: {row_id, kind, at}. Sent by Baton's own API.")
    def inbox(self, raw: Any) -> None:  # noqa: ANN401 - decoded by a total function: no payload is dropped unseen
        row = read_row(raw)
        if row is None:
            self._book.record(e.DeadLetter(at=self._book.now, name="inbox", because="not a row reference"))
        elif self.lead.is_open and self._book.take(row.row_id):
            self._book.hear(row)

    @workflow.signal(name="call_taken", description="A rep pressed 1: {call_id, rep}. Sent by the lead's own call.")
    def call_taken(self, raw: Any) -> None:  # noqa: ANN401 - decoded by a total function
        taken = read_taken(raw)
        if taken is not None and self.lead.is_open:
            self._book.record(e.Accepted(at=self._book.now, rep=taken.rep, by_phone=True))

    @workflow.signal(
        name="record_disposition",
        description='How it went: {"code": "no_response", "by": "ada"}, or just "no_response". Codes: connected, '
        "meeting_set, no_response, not_icp, not_now, competitor, duplicate, won, lost, bad_number, opted_out.",
    )
    def record_disposition(self, raw: Any) -> None:  # noqa: ANN401 - a person typed it
        message = read_disposition(raw)
        why = "not a disposition" if message is None else self.lead.why_not_dispose(message)
        if message is None or why is not None:
            self._book.record(e.DeadLetter(at=self._book.now, name="record_disposition", because=why or ""))
        else:
            self._book.record(e.Disposed(at=self._book.now, code=message.code, by=message.by))

    @workflow.update(name="accept", description="A rep takes the lead: {rep, offer?}.")
    def accept(self, message: Accept) -> Answer:
        if self._book.take_update() and self.lead.accepted_at is None:
            self._book.record(e.Accepted(at=self._book.now, rep=message.rep))
        return self._book.answer(f"{message.rep} has the lead")

    @accept.validator
    def why_not_accept(self, message: Accept) -> None:
        self._book.refuse(self.lead.why_not_accept(message))

    @workflow.update(name="decline", description="A rep passes on an offer: {rep, offer?}.")
    def decline(self, message: Decline) -> Answer:
        if self._book.take_update():
            self._book.record(e.Declined(at=self._book.now, rep=message.rep))
        return self._book.answer("the lead goes to the next rep")

    @decline.validator
    def why_not_decline(self, message: Decline) -> None:
        self._book.refuse(self.lead.why_not_decline(message))

    @workflow.update(name="disposition", description="How it went: {code, by}.")
    def disposition(self, message: Disposition) -> Answer:
        if self._book.take_update():
            self._book.record(e.Disposed(at=self._book.now, code=message.code, by=message.by))
        return self._book.answer(f"disposition {message.code} recorded")

    @disposition.validator
    def why_not_dispose(self, message: Disposition) -> None:
        self._book.refuse(self.lead.why_not_dispose(message))

    @workflow.update(name="adopt_policy", description="Follow another policy: {policy_hash, by, because}.")
    def adopt_policy(self, message: AdoptPolicy) -> Answer:
        if self._book.take_update():
            self._book.record(e.AdoptionAsked(at=self._book.now, **message.model_dump()))
        return self._book.answer(f"policy {message.policy_hash} is followed from now on")

    @adopt_policy.validator
    def why_not_adopt(self, message: AdoptPolicy) -> None:
        self._book.refuse(self.lead.why_not_adopt(message))

    @workflow.query(name="lead", description="The lead as it stands; free of personal data.")
    def state(self) -> Lead:
        return self.lead
