"""What a running lead asks activities to do, and what it is told. All of it lives in Temporal history: no personal
data."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.decisions import Followup
from domain.lead import Lead
from domain.replies import Said
from domain.values import Channel, Code, Cue, Motion, Purpose, Refusal, Stored


class Order(Stored):
    """Common to all: whose lead, under which ledger key, and the lead's clock when it was asked."""

    tenant: str
    lead_id: str
    key: str  # lead:cycle:step:n, the ledger's idempotency key
    as_of: datetime
    clock_offset: timedelta = timedelta(0)
    policy_hash: str = ""


class TextOrder(Order):
    """Send the person a text made from a template of the lead's policy."""

    template: str
    purpose: Purpose
    owner: str | None = None  # whom the text may name: whoever has the lead now
    heard: datetime  # the newest reply the lead knew of, else when it opened; a newer one stops the text


class Notice(StrEnum):
    """What our own people are told."""

    OFFER = "offer"  # to the owner: take this lead (call task, whisper text, due time)
    POOL = "pool"  # to everybody: first to claim
    WARN = "warn"
    REMIND = "remind"
    SUPERVISOR = "supervisor"
    REPLY = "reply"  # the person answered: to the owner and the shared channel
    AUTO_REPLY = "auto_reply"  # a machine answered for them, which is no contact
    CLAIMED = "claimed"
    ASKED_AGAIN = "asked_again"  # a further inquiry of somebody who is being worked
    CALLED_AGAIN = "called_again"  # the same by phone, and nobody answered
    VOICEMAIL = "voicemail"  # they left a message; row_id: where the link to it is
    TRANSCRIBED = "transcribed"  # what it says
    UNDELIVERED = "undelivered"
    NOT_SENT = "not_sent"
    UNSETTLED = "unsettled"
    CLOSED = "closed"
    SET_AWAY = "set_away"  # to a rep who missed too many offers


class NoticeOrder(Order):
    """Tell our own people something about the lead."""

    notice: Notice
    owner: str | None = None
    queue: str | None = None
    offer: int = 0
    due: datetime | None = None
    reason_owed: bool = False  # contact was made: what is asked for is how it went
    row_id: str | None = None  # reply, auto_reply: the inbox row that holds the words
    said: Said = None  # reply: what the words were taken for
    motion: Motion | None = None  # the motion under way now
    cue: Cue | None = None  # what the rep begins with
    rep: str | None = None  # set_away: who is told
    touch_id: str | None = None  # unsettled: the touch that is asked about


class CrmOrder(Order):
    """Bring the CRM in line: owner, stage, note, task."""

    what: str  # handoff | nurture | owner | disposition | closed | call | recording
    owner: str | None = None
    stage: str  # the lead's stage; once it is closed, why
    code: Code | None = None
    by: str | None = None  # disposition: who gave it
    due: datetime | None = None
    call_id: str | None = None  # call, recording: which


class Question(Order):
    """Ask policy. `followup` says which question; None asks for the cycle's triage."""

    decision_id: str
    cycle: int
    woken: int = 0
    prompted: bool | None = None  # whether news of the person's own began the cycle
    source: str = ""  # what the lead is judged by now: the newest inquiry worth starting over for
    followup: Followup | None = None


class EnrichOrder(Order):
    """Learn of the company of the lead's person, by the end of the activity's time."""


class Enriched(Stored):
    """Whether something was learnt of the company. What it is stays in PostgreSQL."""

    found: bool = False


class Adoption(Order):
    """Ask another policy, `adopts`, what is left of the lead's plan."""

    decision_id: str
    adopts: str
    lead: Lead


class TouchState(StrEnum):
    """The ledger's states: planned -> claimed -> sending -> sent -> delivered | failed | unknown | cancelled."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class Touched(Stored):
    """How an effect went. held: try again at `retry_at`; refused or failed: it won't be made; unknown: ask a person."""

    result: str  # sent | held | refused | failed | unknown
    at: datetime
    touch_id: str | None = None
    channel: Channel | None = None
    refusal: Refusal | None = None
    because: str = ""  # a rule's name or a vendor's code
    retry_at: datetime | None = None
