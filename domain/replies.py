"""What a person's reply says to us, and the port of whoever tells it: beside ports.py. The words themselves stay in the
inbox; a running lead is told the kind only."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import BeforeValidator

from domain.values import Stored


class ReplyKind(StrEnum):
    """What a reply was taken for, once it is no wish to stop or to start."""

    BUYING_SIGNAL = "buying_signal"  # wants to go on now: a yes, a call, a date, a start
    QUESTION = "question"  # wants to know something first
    NOT_NOW = "not_now"  # a no, or a later
    WRONG_PERSON = "wrong_person"  # the number is somebody else's
    OUT_OF_OFFICE = "out_of_office"  # a machine answered, which is no contact (N1)
    OTHER = "other"  # for a person to read
    HELP = "help"  # the keyword HELP or INFO, which nobody had answered yet


HELP = "help"
"""The rule of the text that answers HELP: it stands beside whatever ladder the lead climbs."""

TOLD: tuple[ReplyKind, ...] = tuple(kind for kind in ReplyKind if kind is not ReplyKind.HELP)
"""What a classifier tells apart: a keyword isn't told, it is looked up."""


def _known(value: object) -> object:
    """A kind that a newer writer knows is none here, so that no reply is dropped unread."""
    return value if value in list(ReplyKind) else None


Said = Annotated[ReplyKind | None, BeforeValidator(_known)]
"""A reply's kind as it is stored; None where nobody told it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply was taken for, and by whom."""

    kind: ReplyKind
    by: str
    """The classifier that spoke, by the name a policy would choose it by."""
    score: float | None = None
    """How sure it was, from 0 to 1; None for one that doesn't weigh, as the rules."""


class Written(Stored):
    """What a person sent in one text."""

    body: str
    media: tuple[str, ...] = ()  # the content type of each picture or file that came along


class ReplyClassifier(Protocol):
    """Tells what a reply says. May take its time and may fail: whoever asks has the rules to fall back on."""

    async def read(self, body: str) -> Reading: ...
