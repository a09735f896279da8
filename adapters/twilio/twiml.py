"""Scripts in Twilio's markup, written by its own library, never by string."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from adapters.twilio.account import TwilioAccount
from domain import scripts
from domain.scripts import Script

VOICES = {"en": "en-US", "es": "es-US", "fr": "fr-CA", "de": "de-DE", "pt": "pt-BR", "it": "it-IT"}
EVENTS = "start end join leave mute hold announcement"


class Twiml:
    """domain.scripts.Markup for one account."""

    def __init__(self, account: TwilioAccount) -> None:
        self._base = account.public_url.rstrip("/")
        self._verbs: dict[type, Callable[[VoiceResponse, Any], None]] = {  # Any: each takes its own verb
            scripts.Say: _say,
            scripts.Pause: lambda response, verb: response.pause(length=_seconds(verb.length)),
            scripts.Ask: self._ask,
            scripts.Join: self._join,
            scripts.Ring: self._ring,
            scripts.TakeMessage: self._take_message,
            scripts.GoTo: lambda response, verb: response.redirect(self._url(verb.path), method="POST"),
            scripts.Reject: lambda response, verb: response.reject(reason="busy" if verb.busy else "rejected"),
            scripts.HangUp: lambda response, verb: response.hangup(),
        }

    def write(self, script: Script) -> str:
        """The script as a TwiML document."""
        response = VoiceResponse()
        for verb in script:
            self._verbs[type(verb)](response, verb)
        return str(response)

    def _url(self, path: str | None) -> str | None:
        return None if path is None else self._base + path

    def _ask(self, response: VoiceResponse, ask: scripts.Ask) -> None:
        gather = Gather(
            input="dtmf",
            num_digits=1,
            timeout=_seconds(ask.patience),
            action=self._url(ask.answer),
            action_on_empty_result=True,
            method="POST",
        )
        for said in ask.says:
            _say(gather, said)
        response.append(gather)

    def _join(self, response: VoiceResponse, join: scripts.Join) -> None:
        dial = Dial(action=self._url(join.after), method="POST")
        events = {"status_callback": self._url(join.events), "status_callback_event": EVENTS} if join.events else {}
        recorded = self._url(join.record)
        record = {"record": "record-from-start", "recording_status_callback": recorded} if recorded else {}
        coached = {"coach": join.coach} if join.coach else {}
        dial.conference(
            join.room,
            participant_label=join.label,
            start_conference_on_enter=join.starts,
            end_conference_on_exit=join.ends,
            beep="false",
            wait_url=self._url(join.hold) or "",
            wait_method="POST",
            **events,
            **record,
            **coached,
        )
        response.append(dial)

    def _ring(self, response: VoiceResponse, ring: scripts.Ring) -> None:
        recorded = self._url(ring.record)
        record = {"record": "record-from-answer-dual", "recording_status_callback": recorded} if recorded else {}
        dial = Dial(
            action=self._url(ring.after),
            method="POST",
            timeout=_seconds(ring.patience),
            caller_id=ring.sender,
            answer_on_bridge=True,
            **record,
        )
        for number in ring.numbers:
            asks = {"url": self._url(number.asks), "method": "POST"} if number.asks else {}
            events = (
                {"status_callback": self._url(number.events), "status_callback_event": "ringing answered completed"}
                if number.events
                else {}
            )
            dial.number(number.phone, **asks, **events)
        response.append(dial)

    def _take_message(self, response: VoiceResponse, take: scripts.TakeMessage) -> None:
        written = {"transcribe": True, "transcribe_callback": self._url(take.written)} if take.written else {}
        response.record(
            action=self._url(take.after),
            method="POST",
            max_length=_seconds(take.longest),
            play_beep=True,
            recording_status_callback=self._url(take.recorded),
            **written,
        )


def _say(parent: Any, said: scripts.Say) -> None:  # noqa: ANN401 - a response or a gather, untyped both
    parent.say(said.words, language=VOICES.get(said.language, VOICES["en"]))


def _seconds(length: timedelta) -> int:
    return max(int(length.total_seconds()), 1)
