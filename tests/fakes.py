"""In-memory ports that keep what people were told and when.

Ledger, decisions and records are held to the same suites as the real ones (tests/contracts). The vendors' are not: what
the real ones make of each answer is held to the vendors' own descriptions and to a wire double (tests/adapters).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.adoption import Answered
from domain.decisions import Decision, Followup, Judgement
from domain.errors import NotFound
from domain.facts import ConsentFacts, Facts, History, PastTouch, PersonFacts, Place
from domain.lasting import Entry
from domain.lead import Lead
from domain.ledger import Claim, Intent
from domain.messages import Delivery, RowRef
from domain.orders import TouchState
from domain.ports import Accepted, ChatMessage, CrmContact, CrmEntry, Dossier

UPWARDS = ("planned", "claimed", "sending", "unknown", "sent", "failed", "delivered", "cancelled")
RANK = {TouchState(state): number for number, state in enumerate(UPWARDS)}
NEVER_LEFT = (TouchState.PLANNED, TouchState.CLAIMED)
ON_ITS_WAY = (TouchState.SENDING, TouchState.UNKNOWN)


@dataclass
class Row:
    """A touch in the fake ledger."""

    intent: Intent
    claimer: str
    state: TouchState = TouchState.CLAIMED
    vendor_id: str | None = None
    error: str | None = None
    since: datetime | None = None
    deadline: timedelta = timedelta(0)
    listings: int = 0

    @property
    def may_have_left(self) -> bool:
        return self.state in (*ON_ITS_WAY, TouchState.SENT, TouchState.DELIVERED) or (
            self.state is TouchState.FAILED and self.vendor_id is not None
        )

    def move(self, state: TouchState, vendor_id: str | None, error: str | None) -> bool:
        """Upwards only; whether it moved."""
        if RANK[state] <= RANK[self.state]:
            return False
        self.state, self.vendor_id, self.error = state, self.vendor_id or vendor_id, error or self.error
        return True

    def back(self, claimer: str) -> None:
        """Not on its way any more."""
        self.state, self.claimer, self.since, self.listings = TouchState.CLAIMED, claimer, None, 0

    def claim(self, fresh: bool) -> Claim:
        return Claim(
            touch_id=self.intent.touch_id,
            state=self.state,
            fresh=fresh,
            intent=self.intent,
            vendor_id=self.vendor_id,
            error=self.error,
            sending_since=self.since,
            listings=self.listings,
        )


@dataclass
class FakeLedger:
    """domain.ports.Ledger in memory. `people` are the facts of each lead; `now` is the database's own clock."""

    people: dict[str, Facts] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    opted_out: dict[str, bool] = field(default_factory=dict)
    last_reply: dict[str, datetime] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)  # what people wrote, by inbox row
    thread: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    grace: timedelta = timedelta(seconds=30)
    stopped: bool = False  # the tenant's kill switch
    sandbox: bool = False
    name: str | None = "Dana Ortiz"
    referrer: str | None = None

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def dossier(self, tenant: str, lead_id: str, now: datetime, key: str) -> Dossier:
        facts = self.facts(lead_id, key)
        prior = next((row.claim(False) for row in self.rows.values() if row.intent.key == key), None)
        return Dossier(
            facts=facts,
            person_id=facts.person.person_id,
            name=self.name,
            referrer=self.referrer,
            last_reply_at=self.last_reply.get(lead_id),
            prior=prior,
            decision=self.decisions.get(lead_id),
            chat_thread=self.thread.get(lead_id),
        )

    def facts(self, lead_id: str, without: str = "") -> Facts:
        """The lead's facts, with what was or may have been sent to the person, save the touch of key `without`."""
        facts = self.people[lead_id]
        who = facts.person.person_id
        made = tuple(
            PastTouch.model_validate(row.intent.model_dump() | {"at": row.intent.lead_now})
            for row in self.rows.values()
            if (row.intent.person_id, row.may_have_left) == (who, True)
            and row.intent.purpose != "internal"
            and row.intent.key != without
        )
        history = {"opted_out": self.opted_out.get(who, False), "touches": (*facts.history.touches, *made)}
        return facts.model_copy(
            update={
                "kill_switch": self.stopped,
                "sandbox": self.sandbox,
                "history": facts.history.model_copy(update=history),
            }
        )

    async def claim(self, intent: Intent, claimer: str) -> Claim:
        row = self.rows.get(intent.touch_id)
        if row is None:
            self.rows[intent.touch_id] = row = Row(intent, claimer)
        elif row.state not in NEVER_LEFT or is_older_attempt(claimer, row.claimer):
            return row.claim(False)
        row.intent, row.state, row.claimer = intent, TouchState.CLAIMED, claimer
        return row.claim(True)

    async def begin(self, touch_id: str, claimer: str, deadline: timedelta, counted: int | None = None) -> str | None:
        row = self.row(touch_id)
        if row.state is TouchState.CANCELLED:
            return row.error if row.error in {"opted_out", "replied"} else "cancelled"
        if row.claimer != claimer or row.state is not TouchState.CLAIMED:
            return "fenced"
        if self.sandbox:
            row.state, row.error = TouchState.CANCELLED, "sandbox"
            return "sandbox"
        if row.intent.purpose != "internal" and self.stopped:
            return "kill_switch"
        if row.intent.purpose != "internal" and counted is not None and counted != self._made(row.intent):
            return "another_touch"
        if row.intent.purpose != "internal" and self.opted_out.get(row.intent.person_id):
            row.state, row.error = TouchState.CANCELLED, "opted_out"
            return "opted_out"
        if (reply := self.last_reply.get(row.intent.lead_id)) and row.intent.heard and reply > row.intent.heard:
            row.state, row.error = TouchState.CANCELLED, "replied"
            return "replied"
        row.state, row.since, row.deadline, row.listings = TouchState.SENDING, self.now, deadline, 0
        return None

    async def release(self, touch_id: str, claimer: str) -> None:
        row = self.row(touch_id)
        if row.claimer == claimer and row.state in ON_ITS_WAY and row.vendor_id is None:
            row.back(claimer)

    async def settle(self, touch_id: str, state: str, vendor_id: str | None, error: str | None) -> None:
        row = self.row(touch_id)
        if state != TouchState.UNKNOWN or row.state is TouchState.SENDING:
            row.move(TouchState(state), vendor_id, error)

    async def unsubscribed(self, touch_id: str, error: str) -> None:
        row = self.row(touch_id)
        row.move(TouchState.FAILED, None, error)
        self.opted_out[row.intent.person_id] = True

    async def current(self, touch_id: str) -> Claim:
        return self.row(touch_id).claim(False)

    async def words(self, tenant: str, row_id: str) -> str | None:
        return self.written.get(row_id)

    async def missed(self, touch_id: str) -> int:
        row = self.row(touch_id)
        if row.since is not None and row.state in ON_ITS_WAY and self.now >= row.since + row.deadline + self.grace:
            row.listings += 1
        return row.listings

    async def reopen(self, touch_id: str, claimer: str) -> bool:
        row = self.row(touch_id)
        if row.listings < 2 or row.state not in ON_ITS_WAY:
            return False
        row.back(claimer)
        return True

    async def untaken(self, touch_id: str, vendor_ids: tuple[str, ...]) -> str | None:
        taken = {row.vendor_id for other, row in self.rows.items() if other != touch_id}
        return next((vendor_id for vendor_id in vendor_ids if vendor_id not in taken), None)

    async def refuse(self, intent: Intent, because: str) -> None:
        row = self.rows.setdefault(intent.touch_id, Row(intent, ""))
        if row.state in NEVER_LEFT:
            row.state, row.error = TouchState.CANCELLED, because

    async def delivery(self, tenant: str, delivery: Delivery) -> tuple[str, RowRef | None, str | None]:
        row = self._matched(tenant, delivery)
        if row is None:
            return "unmatched", None, None
        known = row.vendor_id in {None, delivery.vendor_id}
        moved = known and row.move(TouchState(delivery.status), delivery.vendor_id, delivery.error)
        if not moved or delivery.status != "failed" or row.intent.purpose == "internal":
            return str(row.state), None, None
        if delivery.opted_out:
            self.opted_out[row.intent.person_id] = True
        return str(row.state), self._told(row.intent, delivery.opted_out), row.intent.lead_id

    def _made(self, intent: Intent) -> int:
        """How many other touches the person has had."""
        return len(self.facts(intent.lead_id, intent.key).history.touches)

    def row(self, touch_id: str) -> Row:
        """Raises NotFound."""
        if touch_id not in self.rows:
            raise NotFound(f"There is no touch {touch_id}.")
        return self.rows[touch_id]

    def _matched(self, tenant: str, delivery: Delivery) -> Row | None:
        """By touch id, else by the vendor's."""
        rows = [row for row in self.rows.values() if row.intent.tenant == tenant]
        by_touch = [row for row in rows if row.intent.touch_id == delivery.touch_id]
        return next(iter([*by_touch, *(row for row in rows if row.vendor_id == delivery.vendor_id)]), None)

    def _told(self, intent: Intent, opted_out: bool) -> RowRef:
        kind = "opted_out" if opted_out else "undelivered"
        return RowRef(row_id=f"{intent.touch_id}:{kind}", kind=kind, at=intent.lead_now)


