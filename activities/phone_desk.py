"""Answers the phone network's questions about our own people's phones: what does this phone hear, who takes the call.

Runs in the API. Each answer is read off the call's row, changed under its lock (decision 0024).
"""

from datetime import timedelta

from activities import whispers
from activities.policies import Policies
from activities.whispers import Briefing
from domain import scripts
from domain.call_facts import Abandoned, CallFact, LegMoved, Pressed, Recorded
from domain.calls import Call, Leg, LegEnd, LegState, Party, Press
from domain.errors import NotFound
from domain.facts import Facts
from domain.messages import RowRef
from domain.orders import TouchState
from domain.phones import Calls
from domain.ports import Dossier, Ledger
from domain.scripts import Script
from domain.values import Source

TAKE, PASS = "1", "2"
PATIENCE = timedelta(seconds=8)

_HOOK = "/v1/hooks/twilio/voice"
_GONE: Script = (whispers.outcome("gone"), scripts.HangUp())
_PAUSE = timedelta(seconds=1)
"""Asked twice this far apart, somebody who has picked up is connected, or told, within the two seconds of N24."""
_BREATH = scripts.Pause(length=timedelta(seconds=15))


class PhoneDesk:
    """One tenant's. Raises NotFound for a call or leg that isn't there, Unavailable."""

    def __init__(self, calls: Calls, ledger: Ledger, policies: Policies) -> None:
        self._calls = calls
        self._ledger = ledger
        self._policies = policies

    async def greet(self, call_id: str, leg_id: str, again: bool = False) -> tuple[Script, Call]:
        """A rep has picked up: who it is, why now, and the question whether they take it."""
        call = await self._calls.change(call_id, LegMoved(leg_id=leg_id, state=LegState.ANSWERED))
        leg = _leg(call, leg_id)
        if not leg.is_first_rung:
            return await self._greet_further(call, leg, again), call
        if call.taken_by not in (None, leg.leg_id):
            return await self._too_late(call), call
        if call.over and not call.is_inbound:
            return _GONE, call
        briefing = await self._briefing(call)
        if not call.is_inbound and call.off not in (None, "replied", "abandoned"):
            return (*whispers.news(briefing), scripts.HangUp()), call
        return _question(whispers.to_begin_with(briefing), call, leg, again), call

    async def _greet_further(self, call: Call, leg: Leg, again: bool) -> Script:
        """Somebody who is to join a call that goes on: to take it over, to help, to listen."""
        if not call.is_going_on or call.is_person_gone:
            return _GONE
        briefing = await self._briefing(call)
        if leg.party is Party.MANAGER:
            return _question(whispers.joining(briefing, leg), call, leg, again)
        words = await self._calls.note(call.call_id, leg.note_id) if leg.note_id is not None else None
        return _question(whispers.handover(briefing, leg, words), call, leg, again)

    async def pressed(self, call_id: str, leg_id: str, digits: str, again: bool) -> tuple[Script, Call]:
        """A rep's answer; the first who takes it is connected. No answer is asked for once more: machines have none."""
        if digits not in (TAKE, PASS):
            call = await self._calls.read(call_id)
            return ((scripts.HangUp(),), call) if again else await self.greet(call_id, leg_id, again=True)
        call = await self._calls.change(call_id, Pressed(leg_id=leg_id, takes=digits == TAKE))
        leg = _leg(call, leg_id)
        press = leg.press
        if press is Press.TOOK and call.is_inbound:  # who called us is connected as soon as there is nothing to hear
            return (), call
        if press is Press.TOOK:
            return (*await self._announced(call), *self._join(call, leg)), call
        if press is Press.LATE:
            return await self._too_late(call), call
        if press is Press.IN_VAIN:
            return (*whispers.in_vain(await self._briefing(call)), scripts.HangUp()), call
        return (scripts.Say(words="Passed."), scripts.HangUp()), call

    async def person(self, call_id: str, leg_id: str, again: bool = False) -> tuple[Script, Call]:
        """The person has picked up before a rep was connected: into the conference with whoever has it, or asked again
        in a second; then they hear who called and where we are reached, as 16 CFR 310.4(b)(4)(iii) asks."""
        call = await self._calls.change(call_id, LegMoved(leg_id=leg_id, state=LegState.ANSWERED))
        if call.off == "opted_out":
            return (scripts.HangUp(),), call
        if again and not call.is_going_on:  # a press that comes in the meantime counts
            call = await self._calls.change(call_id, Abandoned())
        if call.is_going_on:
            return self._join(call, _leg(call, leg_id)), call
        if not again:
            return (
                scripts.Pause(length=_PAUSE),
                scripts.GoTo(path=f"{_HOOK}/person?call={call_id}&leg={leg_id}&again=1"),
            ), call
        policy = await self._policies.pinned(call.policy_hash)
        ours = (await self._ledger.current(leg_id)).intent.sender
        return (whispers.nobody_there(policy.policy.business.name, ours), scripts.HangUp()), call

    async def hold(self, call_id: str) -> Script:
        """What the rep hears until the person is there."""
        briefing = await self._briefing(await self._calls.read(call_id))
        wait = scripts.Pause(length=timedelta(seconds=10))
        return (scripts.Say(words=f"Calling {briefing.who}."), wait)

    async def wait(self) -> Script:
        """What somebody hears who is on hold."""
        first, again = whispers.ON_HOLD
        rounds = tuple(verb for _ in range(8) for verb in (_BREATH, scripts.Say(words=again)))
        return (scripts.Say(words=first), *rounds)

    async def after(self, call_id: str, leg_id: str) -> tuple[Script, Call]:
        """The conference is over for the rep: how it ended, where they don't know."""
        call = await self._calls.read(call_id)
        leg = call.leg(leg_id)
        words = _last_words(call) if leg is not None and leg.is_first_rung else ()
        return (*words, scripts.HangUp()), call

    async def announcement(self, call_id: str | None, what: str) -> Script:
        """What is said into a conference."""
        if what == "recorded" and call_id is not None:
            briefing = await self._briefing(await self._calls.read(call_id))
            return (scripts.Say(words=briefing.recorded),)
        return (whispers.outcome(what),)

    async def learn(self, call_id: str, *facts: CallFact) -> Call:
        """The phone network's word on a call, and so on the touches that its legs are."""
        call = await self._calls.change(call_id, *facts)
        for fact in facts:
            if isinstance(fact, LegMoved) and fact.vendor_id is not None and call.leg(fact.leg_id) is not None:
                await self._ledger.settle(fact.leg_id, _touch_state(fact), fact.vendor_id, None)
        return call

    async def recorded(self, call_id: str, fact: Recorded) -> tuple[Call, RowRef | None]:
        """There is a recording; with what the lead of a call that is over is to be told."""
        return await self._calls.recorded(call_id, fact)

    async def _announced(self, call: Call) -> Script:
        """Whoever comes into a call that is recorded hears it before."""
        if call.plan is None or not (call.plan.record and call.plan.announce):
            return ()
        return (scripts.Say(words=(await self._briefing(call)).recorded),)

    async def _too_late(self, call: Call) -> Script:
        briefing, taker = await self._briefing(call), call.taker
        name = briefing.rep(taker.rep if taker is not None else None)
        return (scripts.Say(words=f"{name} was faster. Thank you."), scripts.HangUp())

    def _join(self, call: Call, leg: Leg) -> Script:
        """Into the conference: the rep who took it keeps it alive, whoever comes later doesn't end it in going."""
        about, plan, taker = f"call={call.call_id}&leg={leg.leg_id}", call.plan, call.taker
        is_person = leg.party is Party.LEAD
        if not is_person and not leg.is_first_rung and (not call.is_going_on or taker is None or not taker.is_in):
            return _GONE
        join = scripts.Join(
            room=call.call_id,
            label=leg.leg_id,
            ends=leg.is_first_rung or is_person,
            coach=taker.vendor_id if leg.coaches and taker is not None else None,
            hold=None if is_person else f"{_HOOK}/hold?call={call.call_id}",
            events=f"{_HOOK}/conference?call={call.call_id}",
            after=f"{_HOOK}/after?{about}",
            record=f"{_HOOK}/recording?call={call.call_id}" if plan is not None and plan.record else None,
        )
        return (join, scripts.HangUp())

    async def _briefing(self, call: Call) -> Briefing:
        if call.lead_id:
            dossier = await self._ledger.dossier(call.tenant, call.lead_id, call.asked_at, call.call_id)
        else:  # somebody new calls us
            facts = Facts(tenant=call.tenant, lead_id="", source=Source.INBOUND_CALL, received_at=call.asked_at)
            dossier = Dossier(facts=facts, person_id="")
        policy = await self._policies.pinned(call.policy_hash)
        return Briefing(call, dossier, policy.policy)


