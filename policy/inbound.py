"""How calls to the business's numbers are answered: the shape of a policy's `inbound` (R13, R20, R21). It decides
nothing."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.values import Given
from policy.fields import Duration, Hours, Name, Phone, Wording
from policy.notation import Like
from policy.problems import wrong
from policy.telephone import MOST_AT_ONCE

LONGEST_MESSAGE = timedelta(minutes=10)

Key = Annotated[str, Like(r"[0-9]", "one key of a phone, 0 to 9")]


def _a_while(length: timedelta) -> timedelta:
    if not timedelta(seconds=5) <= length <= timedelta(seconds=60):
        raise wrong("phones ring for 5 to 60 seconds at a time")
    return length


def _short(length: timedelta) -> timedelta:
    if length > timedelta(seconds=30):
        raise wrong("30s at most, since nobody else is rung meanwhile")
    return length


def _a_message(length: timedelta) -> timedelta:
    if not timedelta(seconds=5) <= length <= LONGEST_MESSAGE:
        raise wrong("a message may last from 5s to 10m")
    return length


Ringing = Annotated[Duration, AfterValidator(_a_while)]


class Department(Given):
    """Some of our people, and how callers come to them: by the number they called, or by a key of the menu."""

    name: Name
    """What traces call it."""
    called: tuple[Phone, ...] = ()
    """Our numbers whose callers it takes."""
    key: Key | None = None
    """The key of the menu that leads to it."""
    reps: tuple[Name, ...] = ()
    """Handles of those whose phones ring, if they are free; none and no group means whoever would take a lead."""
    group: Name | None = None
    """Instead of reps: a group of `assign`, whose turn it is first."""
    numbers: tuple[Phone, ...] = ()
    """Phones of ours that ring beside them, such as a front desk's."""
    hours: Hours | None = None
    """Its hours in the business's zone, where they differ; our holidays count too."""


class Overflow(Given):
    """Who is rung when nobody took the call, before the voicemail."""

    reps: tuple[Name, ...] = ()
    """Handles; whoever is away or on the phone isn't rung."""
    numbers: tuple[Phone, ...] = ()
    """A second number, such as that of an answering service. Whoever picks up presses 1 to take the call."""
    ring: Ringing = timedelta(seconds=20)
    """How long they ring."""


_GREETING = {
    "en": "You have reached {{ business }}. We can't take your call right now. Please leave a message after the tone.",
    "es": "Ha llamado a {{ business }}. Ahora no podemos atenderle. Deje su mensaje después de la señal.",
}


class Voicemail(Given):
    """What a caller hears whom nobody took, and how long they may speak."""

    greeting: Wording = Field(default_factory=lambda: dict(_GREETING))
    """Said while we are open; variables as in texts."""
    closed: Wording | None = None
    """Said while we are closed, where it differs."""
    longest: Annotated[Duration, AfterValidator(_a_message)] = timedelta(minutes=2)
    """How long a message may be."""
    transcribe: bool = True
    """Has the vendor write down what was said; it does so for messages of up to two minutes, in English."""


class Inbound(Given):
    """Calls to our numbers. Without this part whoever would take a lead is rung, and then there is the voicemail."""

    ring: Ringing = timedelta(seconds=20)
    """How long phones ring; four rings are about 20 seconds."""
    known_first: Annotated[Duration, AfterValidator(_short)] = timedelta(seconds=10)
    """How long whoever has a caller's lead, or had it last, rings alone; 0s: together with the others."""
    at_once: int = Field(default=3, ge=1, le=MOST_AT_ONCE)
    """How many free reps ring at once."""
    departments: tuple[Department, ...] = ()
    """The first that has the number called takes the call; with none of it, the whole team does."""
    menu: Wording | None = None
    """Said to callers of no department's number, who then press a key; without it nobody is asked."""
    overflow: Overflow | None = None
    """Who is rung next; without it nobody."""
    voicemail: Voicemail = Voicemail()
    """What a caller hears whom nobody took."""
    blocked: tuple[Phone, ...] = ()
    """Numbers that aren't answered: they hear a busy line, and are nobody's lead."""
