"""What becomes of a call to us: a missed one is an inquiry, an answered one is contact, a message is shown (R13, N14).

Read off the call's row, so that it may be asked as often as one likes: each thing is done once, whoever brings it.
"""

import structlog

from activities.policies import Policies
from domain.answering import InboundCall
from domain.call_facts import Recorded, Told
from domain.calls import Call
from domain.messages import Inquiry, Person
from domain.phones import Callers, CallNote, Calls, Capturing, Taken
from domain.ports import Captured
from domain.values import Source

log = structlog.get_logger()

MISSED, ANSWERED, TALKED = "missed", "answered", "talked"


def is_owed(call: Call) -> bool:
    """Whether anything of a call is still to be done."""
    over = call.person is not None and call.person.is_over
    happened = {ANSWERED: call.met, TALKED: call.met and call.room_closed, MISSED: call.is_missed}
    return over or any(so and what not in call.told for what, so in happened.items())


class Aftermath:
    """One tenant's. Raises Unavailable: it is asked again."""

    def __init__(self, tenant: str, calls: Calls, callers: Callers, capture: Capturing, policies: Policies) -> None:
        self._tenant = tenant
        self._calls = calls
        self._callers = callers
        self._capture = capture
        self._policies = policies

    async def settle(self, call: Call) -> tuple[Captured, ...]:
        """All that follows from the call as it stands, and wasn't done yet: what leads are to be told."""
        inbound = await self._inbound(call) if is_owed(call) else None
        if inbound is None:
            return ()
        found: list[Captured] = []
        if call.met and ANSWERED not in call.told:
            call = await self._told(call, ANSWERED, await self._answered(call, inbound), found)
        if call.met and call.room_closed and TALKED not in call.told:
            call = await self._told(call, TALKED, await self._talked(call), found)
        if call.is_missed and MISSED not in call.told:
            captured = await self._missed(inbound) if inbound.caller is not None else None
            call = await self._told(call, MISSED, captured, found)
        if call.person is not None and call.person.is_over:
            await self._calls.end(call.call_id)
            await self._callers.done(self._tenant, inbound.vendor_id)
        return tuple(found)

    async def message(self, call: Call, message: CallNote) -> tuple[Captured, ...]:
        """A message was left, or written down. Of a caller whose number is withheld it is all there is to go by."""
        found = list(await self.settle(call))
        call = await self._calls.read(call.call_id)
        inbound = await self._inbound(call)
        if inbound is None:
            return tuple(found)
        if not call.lead_id:
            call = await self._told(call, MISSED, await self._missed(inbound), found)
        if message.recording is not None:
            await self._calls.change(call.call_id, Recorded(recording=message.event_id, length=message.length))
        kept = await self._callers.note(self._tenant, call.lead_id, message)
        return (*found, *((kept,) if kept is not None else ()))

    async def _inbound(self, call: Call) -> InboundCall | None:
        person = call.person
        if person is None or person.vendor_id is None:
            return None
        return await self._callers.arrived(self._tenant, person.vendor_id)

    async def _told(self, call: Call, what: str, captured: Captured | None, found: list[Captured]) -> Call:
        if captured is not None:
            found.append(captured)
        lead_id = (captured.lead_id if captured is not None else None) or ""
        return await self._calls.change(call.call_id, Told(what=what, lead_id=lead_id))

    async def _missed(self, inbound: InboundCall) -> Captured:
        """An inquiry under the vendor's id of the call, whichever of its requests brought it."""
        asked = Inquiry(
            source=Source.MISSED_CALL, source_event_id=inbound.vendor_id, person=Person(phone=inbound.caller)
        )
        return await self._capture.inquiry(asked)

    async def _answered(self, call: Call, inbound: InboundCall) -> Captured | None:
        if inbound.caller is None:
            log.info("answered_without_number", call=call.call_id)
            return None
        rep = call.taker.rep if call.taker is not None else None
        taken = Taken(vendor_id=inbound.vendor_id, caller=inbound.caller, rep=rep)
        return await self._capture.answered(taken, self._callers)

    async def _talked(self, call: Call) -> Captured | None:
        policy = await self._policies.pinned(call.policy_hash)
        person, taker = call.person, call.taker
        if person is None or person.vendor_id is None or call.closed_at is None or not call.lead_id:
            return None
        note = CallNote(
            kind=TALKED,
            event_id=person.vendor_id,
            at=call.closed_at,
            rep=taker.rep if taker is not None else None,
            talk=call.talk,
            contact=call.talk >= policy.policy.contact_counts.talk,
        )
        return await self._callers.note(self._tenant, call.lead_id, note)
