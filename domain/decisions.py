"""What policy answers: a decision small enough for history and free of personal data, and its trace for people.

A Decision is all a running lead needs; the Trace beside it stays in PostgreSQL and answers "why this, then, from whom".
"""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from domain.assignments import Assignment, Credit, WentAway
from domain.replies import Said
from domain.values import Action, Band, Channel, ClosedReason, Code, Cue, Motion, Purpose, Stored, Until


class DecisionKind(StrEnum):
    """Which question was asked."""

    TRIAGE = "triage"  # the first motion of a cycle
    REOFFER = "reoffer"  # who is next, after a decline or a time-out
    REPLY = "reply"  # the person answered: who must move by when
    WORK = "work"  # contact made: what is owed until a disposition
    DISPOSE = "dispose"  # reason code -> rest and track, or the end
    NEWS = "news"  # a joined inquiry or strong behaviour: go on, or start over
    CALL = "call"  # a call is due: whose phones ring, for how long, whether it is recorded
    ADOPT = "adopt"  # another policy is to be followed: what is left of the cycle's plan under it


class Outcome(StrEnum):
    """Where the lead goes from here."""

    HAND_OFF = "hand_off"
    NURTURE = "nurture"
    HUMAN_TASK = "human_task"
    KEEP = "keep"
    REST = "rest"
    RESTART = "restart"
    CLOSE = "close"


class Item(Stored):
    """One entry of a lead's agenda: what falls due, when (the lead's clock), and what makes it pointless."""

    key: str  # policy's own, such as "warn-1", unique within a cycle; on a lead's agenda with its cycle: "2:warn-1"
    at: datetime
    action: Action
    until: Until = Until.NEVER
    template: str | None = None  # which text, which notice, what of the CRM; a pool's queue
    purpose: Purpose = Purpose.INTERNAL
    rule: str | None = None  # the policy rule that asked for it
    held_by: tuple[str, ...] = ()  # rules that put it off to `at`; empty when it is on time
    tries: int = 0
    row_id: str | None = None  # alert_reply: the inbox row that holds the words
    said: Said = None  # alert_reply: what the words were taken for
    code: Code | None = None  # nurture: the reason code that the person's own words amount to
    cue: Cue | None = Field(default=None, exclude_if=lambda cue: cue is None)
    """call: what the rep begins with, where it isn't what the lead's motion says"""


class Rest(Stored):
    """A lead at rest: on which track, until when, and why."""

    track: str
    until: datetime
    because: Code | None = None
    wake_on_intent: bool = True


class Opening(StrEnum):
    """Whose phone rings first."""

    REP = "rep"
    LEAD = "lead"


class CallPlan(Stored):
    """A call to be made now, or why not now. `reps` are rung at once, by handle; none: nobody can take it."""

    reps: tuple[str, ...] = ()
    ring: timedelta = timedelta(seconds=15)  # each rep's phone
    lead_ring: timedelta = timedelta(seconds=20)  # the person's phone
    purpose: Purpose = Purpose.RESPONSIVE
    first: Opening = Opening.REP
    whisper: bool = True  # whether the rep hears why before they are asked to take it
    cue: Cue | None = None
    record: bool = False
    announce: bool = True  # whether both sides are told that it is recorded
    drop: str | None = None  # the policy's text that is left on a voicemail
    contact_after: timedelta = timedelta(seconds=30)  # so long a talk is two-way contact (N1)
    again_at: datetime | None = None  # not now: tried again then
    held_by: tuple[str, ...] = ()


def _is_none(value: object) -> bool:
    return value is None


def _is_false(value: object) -> bool:
    return value is False


def _is_empty(value: tuple[str, ...]) -> bool:
    return not value


def _is_answer(value: Purpose) -> bool:
    return value is Purpose.RESPONSIVE


