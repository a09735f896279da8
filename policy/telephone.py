"""How calls are placed: the shape of a policy's `calls` (R10-R12, N2). It decides nothing."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from domain.decisions import Opening
from domain.values import Given
from policy.fields import Duration, Name, Phone
from policy.problems import wrong

LEAST_LEAD_RING = timedelta(seconds=15)
"""A person's phone rings so long at least: 16 CFR 310.4(b)(4)(ii), fifteen seconds or four rings."""

MOST_AT_ONCE = 5


def _a_ring(length: timedelta) -> timedelta:
    if not timedelta(seconds=5) <= length <= timedelta(seconds=60):
        raise wrong("a phone rings for 5 to 60 seconds")
    return length


class Announce(StrEnum):
    """Whom a recorded call is announced to."""

    ALWAYS = "always"
    BY_LAW = "by_law"


class Recording(Given):
    """Recording of calls. You are responsible for the law of your own state as well as of theirs."""

    announce: Announce = Announce.ALWAYS
    """always: both sides are told. by_law: not where every place where the person may be has a verified row that asks
    for the leave of one party only."""
    keep: Duration = timedelta(days=90)
    """How long the vendor keeps a recording."""
    words: str = Field(default="This call is recorded.", min_length=1, max_length=200)
    """What both sides are told."""


class LeadFirst(Given):
    """Limits of dialling the person first: reached, calls ring the rep first until the rate has fallen (N24)."""

    gap: Duration = timedelta(seconds=2)
    """A person who has answered is connected within this time, or was abandoned."""
    most: Annotated[float, Field(gt=0, le=0.03)] = 0.03
    """The share of answered calls that may be abandoned within 30 days; the law's is 3 %."""
    margin: Annotated[float, Field(ge=0, lt=1)] = 0.2
    """So near to it, as a share of it, calls ring the rep first."""


class Manager(Given):
    """Somebody who may join calls, and takes no leads."""

    handle: Name
    """What traces and commands call them."""
    name: str = Field(min_length=1, max_length=60)
    """Their name."""
    phone: Phone
    """Their phone, which rings."""


class Calls(Given):
    """How a call motion's call is placed. Without this part nobody's phone is rung: reps are told in chat, and dial."""

    first: Opening = Opening.REP
    """Whose phone rings first. rep: nobody waits on a silent line. lead: only within the limits of lead_first."""
    ring: Annotated[Duration, AfterValidator(_a_ring)] = timedelta(seconds=15)
    """How long a rep's phone rings: three rings are about 15 seconds."""
    at_once: int = Field(default=3, ge=1, le=MOST_AT_ONCE)
    """How many free reps a live transfer rings at once."""
    lead_ring: Annotated[Duration, AfterValidator(_a_ring)] = timedelta(seconds=20)
    """How long the person's phone rings: four rings are about 20 seconds, and fewer than 15 seconds are refused."""
    busy_again: Duration = timedelta(minutes=1)
    """When a call is tried again whose rep is on the phone."""
    on_accept: bool = True
    """Rings whoever accepts the lead in chat before a call was made, and connects them."""
    voicemail: Name | None = None
    """The text that is left on the person's voicemail, by its name under texts; only with written consent to automated
    calls. Without it nothing is left."""
    record: Recording | None = None
    """Records calls; without this part none is."""
    lead_first: LeadFirst = LeadFirst()
    """Limits of dialling the person first."""
    managers: tuple[Manager, ...] = ()
    """Who may join calls besides the team: by barge everybody hears them, by coach only the rep."""

    @model_validator(mode="after")
    def _rings_long_enough(self) -> Self:
        if self.lead_ring < LEAST_LEAD_RING:
            raise wrong("the person's phone must ring for 15 seconds at least, or the call counts as abandoned")
        return self
