"""The phone network: carries texts to people and back, reports what became of them, honours STOP.

Default opt-out handling of a carrier number: one-word keywords only; anything wordier is for Baton to understand.
"""

import asyncio
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree import ElementTree

from simulator.clock import EmbeddedClock
from simulator.courier import Answer, Courier, Parcel
from simulator.faults import Callbacks
from simulator.journal import Journal
from simulator.log import DeliveryLog, Reached
from simulator.personas import Personas, PhonePersona
from simulator.segments import segments
from simulator.settings import SimSettings
from simulator.signatures import twilio_headers
from simulator.twilio_errors import UNDELIVERED, UNSUBSCRIBED, Refusal, unroutable
from simulator.twilio_lists import API
from simulator.twilio_messages import Message, Messages
from simulator.twilio_status import StatusReports

_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_START = frozenset({"START", "UNSTOP"})
_HELP = frozenset({"HELP", "INFO"})
_NOTICES = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}
_WEBHOOK_TIMEOUT = 15.0  # seconds; Twilio's read timeout
_RETRIES = 2  # one retry after a failed connection is Twilio's default


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that passed the REST API's checks; numbers are E.164."""

    to: str
    sender: str
    body: str
    service: str | None = None
    status_callback: str | None = None
    callbacks: Callbacks | None = None
    callbacks_late: float = 5.0
    direction: str = "outbound-api"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or the like that comes with a person's text. Nobody fetches it: an address is all there is."""

    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class Network:
    """What the phone network is wired to."""

    settings: SimSettings
    clock: EmbeddedClock
    journal: Journal
    log: DeliveryLog
    courier: Courier
    messages: Messages
    personas: Personas