def is_older_attempt(claimer: str, than: str) -> bool:
    """Of one activity: claimers are "<activity>:<attempt>"."""
    (mine, _, number), (theirs, _, other) = claimer.rpartition(":"), than.rpartition(":")
    return mine == theirs and number.isdigit() and other.isdigit() and int(number) < int(other)


@dataclass
class Told:
    """One thing that really reached somebody: when (their lead's clock), who, what."""

    at: datetime
    who: str
    what: str


@dataclass
class FakeSms:
    """domain.ports.Sms: a phone network with a memory. `troubles` are raised by the next sends, one each; None
    sends."""

    told: list[Told] = field(default_factory=list)
    troubles: list[Exception | None] = field(default_factory=list)
    lost_answers: list[Exception] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    sender: str = "+15125550100"
    deadline: timedelta = timedelta(milliseconds=50)

    async def send(self, intent: Intent) -> Accepted:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        self.told.append(Told(intent.lead_now, intent.recipient, intent.body))
        self.found[intent.touch_id] = vendor_id = f"SM{len(self.told):032d}"
        if self.lost_answers:
            raise self.lost_answers.pop(0)
        return Accepted(vendor_id=vendor_id)

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        found = self.found.get(intent.touch_id)
        return (Accepted(vendor_id=found),) if found else ()


