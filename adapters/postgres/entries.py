"""From what the database knows and what came in to what is written: pure, no statement and no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from adapters.postgres.build import build
from adapters.postgres.people import disowned, identities, merged
from adapters.postgres.rows import DecisionRow, Entry, InboxRow, KeptText, LeadRow, Opening, PersonRow
from adapters.postgres.story import Story, Told
from domain.decisions import Judgement
from domain.errors import Superseded
from domain.facts import ConsentFacts, Facts, Locator, PastInquiry, PersonFacts, SignalFact
from domain.judge import Judge
from domain.lead import Lead
from domain.messages import Behaviour, Consent, Inquiry, RowRef, Signal
from domain.replies import ReplyKind

LONG_AGO = timedelta(days=3660)
"""No exemption by an inquiry or a transaction is older than this, so an earlier moment says no more."""

SIGNALS_KNOWN = 64
"""Newest pieces of behaviour that policy is told of, as function signals_of has it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message on its way in. `again` allows to take a row that was left undecided; `sender` is the number it was
    texted from."""

    tenant: str
    channel: str
    source_event_id: str
    payload: BaseModel
    person: PersonFacts
    judge: Judge
    name: str | None = None
    again: bool = False
    sender: str | None = None

    @property
    def phone(self) -> str | None:
        """The number this person is known by: one we can text, or else the one they texted from."""
        return self.person.phone or self.sender


def by_active_policy(opening: Opening, arrival: Arrival) -> Opening:
    """The opening, if it is for the arrival's judge. Raises Superseded when another policy has become active."""
    if opening.policy_hash not in (None, arrival.judge.active):
        raise Superseded("Another policy has become active.")
    return opening


def person_row(
    opening: Opening, arrival: Arrival, locate: Locator, said: Mapping[str, object] | None = None
) -> PersonRow:
    """The person as known after this message; `said` are the inquiry's extra fields (deals, sequences, CRM owner)."""
    known, told = opening.person or PersonRow(person_id=opening.person_id, facts=PersonFacts()), _told(said or {})
    who = disowned(arrival.person, known.facts) if _is_anothers(arrival.payload) else arrival.person
    facts = merged(known.facts, who, gives=isinstance(arrival.payload, Inquiry))
    return PersonRow(
        person_id=known.person_id,
        name=arrival.name or known.name,
        facts=facts.model_copy(update={"person_id": known.person_id, "places": locate(facts)}),
        active_deal=_flag(told.get("active_deal"), known.active_deal),
        active_sequence=_flag(told.get("active_sequence"), known.active_sequence),
        crm_owner=_word(told.get("crm_owner"), known.crm_owner),
        crm_id=_word(told.get("crm_id"), known.crm_id),
        last_transaction_at=_bought(told.get("last_transaction_at"), known.last_transaction_at, opening.now),
    )


def _is_anothers(payload: BaseModel) -> bool:
    """Whether a text says of itself that it isn't the person's: a stranger has the number, or a machine answers."""
    return isinstance(payload, KeptText) and payload.text.said in (ReplyKind.WRONG_PERSON, ReplyKind.OUT_OF_OFFICE)


def _told(said: Mapping[str, object]) -> dict[str, object]:
    under = said.get("extra")
    return {**(under if isinstance(under, Mapping) else {}), **said}


def _flag(said: object, known: bool) -> bool:
    if said in (True, "true"):
        return True
    return False if said in (False, "false") else known


def _word(said: object, known: str | None) -> str | None:
    return said if isinstance(said, str) and 0 < len(said) <= 64 else known


def _bought(said: object, known: datetime | None, now: datetime) -> datetime | None:
    """The later of the two; a date without an hour or an offset is UTC's, and what is no moment says nothing."""
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        moment = None
    if moment is None:
        return known
    told = _within(moment if moment.tzinfo else moment.replace(tzinfo=UTC), now)
    return max(told, known) if known else told


def _within(moment: datetime, now: datetime) -> datetime:
    """The moment, neither later than now nor so early that no exemption could come of it."""
    return max(min(moment, now), now - LONG_AGO).astimezone(UTC)


def asked_at(inquiry: Inquiry, came: datetime) -> datetime:
    """When the person asked: as their form or list says it, at the latest when it came."""
    return _within(inquiry.occurred_at, came) if inquiry.occurred_at else came


def facts(opening: Opening, person: PersonRow, inquiry: Inquiry, tenant: str) -> Facts:
    """What policy may know when a lead is opened by `inquiry`: what the database gathers once it is written."""
    signals = (
        SignalFact(kind=one.kind, page=one.page, at=min(one.at or opening.opening, opening.opening))
        for one in inquiry.signals
    )
    given = ConsentFacts.model_validate(inquiry.consent.model_dump()) if consents(inquiry) else None
    standing = {name: getattr(person, name) for name in ("active_deal", "active_sequence", "crm_owner")}
    return Story(
        lead_id=opening.lead_id,
        source=inquiry.source,
        received_at=received_at(opening, opening.opening),
        test=inquiry.test,
        person_id=person.person_id,
        person=person.facts,
        kill_switch=opening.kill_switch,
        sandbox=opening.sandbox,
        consent=given or opening.consent,
        signals=tuple(sorted((*opening.signals, *signals), key=lambda one: one.at)[-SIGNALS_KNOWN:]),
        reps=opening.reps,
        company=opening.company,
        colleagues=opening.colleagues,
        enriches=opening.enriches,
        history=opening.history.model_copy(update=standing | _exempting(opening, person, inquiry)),
        inquiries=(Told(attribution=inquiry.attribution, answers=inquiry.answers),),
    ).facts(tenant)


