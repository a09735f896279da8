"""The shape of a policy: everything an operator decides. Whether it fits together is for checks.py."""

from typing import Literal

from pydantic import Field

from domain.values import Band, Code, Given
from policy import texts
from policy.afterwards import Recycle, Track
from policy.contact import Contact
from policy.criteria import Accounts, Disqualifier, Enrich, Intent, Matrix, Point
from policy.fields import CrmValue, Hours, Name, Wording, Zone
from policy.handoff import Handoff
from policy.inbound import Inbound
from policy.numbers import Numbers
from policy.prices import Prices
from policy.reply_rules import Replies
from policy.roster import EVERYBODY, Channels, Group, Queue, Rep, Sticky
from policy.routing import Fallback, Route, Sla
from policy.speeds import ContactCounts, SpeedTargets
from policy.telephone import Calls

CrmProperty = Literal["lifecyclestage", "hs_lead_status", "baton_handoff"]


class Holidays(Given):
    """Days off by name, in every year, from the public calendar of a country."""

    country: str
    """Whose public calendar: a two-letter country, such as US."""
    subdivision: str | None = None
    """A part of the country whose own holidays count too, such as TX."""
    days: tuple[str, ...] = ()
    """The holidays we keep, by their names in that calendar, such as Thanksgiving Day. A day in lieu counts too."""


class Business(Given):
    """Who we are, and when we are open."""

    name: str = Field(min_length=1, max_length=40)
    """Our name, as people know it; texts call it {{ business }}."""
    zone: Zone
    """The time zone that our hours are in."""
    hours: Hours
    """When we are open. SLAs are counted in this time, unless the owner has hours of their own."""
    holidays: Holidays
    """Days on which we are closed, whatever the hours say."""


class Policy(Given):
    """A whole policy. LoadedPolicy (loaded.py) is one that was checked."""

    name: Name
    """What this policy is called in lists and traces."""
    always_open: bool = False
    """Lifts every contact window, the law's included. For tests alone: real vendors refuse to run under it."""
    sandbox: bool = False
    """Touches test leads too; without it they are judged, and never touched. A tenant's sandbox is a switch."""
    business: Business
    """Who we are, and when we are open."""
    contact_rules: str
    """The file of contact rules, looked for beside this one: the law, as dated data. You are responsible for it."""
    contact: Contact
    """When and how often people may be touched, besides the law."""
    intent: Intent
    """Behaviour that counts as intent."""
    accounts: Accounts = Accounts()
    """Companies we want, and what makes several people of one company a buying group."""
    enrich: Enrich | None = None
    """How long a lead may wait to learn of its company; without it none waits."""
    disqualify: tuple[Disqualifier, ...] = ()
    """Who is not handed to a person: the first whose condition is true decides."""
    disqualified_track: Name
    """The track of a disqualified lead that is nurtured, and of one whose route names none."""
    score: tuple[Point, ...]
    """Points: all whose conditions are true add up."""
    bands: dict[Literal[Band.A, Band.B, Band.C], int] = Field(json_schema_extra={"required": ["A", "B", "C"]})
    """Points from which a band begins: A above B above C; below C is D."""
    matrix: Matrix | None = None
    """Weighs fit against intent, in place of `bands`."""
    routes: tuple[Route, ...]
    """First motions: the first route whose condition is true takes the lead."""
    fallback: Fallback
    """What is done for a lead that no route took."""
    whisper_bench: int = Field(default=2, ge=1)
    """A live transfer is whispered to the rep first while at least so many reps are free; else it connects at once."""
    contact_counts: ContactCounts = ContactCounts()
    """What counts as two-way contact."""
    speeds: SpeedTargets = SpeedTargets()
    """How fast is fast enough."""
    replies: Replies = Replies()
    """What a person's reply leads to, by what it says."""
    handoff: Handoff | None = None
    """What has to be known of a lead before it is handed on; what is missing is told to its owner."""
    sla: dict[Name, Sla]
    """Classes of urgency by name. task, reply and work are always needed."""
    team: tuple[Rep, ...]
    """Our reps: who takes leads."""
    assign: tuple[Group, ...] = Field(default=(EVERYBODY,), min_length=1)
    """Groups of reps: the first whose condition is true, and of which somebody is there, takes the lead by turns."""
    sticky: Sticky = Sticky()
    """Whether people who come back go to whom they know."""
    credit_back: tuple[Code, ...] = ()
    """Reason codes of leads that were none: they give the rep their turn back."""
    away_after: int | None = Field(default=None, ge=1)
    """After so many offers in a row that ran out, a rep is set away until they say that they are back."""
    queues: tuple[Queue, ...] = Field(min_length=1)
    """Places where a lead waits for the first to claim it."""
    fallback_queue: Name
    """The queue of every lead that no rep can take."""
    channels: Channels
    """Where our own people are told."""
    crm_handoff: dict[Literal["lifecyclestage", "hs_lead_status", "baton_handoff"], tuple[CrmValue, ...]] = Field(
        default_factory=dict
    )
    """HubSpot: the values of a contact's stage or tag that ask for a person (source crm_stage)."""
    hops: int = Field(ge=1)
    """Offers after the first one, before the pool."""
    numbers: Numbers | None = None
    """The numbers we text and call from; without it, the one of the settings."""
    one_segment: bool = True
    """Refuses a text of more than one SMS segment with rather long values."""
    texts: dict[Name, Wording]
    """Texts to people by name, in Liquid; one for everybody, or one for each language, such as {en: Hi, es: Hola}.
    Variables: business, company, first_name, language, page, referrer, rep, source."""
    tracks: dict[Name, Track]
    """What a resting lead hears from us, by name."""
    recycle: Recycle
    """What becomes of a lead after it was worked."""
    calls: Calls | None = None
    """How calls are placed; without it reps dial by hand."""
    inbound: Inbound = Inbound()
    """How calls to our numbers are answered."""
    costs: Prices = Prices()
    """What touches cost, for estimates and reports."""

    def rep(self, handle: str | None) -> Rep | None:
        """The rep of this handle."""
        return next((rep for rep in self.team if rep.handle == handle), None)

    def phone_of(self, handle: str | None) -> str | None:
        """The phone of a rep, or of a manager who may join calls."""
        managers = self.calls.managers if self.calls is not None else ()
        phones = {**{each.handle: each.phone for each in managers}, **{rep.handle: rep.phone for rep in self.team}}
        return phones.get(handle or "")

    def text(self, name: str, language: str) -> str | None:
        """The text of this name for somebody of this language; None when there is none of the name."""
        wording = self.texts.get(name)
        return None if wording is None else texts.in_language(wording, language)[1]
