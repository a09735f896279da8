"""Who this is for us: the facts as conditions see them, disqualifiers, points with their reasons, the band."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from domain.companies import company_key, is_below
from domain.decisions import Counted
from domain.facts import Facts, SignalFact
from domain.values import Band
from policy import accounts, matching, presence, roles
from policy.conditions import Reading, Value
from policy.criteria import Axis, Disqualifier, Intent
from policy.loaded import LoadedPolicy
from policy.notes import Notes


@dataclass(frozen=True, slots=True)
class Standing:
    """What a lead is worth. `reading` goes on to the routes, points and band included."""

    reading: Reading
    fit: int
    intent: int
    band: Band
    disqualified: Disqualifier | None

    @property
    def score(self) -> int:
        """All points together."""
        return self.fit + self.intent


def standing(facts: Facts, loaded: LoadedPolicy, now: datetime, notes: Notes) -> Standing:
    """Judge the lead; each point that counts is noted."""
    reading = Reading(values(facts, loaded, now), loaded.programs)
    out = next((each for each in loaded.policy.disqualify if _applies(each, facts, reading)), None)
    points: dict[Axis, int] = {"fit": 0, "intent": 0}
    for point in loaded.policy.score:
        if reading.holds(rule := f"score/{point.name}", point.when):
            axis = point.axis
            points[axis] += point.points
            notes.points.append(_counted(rule, point.points, point.because, axis))
    band = band_of(points["fit"], points["intent"], loaded)
    reading.learn(score=points["fit"] + points["intent"], band=str(band), **points)
    return Standing(reading, points["fit"], points["intent"], band, out)


@lru_cache(maxsize=1024)
def _counted(rule: str, points: int, because: str, axis: Axis) -> Counted:
    return Counted(rule=rule, because=f"{points:+d}: {because}", points=points, kind=axis)


def _applies(disqualifier: Disqualifier, facts: Facts, reading: Reading) -> bool:
    """By domain or one above it, by the company's name however it is written, or by condition."""
    domain = facts.person.email_domain
    if domain is not None and is_below(domain, disqualifier.domains):
        return True
    key = company_key(facts.person.company) if disqualifier.companies else ""
    if key and any(key == company_key(each) for each in disqualifier.companies):
        return True
    return disqualifier.when is not None and reading.holds(f"disqualify/{disqualifier.name}", disqualifier.when)


def band_of(fit: int, intent: int, loaded: LoadedPolicy) -> Band:
    """The band of so many points: by the policy's matrix where it has one, else by their sum."""
    if loaded.policy.matrix is not None:
        return loaded.policy.matrix.band(fit, intent)
    return next((band for band in (Band.A, Band.B, Band.C) if fit + intent >= loaded.policy.bands[band]), Band.D)


def values(facts: Facts, loaded: LoadedPolicy, now: datetime) -> dict[str, Value]:
    """The facts under their published names (conditions.LEAD_FACTS). What isn't known is empty, never null."""
    policy = loaded.policy
    shown = recent(facts.signals, policy.intent, now)
    firm = accounts.values(facts, policy.accounts, policy.intent, now)
    raised = (facts.source, *(signal.kind for signal in shown))
    bench = len(presence.free(facts, loaded, now))
    return (
        _of_person(facts)
        | firm
        | {
            "source": facts.source,
            "page": facts.page or "",
            "campaign": facts.campaign or "",
            "referred": facts.referred,
            "test": facts.test,
            "answers": dict(facts.answers),
            "signal_kinds": list(dict.fromkeys(signal.kind for signal in shown)),
            "pages": [signal.page for signal in shown if signal.page],
            "high_intent_visits": sum(is_intent(signal, policy.intent) for signal in shown),
            "hand_raise": any(each in policy.intent.hand_raises for each in raised),
            "handoffs": facts.history.handoffs,
            "returning": facts.history.handoffs > 0 or facts.history.last_contact_at is not None,
            "open": loaded.clock().is_open(now),
            "capacity": bench > 0,
            "bench": bench,
        }
    )


def _of_person(facts: Facts) -> dict[str, Value]:
    person, consent = facts.person, facts.consent
    return {
        "company": person.company or "",
        "title": person.title or "",
        "seniority": roles.seniority_of(person.title),
        "department": roles.department_of(person.title),
        "email_domain": person.email_domain or "",
        "country": person.country or "",
        "region": next(iter(matching.regions(facts)), ""),
        "postal_code": person.postal_code or "",
        "language": matching.language(facts),
        "product_line": matching.product_line(facts),
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
    return intent.counts(signal.kind, signal.page)