@dataclass
class FakeChat:
    """domain.ports.Chat: channels with a memory, and the messages as posted."""

    told: list[tuple[str, ChatMessage]] = field(default_factory=list)
    troubles: list[Exception | None] = field(default_factory=list)
    deadline: timedelta = timedelta(milliseconds=50)

    async def post(self, touch_id: str, message: ChatMessage) -> Accepted:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        self.told.append((touch_id, message))
        return Accepted(vendor_id=f"{message.channel}:{len(self.told)}")

    async def find(self, touch_id: str, message: ChatMessage, since: datetime) -> Accepted | None:
        place = next((n for n, (known, _) in enumerate(self.told, 1) if known == touch_id), None)
        return Accepted(vendor_id=f"{message.channel}:{place}") if place else None

    async def whisper(self, channel: str, user: str, text: str) -> None:
        self.told.append(("", ChatMessage(channel=user, text=text)))


@dataclass
class FakeCrm:
    """domain.ports.Crm with a memory."""

    entries: list[CrmEntry] = field(default_factory=list)
    contacts: dict[str, CrmContact] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    deadline: timedelta = timedelta(milliseconds=50)

    async def contact(self, contact_id: str) -> CrmContact | None:
        return self.contacts.get(contact_id)

    async def apply(self, touch_id: str, entry: CrmEntry) -> Accepted:
        self.entries.append(entry)
        self.made[touch_id] = f"{len(self.entries)}"
        return Accepted(vendor_id=self.made[touch_id])

    async def find(self, touch_id: str, entry: CrmEntry) -> Accepted | None:
        made = self.made.get(touch_id)
        return Accepted(vendor_id=made) if made else None


