"""What a lead is worth to us: the shape of a policy's disqualifiers, points and intent."""

from typing import Literal

from pydantic import Field

from domain.values import Given
from policy.fields import Duration, LeadCondition, Name


class Disqualifier(Given):
    """A reason not to hand a lead to a person."""

    name: Name
    when: LeadCondition
    because: str
    then: Literal["close", "nurture"]


class Point(Given):
    """Points for a lead of which `when` is true."""

    name: Name
    when: LeadCondition
    points: int = Field(ge=-10_000, le=10_000)
    because: str


class Intent(Given):
    """Behaviour that counts as intent (R6). `strong` kinds, or intent shown `repeated` times, may start a lead over.

    `opens`: kinds that open a lead where the person has none, with the source it counts as.
    """

    pages: tuple[str, ...]
    kinds: tuple[str, ...]
    within: Duration
    strong: tuple[str, ...] = ()
    repeated: int = Field(default=3, ge=1)
    opens: dict[str, Name] = Field(default_factory=dict)
