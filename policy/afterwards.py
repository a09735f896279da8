"""What becomes of a lead that was worked: the shape of a policy's tracks and reason codes."""

from typing import Literal

from pydantic import Field

from domain.values import ClosedReason, Code, Given
from policy.fields import Duration, Name

Ending = Literal[
    ClosedReason.WON,
    ClosedReason.LOST,
    ClosedReason.NOT_ICP,
    ClosedReason.DUPLICATE,
    ClosedReason.OPTED_OUT,
    ClosedReason.EXHAUSTED,
]
"""Ends that work on a lead can come to; others are of the system's own doing."""


class Step(Given):
    """One text of a track, so long after its start."""

    after: Duration
    """How long after the start of the track."""
    text: Name
    """Which text, by its name under texts."""


class Track(Given):
    """What a resting lead hears from us, and for how long it rests when nothing else says."""

    rest: Duration
    """For how long a lead rests when nothing else says."""
    steps: tuple[Step, ...] = ()
    """Texts on the way, only with consent."""


class Disposal(Given):
    """What a reason code leads to. `wakes`: behaviour may end the rest early; a new inquiry always may."""

    then: Literal["keep", "rest", "close"]
    """keep: go on working; rest: on a track, then a new cycle; close."""
    wakes: bool = True
    """Behaviour may end the rest early; a new inquiry always may."""
    track: Name | None = None
    """Where it rests, by its name under tracks."""
    rest: Duration | None = None
    """For how long, where it differs from the track."""
    close_as: Ending | None = None
    """How the lead ends."""


class Recycle(Given):
    """What becomes of a lead after it was worked. `untouched` is for a ladder that ran out."""

    text: Name | None = None
    """The first text of a cycle that began because a rest ran out, in place of routes' texts that answer; by its name
    under texts. Without it such a cycle has none."""
    max_cycles: int = Field(ge=1)
    """After so many cycles a lead is closed as exhausted; cycles that news began are not counted."""
    untouched: Disposal
    """What becomes of a lead whose ladder ran out."""
    codes: dict[Code, Disposal]
    """What each reason code leads to."""