@dataclass
class FakeDecisions:
    """domain.ports.Decisions in memory; facts come from the fake ledger, so that both see one world."""

    ledger: FakeLedger
    stored: dict[str, Judgement] = field(default_factory=dict)
    asked: dict[str, Followup | None] = field(default_factory=dict)
    known: dict[str, Facts] = field(default_factory=dict)

    async def find(self, decision_id: str) -> Decision | None:
        found = self.stored.get(decision_id)
        return found.decision if found else None

    async def facts(self, tenant: str, lead_id: str, now: datetime) -> Facts:
        return self.ledger.facts(lead_id)

    async def store(self, facts: Facts, asked: Followup | None, judgement: Judgement) -> Decision:
        self.asked.setdefault(judgement.decision.decision_id, asked)
        self.known.setdefault(judgement.decision.decision_id, facts)
        kept = self.stored.setdefault(judgement.decision.decision_id, judgement)
        if kept.decision.kind == "triage":
            self.ledger.decisions[facts.lead_id] = kept.decision
        return kept.decision

    async def cycle(self, tenant: str, lead_id: str, cycle: int) -> tuple[Answered, ...]:
        ids = [each for each in self.stored if each.startswith(f"{lead_id}:{cycle}:")]
        questions = {each: None if ":adopt:" in each else self.asked[each] for each in ids}
        return tuple(
            Answered(decision=self.stored[each].decision, facts=self.known[each], asked=questions[each]) for each in ids
        )


@dataclass
class FakeRecords:
    """domain.ports.Records in memory: the newest state and the whole story of each lead."""

    leads: dict[str, Lead] = field(default_factory=dict)
    story: dict[str, dict[int, Entry]] = field(default_factory=dict)
    closed: dict[str, datetime] = field(default_factory=dict)

    async def write(self, lead: Lead, now: datetime) -> None:
        if lead.seq >= self.leads.get(lead.lead_id, lead).seq:
            self.leads[lead.lead_id] = lead
        self.story.setdefault(lead.lead_id, {}).update({entry.seq: entry for entry in lead.unwritten})

    async def close(self, lead: Lead, now: datetime) -> None:
        await self.write(lead, now)
        self.closed[lead.lead_id] = now


def texan(person_id: str = "p1", **changes: object) -> PersonFacts:
    """A person in Austin who can be called and texted."""
    base = PersonFacts(
        person_id=person_id,
        phone="+15125550142",
        email="dana@example.com",
        email_domain="example.com",
        company="Ortiz Roofing",
        country="US",
        region="TX",
        postal_code="78701",
        places=(Place(zone="America/Chicago", region="TX", evidence="postal_code"),),
    )
    return base.model_copy(update=changes)


WILLING = ConsentFacts(sms=True, call=True, kind="express")


def facts_of(lead_id: str, source: str, at: datetime, **changes: object) -> Facts:
    """Facts of a willing Texan's lead."""
    base = Facts(
        tenant="main",
        lead_id=lead_id,
        source=source,
        received_at=at,
        person=texan(),
        consent=WILLING,
        page="/pricing",
        history=History(),
    )
    return base.model_copy(update=changes)
