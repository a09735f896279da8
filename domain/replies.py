"""What a person's reply says to us, and the port of whoever tells it: beside ports.py. The words themselves stay in the
inbox; a running lead is told the kind only."""

from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import BeforeValidator


class ReplyKind(StrEnum):
    """What a reply was taken for, once it is no wish to stop, to start or to be helped."""

    BUYING_SIGNAL = "buying_signal"  # wants to go on now: a yes, a call, a date, a start
    QUESTION = "question"  # wants to know something first
    NOT_NOW = "not_now"  # a no, or a later
    WRONG_PERSON = "wrong_person"  # the number is somebody else's
    OUT_OF_OFFICE = "out_of_office"  # a machine answered, which is no contact (N1)
    OTHER = "other"  # for a person to read


def _known(value: object) -> object:
    """A kind that a newer writer knows is none here, so that no reply is dropped unread."""
    return value if value in list(ReplyKind) else None


Said = Annotated[ReplyKind | None, BeforeValidator(_known)]
"""A reply's kind as it is stored; None where nobody told it."""


class ReplyClassifier(Protocol):
    """Tells what a reply says. May take its time and may fail: whoever asks has the rules to fall back on."""

    async def kind_of(self, body: str) -> ReplyKind: ...
