"""(lead, fact) -> lead: with decided.py and adopted.py the only place that builds a changed lead. Pure and total.

The order of facts is the lead's story.
"""

from collections.abc import Callable
from typing import Any

from domain import call_agendas as calls
from domain import events as e
from domain.agendas import added, changed, note
from domain.decided import decided
from domain.decisions import Item
from domain.lasting import Entry, Lasting
from domain.lead import Lead
from domain.messages import RowRef
from domain.values import A_PERSON_MUST_LOOK, Action, ClosedReason, Stage, Until

SEEN_KEPT = 256
"""How many message ids a lead remembers, newest last."""


def apply(lead: Lead, fact: e.AnyFact) -> Lead:
    """The lead after `fact`, with the fact added to the story that is still to be written down."""
    changed = _FOLD[type(fact)](lead, fact) if type(fact) in _FOLD else lead
    seq = lead.seq + 1
    return changed.model_copy(update={"seq": seq, "unwritten": (*lead.unwritten, Entry(seq=seq, fact=fact))})


def remember(lead: Lead, message_id: str) -> Lead:
    """The lead, having taken message `message_id`."""
    return lead.model_copy(update={"seen": (*lead.seen, message_id)[-SEEN_KEPT:]})


def written(lead: Lead, seq: int) -> Lead:
    """The lead, its story written down up to and including `seq`."""
    return lead.model_copy(update={"unwritten": tuple(entry for entry in lead.unwritten if entry.seq > seq)})


def asked(lead: Lead) -> Lead:
    """The lead, one more question put to policy."""
    return changed(lead, asked=lead.asked + 1)


def noted(lead: Lead, news: RowRef) -> Lead:
    """The lead with a piece of news to ask policy about. What waits already says as much for all of its kind; the
    oldest is being asked about."""
    if any((known.kind, known.source) == (news.kind, news.source) for known in lead.news[1:]):
        return lead
    return lead.model_copy(update={"news": (*lead.news, news)})


def _pruned(lead: Lead, *happened: Until) -> tuple[Item, ...]:
    return tuple(item for item in lead.agenda if item.until not in happened)


def _without(lead: Lead, key: str) -> tuple[Item, ...]:
    return tuple(item for item in lead.agenda if item.key != key)


def _awake(lead: Lead) -> Lead:
    return lead if lead.rest is None else changed(lead, rest=None, stage=Stage.WORKING)


def _cycle_started(lead: Lead, fact: e.CycleStarted) -> Lead:
    carried = tuple(item for item in lead.agenda if item.action in (Action.CRM, Action.TELL, Action.ALERT_REPLY))
    lasting = {name: getattr(lead, name) for name in Lasting.model_fields}
    anew = {
        "source": fact.source or lead.source,
        "cycle": fact.cycle,
        "woken": lead.woken + fact.woken,
        "prompted": fact.woken and not fact.by_others,
        "agenda": carried,
        "offers_before": lead.offer,
    }
    return Lead(**{**lasting, **anew})


def _replied(lead: Lead, fact: e.Replied) -> Lead:
    alert = Item(key=f"reply-{fact.row_id}", at=fact.at, action=Action.ALERT_REPLY, row_id=fact.row_id, said=fact.said)
    ended = (Until.CONTACTED, Until.ACCEPTED) if lead.contacted_at is None else (Until.CONTACTED,)
    contacted = lead.contacted_at or fact.at
    agenda = added(lead, _pruned(lead, *ended), alert)
    return changed(_awake(lead), agenda=agenda, contacted_at=contacted, replied_at=fact.at, last_reply_at=fact.at)


def _auto_replied(lead: Lead, fact: e.AutoReplied) -> Lead:
    if not lead.is_open:
        return lead
    told = note(lead, "auto", Action.TELL, fact.at, "auto_reply").model_copy(update={"row_id": fact.row_id})
    return changed(lead, agenda=added(lead, lead.agenda, told))


