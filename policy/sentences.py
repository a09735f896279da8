"""A judgement in sentences for people: what was decided, why, what is held back and until when, which roads were not
taken. Adds nothing to it."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.decisions import Decision, DecisionKind, Item, Judgement, Outcome
from domain.facts import Facts
from domain.values import Action, Motion
from policy.first_steps import first_step, send_at

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")
_WORDS = {
    Motion.LIVE_TRANSFER: "call and connect live",
    Motion.WHISPER_CALL: "call by a briefed rep",
    Motion.TEXT_BACK: "text back",
    Motion.NURTURE: "nurture",
    Motion.APPOINTMENT: "book an appointment",
    Motion.HUMAN_TASK: "task for a person",
}


def zone_of(facts: Facts) -> str:
    """Where the person's clock is, as far as it is known; else UTC."""
    return facts.person.places[0].zone if facts.person.places else "UTC"


def clock(moment: datetime, zone: str) -> str:
    """A moment as a clock on a wall there shows it, to the second: Tue 2026-11-24 10:00:00 CST."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M:%S %Z}"


def _there(because: str, zone: str) -> str:
    """A reason with its moments as that clock shows them: a trace keeps them as programs write them."""
    return _MOMENT.sub(lambda found: clock(datetime.fromisoformat(found[0]), zone), because)


def sentences(judgement: Judgement, facts: Facts) -> list[str]:
    """The judgement as sentences, the decision first. Moments are in the person's zone where it is known, else UTC."""
    decision, trace = judgement.decision, judgement.trace
    zone = zone_of(facts)
    said = [_headline(judgement, zone)]
    said += [f"{each.rule}: {_there(each.because, zone)}." for each in trace.reasons]
    if trace.points:
        points = "; ".join(each.because for each in trace.points)
        parts = f"fit {decision.fit}, intent {decision.intent}"
        said.append(f"Score {decision.score} ({parts}), band {decision.band}: {points}.")
    said += [f"Held back: {_step(item)} until {clock(item.at, zone)}, by {_rules(item)}." for item in _held(judgement)]
    said += [f"Not {each.what}: {_there(each.because, zone)}." for each in trace.not_taken]
    said += [f"Window {each.rule}: {_there(each.because, zone)}." for each in trace.held]
    said += [
        f"Condition {each.rule} could not be computed and counts as false: {each.because}." for each in trace.faults
    ]
    return said


def _held(judgement: Judgement) -> list[Item]:
    """What a rule put off; the first step's own is in the headline."""
    first = first_step(judgement)
    return [item for item in judgement.decision.agenda if item.held_by and item is not first]


def _step(item: Item) -> str:
    return f"{item.action} {item.template}" if item.template else str(item.action)


def _rules(item: Item) -> str:
    return ", ".join(item.held_by)


def _headline(judgement: Judgement, zone: str) -> str:
    decision = judgement.decision
    if decision.outcome is Outcome.CLOSE:
        return f"Closed as {decision.closed}."
    if (later := _LATER.get(decision.kind)) is not None:
        return later(decision, zone)
    if decision.motion is None:
        return f"{decision.kind}: {decision.outcome}{f', owner {decision.owner}' if decision.owner else ''}."
    moment, step = send_at(judgement), first_step(judgement)
    when = f"at {clock(moment, zone)}" if moment else "never"
    held = f", held by {_rules(step)}" if step and step.held_by else ""
    who = f", for {decision.owner}" if decision.owner else (f", queue {decision.queue}" if decision.queue else "")
    return f"{_WORDS[decision.motion].capitalize()} {when}{held}{who}."


def _whose(decision: Decision) -> str:
    return decision.owner or (f"everybody (queue {decision.queue})" if decision.queue else "whoever has the lead")


def _reoffered(decision: Decision, zone: str) -> str:
    return f"Offered to {_whose(decision)}."


def _reply(decision: Decision, zone: str) -> str:
    if decision.outcome is Outcome.REST:
        last = max((item.at for item in decision.agenda), default=decision.decided_at)
        return f"They answered, and that ends it at {clock(last, zone)}, unless somebody takes the lead before."
    by = f" by {clock(decision.sla_due_at, zone)}" if decision.sla_due_at else ""
    return f"They answered: {_whose(decision)} must move{by}."


def _work(decision: Decision, zone: str) -> str:
    steps = [item for item in decision.agenda if item.action is not Action.NURTURE]
    asked = f", asked for {len(steps)} times up to {clock(steps[-1].at, zone)}" if steps else ""
    return f"An outcome is owed by {_whose(decision)}{asked}."


def _disposed(decision: Decision, zone: str) -> str:
    if decision.rest is None:
        return f"The work goes on, by {_whose(decision)}."
    return f"Rests on track {decision.rest.track} until {clock(decision.rest.until, zone)}."


def _news(decision: Decision, zone: str) -> str:
    return "Starts over." if decision.outcome is Outcome.RESTART else "Goes on as before."


def _called(decision: Decision, zone: str) -> str:
    plan = decision.call
    if plan is None or not plan.reps:
        again = f" Tried again at {clock(plan.again_at, zone)}." if plan is not None and plan.again_at else ""
        return f"No phone rings.{again}"
    who = " and ".join(plan.reps)
    recorded = ", recorded" if plan.record else ""
    return f"{who} {'ring' if len(plan.reps) > 1 else 'rings'} for {plan.ring.total_seconds():.0f} seconds{recorded}."


def _adopted(decision: Decision, zone: str) -> str:
    if decision.rest is not None:
        return f"Rests under this policy until {clock(decision.rest.until, zone)}."
    return f"Goes on under this policy, for {_whose(decision)}."


_LATER: dict[DecisionKind, Callable[[Decision, str], str]] = {
    DecisionKind.REOFFER: _reoffered,
    DecisionKind.REPLY: _reply,
    DecisionKind.WORK: _work,
    DecisionKind.DISPOSE: _disposed,
    DecisionKind.NEWS: _news,
    DecisionKind.CALL: _called,
    DecisionKind.ADOPT: _adopted,
}
