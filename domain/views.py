"""What people and reports see of leads: rows of the read model. A class that holds personal data says so."""

from datetime import datetime, timedelta

from domain.call_views import CallView
from domain.costs import LeadCost
from domain.decisions import Decision, Followup, Trace
from domain.facts import Facts
from domain.lead import Lead
from domain.outcomes import ItemOutcome
from domain.values import Stored


class LeadFilter(Stored):
    """Which leads to list; None means any."""

    stage: str | None = None
    owner: str | None = None
    source: str | None = None
    open: bool | None = None


class LeadSummary(Stored):
    """A lead in a list. Moments are in the lead's own clock."""

    lead_id: str
    source: str
    test: bool
    stage: str
    owner: str | None
    queue: str | None
    band: str | None
    score: int
    motion: str | None
    cycle: int
    next_action_at: datetime | None
    next_action: str | None
    sla_due_at: datetime | None
    breached: bool
    outcome: str | None
    policy_hash: str | None
    opened_at: datetime
    closed_at: datetime | None
    first_touch_at: datetime | None
    contacted_at: datetime | None
    first_automation_at: datetime | None = None
    first_human_attempt_at: datetime | None = None
    first_two_way_contact_at: datetime | None = None
    first_meeting_at: datetime | None = None


class LeadPage(Stored):
    """Newest first. `cursor` asks for the next page; None on the last."""

    leads: tuple[LeadSummary, ...]
    cursor: str | None = None


class PersonView(Stored):
    """Who the lead is. Personal data."""

    person_id: str
    name: str | None
    phone: str | None
    email: str | None
    company: str | None
    opted_out: bool


class StoryLine(Stored):
    """One fact of a lead's story, as stored."""

    seq: int
    cycle: int
    at: datetime
    kind: str
    data: dict[str, object]


SETTLE = (
    "Nobody knows whether it arrived, and it is not sent again by itself. Look, then say: "
    "baton lead settle {touch_id} --as sent|failed|again --by NAME (again sends a text anew)"
)


class TouchView(Stored):
    """A touch of a lead as the ledger has it. Personal data: recipient and body."""

    touch_id: str
    key: str
    channel: str
    purpose: str
    recipient: str
    body: str
    at: datetime  # the lead's clock
    state: str
    vendor_id: str | None
    vendor_status: str | None
    error: str | None
    because: str | None  # why it was not made
    settled_by: str | None = None  # who said what became of it, where a person did
    to_do: str | None = None  # what a person should do about it


class LeadDetail(Stored):
    """A lead with its person and its story, oldest fact first."""

    lead: LeadSummary
    person: PersonView
    story: tuple[StoryLine, ...]
    state: Lead
    clock_offset: timedelta  # the lead's clock minus the server's when the lead was opened
    clock_ahead: timedelta  # what fast-forward has skipped since
    unsettled: tuple[TouchView, ...] = ()  # nobody knows whether these arrived
    cost: LeadCost | None = None  # what its texts and calls have cost so far
    calls: tuple[CallView, ...] = ()  # newest first


class TracedDecision(Stored):
    """A decision with what it was made from and why it came out so. `facts` holds personal data."""

    decision: Decision
    trace: Trace
    facts: Facts
    asked: Followup | None = None  # a later question; None for a triage
    engine: str = ""  # the build that judged
    recorded_at: datetime  # real time
    came_to: tuple[ItemOutcome, ...] = ()  # what became of each thing it planned
    said: tuple[str, ...] = ()  # all of it in sentences


class KeptDecision(Stored):
    """A decision as it is stored, to be derived again: JSON is kept as text, unread. `facts` holds personal data."""

    decision_id: str
    lead_id: str
    kind: str
    at: datetime  # the `now` it was judged at
    policy_hash: str
    engine: str
    recorded_at: datetime  # real time
    facts: str
    asked: str | None
    decision: str
    trace: str


class FirstTouch(Stored):
    """How long a lead's first text took, in real time: from its inbox row to the moment before the vendor's request."""

    lead_id: str
    waited: timedelta
    at_once: bool  # due at once by its first decision


class Stats(Stored):
    """A tenant in numbers. `lost`: messages and leads that nothing goes on with; right after a rush, look again."""

    leads: int
    open: int
    closed: int
    undecided: int
    undispatched: int
    lost: int
    touches: dict[str, int]  # by state, of those to people
    duplicate_touches: int  # sent more than once to one recipient in the same words for one lead
    first_touches: tuple[FirstTouch, ...]
