"""What people of ours have done to a call under way, as activities: hold, who ends it, a word to one alone, who asked.

Every order may come twice. Phones that ring for it are phone_calls.py's.
"""

import structlog
from temporalio import activity

from activities.phone_calls import announcement
from domain.call_facts import Acted
from domain.call_orders import CallStep
from domain.calls import Call, Leg
from domain.errors import VendorError
from domain.phones import Calls, Voice

log = structlog.get_logger()

WAIT = "/v1/hooks/twilio/voice/wait"
"""Our own path of what somebody hears who is on hold."""

ON, OFF = "on", "off"


class PhoneControls:
    """Changes calls for workflows."""

    def __init__(self, calls: Calls, voice: Voice) -> None:
        self._calls = calls
        self._voice = voice

    @activity.defn(name="note_act")
    async def note(self, step: CallStep) -> Call:
        """Who had what done, on the call's row."""
        if step.act is None:
            return await self._calls.read(step.call_id)
        return await self._calls.change(step.call_id, Acted(act=step.act))

    @activity.defn(name="hold_legs")
    async def hold(self, step: CallStep) -> Call:
        """These phones hear that they wait, and nobody hears them; `off`: they are back."""
        call, path = await self._calls.read(step.call_id), WAIT if step.because == ON else None
        for leg in _in(call, step):
            await self._voice.hold(call.room or "", leg.vendor_id or "", path)
        return call

    @activity.defn(name="end_with_legs")
    async def ends(self, step: CallStep) -> Call:
        """The conference is over when these phones go; `off`: it isn't."""
        call = await self._calls.read(step.call_id)
        for leg in _in(call, step):
            await self._voice.ends(call.room or "", leg.vendor_id or "", step.because == ON)
        return call

    @activity.defn(name="tell_legs")
    async def tell(self, step: CallStep) -> Call:
        """These phones alone hear something. That it can't be said holds nothing up."""
        call = await self._calls.read(step.call_id)
        for leg in _in(call, step):
            try:
                await self._voice.tell(call.room or "", leg.vendor_id or "", announcement(step.call_id, step.because))
            except VendorError as error:
                log.warning("not_told", call=step.call_id, error=error.detail)
        return call


def _in(call: Call, step: CallStep) -> list[Leg]:
    """Of the legs that are meant, those in the conference."""
    return [leg for leg in call.legs if leg.leg_id in step.legs and leg.is_in and leg.vendor_id and call.room]
