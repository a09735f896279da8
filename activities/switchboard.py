"""Answers calls to the business's number: whose phones ring, and the voicemail where nobody takes it (decision 0028).

Runs in the API. What it says is read off the call's row; what becomes of a call is for aftermath.py.
"""

from datetime import datetime

import structlog

from activities import call_scripts
from activities.call_scripts import call_id_of
from activities.policies import Policies
from domain import scripts
from domain.answering import CHANNEL, Answering, InboundCall
from domain.call_facts import Chosen, Joined, LegMoved, LegPlanned, Missed, RoomClosed
from domain.calls import Call, Direction, Leg, LegEnd, LegState, Party
from domain.errors import NotFound, Unavailable
from domain.phones import Callers, Calls, Capturing
from domain.scripts import Script
from policy.answering import answer

log = structlog.get_logger()

CALLER = "caller"
"""Their phone among the legs of a call to us."""


class Switchboard:
    """One tenant's. A caller always hears something: where the database doesn't answer, a message is taken."""

    def __init__(self, tenant: str, calls: Calls, callers: Callers, capture: Capturing, policies: Policies) -> None:
        self._tenant = tenant
        self._calls = calls
        self._callers = callers
        self._capture = capture
        self._policies = policies

    async def arrive(self, inbound: InboundCall) -> tuple[Script, Call | None]:
        """A call comes in. It is kept before it is answered; the same call again is answered the same way."""
        try:
            await self._capture.keep(CHANNEL, inbound.vendor_id, inbound.model_dump_json())
            call = await self._begun(inbound)
        except Unavailable as error:
            log.error("call_without_memory", error=str(error))
            return call_scripts.without_memory(inbound), None
        if call is None:
            return (scripts.Reject(busy=True),), None
        return await self._first(call, inbound), call

    async def _begun(self, inbound: InboundCall, is_over: bool = False) -> Call | None:
        """The call's row, made with its first round; None where the caller is blocked. `is_over`: they hung up, nobody
        was rung."""
        caller = await self._callers.meet(self._tenant, inbound, self._capture.person(inbound.caller))
        answering = answer(inbound, caller, self._policies.current)
        if answering.rejects:
            await self._callers.done(self._tenant, inbound.vendor_id)
            return None
        call_id, end = call_id_of(inbound.vendor_id), {"state": LegState.ENDED, "end": LegEnd.COMPLETED}
        person = Leg(
            leg_id=f"{call_id}-{CALLER}", party=Party.LEAD, vendor_id=inbound.vendor_id, state=LegState.RINGING
        )
        call = Call(
            call_id=call_id,
            tenant=self._tenant,
            lead_id=caller.lead_id,
            direction=Direction.INBOUND,
            policy_hash=answering.policy_hash,
            asked_at=caller.now,
            legs=(person.model_copy(update=end if is_over else {}), *_first_legs(call_id, answering, is_over)),
            answering=answering,
            missed=is_over or not (answering.asks or answering.rounds),
        )
        return await self._calls.begin(call, caller.person_id)

    async def _first(self, call: Call, inbound: InboundCall) -> Script:
        answering = call.answering or Answering()
        if answering.asks:
            return call_scripts.menu(answering, self._policies.current.policy)
        return await self._round(call, 0, inbound)

    async def chosen(self, inbound: InboundCall, digits: str) -> tuple[Script, Call]:
        """The caller pressed a key of the menu, or none."""
        caller = await self._callers.meet(self._tenant, inbound, self._capture.person(inbound.caller))
        answering = answer(inbound, caller, self._policies.current, digits)
        call = await self._calls.change(call_id_of(inbound.vendor_id), Chosen(answering=answering))
        return await self._round(call, 0, inbound), call

    async def next(self, inbound: InboundCall, number: int, bridged: bool | None) -> tuple[Script, Call]:
        """A round is over: the talk is, or the next phones ring, or the voicemail. `bridged`: as the vendor has it."""
        call = await self._calls.read(call_id_of(inbound.vendor_id))
        if call.taken_by is not None and bridged is not False:
            down = LegMoved(leg_id=call.taken_by, state=LegState.ENDED, end=LegEnd.COMPLETED)
            return (scripts.HangUp(),), await self._calls.change(call.call_id, down)
        if call.person is not None and call.person.is_over:
            return (scripts.HangUp(),), call
        script = await self._round(call, number, inbound)
        return script, await self._calls.read(call.call_id)

    async def _round(self, call: Call, number: int, inbound: InboundCall) -> Script:
        answering, policy = call.answering or Answering(), self._policies.current.policy
        if number < len(answering.rounds):
            planned = [LegPlanned(leg=leg) for leg in call_scripts.legs_of(call.call_id, answering, number)]
            await self._calls.change(call.call_id, *planned)
            return call_scripts.ringing(call, number, inbound, policy)
        await self._calls.change(call.call_id, Missed())
        return call_scripts.voicemail(answering, policy)

    async def thanks(self, inbound: InboundCall) -> Script:
        """The caller has left a message."""
        try:
            call = await self._calls.read(call_id_of(inbound.vendor_id))
        except (NotFound, Unavailable):
            return call_scripts.thanks("en")
        return call_scripts.thanks((call.answering or Answering()).language)

    async def bridged(self, call: Call, leg_id: str, at: datetime) -> Call:
        """Whoever pressed 1 is connected from this moment on, if it was they who took the call."""
        person = call.person
        if call.taken_by != leg_id or person is None:
            return call
        answered = LegMoved(leg_id=person.leg_id, state=LegState.ANSWERED)
        legs = (Joined(leg_id=each, at=at, room=call.call_id) for each in (leg_id, person.leg_id))
        return await self._calls.change(call.call_id, answered, *legs)

    async def moved(self, inbound: InboundCall, state: LegState, end: LegEnd | None) -> Call | None:
        """The vendor's word on the caller's own phone. A call that was never announced is taken up with it, once it is
        over; None where there is nothing to take up."""
        try:
            moved = LegMoved(leg_id=inbound.vendor_id, state=state, end=end)
            return await self._calls.change(call_id_of(inbound.vendor_id), moved)
        except NotFound:
            return await self.unannounced(inbound) if state is LegState.ENDED else None

    async def unannounced(self, inbound: InboundCall) -> Call | None:
        """A call that nobody was rung for, since we couldn't be asked: missed. None where the caller is blocked."""
        await self._capture.keep(CHANNEL, inbound.vendor_id, inbound.model_dump_json())
        return await self._begun(inbound, is_over=True)

    async def over(self, call: Call, at: datetime) -> Call:
        """The call as of this moment: whoever spoke with one another has parted once either phone is down."""
        ends = [leg for leg in (call.taker, call.person) if leg is not None and leg.is_over]
        return await self._calls.change(call.call_id, RoomClosed(at=at)) if call.met and ends else call


def _first_legs(call_id: str, answering: Answering, is_over: bool) -> tuple[Leg, ...]:
    return () if is_over else call_scripts.legs_of(call_id, answering, 0)
