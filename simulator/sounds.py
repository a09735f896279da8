"""Fetches TwiML and plays what can be heard of it: Say, Play and Pause. It dials nobody and asks nobody for keys."""

import asyncio
import time
from dataclasses import dataclass, field

from simulator.courier import Answer
from simulator.leg import Leg
from simulator.switch import Switch
from simulator.twiml import Document, parse
from simulator.twiml_attributes import TwimlError
from simulator.twiml_verbs import Pause, Play, Redirect, Say, Sound, Verb
from simulator.voice_web import call_facts

_XML = ("", "text/xml", "application/xml", "text/html")
_PLAY = 0.5  # seconds of any sound file
_MOST_LOOPS = 20  # of what is to be repeated for ever
_MOST_DOCUMENTS, _WITHIN = 40, 10.0  # documents in so many seconds: more of them are a loop of redirects


@dataclass(frozen=True, slots=True)
class Source:
    """Where the next TwiML comes from: an address, with `form` beside the usual facts, or its own text."""

    url: str = ""
    method: str = "POST"
    form: dict[str, str] = field(default_factory=dict)
    text: str | None = None


class Loops:
    """Counts the documents of one program. Waiting in rounds is no loop, as long as each round takes its time."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._documents = 0

    def count(self) -> None:
        """One more. Raises TwimlError if they come too fast."""
        now = time.monotonic()
        if now - self._since > _WITHIN:
            self._since, self._documents = now, 0
        self._documents += 1
        if self._documents > _MOST_DOCUMENTS:
            raise TwimlError(11200, "it redirects for ever")


class Player:
    """What a leg hears."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch

    async def load(self, leg: Leg, source: Source) -> Document:
        """Raises TwimlError: 11200 if Baton doesn't answer with success, 12300 if with no TwiML, and those of parse."""
        if source.text is not None:
            return self._read(leg, source.text, "")
        form = call_facts(leg.call) | source.form
        answer = await self._switch.web.fetch(source.url, form, source.method)
        if not answer.taken:
            raise TwimlError(11200, f"{source.url} answered {answer.status or answer.text}")
        return self._document(leg, answer, source.url)

    async def only_sounds(self, leg: Leg, source: Source) -> list[Sound]:
        """What is heard waiting, on hold or as an announcement, where no other verbs may be. Raises TwimlError."""
        loops = Loops()
        while True:
            loops.count()
            document = await self.load(leg, source)
            sounds, other = _leading_sounds(document.verbs)
            if other is None:
                return sounds
            if not isinstance(other, Redirect):
                raise TwimlError(
                    12200, f"{type(other).__name__} isn't allowed here: only Play, Say, Pause and Redirect"
                )
            for sound in sounds:
                await self.sound(leg, sound)
            source = Source(other.url, other.method)

    async def tell(self, leg: Leg, source: Source) -> None:
        """A request about this call whose answer nobody hears."""
        await self._switch.web.send(source.url, call_facts(leg.call) | source.form, source.method)

    async def sound(self, leg: Leg, sound: Sound) -> None:
        if isinstance(sound, Pause):
            await asyncio.sleep(sound.length)
            return
        words = sound.words if isinstance(sound, Say) else f"play:{sound.url}"
        for _ in range(sound.loop or _MOST_LOOPS):
            await self.words(leg, words, None if isinstance(sound, Say) else _PLAY)

    async def words(self, leg: Leg, words: str, seconds: float | None = None) -> None:
        await leg.ears.hear(words, self.speaking(words) if seconds is None else seconds)

    def speaking(self, words: str) -> float:
        """Seconds that it takes to say something."""
        return len(words.split()) / self._switch.settings.sim_words_per_second

    def _document(self, leg: Leg, answer: Answer, url: str) -> Document:
        if answer.media.startswith("audio/"):
            return Document((Play(url),))
        if answer.media == "text/plain":
            return Document((Say(answer.text),))
        if answer.media not in _XML:
            raise TwimlError(12300, f"{answer.media} is no TwiML")
        return self._read(leg, answer.text, url)

    @staticmethod
    def _read(leg: Leg, text: str, base: str) -> Document:
        document = parse(text, base)
        for warning in document.warnings:
            leg.note("twiml_error", f"12200: {warning}", delivered=False, detail="a warning; the call goes on")
        return document


def _leading_sounds(verbs: tuple[Verb, ...]) -> tuple[list[Sound], Verb | None]:
    """The sounds up to the first verb that is none, and that verb."""
    sounds: list[Sound] = []
    for verb in verbs:
        if not isinstance(verb, Say | Play | Pause):
            return sounds, verb
        sounds.append(verb)
    return sounds, None
