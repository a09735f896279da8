"""What is said and done on a phone, as data: an adapter writes it in its vendor's markup. Personal data (the words):
it never goes to Temporal. Paths are Baton's own, with their query."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from domain.values import Stored


class Say(Stored):
    """Words spoken by the vendor's voice, in a language (two letters)."""

    verb: Literal["say"] = "say"
    words: str
    language: str = "en"


class Pause(Stored):
    """Silence."""

    verb: Literal["pause"] = "pause"
    length: timedelta = timedelta(seconds=1)


class Ask(Stored):
    """Says something and waits for one key; the answer, or that none came, goes to `answer`."""

    verb: Literal["ask"] = "ask"
    says: tuple[Say, ...]
    answer: str
    patience: timedelta = timedelta(seconds=8)


class Join(Stored):
    """Into a conference. `starts`: it begins with this leg; `ends`: it ends when this leg goes. `hold`: what is heard
    while it hasn't begun. `events`: where its events go; of all who join, the first one's counts. `after`: where the
    leg goes when it is over."""

    verb: Literal["join"] = "join"
    room: str
    label: str
    starts: bool = True
    ends: bool = True
    hold: str | None = None
    events: str | None = None
    after: str | None = None
    record: str | None = None  # where word of the recording goes; None: it isn't recorded
    coach: str | None = None  # the vendor's id of the only leg that hears this one


class Number(Stored):
    """A phone that is rung from within a script; `asks`: a script it hears before it is connected."""

    phone: str
    asks: str | None = None
    events: str | None = None


class Ring(Stored):
    """Rings phones at once; the first to answer, and to stay, is connected. `after`: where the caller goes then."""

    verb: Literal["ring"] = "ring"
    numbers: tuple[Number, ...]
    patience: timedelta
    after: str
    sender: str | None = None
    record: str | None = None


class TakeMessage(Stored):
    """Records what the caller says after a beep."""

    verb: Literal["take_message"] = "take_message"
    after: str
    recorded: str
    written: str | None = None  # where the transcription goes
    longest: timedelta = timedelta(minutes=2)


class GoTo(Stored):
    """On to another script."""

    verb: Literal["go_to"] = "go_to"
    path: str


class Reject(Stored):
    """Doesn't answer at all."""

    verb: Literal["reject"] = "reject"
    busy: bool = False


class HangUp(Stored):
    """Ends the leg."""

    verb: Literal["hang_up"] = "hang_up"


Verb = Annotated[Say | Pause | Ask | Join | Ring | TakeMessage | GoTo | Reject | HangUp, Field(discriminator="verb")]
Script = tuple[Verb, ...]

Markup = Callable[[Script], str]
"""Writes a script in the vendor's markup."""
