"""What policy may know about a lead when it judges: gathered in one place, stored whole with each decision.

Facts may hold personal data (company, title): they live in PostgreSQL only.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import Field

from domain.abandonment import Abandonment
from domain.companies import ColleagueSignal, CompanyFacts
from domain.values import CallList, Channel, Purpose, Stored


class Place(Stored):
    """A place where the person may be: region (two-letter state, if known), IANA zone, and what told us."""

    zone: str
    country: str = "US"
    region: str | None = None
    evidence: str = "area_code"  # area_code | postal_code | address


class StatedAddress(Stored):
    """Where a person once said they are: country and region as PersonFacts has them, the postal code as given."""

    country: str | None = None
    region: str | None = None
    postal_code: str | None = None


class PersonFacts(Stored):
    """The person as policy sees them. `flags` are those of values.Flag.

    Country, region and postal code are the newest address; `elsewhere` are others that they gave before, newest first.
    `places` follow from the phone and all addresses. `bad_numbers` were found out to be bad and not given since.
    """

    person_id: str = ""
    phone: str | None = None  # E.164; None when absent or invalid
    email: str | None = None  # normalised; None when absent or invalid
    email_domain: str | None = None
    company: str | None = None
    company_domain: str | None = None  # of a work address; None for free mail
    title: str | None = None
    language: str | None = None  # two letters; None when not told
    country: str | None = None
    region: str | None = None
    postal_code: str | None = None
    elsewhere: tuple[StatedAddress, ...] = ()
    places: tuple[Place, ...] = ()
    flags: tuple[str, ...] = ()
    bad_numbers: tuple[str, ...] = ()


class ConsentFacts(Stored):
    """Consent as captured. Missing means kind "inquiry" and not automated."""

    sms: bool = False
    call: bool = False
    kind: str = "inquiry"  # written | express | inquiry | none
    automated: bool = False


class SignalFact(Stored):
    """One piece of behaviour (R6)."""

    kind: str
    page: str | None = None
    at: datetime


TOUCHES_KNOWN = timedelta(days=31)
"""How far back touches are told of, as function history_of has it; no policy counts them over a longer time."""


LATELY_KNOWN = timedelta(hours=25)
"""How far back a rep's offers are told of, as function loads_of has it: the longest day there is."""


class PastTouch(Stored):
    """A touch of this person, on any lead, that was or may have been sent."""

    channel: Channel
    purpose: Purpose
    at: datetime
    template: str | None = None  # which text of the policy it was


class Listing(Stored):
    """A do-not-call list that the person is on: the federal one as of its extract, our own from a day on until another,
    or for good."""

    kept_by: CallList
    since: datetime
    until: datetime | None = None


class PastInquiry(Stored):
    """When the person last asked us for something by a source."""

    source: str
    at: datetime


class PastRefusal(Stored):
    """The person said no to a channel: `asked` not to be contacted by it again, or `declined` a call."""

    channel: Channel
    at: datetime
    reason: str = "asked"  # asked | declined


class Turn(Stored):
    """A rep's place in one line of the rotation, which is an `assign` group of the policy by its name."""

    line: str
    last: int = 0  # running number of their newest turn in this line
    offers: int = 0  # leads that came to them by this line, turns made up included
    owed: int = 0  # turns given back and not made up yet
    position: int = 0  # how far they are, in parts of a turn (policy/rotation.py)


class TimeOff(Stored):
    """A time that a rep is recorded to be off, from `start` on, until before `end`."""

    start: datetime
    end: datetime


class RepLoad(Stored):
    """What the rotation needs to know of a rep.

    `lately` counts their offers by the half-hour: the first figure is that of the running half-hour of UTC, each next
    one of the half-hour before, over LATELY_KNOWN.
    """

    rep: str
    last_offered: int = 0  # running number of their last offer; 0 = never
    open_leads: int = 0
    away: bool = False
    away_because: str | None = None
    away_until: datetime | None = None  # None: until they say that they are back
    missed: int = 0  # offers in a row that ran out while nothing was heard of them
    time_off: tuple[TimeOff, ...] = ()
    lately: tuple[int, ...] = ()
    turns: tuple[Turn, ...] = ()


class History(Stored):
    """What happened before, across the person's leads."""

    opted_out: bool = False
    active_deal: bool = False
    active_sequence: bool = False
    last_contact_at: datetime | None = None
    last_owner: str | None = None
    last_owner_at: datetime | None = None  # when they last took up or reached the person
    crm_owner: str | None = None
    touches: tuple[PastTouch, ...] = ()  # of the last TOUCHES_KNOWN
    handoffs: int = 0  # cycles already spent on this lead
    woken: int = 0  # how many of its cycles, this one included, began because news came
    do_not_call: tuple[Listing, ...] = ()
    registry_as_of: datetime | None = None  # the federal extract for their number; None when there is none here
    inquiries: tuple[PastInquiry, ...] = ()  # the newest of each source
    last_transaction_at: datetime | None = None
    refusals: tuple[PastRefusal, ...] = ()  # that were not taken back
    takes_no_texts: str | None = None  # the vendor's code for it, of their number; None: as far as is known it does


def _is_none_yet(value: Abandonment) -> bool:
    return value == Abandonment()


def _is_empty(value: tuple[str, ...]) -> bool:
    return not value


class Facts(Stored):
    """Everything a judgement reads, besides the policy and the moment.

    `company` is what is known of the person's company, None where nothing is and nobody was asked; `colleagues` what
    others of it did, newest last; `enriches` whether somebody may be asked of it before the lead goes on. `prompted`:
    news of the person's own began this cycle; None where that was not told.
    """

    tenant: str
    lead_id: str
    source: str
    received_at: datetime
    cycle: int = 1
    prompted: bool | None = None
    test: bool = False
    kill_switch: bool = False  # the tenant's: touches of people wait
    sandbox: bool = False  # the tenant's: nothing leaves
    person: PersonFacts = PersonFacts()
    consent: ConsentFacts = ConsentFacts()
    page: str | None = None
    campaign: str | None = None
    referred: bool = False
    answers: dict[str, str] = Field(default_factory=dict)
    signals: tuple[SignalFact, ...] = ()
    history: History = History()
    reps: tuple[RepLoad, ...] = ()
    company: CompanyFacts | None = None
    colleagues: tuple[ColleagueSignal, ...] = ()
    enriches: bool = False
    on_call: tuple[str, ...] = Field(default=(), exclude_if=_is_empty)
    """reps whose phones are in a call of ours now"""
    abandonment: Abandonment = Field(default=Abandonment(), exclude_if=_is_none_yet)
    """of thirty days, of leads of this source"""

    @property
    def is_unasked(self) -> bool:
        """Whether nothing of the person's own began this cycle: a rest ran out. Where it was not told, only a lead all
        of whose later cycles began by news counts as asked."""
        told = self.history.woken >= self.cycle - 1 if self.prompted is None else self.prompted
        return self.cycle > 1 and not told


Locator = Callable[[PersonFacts], tuple[Place, ...]]
"""Every place where a person may be, by all they ever told of it."""
