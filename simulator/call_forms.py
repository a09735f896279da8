"""What a request for a call asks for, and why Twilio would refuse it. It dials nobody."""

import uuid
from collections.abc import Sequence
from urllib.parse import urlsplit

import phonenumbers

from simulator import twilio_errors as errors
from simulator.clock import EmbeddedClock
from simulator.exchange import Wish
from simulator.faults import Fault
from simulator.machine_detection import Detection
from simulator.settings import SimSettings
from simulator.sounds import Source
from simulator.twilio_account import E164, is_phone, plain_number
from simulator.twilio_calls import Call
from simulator.twilio_errors import Refusal
from simulator.twiml_verbs import Recorded

_BUFFER = 5  # seconds that Twilio adds to a timeout
_LONGEST_RING = 600
_LONGEST_TWIML = 4000
_EVENTS = ("initiated", "ringing", "answered", "completed")
_CALLBACKS = ("StatusCallback", "AsyncAmdStatusCallback", "AmdStatusCallback", "RecordingStatusCallback")


class CallForm:
    """Fields by name; the last of a repeated one, except for events, which may also stand in one with spaces."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = pairs
        self._fields = dict(pairs)

    def get(self, name: str, unless: str = "") -> str:
        return self._fields.get(name, unless)

    def given(self, name: str) -> str | None:
        return self._fields.get(name) or None

    def flag(self, name: str, *, unless: bool = False) -> bool:
        given = self.get(name)
        return given.lower() == "true" if given else unless

    def events(self, name: str, unless: tuple[str, ...]) -> tuple[str, ...]:
        words = [word for key, value in self._pairs if key == name for word in value.split()]
        return tuple(words) or unless

    def why_not_dial(self, settings: SimSettings) -> Refusal | None:
        """The first thing that is wrong with the numbers, callbacks and times."""
        return self._why_not_numbers(settings) or self._why_not_rest()

    def why_no_twiml(self) -> Refusal | None:
        """A call by Calls needs TwiML from somewhere."""
        url = self.get("Url")
        checks = (
            (bool(url) and not is_url(url), errors.bad_url("Url", url)),
            (not url and not self.get("Twiml") and not self.get("ApplicationSid"), errors.NO_URL),
            (len(self.get("Twiml")) > _LONGEST_TWIML, errors.bad_parameter("Twiml is longer than 4000 characters")),
        )
        return next((refusal for wrong, refusal in checks if wrong), None)

    def call(self, settings: SimSettings, fault: Fault | None) -> Call:
        now = EmbeddedClock.real_now()
        application = self.given("ApplicationSid") is not None
        return Call(
            sid=f"CA{uuid.uuid4().hex}",
            account=settings.twilio_account_sid,
            sender=plain_number(self.get("From")),
            to=plain_number(self.get("To")),
            direction="outbound-api",
            created=now,
            updated=now,
            rings=int(self.get("Timeout") or 60) + _BUFFER,
            time_limit=float(self.get("TimeLimit") or 14_400),
            status_callback=None if application else self.given("StatusCallback"),
            status_method=self.get("StatusCallbackMethod") or "POST",
            events=self.events("StatusCallbackEvent", ("completed",)),
            callbacks=fault.callbacks if fault else None,
            callbacks_late=(fault.seconds if fault else None) or 5.0,
        )

    def source(self, settings: SimSettings) -> Source:
        """Url goes before Twiml. An application's TwiML is that of the number."""
        if self.get("ApplicationSid"):
            return Source(settings.hook("/v1/hooks/twilio/voice"))
        if url := self.get("Url"):
            return Source(url, self.get("Method").upper() or "POST")
        return Source(text=self.get("Twiml"))

    def wish(self, callback: str, *, beside: bool) -> Wish:
        """`callback` names the field of the detection's callback; `beside`: it never holds the call up."""
        mode, digits = self.get("MachineDetection"), self.get("SendDigits")
        detection = Detection(
            "DetectMessageEnd" if mode == "DetectMessageEnd" else "Enable",
            float(self.get("MachineDetectionTimeout") or 30),
            beside,
            self.given(callback),
            self.get(f"{callback}Method") or "POST",
        )
        # Digits and detection exclude each other at Twilio: the digits win.
        return Wish(detection if mode and not digits else None, self._recorded(), digits)

    def _recorded(self) -> Recorded:
        how = "dual" if self.get("RecordingChannels") == "dual" else "mono"
        return Recorded(
            how if self.flag("Record") else "false",
            self.given("RecordingStatusCallback"),
            self.get("RecordingStatusCallbackMethod") or "POST",
            self.events("RecordingStatusCallbackEvent", ("completed",)),
        )

    def _why_not_numbers(self, settings: SimSettings) -> Refusal | None:
        to, sender = plain_number(self.get("To")), plain_number(self.get("From"))
        checks = (
            (not to, errors.NO_CALL_TO),
            (not sender, errors.NO_CALL_FROM),
            (not is_phone(sender), errors.bad_call_from(sender)),
            (not E164.fullmatch(to), errors.bad_call_to(to)),
            (sender != settings.twilio_from, errors.foreign_call_from(sender)),
            (not is_phone(to), errors.unreachable_to(to)),
        )
        wrong = next((refusal for wrong, refusal in checks if wrong), None)
        if wrong is None and _country(to) in settings.sim_no_calls_to.split(","):
            return errors.no_permission(to)
        return wrong

    def _why_not_rest(self) -> Refusal | None:
        for name in _CALLBACKS:
            if (url := self.get(name)) and not is_url(url):
                return errors.bad_callback(url) if name == "StatusCallback" else errors.bad_url(name, url)
        unknown = [event for event in self.events("StatusCallbackEvent", ()) if event not in _EVENTS]
        times = [self.get(name) or "60" for name in ("Timeout", "MachineDetectionTimeout", "TimeLimit")]
        checks = (
            (bool(unknown), f"Invalid StatusCallbackEvent: {unknown}"),
            (not all(time.isdigit() for time in times), "Timeout, MachineDetectionTimeout and TimeLimit are seconds"),
            (times[0].isdigit() and int(times[0]) > _LONGEST_RING, "Timeout is more than 600"),
            (self.get("MachineDetection") not in ("", "Enable", "DetectMessageEnd"), "Invalid MachineDetection"),
        )
        return next((errors.bad_parameter(what) for wrong, what in checks if wrong), None)


def is_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _country(number: str) -> str | None:
    return phonenumbers.region_code_for_number(phonenumbers.parse(number))
