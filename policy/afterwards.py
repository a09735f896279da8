"""What becomes of a lead that was worked: the shape of a policy's tracks and reason codes."""

from typing import Literal

from pydantic import Field

from domain.values import ClosedReason, Code, Given
from policy.fields import Duration, Name


class Step(Given):
    """One text of a track, so long after its start."""

    after: Duration
    text: Name


class Track(Given):
    """What a resting lead hears from us, and for how long it rests when nothing else says."""

    rest: Duration
    steps: tuple[Step, ...] = ()


class Disposal(Given):
    """What a reason code leads to. `wakes`: behaviour may end the rest early; a new inquiry always may."""

    then: Literal["keep", "rest", "close"]
    wakes: bool = True
    track: Name | None = None
    rest: Duration | None = None
    close_as: ClosedReason | None = None


class Recycle(Given):
    """What becomes of a lead after it was worked. `untouched` is for a ladder that ran out."""

    max_cycles: int = Field(ge=1)
    untouched: Disposal
    codes: dict[Code, Disposal]
