"""In-memory ports that keep what people were told and when.

Ledger, decisions and records are held to the same suites as the real ones (tests/contracts). The vendors' are not: what
the real ones make of each answer is held to the vendors' own descriptions and to a wire double (tests/adapters).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.adoption import Answered
from domain.decisions import Decision, Followup, Judgement
from domain.facts import ConsentFacts, Facts, History, PersonFacts, Place
from domain.lasting import Entry
from domain.lead import Lead
from domain.ledger import Intent
from domain.ports import Accepted, ChatMessage, CrmContact, CrmEntry
from tests.fake_ledger import FakeLedger


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
    held: set[str] = field(default_factory=set)  # what can still be cancelled, by vendor id
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

    async def cancel(self, vendor_id: str) -> bool:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        return vendor_id in self.held

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        found = self.found.get(intent.touch_id)
        return (Accepted(vendor_id=found),) if found else ()


@dataclass
class FakeChat:
    """domain.ports.Chat: channels with a memory, and the messages as posted."""

    told: list[tuple[str, ChatMessage]] = field(default_factory=list)
    edited: dict[str, ChatMessage] = field(default_factory=dict)  # by vendor id
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

    async def update(self, vendor_id: str, touch_id: str, message: ChatMessage) -> None:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        self.edited[vendor_id] = message

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
