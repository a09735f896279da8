"""Inquiries of a file as a simulation takes them: people recognised by number and address, what they said before known
to what they say next, as capture would gather it."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from activities import strangers
from adapters.phones import person_facts, whereabouts
from adapters.postgres import entries
from adapters.postgres.arrivals import PastArrival
from adapters.postgres.rows import Opening, PersonRow
from domain.facts import ConsentFacts, History, PersonFacts, SignalFact
from domain.messages import Inquiry
from domain.replies import ReplyKind
from policy import matching
from policy.at_capture import AtCapture
from policy.load import LoadedPolicy
from policy.whatif.arrivals import Arrival, midday
from runtime.company_rows import NO_COMPANIES, Companies

TENANT = "simulated"


def arrivals_of(
    inquiries: Sequence[Inquiry], loaded: LoadedPolicy, companies: Companies = NO_COMPANIES
) -> tuple[list[Arrival], int]:
    """All of them in the order of their moments, and how many gave none: these come at `midday` of the first business
    day after the contact rules were researched. `companies`: what is known of each, by its domain."""
    researched = datetime.combine(loaded.pack.researched, time(), UTC)
    unsaid = midday(loaded.clock(), researched)
    people, judge = _People(companies), AtCapture(loaded)
    dated = sorted(
        ((inquiry.occurred_at or unsaid).astimezone(UTC), number, inquiry)
        for number, inquiry in enumerate(inquiries, 1)
    )
    # Step by step for all of them: a sixth faster than all steps for one after the other, as processors go.
    cleaned = [(at, number, strangers.cleaned_inquiry(inquiry)) for at, number, inquiry in dated]
    told = [(*each, person_facts(each[2].person)) for each in cleaned]
    arrivals = [_arrival(people, judge, each) for each in told]
    return arrivals, sum(inquiry.occurred_at is None for inquiry in inquiries)


def of_history(past: Sequence[PastArrival]) -> list[Arrival]:
    """Stored beginnings of leads, in the order of their moments. What was sent within the time they span is left out:
    a simulation sends its own."""
    start = min((each.at for each in past), default=None)
    dated = sorted(enumerate(past, 1), key=lambda one: (one[1].at, one[0]))
    return [_stored(number, each, start) for number, each in dated if start is not None]


def _stored(number: int, past: PastArrival, start: datetime) -> Arrival:
    facts = past.facts
    before = tuple(touch for touch in facts.history.touches if touch.at < start)
    history = facts.history.model_copy(update={"touches": before})
    words = {
        "company": strangers.sendable(facts.person.company),
        "first_name": strangers.first_name(past.name) or "there",
        "language": matching.language(facts),
        "page": strangers.path_of(facts.page),
        "referrer": strangers.sendable(past.referrer) or "A friend",
        "source": facts.source,
    }
    said = tuple((reply.at, reply.said or ReplyKind.OTHER) for reply in past.replies)
    known = facts.model_copy(update={"history": history})
    event_id = past.source_event_id or past.decision_id
    return Arrival(number, event_id, past.at, known, facts.person.person_id or facts.lead_id, words, said)


def _arrival(people: "_People", judge: AtCapture, told: tuple[datetime, int, Inquiry, PersonFacts]) -> Arrival:
    at, number, clean, who = told
    known = people.known(who.phone, who.email)
    opening = Opening(
        now=at,
        opening=at,
        clock_offset=0,
        kill_switch=False,
        person=known.row,
        consent=known.consent,
        signals=known.signals,
        history=History(),
        company=people.companies.get(who.company_domain or ""),
        row_id=f"row-{number}",
        lead_id=f"lead-{number}",
        person_id=known.person_id,
    )
    arrival = entries.Arrival(TENANT, "file", clean.source_event_id, clean, who, judge, clean.person.name)
    known.row = entries.person_row(opening, arrival, whereabouts, clean.model_extra)
    facts = entries.facts(opening, known.row, clean, TENANT)
    known.consent, known.signals = facts.consent, facts.signals
    return Arrival(
        number,
        clean.source_event_id,
        at,
        facts,
        known.person_id,
        _words(clean, known.row) | {"language": matching.language(facts)},
    )


def _words(inquiry: Inquiry, person: PersonRow) -> dict[str, str]:
    said = inquiry.attribution
    return {
        "company": strangers.sendable(person.facts.company),
        "first_name": strangers.first_name(person.name) or "there",
        "page": strangers.path_of(said.page),
        "referrer": strangers.sendable(said.referrer_name) or "A friend",
        "source": inquiry.source,
    }


class _Known:
    """What is known of one person so far."""

    def __init__(self, person_id: str) -> None:
        self.person_id = person_id
        self.row: PersonRow | None = None
        self.consent: ConsentFacts | None = None
        self.signals: tuple[SignalFact, ...] = ()


class _People:
    """Who is who: the phone first, then the address, as capture finds them. Without either, somebody new each time. And
    the companies that they may be of."""

    def __init__(self, companies: Companies) -> None:
        self.companies = companies
        self._by_identity: dict[str, _Known] = {}
        self._count = 0

    def known(self, phone: str | None, email: str | None) -> _Known:
        """The person with this number or address, remembered under both from now on."""
        given = [identity for identity in (phone, email) if identity]
        found = next((self._by_identity[each] for each in given if each in self._by_identity), None)
        if found is None:
            self._count += 1
            found = _Known(f"person-{self._count}")
        for each in given:
            self._by_identity.setdefault(each, found)
        return found