class Decision(Stored):
    """An answer of policy. Ids, enums, moments and numbers only: it lives in Temporal history."""

    decision_id: str
    kind: DecisionKind
    outcome: Outcome
    decided_at: datetime
    good_until: datetime
    policy_hash: str
    contact_rules: str = ""  # version of the contact rules it was made by, such as us-2026-11
    route: str | None = None  # triage: the route that took the lead
    motion: Motion | None = None
    channel: Channel | None = None
    band: Band | None = None
    score: int = 0  # fit and intent together
    fit: int = 0
    intent: int = 0
    enrich_by: datetime | None = None  # until when it waits to learn of the company, since that could change it
    owner: str | None = None  # a rep's handle
    queue: str | None = None  # a queue's name, where no single rep owns the lead
    closed: ClosedReason | None = None
    fallbacks: tuple[Motion, ...] = ()  # what to do, in this order, where the motion comes to nothing
    fallback_text: str | None = None  # the text of a text-back among them
    fallback_purpose: Purpose = Field(default=Purpose.RESPONSIVE, exclude_if=_is_answer)
    """what that text is: an answer, or of our own initiative"""
    cue: Cue | None = None  # what the rep begins with
    whisper: bool = False  # whether the rep hears it before they are connected, for as long as the call takes to ring
    missing: tuple[str, ...] = ()  # names of what the policy's handoff needs to know and nobody has said
    sla_due_at: datetime | None = None
    contact_at: datetime | None = None  # reply, dispose: when there was two-way contact, as the policy counts it
    agenda: tuple[Item, ...] = ()
    rest: Rest | None = None
    rules: tuple[str, ...] = ()  # names of the rules that fired, in order
    dials: bool = Field(default=False, exclude_if=_is_false)
    """whether we make this motion's call: else the rep dials by hand"""
    call: CallPlan | None = Field(default=None, exclude_if=_is_none)
    """kind call: whose phones ring"""
    replaces: tuple[str, ...] = Field(default=(), exclude_if=_is_empty)
    """adopt: keys on the lead's agenda that `agenda` takes the place of"""


class Reason(Stored):
    """One rule that spoke, and why, in words for a person."""

    rule: str
    because: str


class Counted(Reason):
    """Points that counted, and for what."""

    points: int = 0
    kind: str = "fit"  # fit | intent


class Window(Stored):
    """The earliest permitted moment for a channel and purpose; `earliest` is null when never."""

    channel: Channel
    purpose: Purpose
    earliest: datetime | None
    held_by: tuple[str, ...] = ()


class RoadNotTaken(Stored):
    """A motion or owner that was considered and passed over, and the rule that did it."""

    what: str
    because: str


class Trace(Stored):
    """Why a decision came out as it did: kept in PostgreSQL beside the inputs, never in Temporal."""

    reasons: tuple[Reason, ...] = ()
    points: tuple[Counted, ...] = ()
    windows: tuple[Window, ...] = ()
    held: tuple[Reason, ...] = ()
    not_taken: tuple[RoadNotTaken, ...] = ()
    faults: tuple[Reason, ...] = ()  # conditions that errored and so counted as false
    ladder: tuple[Item, ...] = ()
    assignment: Assignment | None = None  # who was considered for the lead; None where nobody was looked for
    credit: Credit | None = None  # a turn that is given back
    went_away: tuple[WentAway, ...] = ()  # reps who are set away from here on


class Began(StrEnum):
    """What began the work on a lead."""

    CONTACT = "contact"  # the person was reached, or answered
    ACCEPTED = "accepted"  # a rep took up a lead that nobody has reached, as out of a rest
    LADDER_OVER = "ladder_over"  # every step of the first ladder is behind it


class Followup(Stored):
    """A later question about a running lead: what the lead knows of itself when it asks (kind says which question)."""

    kind: DecisionKind
    decision_id: str
    cycle: int = 1
    owner: str | None = None
    accepted: bool = False  # whether the owner has taken the lead
    route: str | None = None  # under way, and its motion; None at rest
    motion: Motion | None = None
    tried: tuple[str, ...] = ()  # handles that were offered this lead in this cycle
    hop: int = 0  # offers made so far in this cycle
    passed: bool = False  # kind reoffer: the owner passed on the offer, which therefore did not run out
    code: Code | None = None  # kind dispose: the reason code; None when the ladder ran out
    began: Began | None = None  # kind work: why an outcome is owed
    said: Said = None  # kind reply: what it was taken for
    escalated: bool = False  # whether a reply of this cycle has put a call on offer that nobody has taken yet
    news_source: str | None = None  # kind news: the joined inquiry's source, or the behaviour's kind
    since: datetime | None = None  # the moment that clocks of this answer run from (a reply's, a contact's)
    purpose: Purpose | None = Field(default=None, exclude_if=_is_none)
    """kind call: what the call is"""
    cue: Cue | None = Field(default=None, exclude_if=_is_none)
    """kind call: what the rep begins with"""
    whisper: bool = Field(default=False, exclude_if=_is_false)
    """kind call: whether the rep hears it first"""


class Judgement(Stored):
    """A decision with its trace: what policy returns and the Decisions port stores."""

    decision: Decision
    trace: Trace = Field(default_factory=Trace)


SHELF_LIFE = timedelta(minutes=2)
"""How long a decision made at capture may wait for its workflow before it is asked for again (decision
0004)."""