class Phones:
    """Every phone there is, and the carrier between them and Baton's number."""

    def __init__(self, network: Network) -> None:
        self._net = network
        self._reports = StatusReports(network.settings, network.clock, network.courier, network.messages)
        self._stopped = {(str(pair).split(" ")[0], str(pair).split(" ")[1]) for pair in network.journal.read("stop")}

    def clear(self) -> None:
        self._stopped.clear()

    def resume(self) -> None:
        """Go on with the status reports that a crash cut off."""
        for message in self._net.messages.unfinished():
            is_held = message.status == "scheduled"
            self._net.courier.spawn(self._hold(message, None) if is_held else self._reports.progress(message))

    async def send(self, draft: Draft) -> Message | Refusal:
        """Carry one text, unless the person opted out at the carrier or no way leads there."""
        if (draft.to, draft.sender) in self._stopped:
            return UNSUBSCRIBED
        if self._net.personas.is_unroutable(draft.to):
            return unroutable(draft.to, draft.sender)
        persona = self._net.personas.meets_text(draft.to)
        error = UNDELIVERED.get(persona.kind) if persona is not None else None
        message = self._net.messages.save(self._outbound(draft, error=error))
        if draft.callbacks == "held":
            self._net.courier.spawn(self._hold(message, persona))
            return message
        self._note("sms", message, delivered=error is None)
        if persona is not None:
            self._net.personas.answer_text(persona)
        progress = self._reports.progress(message)
        if draft.callbacks == "early":
            await progress
        else:
            self._net.courier.spawn(progress)
        # The answer shows the text as it was taken, without the error its delivery will meet.
        return message.model_copy(update={"error": None})

    async def _hold(self, message: Message, persona: PhonePersona | None) -> None:
        """A text that the vendor keeps for a while, and forgets if it is told to meanwhile."""
        await asyncio.sleep(message.callbacks_late)
        if (kept := self._net.messages.get(message.sid)) is None or kept.status != "scheduled":
            return
        self._note("sms", kept, delivered=kept.error is None)
        if persona is not None:
            self._net.personas.answer_text(persona)
        await self._reports.progress(kept.model_copy(update={"status": "queued", "callbacks": None}))

    async def cancel(self, message: Message) -> Message:
        """A held text is forgotten, and that is reported."""
        self._net.courier.spawn(self._reports.canceled(kept := self._net.messages.save(message.canceled())))
        return kept

    async def receive(self, phone: str, to: str, body: str, sid: str, media: Sequence[Media] = ()) -> Answer:
        """A person texts Baton's number; the answer is that of Baton's webhook."""
        keyword = self._keyword(phone, to, body)
        self._obey(keyword, phone, to)
        message = self._net.messages.save(self._inbound(phone, to, body, sid))
        form = self._inbound_form(message, keyword) | _media_form(media)
        answer = await self._net.courier.insist(lambda _: self._post(form), times=_RETRIES, pause=1.0)
        self._note("inbound_sms", message, delivered=answer.taken)
        if keyword in _NOTICES:
            self._notice(message, keyword)
        await self._reply_by_twiml(message, answer)
        return answer

    def _outbound(self, draft: Draft, error: int | None) -> Message:
        now = self._net.clock.real_now()
        return Message(
            sid=new_sid(),
            account=self._net.settings.twilio_account_sid,
            sender=draft.sender,
            to=draft.to,
            body=draft.body,
            direction=draft.direction,
            status="scheduled" if draft.callbacks == "held" else "accepted" if draft.service else "queued",
            segments=segments(draft.body),
            created=now,
            updated=now,
            service=draft.service,
            error=error,
            status_callback=draft.status_callback,
            callbacks=draft.callbacks,
            callbacks_late=draft.callbacks_late,
        )

    def _inbound(self, phone: str, to: str, body: str, sid: str) -> Message:
        now = self._net.clock.real_now()
        return Message(
            sid=sid,
            account=self._net.settings.twilio_account_sid,
            sender=phone,
            to=to,
            body=body,
            direction="inbound",
            status="received",
            segments=segments(body),
            created=now,
            updated=now,
            sent=now,
        )

    def _keyword(self, phone: str, to: str, body: str) -> str:
        word = body.strip().upper()
        if word in _STOP:
            return "STOP"
        # "Yes" is an ordinary answer unless the person had opted out.
        if word in _START or (word == "YES" and (phone, to) in self._stopped):
            return "START"
        return "HELP" if word in _HELP else ""

    def _obey(self, keyword: str, phone: str, to: str) -> None:
        pair = f"{phone} {to}"
        if keyword == "STOP":
            self._stopped.add((phone, to))
            self._net.journal.put("stop", pair, True)
        elif keyword == "START":
            self._stopped.discard((phone, to))
            self._net.journal.put("stop", pair, None)

    def _inbound_form(self, message: Message, keyword: str) -> dict[str, str]:
        places = {f"{end}{part}": "" for end in ("From", "To") for part in ("City", "State", "Zip")}
        form = {
            **places,
            "FromCountry": "US",
            "ToCountry": "US",
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageSid": message.sid,
            "SmsStatus": "received",
            "AccountSid": message.account,
            "From": message.sender,
            "To": message.to,
            "Body": message.body,
            "NumSegments": str(message.segments),
            "ApiVersion": API,
        }
        return form | ({"OptOutType": keyword} if keyword else {})

    async def _post(self, form: dict[str, str]) -> Answer:
        url = self._net.settings.hook("/v1/hooks/twilio/sms")
        headers = twilio_headers(self._net.settings.twilio_auth_token, url, form)
        return await self._net.courier.post(Parcel("twilio", url, urlencode(form), headers, _WEBHOOK_TIMEOUT))

    async def _reply_by_twiml(self, message: Message, answer: Answer) -> None:
        """Baton may answer a text with TwiML; each <Message> in it is sent back."""
        if not answer.taken or not re.search(r"<Message[\s>]", answer.text):
            return
        for verb in ElementTree.fromstring(answer.text.encode()).iter("Message"):
            body = (verb.findtext("Body") or verb.text or "").strip()
            if body:
                await self.send(Draft(message.sender, message.to, body, direction="outbound-reply"))

    def _notice(self, message: Message, keyword: str) -> None:
        """The carrier's own confirmation: it reaches the phone, but Baton didn't send it."""
        self._net.log.add(Reached("twilio", "carrier_notice", message.sender, message.to, _NOTICES[keyword]))

    def _note(self, kind: str, message: Message, delivered: bool) -> None:
        self._net.log.add(
            Reached("twilio", kind, message.to, message.sender, message.body, message.sid, delivered=delivered)
        )


def _media_form(media: Sequence[Media]) -> dict[str, str]:
    form = {"NumMedia": str(len(media))}
    for number, each in enumerate(media):
        form |= {f"MediaContentType{number}": each.content_type, f"MediaUrl{number}": each.url}
    return form


def new_sid() -> str:
    return f"SM{uuid.uuid4().hex}"
