"""What an answer of policy changes on a lead: the half of transitions.py that folds decisions. Pure and total.

An answer is as old as its question (`Decided.at`). What was said or done since then counts: the answer changes
nothing that a person has settled in the meantime.
"""

from collections.abc import Callable
from typing import Any

from domain import call_agendas
from domain.adopted import adopted
from domain.agendas import added, changed, note, wanted
from domain.decisions import Decision, DecisionKind, Item, Outcome, Rest
from domain.events import Decided
from domain.lead import Lead
from domain.replies import HELP
from domain.values import Action, ClosedReason, Source, Stage, Until


def decided(lead: Lead, fact: Decided) -> Lead:
    """The lead, having heard policy's answer; unchanged by one for a lead that has closed or begun anew since."""
    if not lead.is_open or fact.cycle != lead.cycle:
        return lead
    heard = _FOLD[fact.decision.kind](lead, fact)
    if fact.decision.kind is not DecisionKind.ADOPT and heard.adopting is not None:
        heard = changed(heard, unread=True)
    plans = bool(fact.decision.agenda) or fact.decision.rest is not None
    if plans and heard.pinned not in ("", fact.decision.policy_hash) and heard.adopting is None:
        return changed(heard, adopting=heard.pinned)  # another policy was adopted while this one was asked
    return heard


def _triaged(lead: Lead, fact: Decided) -> Lead:
    decision = fact.decision
    is_taken = lead.accepted_at is not None
    is_moved = is_taken or lead.contacted_at is not None or lead.disposition is not None
    planned = wanted(lead, decision.agenda, None)
    if is_moved and decision.rest is not None:  # no rest, and none of its texts
        planned = tuple(item for item in planned if item.until is Until.NEVER)
    return changed(
        lead,
        captured=None,
        pinned=lead.pinned or decision.policy_hash,
        plan=decision.model_copy(update={"agenda": ()}),  # the agenda moves to the lead
        agenda=added(lead, lead.agenda, *planned),
        owner=lead.owner if is_taken else decision.owner,
        queue=lead.queue if is_taken else decision.queue,
        sla_due_at=decision.sla_due_at,
        closed=decision.closed,
        rest=None if is_moved else decision.rest,
        stage=Stage.HANDOFF,
    )


def _told_who_is_next(lead: Lead, fact: Decided) -> Lead:
    # the next rep is the lead's owner once it is offered to them; whoever is set away is told so
    told = (item for item in fact.decision.agenda if item.action is Action.TELL)
    return changed(lead, agenda=added(lead, lead.agenda, *told))


def _told_of_news(lead: Lead, fact: Decided) -> Lead:
    row = next((row for row in lead.news if row.row_id == fact.row_id), None)
    source = row.source if row is not None and row.kind == "joined" else None
    heard = changed(lead, news=tuple(each for each in lead.news if each is not row), heard=source)
    if fact.decision.outcome is Outcome.RESTART:
        because = fact.decision.rules[0] if fact.decision.rules else "news"
        return changed(heard, restart=because, by_others=row is not None and row.kind == "account")
    planned = wanted(lead, fact.decision.agenda, fact.at)  # a call that we missed is answered again
    if call_agendas.waiting(lead):
        planned = tuple(item for item in planned if item.action is not Action.CALL)
    heard = changed(heard, agenda=added(lead, heard.agenda, *planned))
    what = "called_again" if source == Source.MISSED_CALL else "asked_again"
    if source is None or not _has_a_rep(lead) or any(item.template == what for item in lead.agenda):
        return heard
    again = note(lead, "again", Action.TELL, fact.at, what)
    return changed(heard, agenda=added(lead, heard.agenda, again))


def _has_a_rep(lead: Lead) -> bool:
    """Whether a rep has taken the lead up. Who is only offered it learns of everything when they take it."""
    return lead.owner is not None and lead.is_under_way and (lead.accepted_at is not None or lead.is_being_worked)


def _owed(lead: Lead, fact: Decided) -> Lead:
    """A reply's or a contact's ladder, in place of one climbed before, and its clock. It names an owner only where the
    lead has none. While a call that an earlier reply asked for is on offer, further words don't slow it."""
    decision = fact.decision
    is_slower = decision.kind is DecisionKind.REPLY and decision.outcome is Outcome.KEEP
    if lead.rest is not None or (is_slower and (lead.escalated_at is not None or not decision.agenda)):
        helped = tuple(item for item in decision.agenda if item.rule == HELP)
        return changed(lead, agenda=added(lead, lead.agenda, *wanted(lead, helped, fact.at)))  # a question of its own
    changes: dict[str, Any] = _called_for(lead, fact) if decision.outcome is Outcome.HAND_OFF else {}
    if decision.outcome is Outcome.REST:
        changes = {"escalated_at": None}
    if lead.owner is None:
        changes |= {"owner": decision.owner, "queue": decision.queue or lead.queue}
    if decision.kind is DecisionKind.REPLY or lead.replied_at is None:
        changes["sla_due_at"] = decision.sla_due_at
    planned = wanted(lead, decision.agenda, fact.at)
    return changed(lead, agenda=added(lead, _beside(lead, decision), *planned), **changes)


