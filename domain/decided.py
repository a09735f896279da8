"""What an answer of policy changes on a lead: the half of transitions.py that folds decisions. Pure and total."""

from typing import Any

from domain.decisions import Decision, DecisionKind, Item, Outcome
from domain.events import Decided
from domain.lead import Lead
from domain.values import Stage, Until


def changed(lead: Lead, **changes: Any) -> Lead:  # noqa: ANN401 - model_copy takes any field's value
    """The lead with some fields changed; for the two modules of transitions alone."""
    return lead.model_copy(update=changes)


def added(agenda: tuple[Item, ...], *items: Item) -> tuple[Item, ...]:
    """An agenda with more items; a key that is there already keeps its item."""
    known = {item.key for item in agenda}
    return (*agenda, *(item for item in items if item.key not in known))


def decided(lead: Lead, fact: Decided) -> Lead:
    decision = fact.decision
    if decision.kind is DecisionKind.TRIAGE:
        return _triaged(lead, decision)
    if _is_overtaken(lead, decision):
        return lead
    if decision.kind is DecisionKind.REOFFER:
        return changed(lead, owner=decision.owner, queue=decision.queue)
    if decision.kind is DecisionKind.NEWS:
        return (
            changed(lead, restart=decision.rules[0] if decision.rules else "news")
            if decision.outcome is Outcome.RESTART
            else lead
        )
    return _followed_up(lead, decision)


def _is_overtaken(lead: Lead, decision: Decision) -> bool:
    """Whether somebody moved while policy was asked who is next, or whether to give up."""
    gives_up = decision.kind is DecisionKind.DISPOSE and lead.disposition is None
    moves = {DecisionKind.REOFFER: (lead.accepted_at,), DecisionKind.DISPOSE: (lead.accepted_at, lead.replied_at)}
    asked_at = decision.decided_at
    happened = moves.get(decision.kind, ()) if gives_up or decision.kind is DecisionKind.REOFFER else ()
    return any(moment is not None and moment >= asked_at for moment in happened)


def _triaged(lead: Lead, decision: Decision) -> Lead:
    resting = decision.rest is not None and decision.outcome in (Outcome.NURTURE, Outcome.REST)
    taken = lead.accepted_at is not None  # whoever accepted before triage keeps the lead
    return changed(
        lead,
        captured=None,
        pinned=lead.pinned or decision.policy_hash,
        plan=decision.model_copy(update={"agenda": ()}),  # the agenda moves to the lead
        agenda=added(lead.agenda, *(item for item in decision.agenda if not _came_too_late(lead, item))),
        owner=lead.owner if taken else decision.owner,
        queue=None if taken else decision.queue,
        sla_due_at=decision.sla_due_at,
        closed=decision.closed,
        rest=decision.rest if resting else None,
        stage=Stage.HANDOFF,
    )


def _came_too_late(lead: Lead, item: Item) -> bool:
    """Whether what makes an item pointless had happened before it was planned (a message may overtake triage)."""
    if lead.disposition is not None:
        return item.until is not Until.NEVER
    is_moved = lead.contacted_at is not None or (item.until is Until.ACCEPTED and lead.accepted_at is not None)
    return is_moved and item.until in (Until.ACCEPTED, Until.CONTACTED)


def _followed_up(lead: Lead, decision: Decision) -> Lead:
    # A ladder climbed anew, as after each reply, takes the place of the one before.
    renewed, ladders = {item.key for item in decision.agenda}, {item.rule for item in decision.agenda if item.rule}
    kept = tuple(item for item in lead.agenda if item.key not in renewed and item.rule not in ladders)
    changes: dict[str, Any] = {"agenda": (*kept, *decision.agenda), "closed": decision.closed}
    if decision.kind is DecisionKind.DISPOSE:
        changes["disposition"] = None
        if decision.outcome is not Outcome.KEEP:
            changes["rest"] = decision.rest
        else:
            at = decision.decided_at
            changes |= {
                "contacted_at": lead.contacted_at or at,
                "working_since": lead.working_since or at,
                "stage": Stage.WORKING,
            }
    elif decision.owner is not None or decision.queue is not None:
        changes |= {"owner": decision.owner, "queue": decision.queue}
    if decision.kind is DecisionKind.REPLY or (decision.kind is DecisionKind.WORK and lead.replied_at is None):
        changes["sla_due_at"] = decision.sla_due_at  # the clock that runs from now on
    return changed(lead, **changes)
