"""What the domain needs of the world, as Protocols. Each has one fake and one real, held to the same contract suite."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import Field

from domain.adoption import Answered
from domain.decisions import Decision, Followup, Judgement
from domain.facts import Facts, PersonFacts
from domain.inbox import Inbox, Standings
from domain.judge import Judge
from domain.lead import Lead
from domain.ledger import Claim, Intent
from domain.messages import Delivery, InboundText, Inquiry, Person, RowRef, Signal
from domain.recalls import Cancels
from domain.replies import Written
from domain.values import Stored

PersonReader = Callable[[Person], PersonFacts]
"""Normalises and checks who somebody says they are."""


class Captured(Stored):
    """What capturing a message came to. Personal data stays behind; `lead` is what a workflow starts from."""

    row_id: str
    status: str  # started | joined | duplicate | undecided | kept
    lead_id: str | None = None
    lead: Lead | None = None  # given when the workflow may have to be started
    ref: RowRef | None = None  # what to signal; None when there is nothing to tell
    first_motion: str | None = None


class Dossier(Stored):
    """What a touch needs to know of a lead's person and story. Personal data: never leaves activities and adapters."""

    facts: Facts
    person_id: str
    name: str | None = None
    referrer: str | None = None
    crm_id: str | None = None
    decision: Decision | None = None  # the cycle's triage
    reasons: tuple[str, ...] = ()  # its reasons in words
    last_words: str | None = None  # what the person last wrote
    media: tuple[str, ...] = ()  # the content types of what came along with the text a notice is about
    last_reply_at: datetime | None = None  # in the lead's clock
    chat_thread: str | None = None  # vendor id of the lead's first chat message, "channel:ts"
    prior: Claim | None = None  # where an earlier attempt left the touch asked about (by ledger key)


class SignedRequest(Stored):
    """A request as it came over the wire, for a signature check. `now` is real time; header names are lower case."""

    method: str
    url: str  # the public URL the sender signed, query included
    headers: dict[str, str]
    body: bytes
    now: datetime


class Verifier(Protocol):
    """One vendor's signature scheme. Raises Unauthorised; says nothing of why."""

    def verify(self, request: SignedRequest) -> None: ...


class Captures(Standings, Inbox, Protocol):
    """The inbox and the one capture transaction."""

    async def capture(self, tenant: str, inquiry: Inquiry, person: PersonFacts, judge: Judge) -> Captured: ...

    async def signal(self, tenant: str, signal: Signal, person: PersonFacts, judge: Judge) -> Captured: ...

    async def text(
        self, tenant: str, text: InboundText, meaning: str, person: PersonFacts, judge: Judge
    ) -> Captured: ...

    async def recapture(self, row_id: str, read: PersonReader, judge: Judge) -> Captured: ...

    async def left_behind(self, tenant: str, older_than: timedelta, limit: int) -> tuple[Captured, ...]: ...

    async def put_back(self, row_id: str, because: str) -> None: ...


class Ledger(Protocol):
    """The write-ahead touch ledger.

    dossier: facts and story of a lead, and `prior`, the state of the touch with ledger key `key`, which is left out of
    `facts.history.touches`. A claimer is "<activity>:<attempt>". begin: None, or why not (fenced, opted_out, refused,
    cancelled, replied, another_touch: since so many touches of the person were `counted`, one was begun or taken back;
    None counts none). release, when nothing was sent, and reopen, when that is proven by two listings: claimed again.
    settle: upwards only; unknown only what is sending. unsubscribed: failed, for the person told the vendor to stop.
    takes_no_texts: failed, for no text gets to that number; none goes there again until the person writes from one.
    missed: how many listings without a match count. untaken: the first of these vendor ids that is no other touch's.
    words: what the person wrote in the text of this inbox row.
    """

    async def dossier(self, tenant: str, lead_id: str, now: datetime, key: str) -> Dossier: ...

    async def claim(self, intent: Intent, claimer: str) -> Claim: ...

    async def begin(
        self, touch_id: str, claimer: str, deadline: timedelta, counted: int | None = None
    ) -> str | None: ...

    async def release(self, touch_id: str, claimer: str, error: str | None = None) -> None: ...

    async def settle(self, touch_id: str, state: str, vendor_id: str | None, error: str | None) -> None: ...

    async def unsubscribed(self, touch_id: str, error: str) -> None: ...

    async def takes_no_texts(self, touch_id: str, error: str) -> None: ...

    async def current(self, touch_id: str) -> Claim: ...

    async def words(self, tenant: str, row_id: str) -> Written | None: ...

    async def missed(self, touch_id: str) -> int: ...

    async def reopen(self, touch_id: str, claimer: str) -> bool: ...

    async def untaken(self, touch_id: str, vendor_ids: tuple[str, ...]) -> str | None: ...

    async def refuse(self, intent: Intent, because: str) -> None: ...

    async def delivery(self, tenant: str, delivery: Delivery) -> tuple[str, RowRef | None, str | None]: ...


