"""What a call does to a lead's agenda: the text where nobody was reached, the call of a rep who accepted in chat, notes
in the CRM. Pure; for transitions.py, and for whoever makes a lead's calls."""

from domain.agendas import note
from domain.decisions import Item
from domain.events import Accepted, Called, CallRecorded
from domain.lead import Lead
from domain.values import Action, Code, Motion, Purpose, Until

REACHED_NOBODY = ("no_rep", "nobody", "no_answer", "busy", "voicemail", "failed", "abandoned")
"""Results after which the person is texted instead. Not where a reply, a stop or the guard called it off."""


def text_back(lead: Lead, fact: Called) -> tuple[Item, ...]:
    """The route's text where its call came to nothing, once a cycle (R12)."""
    plan = lead.plan
    if plan is None or plan.fallback_text is None or Motion.TEXT_BACK not in plan.fallbacks:
        return ()
    if fact.result not in REACHED_NOBODY or not lead.is_awaiting_contact:
        return ()
    text = Item(
        key="text-back",
        at=fact.at,
        action=Action.TEXT,
        until=Until.CONTACTED,
        template=plan.fallback_text,
        purpose=plan.fallback_purpose,
        rule=f"call/{fact.result}",
    )
    return (text,)


def again(lead: Lead, fact: Called) -> tuple[Item, ...]:
    """The call that they themselves asked for in writing, where further words of theirs had called it off."""
    is_owed = lead.escalated_at is not None and lead.disposition is None and lead.rest is None
    if fact.result != "called_off" or fact.because != "replied" or not is_owed:
        return ()
    key = f"call-again-{lead.seq + 1}"
    return (fact.item.model_copy(update={"key": key, "at": fact.at, "until": Until.DISPOSED, "tries": 0}),)


def in_crm(lead: Lead, fact: Called) -> tuple[Item, ...]:
    """The note of a call in the CRM: of every one for which a phone of ours rang."""
    if fact.call_id is None or not (fact.rang or fact.rep):
        return ()
    return (note(lead, "crm", Action.CRM, fact.at, f"call:{fact.call_id}"),)


def of_recording(lead: Lead, fact: CallRecorded) -> tuple[Item, ...]:
    """The note of a recording that came after its call was noted."""
    return (note(lead, "crm", Action.CRM, fact.at, f"recording:{fact.call_id}"),)


def dropped(agenda: tuple[Item, ...]) -> tuple[Item, ...]:
    """The agenda without calls."""
    return tuple(item for item in agenda if item.action is not Action.CALL)


def of_taker(lead: Lead, fact: Accepted) -> tuple[Item, ...]:
    """The call of a rep who accepted in chat: they are rung, alone, while a call is what the lead waits for."""
    plan = lead.plan
    is_owed = lead.escalated_at is not None or (lead.contacted_at is None and lead.disposition is None)
    if fact.by_phone or plan is None or not plan.dials or not is_owed or lead.rest is not None:
        return ()
    waiting = next((item for item in lead.agenda if item.action is Action.CALL), None)
    purpose = waiting.purpose if waiting is not None else plan.fallback_purpose
    call = Item(
        key=f"call-accepted-{lead.seq + 1}",
        at=fact.at,
        action=Action.CALL,
        until=Until.DISPOSED if lead.escalated_at is not None else Until.CONTACTED,
        purpose=purpose if purpose is not Purpose.INTERNAL else Purpose.RESPONSIVE,
        rule="call/accepted",
    )
    return (call,)


def waiting(lead: Lead) -> tuple[str, ...]:
    """Keys of calls to come: one is made at a time."""
    return tuple(item.key for item in lead.agenda if item.action is Action.CALL)


def why_not_go_on(lead: Lead) -> str | None:
    """What has happened that a call under way must not go on for; None when nothing has."""
    if lead.closed is not None:
        return str(lead.closed)
    if lead.disposition is not None:
        return "booked" if lead.disposition is Code.MEETING_SET else "disposed"
    return "replied" if lead.replied_at is not None else "accepted" if lead.accepted_at is not None else None
