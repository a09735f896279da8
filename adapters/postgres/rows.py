"""The shapes that cross between Python and SQL as one JSON document each way. Pure data: no statement, no judgement."""

from datetime import datetime

from pydantic import BaseModel, SerializeAsAny

from domain.companies import ColleagueSignal, CompanyFacts
from domain.decisions import Decision, Trace
from domain.facts import ConsentFacts, Facts, History, PersonFacts, RepLoad, SignalFact
from domain.lead import Lead
from domain.messages import Behaviour, Consent, InboundText, RowRef
from domain.values import Stored


class KnownRow(Stored):
    """An inbox row that is already there. `is_anothers`: the message names somebody, and not the row's person."""

    row_id: str
    state: str
    lead_id: str | None = None
    at: datetime | None = None
    first_motion: str | None = None
    is_anothers: bool = False


class PersonRow(Stored):
    """The columns of a person that capture may write."""

    person_id: str
    name: str | None = None
    facts: PersonFacts
    active_deal: bool = False
    active_sequence: bool = False
    crm_owner: str | None = None
    crm_id: str | None = None
    last_transaction_at: datetime | None = None


class Opening(Stored):
    """Answer of query `open`. `now` is the clock of the open lead, if any; `opening` that of a lead opened now."""

    now: datetime
    opening: datetime
    clock_offset: float  # seconds
    kill_switch: bool
    sandbox: bool = False
    policy_hash: str | None = None  # the active policy; None before the first was published
    row: KnownRow | None = None
    person: PersonRow | None = None
    lead: Lead | None = None
    consent: ConsentFacts | None = None
    signals: tuple[SignalFact, ...] = ()
    reps: tuple[RepLoad, ...] = ()
    company: CompanyFacts | None = None
    colleagues: tuple[ColleagueSignal, ...] = ()
    enriches: bool = False
    history: History
    row_id: str
    lead_id: str
    person_id: str


class IdentityRow(Stored):
    kind: str  # phone | email
    value: str


class InboxRow(Stored):
    """`payload` is what came, extra fields included; `ref` what the lead is told. `asked_at` and `asked_as`: when the
    person asked by which source, where it is an inquiry."""

    row_id: str
    channel: str
    source_event_id: str
    at: datetime
    payload: SerializeAsAny[BaseModel]
    state: str
    ref: RowRef | None = None
    lead_id: str | None = None
    asked_at: datetime | None = None
    asked_as: str | None = None


class LeadRow(Stored):
    """A new lead as it stands before its workflow has said anything."""

    lead_id: str
    source: str
    test: bool
    stage: str
    owner: str | None
    queue: str | None
    band: str | None
    score: int
    motion: str | None
    next_action_at: datetime | None
    next_action: str | None
    sla_due_at: datetime | None
    policy_hash: str
    opened_at: datetime
    clock_seconds: float
    state: Lead


class DecisionRow(Stored):
    """A triage with what it was made from; `engine` is the build that made it."""

    facts: Facts
    decision: Decision
    trace: Trace
    engine: str


class Entry(Stored):
    """All that one message writes. The tuples of leads, decisions and consents hold one or none."""

    tenant: str
    row: InboxRow
    person: PersonRow
    identities: tuple[IdentityRow, ...] = ()
    consents: tuple[SerializeAsAny[Consent], ...] = ()
    behaviours: tuple[SerializeAsAny[Behaviour], ...] = ()
    leads: tuple[LeadRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()


class KeptText(Stored):
    """A person's text as the inbox keeps it, with what it was taken to mean: stop, start, yes, reply or help."""

    text: InboundText
    meaning: str


class KeptRow(Stored):
    """An inbox row as it came."""

    row_id: str
    tenant: str
    channel: str
    source_event_id: str
    state: str
    payload: dict[str, object]
