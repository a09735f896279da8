"""Facts in the past tense, each one thing that happened to a lead; transitions.py folds them into its state. They are
its story as stored in PostgreSQL (`lead_event`): ids, enums and moments, no personal data."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from domain.calls import CallAct
from domain.decisions import Began, Decision, Item
from domain.messages import Again
from domain.replies import Said
from domain.values import Channel, ClosedReason, Code, Refusal, Stored


class Fact(Stored):
    """`at` is the lead's own clock."""

    at: datetime


class Decided(Fact):
    """An answer of policy. `at` is when it was asked: what happened between then and now may have overtaken it."""

    kind: Literal["decided"] = "decided"
    decision: Decision
    cycle: int = 1  # the lead's, when it asked
    code: Code | None = None  # dispose: the reason code asked about; None when a ladder ran out
    row_id: str | None = None  # news: the inbox row asked about
    adopts: str | None = None  # adopt: the policy asked about


class AdoptionAsked(Fact):
    """Somebody wants the lead to follow another policy; policy is asked next. `because` names the migration."""

    kind: Literal["adoption_asked"] = "adoption_asked"
    policy_hash: str
    by: str
    because: str


class CycleStarted(Fact):
    kind: Literal["cycle_started"] = "cycle_started"
    cycle: int
    because: str
    source: str | None = None  # of the inquiry that made it start over
    woken: bool = False  # news began it, not the end of a rest
    by_others: bool = False  # that news was of others at their company


class Joined(Fact):
    """A further inquiry or behaviour of the same person."""

    kind: Literal["joined"] = "joined"
    row_id: str
    source: str | None = None
    strong: bool = False


class Replied(Fact):
    kind: Literal["replied"] = "replied"
    row_id: str
    said: Said = None


class AutoReplied(Fact):
    """A machine answered for the person: no contact (N1), so that nothing stops, but our people see it."""

    kind: Literal["auto_replied"] = "auto_replied"
    row_id: str


class VoicemailLeft(Fact):
    """They called, nobody took it, and they left a message; or it was written down."""

    kind: Literal["voicemail_left"] = "voicemail_left"
    row_id: str
    written: bool = False


class OptedOut(Fact):
    kind: Literal["opted_out"] = "opted_out"
    row_id: str


class Offered(Fact):
    kind: Literal["offered"] = "offered"
    owner: str | None
    queue: str | None = None
    number: int


class Accepted(Fact):
    kind: Literal["accepted"] = "accepted"
    rep: str
    by_phone: bool = False  # pressed 1 on a call that rang them


class Declined(Fact):
    kind: Literal["declined"] = "declined"
    rep: str


class Called(Fact):
    """A call was made, or came to nothing. `result`: connected, no_rep, nobody, no_answer, busy, voicemail, dropped
    (words were left on the machine), failed, called_off, refused, abandoned or unknown."""

    kind: Literal["called"] = "called"
    item: Item
    call_id: str | None = None
    result: str
    rep: str | None = None  # who took it
    talk: timedelta = timedelta(0)
    rang: tuple[str, ...] = ()  # whose phones rang
    contact: bool = False  # whether it counts as two-way contact
    because: str = ""
    refusal: Refusal | None = None
    recording: str | None = None
    to_us: bool = False  # they called us
    acts: tuple[CallAct, ...] = ()  # what people of ours had done to it meanwhile


class CallRecorded(Fact):
    kind: Literal["call_recorded"] = "call_recorded"  # of a call that was over already
    row_id: str
    call_id: str


class Performed(Fact):
    """An agenda item was carried out. `touch_id` is the ledger's, where it was a touch."""

    kind: Literal["performed"] = "performed"
    item: Item
    touch_id: str | None = None
    channel: Channel | None = None


class Held(Fact):
    """An agenda item was put off: the guard or a vendor said not now."""

    kind: Literal["held"] = "held"
    item: Item
    until: datetime
    because: str


class Dropped(Fact):
    """An agenda item will not be carried out, and why."""

    kind: Literal["dropped"] = "dropped"
    item: Item
    because: str
    refusal: Refusal | None = None


class Unsettled(Fact):
    """A touch whose outcome nobody knows: shown to a person, never sent again blindly."""

    kind: Literal["unsettled"] = "unsettled"
    item: Item
    touch_id: str


class Undelivered(Fact):
    """The vendor reported that a touch did not arrive."""

    kind: Literal["undelivered"] = "undelivered"
    row_id: str


class Settled(Fact):
    """A person said what became of a touch nobody knew the outcome of; `again`, that its text be sent anew."""

    kind: Literal["settled"] = "settled"
    row_id: str
    result: str  # sent | failed
    again: Again | None = None


class HandedOff(Fact):
    """The first motion was set going: what could be done at once is done, the rest is on the agenda."""

    kind: Literal["handed_off"] = "handed_off"


class WorkStarted(Fact):
    """From here a disposition is owed: `began` says what for."""

    kind: Literal["work_started"] = "work_started"
    began: Began | None = None  # None: written down before it was told apart


class SlaMissed(Fact):
    kind: Literal["sla_missed"] = "sla_missed"


class Disposed(Fact):
    kind: Literal["disposed"] = "disposed"
    code: Code
    by: str


class Rested(Fact):
    kind: Literal["rested"] = "rested"
    track: str
    until: datetime


class Closed(Fact):
    kind: Literal["closed"] = "closed"
    reason: ClosedReason


class DeadLetter(Fact):
    """A message that could not be understood or taken; kept and shown, never raised."""

    kind: Literal["dead_letter"] = "dead_letter"
    name: str
    because: str


AnyFact = Annotated[
    Decided
    | AdoptionAsked
    | CycleStarted
    | Joined
    | Replied
    | AutoReplied
    | VoicemailLeft
    | OptedOut
    | Offered
    | Accepted
    | Declined
    | Called
    | CallRecorded
    | Performed
    | Held
    | Dropped
    | HandedOff
    | WorkStarted
    | Unsettled
    | Undelivered
    | Settled
    | SlaMissed
    | Disposed
    | Rested
    | Closed
    | DeadLetter,
    Field(discriminator="kind"),
]