def _voicemail_left(lead: Lead, fact: e.VoicemailLeft) -> Lead:
    if not lead.is_open:
        return lead
    told = note(lead, "voicemail", Action.TELL, fact.at, "transcribed" if fact.written else "voicemail")
    return changed(lead, agenda=added(lead, lead.agenda, told.model_copy(update={"row_id": fact.row_id})))


def _opted_out(lead: Lead, fact: e.OptedOut) -> Lead:
    unsaid = tuple(item for item in lead.agenda if item.action is Action.CRM)
    return changed(lead, agenda=unsaid, closed=ClosedReason.OPTED_OUT, news=()) if lead.is_open else lead


def _offered(lead: Lead, fact: e.Offered) -> Lead:
    tried = (*lead.tried, fact.owner) if fact.owner and fact.owner not in lead.tried else lead.tried
    return changed(lead, offer=fact.number, owner=fact.owner, queue=fact.queue, tried=tried, accepted_at=None)


def _accepted(lead: Lead, fact: e.Accepted) -> Lead:
    if lead.accepted_at is not None and lead.owner == fact.rep:
        return lead  # they have it already: the press that takes a call is told twice
    told = (note(lead, "claimed", Action.TELL, fact.at, "claimed"), note(lead, "crm", Action.CRM, fact.at, "owner"))
    ended = (Until.ACCEPTED,) if lead.rest is None else (Until.ACCEPTED, Until.CONTACTED)  # and the rest's texts
    kept = _pruned(lead, *ended) if fact.by_phone else calls.dropped(_pruned(lead, *ended))
    agenda = added(lead, kept, *told, *calls.of_taker(lead, fact))
    return changed(_awake(lead), owner=fact.rep, queue=None, accepted_at=fact.at, escalated_at=None, agenda=agenda)


def _declined(lead: Lead, fact: e.Declined) -> Lead:
    # by the offer's number: passing twice on one offer is passing once
    again = Item(key=f"declined-{lead.offer}", at=fact.at, action=Action.REOFFER, until=Until.ACCEPTED)
    return changed(lead, agenda=added(lead, lead.agenda, again))


def _called(lead: Lead, fact: e.Called) -> Lead:
    """What came of a call: contact, or the text that goes where nobody was reached (R12)."""
    agenda, noted_in_crm = _without(lead, fact.item.key), calls.in_crm(lead, fact)
    if not lead.is_open:
        return changed(lead, agenda=added(lead, agenda, *noted_in_crm))
    if fact.contact:
        left = tuple(item for item in agenda if item.until not in (Until.CONTACTED, Until.ACCEPTED))
        agenda = added(lead, left, *noted_in_crm)
        return changed(lead, agenda=agenda, contacted_at=lead.contacted_at or fact.at)
    further = (*calls.text_back(lead, fact), *calls.again(lead, fact), *noted_in_crm)
    return changed(lead, agenda=added(lead, agenda, *further))


def _call_recorded(lead: Lead, fact: e.CallRecorded) -> Lead:
    return changed(lead, agenda=added(lead, lead.agenda, *calls.of_recording(lead, fact))) if lead.is_open else lead


def _performed(lead: Lead, fact: e.Performed) -> Lead:
    is_first = lead.first_touch_at is None and fact.item.action in (Action.TEXT, Action.RESCUE)
    return changed(
        lead, agenda=_without(lead, fact.item.key), first_touch_at=fact.at if is_first else lead.first_touch_at
    )


def _held(lead: Lead, fact: e.Held) -> Lead:
    if not lead.wants(fact.item):
        return lead  # made pointless while it was being tried
    later = fact.item.model_copy(update={"at": fact.until, "tries": fact.item.tries + 1})
    return changed(lead, agenda=tuple(later if item.key == later.key else item for item in lead.agenda))


def _dropped(lead: Lead, fact: e.Dropped) -> Lead:
    agenda = _without(lead, fact.item.key)
    is_text = fact.item.action in (Action.TEXT, Action.RESCUE)
    if is_text and fact.refusal in A_PERSON_MUST_LOOK and lead.is_open:
        agenda = added(lead, agenda, note(lead, "review", Action.REVIEW, fact.at, "not_sent"))
    return changed(lead, agenda=agenda)


