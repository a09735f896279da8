"""What is done first, and by when: the shape of a policy's routes and ladders."""

from typing import ClassVar, Literal

from pydantic import Field

from domain.replies import ReplyKind
from domain.values import Action, Channel, Cue, Given, Motion, Purpose
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


CallMotion = Literal[Motion.LIVE_TRANSFER, Motion.WHISPER_CALL]
Escalating = Literal[ReplyKind.BUYING_SIGNAL, ReplyKind.QUESTION, ReplyKind.OTHER]


class Escalation(Given):
    """The call that a reply leads to, if it is one of `on` (R15): motions in order while both sides can talk, and while
    not. `text` is sent where the call has to wait."""

    on: tuple[Escalating, ...] = (ReplyKind.BUYING_SIGNAL,)
    """Kinds of replies that become a call; none at all keeps every reply with the owner."""
    open: tuple[CallMotion, ...] = Field(default=(Motion.WHISPER_CALL,), min_length=1)
    """Calls to try in order while the business is open and the person may be called."""
    closed: tuple[CallMotion, ...] = Field(default=(Motion.WHISPER_CALL,), min_length=1)
    """Calls to try in order at any other time; they wait for the next moment when both are so."""
    sla: Name = "task"
    """The class of urgency, by its name under sla, without its nurture. Its ladder offers the lead."""
    text: Name | None = None
    """Sent at once where the call has to wait, and where no rep connects; by its name under texts."""


class Fallback(Given):
    """What is done for a lead that no route took: motions to try in order, when people can be reached and when not."""

    name: Name = "fallback"
    """What traces call it."""
    because: str
    """Why, in words for the trace."""
    open: tuple[Motion, ...] = Field(min_length=1)
    """Motions to try in order while the business is open and the person may be called."""
    closed: tuple[Motion, ...] = Field(min_length=1)
    """Motions to try in order at any other time; calls then wait for the next moment when both are so."""
    busy: tuple[Motion, ...] = ()
    """Motions to try in order in place of `open` while no rep is free; without it, `open` holds then too."""
    needs_capacity: bool = False
    """Calls and tasks only where somebody who fits is free, or back on shift, before the SLA's due; else what is
    automated of its motions, or the queue."""
    cue: Cue | None = None
    """What the rep begins with: page, apologetic, referrer, reply. It is shown with the offer, and whispered before a
    call."""
    purpose: Literal[Purpose.RESPONSIVE, Purpose.SOLICITATION] = Purpose.SOLICITATION
    """Whether the text answers what the person just did, or is our own initiative."""
    text: Name | None = None
    """The first text, by its name under texts."""
    also_text: bool = False
    """Sends the text beside a call motion, at once."""
    sla: Name | None = None
    """The class of urgency, by its name under sla. One whose ladder offers the lead gives it an owner."""
    slots_text: Name | None = None
    """The text that offers times, where the motion is an appointment; by its name under texts."""
    track: Name | None = None
    """Where a nurtured lead rests, by its name under tracks."""
    escalate: Escalation | None = None
    """What a reply of the lead may lead to, in place of replies.escalate."""

    is_asked_for: ClassVar[bool] = False

    def text_of(self, motion: Motion) -> str | None:
        """Which text makes this motion, or goes with it."""
        return self.slots_text if motion is Motion.APPOINTMENT else self.text


class Answered(Fallback):
    """What a reply makes of a lead. The person has just asked for it, so that neither a contact of today nor a running
    deal stands in its way."""

    is_asked_for: ClassVar[bool] = True


class Route(Fallback):
    """What is done for leads of one kind: the first route whose condition is true takes the lead."""

    name: Name
    """What traces call it."""
    when: RouteCondition
    """The condition."""


class Rung(Given):
    """One step of a ladder. `text` is the template of a rescue."""

    at: AMark
    """When, in business time of the owner's calendar since the offer."""
    do: RungAction
    """What is done then."""
    text: Name | None = None
    """The text of a rescue, by its name under texts."""


class Sla(Given):
    """A class of urgency: how long until somebody must have moved, and what happens on the way, in business time."""

    due: AMark | None = None
    """By when somebody must have moved."""
    hops: int | None = Field(default=None, ge=1)
    """Offers after the first one, before the pool, where they differ from the policy's."""
    ladder: tuple[Rung, ...]
    """What is done on the way, in the order in which it falls due; nurture comes last."""

    @property
    def needs_owner(self) -> bool:
        """Whether the ladder offers the lead to somebody."""
        return any(rung.do is Action.OFFER for rung in self.ladder)

    @property
    def is_measured(self) -> bool:
        """Whether each share on the ladder is a share of something; one that isn't is refused at load."""
        return self.due is not None or not any(rung.at.unit == "percent" for rung in self.ladder)


CHANNEL_OF = {
    Motion.LIVE_TRANSFER: Channel.CALL,
    Motion.WHISPER_CALL: Channel.CALL,
    Motion.APPOINTMENT: Channel.SMS,
    Motion.TEXT_BACK: Channel.SMS,
    Motion.HUMAN_TASK: Channel.CHAT,
}
"""What a motion goes through; nurture depends on what the person allows."""

ALWAYS_POSSIBLE = (Motion.NURTURE, Motion.HUMAN_TASK)
"""Motions that nothing can keep from being made: what comes after one is never tried."""

SLA_NAMED = ("task", "reply", "work")
"""Classes every policy has: a lead only a person can help, a reply, and contact without a disposition."""
