"""Carries out TwiML on a leg, verb by verb, as Twilio does. Dial is simulator/dialling.py's and rooms.py's."""

import asyncio
from typing import Protocol

from simulator.leg import Leg
from simulator.sounds import Loops, Player, Source
from simulator.switch import Switch
from simulator.twiml import Document
from simulator.twiml_attributes import TwimlError
from simulator.twiml_record import record
from simulator.twiml_verbs import Dial, Gather, Hangup, Pause, Play, Record, Redirect, Reject, Say, Sound, Verb

_SORRY = "We are sorry, an application error has occurred. Goodbye."


class Connects(Protocol):
    """Brings a leg together with others."""

    async def connect(self, leg: Leg, dial: Dial) -> dict[str, str] | None:
        """The form for Dial's action once they have parted; None to go on with the next verb whatever the action."""


class Interpreter:
    """`connects` is set once, by whoever builds both."""

    def __init__(self, switch: Switch, player: Player) -> None:
        self._switch = switch
        self._player = player
        self.connects: Connects

    async def run(self, leg: Leg, source: Source) -> bool:
        """Whether the leg came to the end of its TwiML; False if it was told to hang up, or something was wrong."""
        try:
            following: Source | Hangup | None = source
            loops = Loops()
            while isinstance(following, Source):
                loops.count()
                following = await self._through(leg, await self._player.load(leg, following), following)
            return following is None
        except TwimlError as error:
            leg.note("twiml_error", str(error), delivered=False)
            leg.how = f"application error {error.code}"
            leg.pick_up()
            await self._player.words(leg, _SORRY)
            return False

    async def _through(self, leg: Leg, document: Document, source: Source) -> Source | Hangup | None:
        for verb in document.verbs:
            if _answers(verb):
                leg.pick_up()
            following = await self._do(leg, verb, source)
            if following is not None:
                return following
        return None

    async def _do(self, leg: Leg, verb: Verb, source: Source) -> Source | Hangup | None:
        """Where to go on; None is the next verb."""
        if isinstance(verb, Say | Play | Pause):
            await self._player.sound(leg, verb)
            return None
        if isinstance(verb, Gather):
            return await self._gather(leg, verb, source)
        if isinstance(verb, Dial):
            return await self._dial(leg, verb)
        if isinstance(verb, Record):
            return await record(leg, self._player, verb, self._action(verb.action, verb.method, {}, source))
        if isinstance(verb, Redirect):
            return Source(verb.url, verb.method)
        leg.how = f"rejected: {verb.reason}" if isinstance(verb, Reject) else "Hangup"
        return Hangup()

    async def _gather(self, leg: Leg, verb: Gather, source: Source) -> Source | None:
        keys = leg.ears.listen()
        prompt = asyncio.create_task(self._prompt(leg, verb.sounds))
        try:
            digits = await _digits(keys, prompt, verb)
        finally:
            leg.ears.stop_listening()
            prompt.cancel()
            await asyncio.gather(prompt, return_exceptions=True)
        if digits is None and not verb.action_on_empty:
            return None
        return self._action(verb.action, verb.method, {"Digits": digits or ""}, source)

    async def _prompt(self, leg: Leg, sounds: tuple[Sound, ...]) -> None:
        for sound in sounds:
            await self._player.sound(leg, sound)

    async def _dial(self, leg: Leg, verb: Dial) -> Source | None:
        try:
            form = await self.connects.connect(leg, verb)
        except asyncio.CancelledError:
            if verb.action and leg.ending and not leg.dead:
                self._last_word(leg, Source(verb.action, verb.method, {"DialCallStatus": "completed"}))
            raise
        return Source(verb.action, verb.method, form) if verb.action and form is not None else None

    def _last_word(self, leg: Leg, source: Source) -> None:
        """The leg that dialled is ending: the action is still told of it, its answer isn't played to anybody."""

        async def tell() -> None:
            await leg.over.wait()
            await self._player.tell(leg, source)

        self._switch.courier.spawn(tell())

    @staticmethod
    def _action(action: str | None, method: str, form: dict[str, str], source: Source) -> Source:
        """Without an action it is the document's own address."""
        if action is None and source.text is not None:
            raise TwimlError(11100, "no action, and the TwiML has no address of its own")
        return Source(action or source.url, method, form)


def _answers(verb: Verb) -> bool:
    """Whether this verb picks up a call that came in."""
    return not isinstance(verb, Reject | Pause | Redirect) and not (isinstance(verb, Dial) and verb.answer_on_bridge)


async def _digits(keys: asyncio.Queue[str], prompt: asyncio.Task[None], verb: Gather) -> str | None:
    """The keys pressed, without the one that finishes; None if none was."""
    digits, key = "", await _first_key(keys, prompt, verb.timeout)
    while key is not None:
        if key in verb.finish_on_key:
            return digits
        digits += key
        if len(digits) == verb.num_digits:
            return digits
        key = await key_within(keys, verb.timeout)
    return digits or None


async def _first_key(keys: asyncio.Queue[str], prompt: asyncio.Task[None], silence: float) -> str | None:
    """The time to wait runs from the end of the prompt, which a key interrupts."""
    pressed = asyncio.create_task(keys.get())
    try:
        await asyncio.wait({pressed, prompt}, return_when=asyncio.FIRST_COMPLETED)
        if pressed.done():
            prompt.cancel()
        else:
            await asyncio.wait({pressed}, timeout=silence)
        return pressed.result() if pressed.done() else None
    finally:
        pressed.cancel()


async def key_within(keys: asyncio.Queue[str], seconds: float) -> str | None:
    try:
        return await asyncio.wait_for(keys.get(), seconds)
    except TimeoutError:
        return None