def _called_for(lead: Lead, fact: Decided) -> dict[str, Any]:
    """The reply makes a call of it: that is the lead's motion from here on, on offer until somebody accepts."""
    decision = fact.decision
    motion = {
        name: getattr(decision, name)
        for name in ("motion", "channel", "fallbacks", "fallback_text", "fallback_purpose", "cue", "whisper", "dials")
    }
    plan = None if lead.plan is None else lead.plan.model_copy(update=motion)
    is_on_offer = any(item.action is Action.OFFER for item in decision.agenda)
    return {"plan": plan, "escalated_at": fact.at if is_on_offer else None}


def _beside(lead: Lead, decision: Decision) -> tuple[Item, ...]:
    """The agenda without the ladder that this one takes the place of: of its own class, and, for a reply, of any
    earlier reply. What contact owes is climbed beside it."""
    of_work, rules = f"sla/{DecisionKind.WORK}", {item.rule for item in decision.agenda if item.rule}
    is_reply = decision.kind is DecisionKind.REPLY
    return tuple(
        item
        for item in lead.agenda
        if item.rule not in rules
        and not (is_reply and item.rule != of_work and (item.rule or "").startswith(("sla/", "reply/")))
    )


def _disposed_of(lead: Lead, fact: Decided) -> Lead:
    if fact.code != lead.disposition or (lead.disposed_at is not None and lead.disposed_at > fact.at):
        return lead  # a newer word was said; it is judged next
    decision = fact.decision
    if _gives_up(decision) and _is_overtaken(lead, fact):
        return changed(lead, disposition=None, working_since=None)  # the outcome is owed anew
    if decision.outcome is Outcome.KEEP:
        return _kept(lead, fact)
    if decision.rest is not None:
        return _laid_to_rest(lead, decision.rest, decision.agenda)
    return changed(lead, disposition=None, closed=decision.closed, agenda=added(lead, lead.agenda, *decision.agenda))


def _gives_up(decision: Decision) -> bool:
    return decision.rest is not None or decision.closed is ClosedReason.EXHAUSTED


def _is_overtaken(lead: Lead, fact: Decided) -> bool:
    """Whether somebody moved after the word that gives the lead up; a ladder that ran out yields to the same moment."""
    moved = [moment for moment in (lead.accepted_at, lead.replied_at) if moment is not None]
    if fact.code is None:
        return any(moment >= fact.at for moment in moved)
    return any(moment > (lead.disposed_at or fact.at) for moment in moved)


def _kept(lead: Lead, fact: Decided) -> Lead:
    return changed(
        lead,
        agenda=added(lead, lead.agenda, *fact.decision.agenda),
        disposition=None,
        contacted_at=lead.contacted_at or fact.at,
        working_since=lead.working_since or fact.at,
        stage=Stage.WORKING,
    )


def _laid_to_rest(lead: Lead, rest: Rest, texts: tuple[Item, ...]) -> Lead:
    """At rest nobody owes anything, so whoever wakes the lead begins the work anew."""
    unsaid = tuple(item for item in lead.agenda if item.until is Until.NEVER)
    return changed(
        lead,
        agenda=added(lead, unsaid, *texts),
        rest=rest,
        accepted_at=None,
        contacted_at=None,
        replied_at=None,
        escalated_at=None,
        working_since=None,
        disposition=None,
        disposed_at=None,
        sla_due_at=None,
    )


_FOLD: dict[DecisionKind, Callable[[Lead, Decided], Lead]] = {
    DecisionKind.TRIAGE: _triaged,
    DecisionKind.REOFFER: _told_who_is_next,
    DecisionKind.REPLY: _owed,
    DecisionKind.WORK: _owed,
    DecisionKind.DISPOSE: _disposed_of,
    DecisionKind.NEWS: _told_of_news,
    DecisionKind.CALL: lambda lead, fact: lead,  # the call that is made of it says what came of it
    DecisionKind.ADOPT: adopted,
}