def _question(says: tuple[scripts.Say, ...], call: Call, leg: Leg, again: bool) -> Script:
    answer = f"{_HOOK}/press?call={call.call_id}&leg={leg.leg_id}" + ("&again=1" if again else "")
    return (scripts.Ask(says=says, answer=answer, patience=PATIENCE), scripts.HangUp())


def _touch_state(moved: LegMoved) -> TouchState:
    """A leg's state as its touch's: it rang, or somebody picked up."""
    is_answered = moved.state is LegState.ANSWERED or moved.end is LegEnd.COMPLETED
    if moved.end is LegEnd.FAILED:
        return TouchState.FAILED
    return TouchState.DELIVERED if is_answered else TouchState.SENT


def _leg(call: Call, leg_id: str) -> Leg:
    leg = call.leg(leg_id)
    if leg is None:
        raise NotFound("This call has no such phone.")
    return leg


def _last_words(call: Call) -> Script:
    person = call.person
    if call.off is not None:
        return (whispers.outcome(call.off),)
    if call.met or person is None:
        return ()
    if not person.is_human:
        dropped = call.plan is not None and call.plan.drop is not None
        return (whispers.outcome("dropped" if dropped else "voicemail"),)
    if not person.is_over:
        return ()
    return (whispers.outcome("failed" if person.end is LegEnd.FAILED else "no_answer"),)
