"""What a lead is worth to us: the shape of a policy's disqualifiers, points and intent."""

from typing import Literal

from pydantic import Field

from domain.values import Given
from policy.fields import Duration, LeadCondition, Name


class Disqualifier(Given):
    """A reason not to hand a lead to a person."""

    name: Name
    """What traces call it."""
    when: LeadCondition
    """The condition."""
    because: str
    """Why, in words for the trace."""
    then: Literal["close", "nurture"]
    """Close it as not ICP, or nurture it on disqualified_track."""


class Point(Given):
    """Points for a lead of which `when` is true."""

    name: Name
    """What traces call it."""
    when: LeadCondition
    """The condition."""
    points: int = Field(ge=-10_000, le=10_000)
    """How many; below zero they are taken off."""
    because: str
    """Why, in words for the trace."""


class Intent(Given):
    """Behaviour that counts as intent (R6). `strong` kinds, or intent shown `repeated` times, may start a lead over.

    `opens`: kinds that open a lead where the person has none, with the source it counts as.
    """

    pages: tuple[str, ...]
    """Pages whose views count, by their beginning: /pricing counts /pricing/teams too."""
    kinds: tuple[str, ...]
    """Kinds of behaviour that count, such as meeting_request."""
    within: Duration
    """For how long behaviour counts."""
    strong: tuple[str, ...] = ()
    """Kinds that end a rest, or start over a lead on a colder route."""
    repeated: int = Field(default=3, ge=1)
    """How many behaviours that count are as good as a strong one."""
    opens: dict[str, Name] = Field(default_factory=dict)
    """Kinds that open a lead where the person has none, and the source it counts as."""
