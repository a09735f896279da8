"""Reads TwiML into verbs, as strictly as Twilio reads it. The text is untrusted: no document types, no entities."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, fromstring

from simulator.twilio_account import plain_number
from simulator.twiml_attributes import Attributes, TwimlError
from simulator.twiml_verbs import (
    Conference,
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Record,
    Recorded,
    Redirect,
    Reject,
    Say,
    Sound,
    Verb,
)

_MARKUP = re.compile(r"<!(?!--|\[CDATA\[)")
_EVENTS = ("initiated", "ringing", "answered", "completed")
_CONFERENCE_EVENTS = ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement")
_MOST_NUMBERS = 10


@dataclass(frozen=True, slots=True)
class Document:
    """The verbs in order, and what Twilio would warn of (error 12200) and then pass over."""

    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()


def parse(text: str, base: str = "") -> Document:
    """`base` makes relative addresses whole. Raises TwimlError: 12100 if it is no XML, 12200 if it is no TwiML."""
    if _MARKUP.search(text):
        raise TwimlError(12100, "a document type or an entity")
    try:
        root = fromstring(text.strip().encode())
    except (ParseError, ValueError) as error:
        raise TwimlError(12100, f"not XML: {error}") from error
    if root.tag != "Response":
        raise TwimlError(12200, f"the root is {root.tag}, not Response")
    warnings: list[str] = []
    return Document(tuple(_verb(element, base, warnings) for element in root), tuple(warnings))


def _verb(element: Element, base: str, warnings: list[str]) -> Verb:
    reader = _READERS.get(element.tag)
    if reader is None:
        raise TwimlError(12200, f"{element.tag} is no verb known here")
    given = Attributes(element, base, warnings)
    if element.tag not in ("Gather", "Dial") and len(element):
        raise TwimlError(12200, f"{element.tag} holds {element[0].tag}")
    verb = reader(given)
    given.close()
    return verb


def _text(given: Attributes) -> str:
    return " ".join("".join(given.element.itertext()).split())


def _say(given: Attributes) -> Say:
    given.ignore("voice", "language")
    return Say(_text(given), int(given.number("loop", 1)))


def _play(given: Attributes) -> Play:
    given.ignore("digits")
    return Play(given.absolute(_text(given)), int(given.number("loop", 1)))


def _pause(given: Attributes) -> Pause:
    return Pause(given.number("length", 1))


def _gather(given: Attributes) -> Gather:
    given.ignore("language", "hints", "speechTimeout", "profanityFilter", "bargeIn")
    if given.text("input", "dtmf") != "dtmf":
        raise TwimlError(12200, "only keys are gathered here: input must be dtmf")
    sounds: list[Sound] = []
    for child in given.element:
        verb = _verb(child, given.base, given.warnings)
        if not isinstance(verb, Say | Play | Pause):
            raise TwimlError(12200, f"Gather holds {child.tag}")
        sounds.append(verb)
    digits = given.number("numDigits", 0)
    return Gather(
        tuple(sounds),
        action=given.url("action"),
        method=given.method("method"),
        timeout=given.number("timeout", 5),
        num_digits=int(digits) or None,
        finish_on_key=given.text("finishOnKey", "#") or "",
        action_on_empty=given.flag("actionOnEmptyResult", unless=False),
    )


def _recorded(given: Attributes, how: str) -> Recorded:
    given.ignore("trim", "recordingTrack")
    return Recorded(
        how,
        callback=given.url("recordingStatusCallback"),
        method=given.method("recordingStatusCallbackMethod"),
        events=given.events("recordingStatusCallbackEvent", ("in-progress", "completed", "absent"), ("completed",)),
    )


def _dial(given: Attributes) -> Dial:
    given.ignore("timeLimit", "ringTone", "sequential")
    nouns = list(given.element)
    conferences = [
        _conference(Attributes(noun, given.base, given.warnings)) for noun in nouns if noun.tag == "Conference"
    ]
    numbers = [_number(Attributes(noun, given.base, given.warnings)) for noun in nouns if noun.tag == "Number"]
    if not nouns:
        numbers = [Number(plain_number(_text(given)))]
    if len(conferences) + len(numbers) != max(len(nouns), 1) or len(conferences) > 1 or (conferences and numbers):
        raise TwimlError(12200, "Dial takes numbers or one conference here")
    if len(numbers) > _MOST_NUMBERS or any(not number.number for number in numbers):
        raise TwimlError(13223, "Dial has no number, or more than ten")
    return Dial(
        tuple(numbers),
        conferences[0] if conferences else None,
        action=given.url("action"),
        method=given.method("method"),
        timeout=given.number("timeout", 30),
        answer_on_bridge=given.flag("answerOnBridge", unless=False),
        caller_id=given.text("callerId"),
        hangup_on_star=given.flag("hangupOnStar", unless=False),
        recorded=_recorded(given, given.text("record") or "do-not-record"),
    )


def _number(given: Attributes) -> Number:
    given.ignore("sendDigits")
    number = Number(
        plain_number(_text(given)),
        url=given.url("url"),
        method=given.method("method"),
        callback=given.url("statusCallback"),
        callback_method=given.method("statusCallbackMethod"),
        events=given.events("statusCallbackEvent", _EVENTS, ("completed",)),
    )
    given.close()
    return number


def _wait_url(given: Attributes) -> str | None:
    """An empty one means silence, none at all means Twilio's hold music."""
    url = given.text("waitUrl")
    return given.absolute(url) if url else url


def _conference(given: Attributes) -> Conference:
    given.ignore("region", "jitterBufferSize")
    name = _text(given)
    if not name:
        raise TwimlError(13225, "the conference has no name")
    conference = Conference(
        name,
        label=given.text("participantLabel"),
        starts=given.flag("startConferenceOnEnter", unless=True),
        ends=given.flag("endConferenceOnExit", unless=False),
        muted=given.flag("muted", unless=False),
        beep=given.text("beep") or "true",
        coach=given.text("coach"),
        wait_url=_wait_url(given),
        wait_method=given.method("waitMethod"),
        most=int(given.number("maxParticipants", 250)),
        callback=given.url("statusCallback"),
        callback_method=given.method("statusCallbackMethod"),
        events=given.events("statusCallbackEvent", _CONFERENCE_EVENTS, ("start", "end")),
        recorded=_recorded(given, given.text("record") or "do-not-record"),
    )
    given.close()
    return conference


def _record(given: Attributes) -> Record:
    return Record(
        action=given.url("action"),
        method=given.method("method"),
        timeout=given.number("timeout", 5),
        max_length=given.number("maxLength", 3600),
        finish_on_key=given.text("finishOnKey", "1234567890*#") or "",
        play_beep=given.flag("playBeep", unless=True),
        transcribe=given.flag("transcribe", unless=False),
        transcribe_callback=given.url("transcribeCallback"),
        recorded=_recorded(given, "record"),
    )


def _redirect(given: Attributes) -> Redirect:
    return Redirect(given.absolute(_text(given)), given.method("method"))


def _hangup(_: Attributes) -> Hangup:
    return Hangup()


def _reject(given: Attributes) -> Reject:
    return Reject(given.choice("reason", "rejected", ("rejected", "busy")))


_READERS: dict[str, Callable[[Attributes], Verb]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Dial": _dial,
    "Record": _record,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
