"""What comes from outside. Inquiry and friends hold personal data and stay in PostgreSQL; the *Ref and rep messages
go to Temporal."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from domain.replies import Said
from domain.values import Code, Given, Purpose, Stored

HANDLE = r"^[a-z0-9][a-z0-9_.-]{0,63}$"
"""How policies write the names of reps; a person's address or number is none."""

HASH = r"^[0-9a-f]{8,64}$"
"""How the hash of a policy is written."""

WORD = r"^[a-z0-9_.-]+$"
"""How kinds and sources are written: they go to Temporal."""


class Kept(BaseModel):
    """Part of the data contract: unknown fields are kept under `extra`, not refused."""

    model_config = ConfigDict(frozen=True, extra="allow", str_max_length=8192)


class Address(Kept):
    """Where the person says they are."""

    country: str | None = None
    region: str | None = None
    postal_code: str | None = None


class Person(Kept):
    """Who it is, as given; normalised at capture. Neither phone nor e-mail is required."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    company: str | None = None
    title: str | None = None
    language: str | None = None
    address: Address | None = None


class Consent(Kept):
    """Consent captured with the lead (R1). Kinds: written, express, inquiry, none."""

    sms: bool = False
    call: bool = False
    kind: str = Field(default="inquiry", pattern="^(written|express|inquiry|none)$")
    automated: bool = False
    text: str | None = None
    captured_at: AwareDatetime | None = None
    url: str | None = None
    ip: str | None = None


class Attribution(Kept):
    """Where the lead came from."""

    campaign: str | None = None
    page: str | None = None
    referrer_name: str | None = None


class Behaviour(Kept):
    """One signal of intent (R6): page_view, email_click, event_attended, meeting_request…"""

    kind: str = Field(min_length=1, max_length=64, pattern=WORD)
    page: str | None = None
    at: AwareDatetime | None = None


class Inquiry(Kept):
    """The data contract of capture. `source_event_id` is the sender's idempotency key."""

    source: str = Field(min_length=1, max_length=64, pattern=WORD)
    source_event_id: str = Field(min_length=1, max_length=200)
    occurred_at: AwareDatetime | None = None
    person: Person = Person()
    consent: Consent = Consent()
    attribution: Attribution = Attribution()
    answers: dict[str, str] = Field(default_factory=dict, max_length=64)
    signals: tuple[Behaviour, ...] = Field(default=(), max_length=64)
    test: bool = False


class Signal(Kept):
    """Behaviour on its own (POST /v1/signals): joins the person's open lead or is kept."""

    source_event_id: str = Field(min_length=1, max_length=200)
    person: Person
    kind: str = Field(min_length=1, max_length=64, pattern=WORD)
    page: str | None = None
    at: AwareDatetime | None = None


class InboundText(Stored):
    """A text from a person, as the SMS vendor delivered it."""

    vendor_id: str
    sender: str
    recipient: str
    body: str
    segments: int = 1
    media: tuple[str, ...] = ()  # the content type of each picture or file that came along; never fetched
    said: Said = None  # what the words were taken for when they came
    said_by: str | None = None  # the classifier that spoke
    said_score: float | None = None  # how sure it was, from 0 to 1; None for the rules
    is_answered: bool = False  # the vendor itself has answered a keyword in it


class Delivery(Stored):
    """A vendor's status callback for a touch. `status` is the ledger's word, `vendor_status` the vendor's."""

    touch_id: str | None
    vendor_id: str
    status: str  # sent | delivered | failed
    vendor_status: str
    error: str | None = None
    opted_out: bool = False  # failed because the person told the vendor to stop
    takes_no_texts: bool = False  # failed because the number is none that texts reach
    sender: str | None = None  # the number it went from, as the vendor says it: of a service, whichever that chose


# --- what reaches a workflow: ids, enums and moments only -----------------------------------------------------------


class Again(Stored):
    """A text that a person wants sent anew: which of the policy's, and why it is sent."""

    template: str
    purpose: Purpose


class RowRef(Stored):
    """A fact kept in the inbox: the signal that tells a lead to look. `kind` says which fact; `at` is when it
    happened."""

    row_id: str
    kind: str
    """inquiry | joined | reply | opted_out | behaviour | account (colleagues stir) | undelivered | settled |
    recording (of a call that was over); of a call to us: answered | talked | voicemail | transcribed"""
    at: datetime
    source: str | None = None  # joined: its source; behaviour: its kind; settled: sent or failed; recording: its call
    strong: bool = False  # strong enough to ask policy whether to start over
    said: Said = None  # reply: what it was taken for
    again: Again | None = None  # settled: what is to be sent anew
    rep: str | None = None  # answered, talked: who of ours
    talk: timedelta | None = None  # talked: for how long
    contact: bool = False  # talked: whether that counts as two-way contact


class Accept(Given):
    """A rep takes the lead. `offer` is the number of the offer they answer; None claims it from whoever it is on
    offer to."""

    rep: str = Field(pattern=HANDLE)
    offer: int | None = None


class Decline(Given):
    """A rep passes on an offer."""

    rep: str = Field(pattern=HANDLE)
    offer: int | None = None


class Disposition(Given):
    """A reason code, from whoever worked the lead (R53). `by` is a rep's handle or a system's name."""

    code: Code
    by: str = Field(pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")


class AdoptPolicy(Given):
    """Follow another policy from now on. `by` is a handle or a system's name, `because` the migration's key: a note in
    words stays in PostgreSQL."""

    policy_hash: str = Field(pattern=HASH)
    by: str = Field(pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")
    because: str = Field(pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")


class Answer(Stored):
    """What a lead answers to an update: where it stands now, in one sentence free of personal data."""

    lead_id: str
    stage: str
    owner: str | None
    said: str


def key_of(update_id: str) -> str:
    """The sender's key in an update id "<key>#<digest of the message>"; empty for ids of another make."""
    return update_id.rpartition("#")[0]


def read_row(raw: object) -> RowRef | None:
    """A RowRef out of whatever a signal carried; None when it can't be read (handlers must not raise)."""
    try:
        return RowRef.model_validate(raw)
    except ValidationError:
        return None


def read_disposition(raw: object) -> Disposition | None:
    """A Disposition out of whatever a person typed in the Temporal UI: an object, or the bare reason code."""
    try:
        return Disposition.model_validate({"code": raw, "by": "ops"} if isinstance(raw, str) else raw)
    except ValidationError:
        return None
