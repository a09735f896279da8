"""A simulation as plain data, keys in a fixed order: what `baton policy simulate --json` prints."""

from collections import Counter
from datetime import timedelta
from typing import TypedDict

from domain.values import Source
from policy import cost
from policy.cost import Touches
from policy.loaded import LoadedPolicy
from policy.whatif.assumptions import BEHAVIOURS, OUTCOMES, REPLIES, Assumption
from policy.whatif.course import DISPOSED_AFTER
from policy.whatif.simulation import ANSWERS_AFTER, Scenario, Simulation
from policy.whatif.tally import Sums


class CostOut(TypedDict):
    """Money with two decimals."""

    texts: str
    calls: str
    total: str


class SumsOut(TypedDict):
    """What a group of leads came to."""

    leads: int
    dials: int
    texts: int
    emails: int
    segments: int
    cost: CostOut
    held: int
    sla_due: int


class MissedCallsOut(TypedDict):
    """Missed calls that were called back or texted, and what they are worth by the policy's own estimate."""

    answered: int
    worth: str


class AssumptionOut(TypedDict):
    """Something the policy can't know. `leads`: whom it met, of how many it could have met; null where it meets all."""

    key: str
    value: str
    leads: int | None
    of: int | None
    because: str


class Simulated(TypedDict):
    """What interfaces promise of simulate, and more."""

    policy: str
    policy_hash: str
    contact_rules: str
    leads: int
    joined: int
    restarted: int
    dials: int
    texts: int
    emails: int
    segments: int
    cost: CostOut
    missed_calls: MissedCallsOut | None
    held: int
    sla_due: int
    events: dict[str, int]
    by_source: dict[str, SumsOut]
    by_motion: dict[str, SumsOut]
    by_owner: dict[str, int]
    by_queue: dict[str, int]
    by_track: dict[str, int]
    by_band: dict[str, int]
    closed: dict[str, int]
    unowned: int
    faults: dict[str, int]
    assumptions: list[AssumptionOut]
    notice: str


def as_json(simulation: Simulation, loaded: LoadedPolicy, scenario: Scenario) -> Simulated:
    """The whole of it."""
    tally = simulation.tally
    every = _sums(tally.all, loaded)
    return Simulated(
        policy=loaded.policy.name,
        policy_hash=loaded.hash,
        contact_rules=loaded.pack_version,
        leads=every["leads"],
        joined=tally.status["joined"],
        restarted=tally.status["restarted"],
        dials=every["dials"],
        texts=every["texts"],
        emails=every["emails"],
        segments=every["segments"],
        cost=every["cost"],
        missed_calls=_missed_calls(simulation, loaded),
        held=every["held"],
        sla_due=every["sla_due"],
        events=_counts(tally.events),
        by_source={name: _sums(sums, loaded) for name, sums in sorted(tally.by_source.items())},
        by_motion={name: _sums(sums, loaded) for name, sums in sorted(tally.by_motion.items())},
        by_owner=_counts(tally.owners),
        by_queue=_counts(tally.queues),
        by_track=_counts(tally.tracks),
        by_band=_counts(tally.bands),
        closed=_counts(tally.closed),
        unowned=tally.unowned,
        faults=_counts(tally.faults),
        assumptions=_assumptions(simulation, loaded, scenario),
        notice=loaded.pack.notice,
    )


def _sums(sums: Sums, loaded: LoadedPolicy) -> SumsOut:
    return SumsOut(
        leads=sums.leads,
        dials=sums.dials,
        texts=sums.texts,
        emails=sums.emails,
        segments=sums.segments,
        cost=_cost(sums, loaded),
        held=sums.held,
        sla_due=sums.sla_due,
    )


def _missed_calls(simulation: Simulation, loaded: LoadedPolicy) -> MissedCallsOut | None:
    """None where the policy has no estimate (R31)."""
    answered = _answered_calls(simulation)
    worth = cost.missed_calls_worth(answered, loaded.policy.costs)
    return None if worth is None else MissedCallsOut(answered=answered, worth=cost.shown(worth))


def _answered_calls(simulation: Simulation) -> int:
    return sum(
        answer.source == Source.MISSED_CALL and bool(answer.moves.dials or answer.moves.texts)
        for answer in simulation.tally.answers
    )


def _counts(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def _assumptions(simulation: Simulation, loaded: LoadedPolicy, scenario: Scenario) -> list[AssumptionOut]:
    given = [_assumed(one, simulation) for one in scenario.assumptions]
    if any(one.behaviour in REPLIES for one in scenario.assumptions):
        given.append(_taken("answers_after", _span(ANSWERS_AFTER), "an answer comes so long after the text"))
    if any(one.behaviour in OUTCOMES for one in scenario.assumptions):
        given.append(_taken("disposed_after", _span(DISPOSED_AFTER), "a reason code comes so long after contact"))
    if scenario.undated:
        said = f"{scenario.undated} inquiries say nothing of when they came"
        given.append(_taken("occurred_at", "midday of the first business day after the contact rules' date", said))
    given += _of_history() if scenario.is_history else _of_file(scenario)
    if (value := loaded.policy.costs.missed_call_value) is not None and _answered_calls(simulation):
        said = "a missed call is taken to be worth so much, by the policy's costs; nobody has earned it"
        given.append(_taken("costs.missed_call_value", str(value), said))
    if simulation.tally.all.dials:
        talk = _span(loaded.policy.costs.call.talk)
        given.append(_taken("costs.call.talk", talk, "a call lasts so long, by the policy's costs"))
    if not scenario.staff:
        given.append(_taken("capacity", "unlimited", "nothing is known of reps' presence and open leads"))
    given.append(_taken("reps", "connect", "a rep who is offered a lead takes it, and reaches the person"))
    return given


def _of_history() -> list[AssumptionOut]:
    said = "people wrote what they really wrote; what another text would have brought isn't known"
    return [_taken("replies", "as they were", said)]


def _of_file(scenario: Scenario) -> list[AssumptionOut]:
    """What a file of leads doesn't say of their companies."""
    figures = "a file has no figures of companies, such as employees; --companies FILE gives them"
    others = "a file doesn't say what other people of a lead's company did"
    colleagues = _taken("colleagues", "none", others)
    return [colleagues] if scenario.has_companies else [_taken("companies", "unknown", figures), colleagues]


def _span(time: timedelta) -> str:
    return f"{time.total_seconds() / 60:g}m"


def _taken(key: str, value: str, because: str) -> AssumptionOut:
    return AssumptionOut(key=key, value=value, leads=None, of=None, because=because)


def _assumed(one: Assumption, simulation: Simulation) -> AssumptionOut:
    met, of = simulation.deals.met(one)
    return AssumptionOut(
        key=one.key, value=f"{float(one.rate):g}", leads=met, of=of, because=f"so many {BEHAVIOURS[one.behaviour]}"
    )


def _cost(sums: Sums, loaded: LoadedPolicy) -> CostOut:
    touches = Touches(sums.texts, sums.segments, emails=sums.emails) + cost.of_calls(sums.dials, loaded)
    found = cost.of(touches, loaded.policy.costs)
    return CostOut(
        texts=cost.shown(found.texts), calls=cost.shown(found.calls + found.reps), total=cost.shown(found.total)
    )
