"""The shape of a policy: everything an operator decides. Whether it fits together is for checks.py."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.values import Action, Band, Channel, ClosedReason, Code, Given, Motion, Purpose
from policy.fields import (
    AMark,
    CrmValue,
    Duration,
    Hours,
    LeadCondition,
    Name,
    RouteCondition,
    Text,
    TouchSpan,
    Zone,
)
from policy.roster import Channels, Queue, Rep

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
CrmProperty = Literal["lifecyclestage", "hs_lead_status", "baton_handoff"]
ConsentKind = Literal["written", "express", "inquiry", "none"]


class Holidays(Given):
    """Days off by name, in every year, from the public calendar of a country."""

    country: str
    subdivision: str | None = None
    days: tuple[str, ...] = ()


class Business(Given):
    """Who we are, and when we are open."""

    name: str = Field(min_length=1, max_length=40)
    zone: Zone
    hours: Hours
    holidays: Holidays


class Courtesy(Given):
    """The window we keep besides the law's, in the person's local time."""

    sms: Hours
    call: Hours


class Leave(Given):
    """What a channel needs of the person: their tick for this channel, and a kind of consent."""

    box: bool
    kinds: tuple[ConsentKind, ...]


class ConsentRules(Given):
    """`answers`: sources whose own call or text is leave for one answer by text."""

    sms: Leave
    call: Leave
    answers: tuple[Name, ...] = ()


class Cap(Given):
    """At most so many solicitations of one person within a time, over all channels and leads (N8)."""

    most: int = Field(ge=1)
    within: TouchSpan


class Contact(Given):
    """When and how often a person may be touched, besides the law. Within `same_answer` one answer is sent once."""

    courtesy: Courtesy
    answers_at_night: bool = False
    consent: ConsentRules
    caps: tuple[Cap, ...]
    same_answer: TouchSpan = timedelta(minutes=10)
    recent_contact: Duration


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


class Policy(Given):
    """A whole policy. LoadedPolicy (loaded.py) is one that was checked."""

    name: Name
    always_open: bool = False
    sandbox: bool = False
    business: Business
    contact_rules: str
    contact: Contact
    intent: Intent
    disqualify: tuple[Disqualifier, ...] = ()
    disqualified_track: Name
    score: tuple[Point, ...]
    bands: dict[Literal[Band.A, Band.B, Band.C], int]
    routes: tuple[Route, ...]
    fallback: Fallback
    sla: dict[Name, Sla]
    team: tuple[Rep, ...]
    queues: tuple[Queue, ...] = Field(min_length=1)
    fallback_queue: Name
    channels: Channels
    crm_handoff: dict[Literal["lifecyclestage", "hs_lead_status", "baton_handoff"], tuple[CrmValue, ...]] = Field(
        default_factory=dict
    )
    hops: int = Field(ge=1)
    one_segment: bool = True
    texts: dict[Name, Text]
    tracks: dict[Name, Track]
    recycle: Recycle

    def rep(self, handle: str | None) -> Rep | None:
        """The rep of this handle."""
        return next((rep for rep in self.team if rep.handle == handle), None)


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
