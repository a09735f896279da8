"""The shape of a policy: everything an operator decides. Whether it fits together is for checks.py."""

from typing import Literal

from pydantic import Field

from domain.values import Band, Given
from policy.afterwards import Recycle, Track
from policy.contact import Contact
from policy.criteria import Disqualifier, Intent, Point
from policy.fields import CrmValue, Hours, Name, Text, Zone
from policy.roster import Channels, Queue, Rep
from policy.routing import Fallback, Route, Sla

CrmProperty = Literal["lifecyclestage", "hs_lead_status", "baton_handoff"]


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