def _exempting(opening: Opening, person: PersonRow, inquiry: Inquiry) -> dict[str, object]:
    """Inquiries and the last transaction as the database will tell of them."""
    asked = PastInquiry(source=inquiry.source, at=asked_at(inquiry, received_at(opening, opening.opening)))
    before = {one.source: one for one in opening.history.inquiries}
    newest = max((asked, before.get(asked.source, asked)), key=lambda one: one.at)
    inquiries = sorted((before | {asked.source: newest}).values(), key=lambda one: (one.at, one.source))
    bought = [at for at in (opening.history.last_transaction_at, person.last_transaction_at) if at is not None]
    return {"inquiries": tuple(inquiries), "last_transaction_at": max(bought, default=None)}


def received_at(opening: Opening, now: datetime) -> datetime:
    """When the message came: now, or of a row taken again, when it first did."""
    first = opening.row.at if opening.row else None
    return min(first, now) if first else now


def behaviours(inquiry: Inquiry, now: datetime) -> tuple[Behaviour, ...]:
    return tuple(one if one.at else one.model_copy(update={"at": now}) for one in inquiry.signals)


def consents(inquiry: Inquiry) -> tuple[Consent, ...]:
    """The consent to keep: none when the inquiry says nothing of it, so that an earlier one goes on holding."""
    return (inquiry.consent,) if "consent" in inquiry.model_fields_set else ()


def seen(signal: Signal, now: datetime) -> SignalFact:
    """A signal as policy sees it: nothing happens later than now."""
    return SignalFact(kind=signal.kind, page=signal.page, at=min(signal.at or now, now))


def asked_by(signal: Signal, source: str) -> Inquiry:
    """The inquiry that a signal amounts to when it opens a lead."""
    did = Behaviour(kind=signal.kind, page=signal.page, at=signal.at)
    return Inquiry(source=source, source_event_id=signal.source_event_id, person=signal.person, signals=(did,))


def entry(opening: Opening, arrival: Arrival, person: PersonRow, ref: RowRef | None) -> Entry:
    """A message that opens no lead: told to the person's open lead when there is a `ref`, else kept."""
    lead = opening.lead if ref is not None else None
    asked = arrival.payload if isinstance(arrival.payload, Inquiry) else None
    row = InboxRow(
        row_id=opening.row_id,
        channel=arrival.channel,
        source_event_id=arrival.source_event_id,
        at=opening.now,
        payload=arrival.payload,
        state="captured" if ref else "kept",
        ref=ref,
        lead_id=lead.lead_id if lead else None,
        asked_at=asked_at(asked, received_at(opening, opening.now)) if asked else None,
        asked_as=asked.source if asked else None,
    )
    known_by = identities(arrival.phone, arrival.person.email)
    return Entry(tenant=arrival.tenant, row=row, person=person, identities=known_by)


def opened(opening: Opening, plain: Entry, known: Facts, judgement: Judgement) -> Entry:
    """`plain` with the lead that it opens."""
    decision = judgement.decision
    lead = Lead(
        tenant=plain.tenant,
        lead_id=opening.lead_id,
        source=known.source,
        opened_at=opening.opening,
        clock_offset=timedelta(seconds=opening.clock_offset),
        test=known.test,
        captured=decision,
    )
    told = plain.row.ref or RowRef(row_id=opening.row_id, kind="inquiry", at=opening.opening)
    ref = told.model_copy(update={"at": opening.opening, "source": known.source})
    asked = {"asked_at": plain.row.asked_at or known.received_at, "asked_as": known.source}
    row = plain.row.model_copy(
        update={"state": "captured", "ref": ref, "lead_id": lead.lead_id, "at": known.received_at, **asked}
    )
    decided = DecisionRow(facts=known, decision=decision, trace=judgement.trace, engine=build())
    return plain.model_copy(update={"row": row, "leads": (_lead_row(lead, opening),), "decisions": (decided,)})


def _lead_row(lead: Lead, opening: Opening) -> LeadRow:
    decision = lead.captured
    assert decision is not None
    first = min(decision.agenda, key=lambda item: item.at, default=None)
    return LeadRow(
        lead_id=lead.lead_id,
        source=lead.source,
        test=lead.test,
        stage=lead.stage,
        owner=decision.owner,
        queue=decision.queue,
        band=decision.band,
        score=decision.score,
        motion=decision.motion,
        next_action_at=first.at if first else None,
        next_action=first.action if first else None,
        sla_due_at=decision.sla_due_at,
        policy_hash=decision.policy_hash,
        opened_at=lead.opened_at,
        clock_seconds=opening.clock_offset,
        state=lead,
    )
