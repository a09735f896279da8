"""What adopting another policy changes on a lead: decided.py's fold of that one answer. Pure and total.

What a policy planned is put in place of what the one before it planned; what people did, and what was said, stays.
"""

from typing import Any

from domain.agendas import added, changed
from domain.decisions import Decision, Item
from domain.events import Decided
from domain.lead import Lead


def adopted(lead: Lead, fact: Decided) -> Lead:
    """The lead under the policy that answered. Unchanged, but no longer asking, when it was refused; unchanged, and
    asking again, when somebody moved, or another answer came, since it was asked."""
    decision = fact.decision
    asking = None if fact.adopts == lead.adopting else lead.adopting
    if decision.policy_hash != fact.adopts:
        return changed(lead, adopting=asking, unread=False)
    if _is_overtaken(lead, fact):
        return changed(lead, unread=False)
    kept = tuple(item for item in lead.agenda if item.key not in decision.replaces)
    agenda = added(lead, kept, *_still_to_do(lead, decision))
    keys = tuple(item.key for item in agenda)
    gone = (*lead.set_aside, *(item.key for item in lead.agenda if item.key in decision.replaces))
    return changed(
        lead,
        adopting=asking,
        unread=False,
        pinned=decision.policy_hash,
        agenda=agenda,
        set_aside=tuple(dict.fromkeys(key for key in gone if key not in keys)),
        **_standing(lead, decision),
    )


def _is_overtaken(lead: Lead, fact: Decided) -> bool:
    moved = (lead.accepted_at, lead.contacted_at, lead.replied_at, lead.disposed_at)
    was_laid_to_rest = lead.rest is not None and fact.decision.rest is None
    return lead.unread or was_laid_to_rest or any(at is not None and at >= fact.at for at in moved)


def _still_to_do(lead: Lead, decision: Decision) -> tuple[Item, ...]:
    """What is planned, without what was carried out while policy was asked; what was put off meanwhile stays so."""
    here = {item.key: item for item in lead.agenda}
    found: list[Item] = []
    for item in decision.agenda:
        key = f"{lead.cycle}:{item.key}"
        if key in here and here[key].tries > item.tries:
            found.append(item.model_copy(update={"at": max(item.at, here[key].at), "tries": here[key].tries}))
        elif key in here or key not in decision.replaces:
            found.append(item)
    return tuple(found)


def _standing(lead: Lead, decision: Decision) -> dict[str, Any]:  # Any: any field of the lead
    """Rest, clock and route; of a lead that nobody has taken up, also whether it goes on, and until it is offered for
    the first time who has it."""
    if lead.rest is not None:
        return {"rest": decision.rest or lead.rest}
    changes: dict[str, Any] = {"sla_due_at": decision.sla_due_at}
    if not lead.is_untouched or lead.plan is None:
        return changes
    about = ["outcome", "route", "motion", "channel", "band", "score", "rules"]
    about += ["fallbacks", "fallback_text", "fallback_purpose", "dials"]
    changes["plan"] = lead.plan.model_copy(update={name: getattr(decision, name) for name in about})
    if decision.rest is not None or decision.closed is not None:
        return {**changes, "rest": decision.rest, "closed": decision.closed, "owner": None, "queue": None}
    if lead.hop > 0:
        return changes  # it was offered, perhaps while policy was asked: the newest offer stands
    return {**changes, "owner": decision.owner, "queue": decision.queue}