class Decisions(Protocol):
    """Stored judgements: one for a decision id, for good, beside its facts and its question (None: a triage).
    cycle: the answers of one cycle of a lead, oldest first."""

    async def find(self, decision_id: str) -> Decision | None: ...

    async def facts(self, tenant: str, lead_id: str, now: datetime) -> Facts: ...

    async def store(self, facts: Facts, asked: Followup | None, judgement: Judgement) -> Decision: ...

    async def cycle(self, tenant: str, lead_id: str, cycle: int) -> tuple[Answered, ...]: ...


class Records(Protocol):
    """The read model: lists, details, the lead's story."""

    async def write(self, lead: Lead, now: datetime) -> None: ...

    async def close(self, lead: Lead, now: datetime) -> None: ...


class Accepted(Stored):
    """A vendor took a touch: its id there."""

    vendor_id: str


class Sms(Cancels, Protocol):
    """Text messages. Raises NotSent, Throttled, NotAuthorised, Ambiguous or Rejected (domain.errors). find: every
    message that could be this intent's, likeliest first; words and time may fit another touch's too. `deadline`, here
    and in Chat and Crm: by when a touch has been made or has failed."""

    @property
    def sender(self) -> str: ...

    @property
    def deadline(self) -> timedelta: ...

    async def send(self, intent: Intent) -> Accepted: ...

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]: ...


class Button(Stored):
    """A thing a rep can press. `options` turns it into a menu of (value, label)."""

    action: str  # accept | decline | claim | dispose
    label: str
    value: str
    style: str | None = None  # primary | danger
    options: tuple[tuple[str, str], ...] = ()


class ChatMessage(Stored):
    """A message for our own people: headline `text`, body `lines`, both in the chat's markup.

    `alert` is what phones show of it on a locked screen, so it holds no personal data.
    """

    channel: str
    text: str
    alert: str = ""
    lines: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    thread: str | None = None  # vendor id of the message to answer


class Chat(Protocol):
    """The chat our people live in. The touch id travels in the message (block_id), so that it can be found again."""

    @property
    def deadline(self) -> timedelta: ...

    async def post(self, touch_id: str, message: ChatMessage) -> Accepted: ...

    async def find(self, touch_id: str, message: ChatMessage, since: datetime) -> Accepted | None: ...

    async def whisper(self, channel: str, user: str, text: str) -> None: ...


class CrmEntry(Stored):
    """What the CRM shall say of a contact. The touch id travels in note and task, so that they can be found again."""

    contact_id: str | None
    email: str | None
    phone: str | None
    name: str | None
    company: str | None
    owner_id: str | None
    stage: str | None
    note: str | None
    task: str | None
    task_due: datetime | None = None


class CrmContact(Stored):
    """A contact as the CRM holds it."""

    contact_id: str
    person: Person
    source: str | None = None
    page: str | None = None
    owner_id: str | None = None
    properties: dict[str, str] = Field(default_factory=dict)


class Crm(Protocol):
    """The system of record. Setting owner and stage is idempotent; notes and tasks are looked for before they are
    made again."""

    @property
    def deadline(self) -> timedelta: ...

    async def contact(self, contact_id: str) -> CrmContact | None: ...

    async def apply(self, touch_id: str, entry: CrmEntry) -> Accepted: ...

    async def find(self, touch_id: str, entry: CrmEntry) -> Accepted | None: ...
