"""Twilio's requests about calls: fetches TwiML, reports states. Signed over the exact URL; it decides nothing."""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlencode

from simulator.clock import EmbeddedClock
from simulator.courier import Answer, Courier, Parcel
from simulator.settings import SimSettings
from simulator.signatures import twilio_headers
from simulator.twilio_calls import Call
from simulator.twilio_lists import API

TIMEOUT = 15.0  # seconds; Twilio's, for TwiML and callbacks alike
_NOT_REACHED = ("ConnectError", "ConnectTimeout")


class VoiceWeb:
    """Sends one form, by POST or as a query by GET."""

    def __init__(self, settings: SimSettings, courier: Courier) -> None:
        self._token = settings.twilio_auth_token
        self._courier = courier

    async def send(self, url: str, form: Mapping[str, str], method: str = "POST") -> Answer:
        """A GET carries the form in its address, which is then what is signed."""
        if method == "GET":
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(form)}"
            headers = twilio_headers(self._token, url, {})
            return await self._courier.post(Parcel("twilio", url, "", headers, TIMEOUT, method="GET"))
        headers = twilio_headers(self._token, url, form)
        return await self._courier.post(Parcel("twilio", url, urlencode(form), headers, TIMEOUT))

    async def fetch(self, url: str, form: Mapping[str, str], method: str) -> Answer:
        """Ask for TwiML; repeated once if nobody could be reached, Twilio's default, but not after an answer."""
        answer = await self.send(url, form, method)
        reached = answer.status is not None or answer.text not in _NOT_REACHED
        return answer if reached else await self.send(url, form, method)


def call_facts(call: Call) -> dict[str, str]:
    """What every request about a call says."""
    facts = {
        "CallSid": call.sid,
        "AccountSid": call.account,
        "From": call.sender,
        "To": call.to,
        "Caller": call.sender,
        "Called": call.to,
        "CallStatus": call.status,
        "Direction": call.direction,
        "ApiVersion": API,
    }
    return facts | ({"ParentCallSid": call.parent} if call.parent else {})


_SIP = {"completed": "200", "busy": "486", "no-answer": "487", "failed": "404", "canceled": "487"}


def progress_form(call: Call) -> dict[str, str]:
    """A status report; the last one also says how long the call was, in seconds and in started minutes."""
    form = call_facts(call) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
        "Timestamp": stamp(call.ahead),
    }
    if call.over:
        minutes = str(-(-call.seconds // 60))
        form |= {"CallDuration": str(call.seconds), "Duration": minutes, "SipResponseCode": _SIP[call.status]}
    return form | ({"AnsweredBy": call.answered_by} if call.answered_by else {})


def stamp(ahead: float = 0.0) -> str:
    """Now, in the vendor's form and on its clock; so many seconds further on."""
    return format_datetime(EmbeddedClock.real_now() + timedelta(seconds=ahead))
