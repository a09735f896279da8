"""What is done first, and by when: the shape of a policy's routes and ladders."""

from typing import Literal

from pydantic import Field

from domain.values import Action, Channel, Given, Motion, Purpose
from policy.fields import AMark, Name, RouteCondition

RungAction = Literal[
    Action.OFFER,
    Action.WARN,
    Action.RESCUE,
    Action.REOFFER,
    Action.POOL,
    Action.REMIND,
    Action.SUPERVISOR,
    Action.NURTURE,
]


class Fallback(Given):
    """What is done for a lead that no route took: motions to try in order, when people can be reached and when not."""

    name: Name = "fallback"
    because: str
    open: tuple[Motion, ...] = Field(min_length=1)
    closed: tuple[Motion, ...] = Field(min_length=1)
    purpose: Literal[Purpose.RESPONSIVE, Purpose.SOLICITATION] = Purpose.SOLICITATION
    text: Name | None = None
    also_text: bool = False
    sla: Name | None = None
    track: Name | None = None


class Route(Fallback):
    """What is done for leads of one kind: the first route whose condition is true takes the lead."""

    name: Name
    when: RouteCondition


class Rung(Given):
    """One step of a ladder. `text` is the template of a rescue."""

    at: AMark
    do: RungAction
    text: Name | None = None


class Sla(Given):
    """A class of urgency: how long until somebody must have moved, and what happens on the way, in business time."""

    due: AMark | None = None
    ladder: tuple[Rung, ...]

    @property
    def needs_owner(self) -> bool:
        """Whether the ladder offers the lead to somebody."""
        return any(rung.do is Action.OFFER for rung in self.ladder)


CHANNEL_OF = {
    Motion.LIVE_TRANSFER: Channel.CALL,
    Motion.WHISPER_CALL: Channel.CALL,
    Motion.APPOINTMENT: Channel.CHAT,
    Motion.TEXT_BACK: Channel.SMS,
    Motion.HUMAN_TASK: Channel.CHAT,
}
"""What a motion goes through; nurture depends on what the person allows."""

SLA_NAMED = ("task", "reply", "work")
"""Classes every policy has: a lead only a person can help, a reply, and contact without a disposition."""
