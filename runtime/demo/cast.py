"""What a part in the demo is made of: who comes and how, what they and our reps do, how it must end. Data only.

Everybody is fictional: numbers are 555-01xx, which are set aside for fiction, and domains end in .example.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from domain.values import ClosedReason, Code, Source, Stage

Door = Literal["webhook", "api_key", "batch", "text", "hubspot", "call"]
"""How somebody comes: a signed webhook, an API key, a batch by API key, a text to our number, a contact in HubSpot, a
call to our number that they give up while our phones ring."""

EVERYBODY = ("ada", "ben", "cleo", "dev")
"""Handles of the reps in policies/default.yaml."""


@dataclass(frozen=True, slots=True)
class Says:
    """What a person does when texted: the simulator's phone personas; `after` on the embedded clock."""

    kind: Literal["replies", "says_stop", "silent", "wrong_number", "buying_signal", "landline"]
    after: timedelta = timedelta()
    body: str | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Does:
    """What reps do when they are told of this lead; each of `by` once. `claims`: also from the pool, unasked.

    `told`: words before the person's name, by which they know the message that they act on.
    """

    kind: Literal["accepts", "ignores", "declines", "disposes", "accepts_then_disposes"]
    after: timedelta = timedelta()
    then_after: timedelta = timedelta()
    code: Code = Code.CONNECTED
    by: tuple[str, ...] = EVERYBODY
    claims: bool = False
    told: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """What reps do when their phone rings and they hear that it is about this person. Who isn't named misses it.

    `times`: in so many calls (None: in each). `heard`: words by which they know, where the name isn't enough.
    """

    kind: Literal["takes", "passes"]
    by: tuple[str, ...]
    times: int | None = None
    heard: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What happens when the person's own phone rings, the next `times` (None: each time); `talks`: for so long."""

    kind: Literal["answers", "no_answer", "voicemail", "busy", "rejects"] = "answers"
    talks: timedelta = timedelta(minutes=4)
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a part must end. `texts`: what their phone was sent, in order, by the names of the policy's templates;
    `calls`: what came of each ring of their phone (connected, voicemail, no_answer, busy)."""

    stage: Stage
    closed: ClosedReason | None = None
    cycle: int = 1
    texts: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """As the final report says it."""
        how = f"closed as {self.closed}" if self.closed else self.stage.replace("_", " ")
        return told(f"{how}, cycle {self.cycle}", self.texts, self.calls)


def told(how: str, texts: Sequence[str], calls: Sequence[str]) -> str:
    """How a lead ended, in one line."""
    rung = f", calls: {', '.join(calls).replace('_', ' ')}" if calls else ""
    return f"{how}, texts: {', '.join(texts) or 'none'}{rung}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who comes. `zone`: where they are, to judge by whether a text came at a decent hour there."""

    name: str | None
    phone: str | None
    zone: str
    email: str | None = None
    company: str | None = None
    title: str | None = None

    @property
    def known_as(self) -> str:
        """Words by which a message to our reps is about this person."""
        return self.name or self.phone or ""


@dataclass(frozen=True, slots=True)
class Part:
    """One lead. `at`: since the demo's start; None comes with the morning, in the script's order.

    `signed`: they gave their consent in writing. `details` are further fields of the inquiry (or properties of the
    HubSpot contact, or the text's words).
    """

    key: str
    source: Source
    person: Person
    story: str
    ending: Ending
    door: Door = "webhook"
    at: timedelta | None = None
    consents: bool = True
    signed: bool = False
    says: tuple[Says, ...] = ()
    reps: tuple[Does, ...] = ()
    rung: tuple[Rung, ...] = ()
    line: tuple[Line, ...] = (Line(),)
    details: dict[str, object] = field(default_factory=dict)

    @property
    def in_chat(self) -> str:
        """Words by which our people are told of them: who called or texted gave no name."""
        return self.person.name if self.person.name and self.door != "call" else "A person without a name"


@dataclass(frozen=True, slots=True)
class Scene:
    """Something more that a person of the cast does, `at` since the demo's start (None: with the morning).

    again: the same wish as a new inquiry. repeat: the same event delivered twice. visit: a page view by /v1/signals.
    writes: a text of theirs; `while_rung`: as soon as our phones ring for them.
    """

    part: str
    what: Literal["again", "repeat", "visit", "writes"]
    story: str
    at: timedelta | None = None
    page: str | None = None
    words: str = ""
    while_rung: bool = False