def _unsettled(lead: Lead, fact: e.Unsettled) -> Lead:
    review = note(lead, "review", Action.REVIEW, fact.at, f"unsettled:{fact.touch_id}")
    return changed(lead, agenda=added(lead, _without(lead, fact.item.key), review))


def _undelivered(lead: Lead, fact: e.Undelivered) -> Lead:
    if not lead.is_open:
        return lead
    return changed(lead, agenda=added(lead, lead.agenda, note(lead, "review", Action.REVIEW, fact.at, "undelivered")))


def _settled(lead: Lead, fact: e.Settled) -> Lead:
    """A text that a person wants sent again is a new touch, whatever became of the old one."""
    if fact.again is None or not lead.is_open:
        return lead
    text = Item(
        key=f"again-{lead.seq + 1}",
        at=fact.at,
        action=Action.TEXT,
        template=fact.again.template,
        purpose=fact.again.purpose,
        until=Until.CONTACTED,
    )
    return changed(lead, agenda=added(lead, lead.agenda, text))


def _disposed(lead: Lead, fact: e.Disposed) -> Lead:
    crm = note(lead, "crm", Action.CRM, fact.at, f"disposition:{fact.code}:{fact.by}")
    agenda = added(lead, _pruned(lead, Until.ACCEPTED, Until.CONTACTED, Until.DISPOSED), crm)
    return changed(_awake(lead), agenda=agenda, disposition=fact.code, disposed_at=fact.at, escalated_at=None)


def _closed(lead: Lead, fact: e.Closed) -> Lead:
    last = [note(lead, "crm", Action.CRM, fact.at, f"closed:{fact.reason}")]
    if lead.owner is not None:
        last.append(note(lead, "told", Action.TELL, fact.at, "closed"))
    unsaid = tuple(item for item in lead.agenda if item.action is Action.CRM)
    unheard = [row.row_id for row in lead.news] + [item.row_id for item in lead.agenda if item.row_id is not None]
    return changed(
        lead,
        closed=fact.reason,
        stage=Stage.CLOSED,
        agenda=added(lead, unsaid, *last),
        rest=None,
        news=(),
        seen=_handed_back(lead.seen, unheard),
    )


def _handed_back(seen: tuple[str, ...], rows: list[str]) -> tuple[str, ...]:
    # still as long as before: by its length the records tell whether older rows were forgotten
    return tuple(f"handed-back:{each}" if each in rows else each for each in seen)


_FOLD: dict[type[Any], Callable[[Lead, Any], Lead]] = {  # Any: each entry takes its own fact
    e.Decided: decided,
    e.AdoptionAsked: lambda lead, fact: changed(lead, adopting=fact.policy_hash),
    e.CycleStarted: _cycle_started,
    e.Replied: _replied,
    e.AutoReplied: _auto_replied,
    e.VoicemailLeft: _voicemail_left,
    e.OptedOut: _opted_out,
    e.HandedOff: lambda lead, fact: changed(lead, handed_off_at=fact.at, stage=Stage.WAITING),
    e.WorkStarted: lambda lead, fact: changed(lead, working_since=fact.at, stage=Stage.WORKING),
    e.Rested: lambda lead, fact: changed(lead, stage=Stage.RESTING),
    e.Offered: _offered,
    e.Accepted: _accepted,
    e.Declined: _declined,
    e.Called: _called,
    e.CallRecorded: _call_recorded,
    e.Performed: _performed,
    e.Held: _held,
    e.Dropped: _dropped,
    e.Unsettled: _unsettled,
    e.Undelivered: _undelivered,
    e.Settled: _settled,
    e.SlaMissed: lambda lead, fact: changed(lead, breached=True),
    e.Disposed: _disposed,
    e.Closed: _closed,
    e.DeadLetter: lambda lead, fact: changed(lead, dead_letters=lead.dead_letters + 1),
}
