"""Who this is for us: the facts as conditions see them, disqualifiers, points with their reasons, the band."""

from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Reason
from domain.facts import Facts, SignalFact
from domain.values import Band
from policy import assign
from policy.conditions import Reading, Value
from policy.criteria import Disqualifier, Intent
from policy.loaded import LoadedPolicy
from policy.notes import Notes


@dataclass(frozen=True, slots=True)
class Standing:
    """What a lead is worth. `reading` goes on to the routes, score and band included."""

    reading: Reading
    score: int
    band: Band
    disqualified: Disqualifier | None


def standing(facts: Facts, loaded: LoadedPolicy, now: datetime, notes: Notes) -> Standing:
    """Judge the lead; each point that counts is noted."""
    reading = Reading(values(facts, loaded, now), loaded.programs)
    policy = loaded.policy
    out = next((each for each in policy.disqualify if reading.holds(f"disqualify/{each.name}", each.when)), None)
    score = 0
    for point in policy.score:
        if reading.holds(f"score/{point.name}", point.when):
            score += point.points
            notes.points.append(Reason(rule=f"score/{point.name}", because=f"{point.points:+d}: {point.because}"))
    band = next((band for band in (Band.A, Band.B, Band.C) if score >= policy.bands[band]), Band.D)
    reading.learn(score=score, band=str(band))
    return Standing(reading, score, band, out)


def values(facts: Facts, loaded: LoadedPolicy, now: datetime) -> dict[str, Value]:
    """The facts under their published names (conditions.LEAD_FACTS). What isn't known is empty, never null."""
    shown = recent(facts.signals, loaded.policy.intent, now)
    return _of_person(facts) | {
        "source": facts.source,
        "page": facts.page or "",
        "campaign": facts.campaign or "",
        "referred": facts.referred,
        "test": facts.test,
        "answers": dict(facts.answers),
        "signal_kinds": list(dict.fromkeys(signal.kind for signal in shown)),
        "pages": [signal.page for signal in shown if signal.page],
        "high_intent_visits": sum(is_intent(signal, loaded.policy.intent) for signal in shown),
        "handoffs": facts.history.handoffs,
        "returning": facts.history.handoffs > 0 or facts.history.last_contact_at is not None,
        "open": loaded.clock().is_open(now),
        "capacity": bool(assign.free(facts, loaded, now)),
    }


def _of_person(facts: Facts) -> dict[str, Value]:
    person, consent = facts.person, facts.consent
    return {
        "company": person.company or "",
        "title": person.title or "",
        "email_domain": person.email_domain or "",
        "country": person.country or "",
        "region": next(iter(assign.regions(facts)), ""),
        "postal_code": person.postal_code or "",
        "language": person.language or "en",
        "has_phone": person.phone is not None,
        "has_email": person.email is not None,
        "flags": list(person.flags),
        "consent_sms": consent.sms,
        "consent_call": consent.call,
        "consent_kind": consent.kind,
    }


def recent(signals: tuple[SignalFact, ...], intent: Intent, now: datetime) -> list[SignalFact]:
    """The behaviour that still counts at `now`."""
    return [signal for signal in signals if now - intent.within < signal.at <= now]


def is_intent(signal: SignalFact, intent: Intent) -> bool:
    """Whether a piece of behaviour counts as intent."""
    return signal.kind in intent.kinds or any((signal.page or "").startswith(page) for page in intent.pages)
