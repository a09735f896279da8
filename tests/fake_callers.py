"""domain.phones.Callers in memory: who calls is who a test says it is; notes and answered calls are kept as given."""

from dataclasses import dataclass, field
from datetime import datetime

from adapters.phones import person_facts
from domain.answering import Caller, InboundCall
from domain.facts import Facts, PersonFacts
from domain.judge import Judge
from domain.messages import Person
from domain.phones import Callers, CallNote, Taken
from domain.ports import Captured
from policy.at_capture import AtCapture
from tests.builders import NOON
from tests.policy import cases


class TakesCalls:
    """The part of capture that calls need; a fake capture has the rest."""

    async def answered(self, taken: Taken, callers: Callers) -> Captured:
        return await callers.answered("main", taken, self.person(taken.caller), AtCapture(cases.default()))

    def person(self, phone: str | None) -> PersonFacts:
        return person_facts(Person(phone=phone))


@dataclass
class FakeCallers:
    """`kept` holds calls by the vendor's id, as FakeCapture keeps them; `known` callers by their number."""

    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    known: dict[str | None, Caller] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    notes: list[tuple[str, CallNote]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    trouble: Exception | None = None
    now: datetime = NOON

    async def meet(self, tenant: str, call: InboundCall, person: PersonFacts) -> Caller:
        if self.trouble is not None:
            raise self.trouble
        facts = Facts(tenant=tenant, lead_id="", source="inbound_call", received_at=NOON, person=person)
        return self.known.get(call.caller, Caller(now=self.now, facts=facts))

    async def arrived(self, tenant: str, vendor_id: str) -> InboundCall | None:
        found = self.kept.get(("call", vendor_id))
        return None if found is None else InboundCall.model_validate_json(found)

    async def done(self, tenant: str, vendor_id: str) -> None:
        self.finished.append(vendor_id)

    async def note(self, tenant: str, lead_id: str, note: CallNote) -> Captured | None:
        if any((known.kind, known.event_id) == (note.kind, note.event_id) for _, known in self.notes):
            return None
        self.notes.append((lead_id, note))
        return Captured(row_id=f"note-{len(self.notes)}", status="joined", lead_id=lead_id)

    async def answered(self, tenant: str, taken: Taken, person: PersonFacts, judge: Judge) -> Captured:
        self.taken.append(taken)
        return Captured(row_id=f"taken-{len(self.taken)}", status="started", lead_id="lead-of-the-call")
