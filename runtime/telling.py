"""A lead's decisions told to people: when, on which question, what and why, and what became of each thing it planned.

Puts together what is stored; judges nothing. One telling for the API, the command line and the console.
"""

from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError

from domain import outcomes
from domain.decisions import Began, DecisionKind, Followup, Judgement
from domain.events import AnyFact
from domain.outcomes import Became, ItemOutcome, Told
from domain.values import Action
from domain.views import LeadDetail, StoryLine, TouchView, TracedDecision
from policy import sentences
from policy.notes import plain
from policy.sentences import clock

_FACT: TypeAdapter[AnyFact] = TypeAdapter(AnyFact)
_KINDS = {
    DecisionKind.TRIAGE: "which first move",
    DecisionKind.REOFFER: "who is next",
    DecisionKind.REPLY: "they answered: who must move",
    DecisionKind.WORK: "what is owed",
    DecisionKind.DISPOSE: "what comes after this outcome",
    DecisionKind.NEWS: "go on or start over",
    DecisionKind.CALL: "whose phones ring",
    DecisionKind.ADOPT: "what is left under another policy",
}
_BEGAN = {
    Began.CONTACT: "contact was made",
    Began.ACCEPTED: "a rep took it up",
    Began.LADDER_OVER: "the first ladder is over",
}
_ACTIONS = {
    Action.OFFER: "offer",
    Action.WARN: "warning",
    Action.RESCUE: "rescue text",
    Action.REOFFER: "offer to the next",
    Action.POOL: "offer to everybody",
    Action.REMIND: "reminder",
    Action.SUPERVISOR: "call to the supervisor",
    Action.NURTURE: "giving it a rest",
    Action.TEXT: "text",
    Action.CALL: "call",
    Action.CRM: "CRM entry",
    Action.ALERT_REPLY: "alert of a reply",
    Action.TELL: "notice",
    Action.REVIEW: "notice that a person must look",
}


def told(
    decisions: Iterable[TracedDecision], lead: LeadDetail, touches: Iterable[TouchView]
) -> tuple[TracedDecision, ...]:
    """The decisions with what became of what they planned, and all of it in sentences."""
    story, states = _story(lead.story), {touch.touch_id: touch.state for touch in touches}
    found = []
    for each in decisions:
        cycle = each.asked.cycle if each.asked is not None else each.facts.cycle
        came_to = outcomes.of(each.decision, cycle, story, lead.state, states)
        whole = each.model_copy(update={"came_to": came_to})
        found.append(whole.model_copy(update={"said": tuple(_said(whole, cycle))}))
    return tuple(found)


def _story(lines: Iterable[StoryLine]) -> tuple[Told, ...]:
    return tuple(one for line in lines if (one := _fact(line)) is not None)


def _fact(line: StoryLine) -> Told | None:
    try:
        return Told(cycle=line.cycle, fact=_FACT.validate_python(line.data))
    except ValidationError:
        return None  # of a newer version: what it means is not for this one to say


def _said(traced: TracedDecision, cycle: int) -> list[str]:
    decision, zone = traced.decision, sentences.zone_of(traced.facts)
    judgement = Judgement(decision=decision, trace=traced.trace)
    said = [f"{clock(decision.decided_at, zone)}, cycle {cycle}: {_question(decision.kind, traced.asked)}"]
    said += sentences.sentences(judgement, traced.facts)
    said.append(f"Decided by policy {decision.policy_hash}, {_made(traced)}.")
    said += [_became(each, zone) for each in traced.came_to]
    return said


def _made(traced: TracedDecision) -> str:
    rules = f"contact rules {traced.decision.contact_rules}" if traced.decision.contact_rules else ""
    return ", ".join(part for part in (rules, f"build {traced.engine or 'unknown'}") if part)


def _question(kind: DecisionKind, asked: Followup | None) -> str:
    head = _KINDS[kind]
    if asked is None:
        return f"{head}?"
    if kind is DecisionKind.DISPOSE:
        return f"{head} ({plain(asked.code) if asked.code else 'nobody moved'})?"
    if kind is DecisionKind.NEWS and asked.news_source:
        return f"{head} (they came by {plain(asked.news_source)})?"
    if kind is DecisionKind.WORK and asked.began is not None:
        return f"{head} ({_BEGAN[asked.began]})?"
    if kind is DecisionKind.REOFFER and asked.tried:
        return f"{head} (offered before to {', '.join(asked.tried)})?"
    return f"{head}?"


def _became(each: ItemOutcome, zone: str) -> str:
    what = f"{_ACTIONS[each.action]}{f' {each.template}' if each.template else ''}"
    holds = "".join(f"; put off to {clock(hold.until, zone)} by {hold.because}" for hold in each.holds)
    return f"{what[0].upper()}{what[1:]}, due {clock(each.planned_at, zone)}{holds}: {_end(each, zone)}."


def _end(each: ItemOutcome, zone: str) -> str:
    at = clock(each.at, zone) if each.at is not None else ""
    if each.became is Became.MADE:
        to = f" to {each.to}" if each.to else ""
        state = f", {each.touch_state}" if each.touch_state else ""
        if each.action is Action.CALL:
            return f"{plain(each.because or 'made')}{f', taken by {each.to}' if each.to else ''}, at {at}"
        return f"done{to} at {at}{state}"
    if each.became is Became.WAITING:
        return f"waits until {at}" if each.at != each.planned_at else "still to come"
    if each.became is Became.REFUSED:
        name = plain(each.refusal) if each.refusal else "given up"
        return f"not made: {name}{f' ({each.because})' if each.because else ''}, at {at}"
    if each.became is Became.UNSETTLED:
        return f"nobody knows whether it was made; a person was asked to look at {at}"
    if each.became is Became.OVERTAKEN:
        return f"not needed: {each.because} at {at}"
    return "the story does not say yet"
