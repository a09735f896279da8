"""What ops see of a lead in the Temporal UI: search attributes for lists, current details in words. No personal
data."""

from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair

with workflow.unsafe.imports_passed_through():
    from domain.decisions import Item
    from domain.lead import Lead
    from domain.values import Action
    from workflows import names

_IN_WORDS = {
    Action.OFFER: "offer the lead",
    Action.WARN: "warn that the SLA is running out",
    Action.RESCUE: "rescue text",
    Action.REOFFER: "offer the lead to the next rep",
    Action.POOL: "open the lead to everybody",
    Action.REMIND: "remind the owner",
    Action.SUPERVISOR: "alert the supervisor",
    Action.NURTURE: "move the lead to nurture",
    Action.TEXT: "text the person",
    Action.CRM: "update the CRM",
    Action.CALL: "call the person",
    Action.ALERT_REPLY: "alert about the reply",
    Action.TELL: "tell the team",
    Action.REVIEW: "ask a person to look",
}


def _values(lead: Lead) -> list[tuple[SearchAttributeKey[Any], Any]]:  # Any: each key has its own type
    plan = lead.plan or lead.captured
    return [
        (names.STAGE, str(lead.stage)),
        (names.TENANT, lead.tenant),
        (names.SOURCE, lead.source),
        (names.OWNER, lead.owner or lead.queue),
        (names.BAND, plan.band if plan else None),
        (names.SCORE, plan.score if plan else None),
        (names.MOTION, plan.motion if plan else None),
        (names.OUTCOME, lead.closed),
        (names.BREACHED, lead.breached),
        (names.NEXT_ACTION_AT, lead.next_due() if lead.is_open else None),
        (names.SLA_DUE_AT, lead.sla),
    ]


def attributes(lead: Lead) -> list[SearchAttributePair[Any]]:  # Any: each pair has its own type
    """The search attributes that this lead has values for."""
    return [SearchAttributePair(key, value) for key, value in _values(lead) if value is not None]


def show(lead: Lead) -> None:
    """Bring search attributes (one upsert, only if something changed) and current details up to date."""
    known = workflow.info().typed_search_attributes
    changed = [
        key.value_unset() if value is None else key.value_set(value)
        for key, value in _values(lead)
        if known.get(key) != value
    ]
    if changed:
        workflow.upsert_search_attributes(changed)
    workflow.set_current_details(details(lead))


def next_in_words(lead: Lead) -> str:
    """The next deadline as a sentence: what, when."""
    item, due = lead.next_item(), lead.next_due()
    if due is None:
        return "nothing is due; a reply, a rep or a disposition moves it on"
    if lead.rest is not None and (item is None or lead.rest.until <= item.at):
        return f"wake from rest on track {lead.rest.track} at {_clock(due)}"
    return _item_in_words(item) if item else ""


def details(lead: Lead) -> str:
    """The readable panel, in Markdown."""
    plan = lead.plan or lead.captured
    motion = str(plan.motion).replace("_", " ") if plan else "not decided"
    owner = lead.owner or (f"queue {lead.queue}" if lead.queue else "nobody yet")
    lines = [
        f"**Stage:** {str(lead.stage).replace('_', ' ')} (cycle {lead.cycle})",
        f"**Owner:** {owner}" + ("" if lead.accepted_at is None else f", accepted {_clock(lead.accepted_at)}"),
        f"**Next:** {next_in_words(lead) if lead.is_open else f'nothing: closed, {lead.closed}'}",
        f"**SLA:** {_clock(lead.sla) if lead.sla else 'none'}{' (missed)' if lead.breached else ''}",
        f"**First motion:** {motion}, band {plan.band if plan else '-'}",
    ]
    if plan and plan.rules:
        lines.append(f"**Rules:** {', '.join(plan.rules)}")
    if lead.dead_letters:
        lines.append(f"**Messages not understood:** {lead.dead_letters}; see the lead's story")
    return "\n\n".join(lines)


def _item_in_words(item: Item) -> str:
    held = f" (held by {', '.join(item.held_by)})" if item.held_by else ""
    return f"{_IN_WORDS[item.action]} at {_clock(item.at)}{held}"


def _clock(moment: datetime) -> str:
    return moment.strftime("%a %Y-%m-%d %H:%M:%S UTC")
