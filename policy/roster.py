"""Our own people in a policy: who takes leads, in which groups, where leads wait, where everybody is told."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from domain.assignments import Rotation
from domain.values import Given
from policy.fields import (
    LONGEST,
    Day,
    Duration,
    Hours,
    Language,
    Name,
    Phone,
    Region,
    RouteCondition,
    SlackChannel,
    SlackUser,
    Zone,
)
from policy.notation import OrADay
from policy.problems import wrong

MOST_WEIGHT = 10


class DaysOff(Given):
    """Whole days of a rep's own calendar, the last one included."""

    first: Day
    """The first day off."""
    last: Day
    """The last day off."""

    @model_validator(mode="after")
    def _in_order(self) -> "DaysOff":
        if not 0 <= (self.last - self.first).days <= LONGEST.days:
            raise wrong(f"the last day comes before the first, or more than {LONGEST.days} days after it")
        return self


class Rep(Given):
    """Somebody who takes leads."""

    handle: Name
    """What traces and commands call them."""
    name: str
    """Their name; texts call it {{ rep }}."""
    slack: SlackUser
    """Their member id in Slack."""
    email: str
    """Their e-mail address."""
    phone: Phone
    """Their phone, which rings."""
    hubspot_owner: str | None = None
    """Their owner id in HubSpot."""
    territories: tuple[Region, ...] = ()
    """States they take leads from; none means everywhere."""
    segments: tuple[Name, ...] = ()
    """Segments they take; none means all."""
    product_lines: tuple[Name, ...] = ()
    """Product lines they sell; none means all."""
    languages: tuple[Language, ...] = ("en",)
    """Languages they speak."""
    licences: tuple[Region, ...] = ()
    """States they are licensed in; asked for only by groups that match licence."""
    weight: int = Field(default=1, ge=0, le=MOST_WEIGHT)
    """Their share of turns beside others'; 0 takes only their own leads."""
    max_open: int | None = Field(default=None, ge=1)
    """How many open leads they may have."""
    max_per_day: int | None = Field(default=None, ge=1)
    """How many leads they may be offered on a day of their own calendar."""
    hours: Hours | None = None
    """Their working hours, where they differ from the business's."""
    zone: Zone | None = None
    """The time zone of their hours, where it differs from the business's."""
    time_off: tuple[Annotated[DaysOff, OrADay()], ...] = ()
    """Days they are off: a date, or the first and the last of several."""
    away: bool = False
    """Takes no leads until this is taken back."""


class Match(StrEnum):
    """What of a rep is compared with the lead."""

    TERRITORY = "territory"
    SEGMENT = "segment"
    PRODUCT_LINE = "product_line"
    LANGUAGE = "language"
    LICENCE = "licence"


class Group(Given):
    """Reps who take leads of one kind, and whose turn it is among them."""

    name: Name
    """What traces and reports call it. Its turns are counted under this name."""
    when: RouteCondition = "true"
    """Which leads it takes; all, where this isn't said."""
    reps: tuple[Name, ...] = ()
    """Handles of its reps, in the order of a strict rotation; none means the whole team, in its order."""
    match: tuple[Match, ...] = ()
    """What a rep must fit. Who is named for a territory, segment or product line comes before who takes any."""
    rotation: Rotation = Rotation.WEIGHTED
    """Whose turn it is: strict, weighted or least_loaded."""
    anybody: bool = False
    """Where nobody who fits is there: anybody of the group with the language and the licence."""
    fallback_queue: Name | None = None
    """The queue where its leads wait when nobody of it is there; the next group, where this isn't said."""


class Sticky(Given):
    """Whether people who come back go to whom they know, if that rep is there."""

    last_owner: bool = True
    """To whoever had taken up or reached them last."""
    within: Duration = LONGEST
    """For so long since."""
    crm_owner: bool = True
    """To their owner in the CRM."""
    account_owner: bool = True
    """To the owner of their company in the company table."""


EVERYBODY = Group(name="round_robin", match=(Match.TERRITORY,), anybody=True)
"""How leads are given out where a policy says nothing of it."""


class Queue(Given):
    """A place where a lead waits for the first to claim it."""

    name: Name
    """What traces and fallback_queue call it."""
    channel: SlackChannel
    """Its channel in Slack."""


class Channels(Given):
    """Where our own people are told."""

    leads: SlackChannel
    """Every lead and reply."""
    supervisors: SlackChannel
    """What a supervisor should see."""
