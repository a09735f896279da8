"""A call in a sentence or two, for whoever reads the CRM: who called, how it ended, how long, where its recording is.

Reads the call's row when it is asked: what came late is in it. A link is an address of the vendor's own.
"""

from datetime import timedelta

from domain.call_views import Address
from domain.calls import Call, LegEnd
from domain.errors import NotFound
from domain.phones import Calls
from policy.model import Policy

_UNREACHED = {LegEnd.BUSY: "busy", LegEnd.FAILED: "their phone could not be reached", LegEnd.REFUSED: "not dialled"}


class CallNotes:
    """One process's."""

    def __init__(self, calls: Calls, address: Address) -> None:
        self._calls = calls
        self._address = address

    async def of_call(self, call_id: str | None, policy: Policy) -> str:
        """How a call went."""
        call = await self._known(call_id)
        if call is None:
            return "Baton: a call was made."
        link = self._link(call)
        return f"Baton: call by {_who(call, policy)}, {_how(call)}." + (f" Recording: {link}" if link else "")

    async def of_recording(self, call_id: str | None, policy: Policy) -> str | None:
        """The recording of a call that was noted before; None where there is none to listen to."""
        call = await self._known(call_id)
        link = self._link(call) if call is not None else None
        if call is None or link is None:
            return None
        return f"Baton: recording of the call by {_who(call, policy)}, {length(call.talk)}: {link}"

    async def _known(self, call_id: str | None) -> Call | None:
        try:
            return await self._calls.read(call_id) if call_id else None
        except NotFound:
            return None

    def _link(self, call: Call) -> str | None:
        return self._address(call.recording) if call.may_be_heard and call.recording is not None else None


def length(talk: timedelta) -> str:
    """As a clock shows it: 4:05, or 1:02:09."""
    minutes, seconds = divmod(int(talk.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _who(call: Call, policy: Policy) -> str:
    rep = policy.rep(call.taker.rep) if call.taker is not None else None
    return rep.name if rep is not None else "nobody, for no rep took it"


def _how(call: Call) -> str:
    person = call.person
    if call.met and person is not None and person.is_human:
        return f"connected {length(call.talk)}"
    if call.off is not None:
        return f"called off ({call.off.replace('_', ' ')})"
    if person is None:
        return "their phone was not rung"
    if not person.is_human:
        return "voicemail" + (", words were left" if call.plan is not None and call.plan.drop is not None else "")
    return _UNREACHED.get(person.end, "no answer") if person.end is not None else "no answer"
