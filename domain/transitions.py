"""(lead, fact) -> lead: the only place that builds a changed lead. Pure and total; the order of facts is the lead's
story."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain import events as e
from domain.decisions import Decision, DecisionKind, Item, Outcome
from domain.lead import Entry, Lead
from domain.messages import RowRef
from domain.values import Action, ClosedReason, Refusal, Stage, Until

_A_PERSON_MUST_LOOK = (Refusal.VENDOR_REFUSED, Refusal.BAD_NUMBER, Refusal.NO_NUMBER, Refusal.BAD_TEMPLATE)
"""Refusals of a text that leave the person unreached for want of a working way, not because policy says no."""

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
    return _with(lead, asked=lead.asked + 1)


def noted(lead: Lead, news: RowRef) -> Lead:
    """The lead with a piece of news to ask policy about."""
    return lead.model_copy(update={"news": (*lead.news, news)})


def considered(lead: Lead) -> Lead:
    """The lead with its oldest news dealt with."""
    news = lead.news[0]
    heard = news.source if news.kind == "joined" else None
    return lead.model_copy(update={"news": lead.news[1:], "heard": heard})


def _with(lead: Lead, **changes: Any) -> Lead:  # noqa: ANN401 - model_copy takes any field's value
    return lead.model_copy(update=changes)


def _pruned(lead: Lead, *happened: Until) -> tuple[Item, ...]:
    return tuple(item for item in lead.agenda if item.until not in happened)


def _without(lead: Lead, key: str) -> tuple[Item, ...]:
    return tuple(item for item in lead.agenda if item.key != key)


def _added(agenda: tuple[Item, ...], *items: Item) -> tuple[Item, ...]:
    known = {item.key for item in agenda}
    return (*agenda, *(item for item in items if item.key not in known))


def _note(lead: Lead, key: str, action: Action, at: datetime, what: str) -> Item:
    # for our own people or systems, due at once; `seq` makes its key unique within the cycle
    return Item(key=f"{key}-{lead.seq + 1}", at=at, action=action, template=what)


def _decided(lead: Lead, fact: e.Decided) -> Lead:
    decision = fact.decision
    if decision.kind is DecisionKind.TRIAGE:
        return _triaged(lead, decision)
    if decision.kind is DecisionKind.REOFFER:
        return _with(lead, owner=decision.owner, queue=decision.queue)
    if decision.kind is DecisionKind.NEWS:
        return (
            _with(lead, restart=decision.rules[0] if decision.rules else "news")
            if decision.outcome is Outcome.RESTART
            else lead
        )
    return _followed_up(lead, decision)


def _triaged(lead: Lead, decision: Decision) -> Lead:
    resting = decision.rest is not None and decision.outcome in (Outcome.NURTURE, Outcome.REST)
    return _with(
        lead,
        captured=None,
        pinned=lead.pinned or decision.policy_hash,
        plan=decision.model_copy(update={"agenda": ()}),  # the agenda moves to the lead
        agenda=_added(lead.agenda, *(item for item in decision.agenda if not _came_too_late(lead, item))),
        owner=decision.owner,
        queue=decision.queue,
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
    renewed = [item.key for item in decision.agenda]
    kept = tuple(item for item in lead.agenda if item.key not in renewed)
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
    return _with(lead, **changes)


def _cycle_started(lead: Lead, fact: e.CycleStarted) -> Lead:
    carried = tuple(item for item in lead.agenda if item.action in (Action.CRM, Action.TELL, Action.ALERT_REPLY))
    return Lead(
        tenant=lead.tenant,
        lead_id=lead.lead_id,
        source=fact.source or lead.source,
        opened_at=lead.opened_at,
        clock_offset=lead.clock_offset,
        test=lead.test,
        pinned=lead.pinned,
        cycle=fact.cycle,
        agenda=carried,
        asked=lead.asked,
        first_touch_at=lead.first_touch_at,
        news=lead.news,
        seen=lead.seen,
        dead_letters=lead.dead_letters,
    )


def _replied(lead: Lead, fact: e.Replied) -> Lead:
    alert = Item(key=f"reply-{fact.row_id}", at=fact.at, action=Action.ALERT_REPLY)
    agenda = _added(_pruned(lead, Until.CONTACTED, Until.ACCEPTED), alert)
    return _with(lead, agenda=agenda, contacted_at=lead.contacted_at or fact.at, rest=None)


def _opted_out(lead: Lead, fact: e.OptedOut) -> Lead:
    return _with(lead, agenda=(), closed=ClosedReason.OPTED_OUT, news=()) if lead.is_open else lead


def _offered(lead: Lead, fact: e.Offered) -> Lead:
    tried = (*lead.tried, fact.owner) if fact.owner and fact.owner not in lead.tried else lead.tried
    return _with(lead, offer=fact.number, owner=fact.owner, queue=fact.queue, tried=tried)


def _accepted(lead: Lead, fact: e.Accepted) -> Lead:
    told = (_note(lead, "claimed", Action.TELL, fact.at, "claimed"), _note(lead, "crm", Action.CRM, fact.at, "owner"))
    agenda = _added(_pruned(lead, Until.ACCEPTED), *told)
    return _with(lead, owner=fact.rep, queue=None, accepted_at=fact.at, agenda=agenda)


def _declined(lead: Lead, fact: e.Declined) -> Lead:
    again = Item(key=f"reoffer-{lead.seq + 1}", at=fact.at, action=Action.REOFFER, until=Until.ACCEPTED)
    return _with(lead, agenda=_added(lead.agenda, again))


def _performed(lead: Lead, fact: e.Performed) -> Lead:
    is_first = lead.first_touch_at is None and fact.item.action in (Action.TEXT, Action.RESCUE)
    return _with(
        lead, agenda=_without(lead, fact.item.key), first_touch_at=fact.at if is_first else lead.first_touch_at
    )


def _held(lead: Lead, fact: e.Held) -> Lead:
    if all(item.key != fact.item.key for item in lead.agenda):
        return lead  # made pointless while it was being tried
    later = fact.item.model_copy(update={"at": fact.until, "tries": fact.item.tries + 1})
    return _with(lead, agenda=tuple(later if item.key == later.key else item for item in lead.agenda))


def _dropped(lead: Lead, fact: e.Dropped) -> Lead:
    agenda = _without(lead, fact.item.key)
    if fact.refusal in _A_PERSON_MUST_LOOK and lead.is_open:
        agenda = _added(agenda, _note(lead, "review", Action.REVIEW, fact.at, "not_sent"))
    return _with(lead, agenda=agenda)


def _unsettled(lead: Lead, fact: e.Unsettled) -> Lead:
    review = _note(lead, "review", Action.REVIEW, fact.at, "unsettled")
    return _with(lead, agenda=_added(_without(lead, fact.item.key), review))


def _undelivered(lead: Lead, fact: e.Undelivered) -> Lead:
    if not lead.is_open:
        return lead
    return _with(lead, agenda=_added(lead.agenda, _note(lead, "review", Action.REVIEW, fact.at, "undelivered")))


def _disposed(lead: Lead, fact: e.Disposed) -> Lead:
    crm = _note(lead, "crm", Action.CRM, fact.at, f"disposition:{fact.code}")
    agenda = _added(_pruned(lead, Until.ACCEPTED, Until.CONTACTED, Until.DISPOSED), crm)
    return _with(lead, agenda=agenda, disposition=fact.code, rest=None)


def _closed(lead: Lead, fact: e.Closed) -> Lead:
    last = [_note(lead, "crm", Action.CRM, fact.at, f"closed:{fact.reason}")]
    if lead.owner is not None:
        last.append(_note(lead, "told", Action.TELL, fact.at, "closed"))
    unsaid = tuple(item for item in lead.agenda if item.action is Action.CRM)
    return _with(lead, closed=fact.reason, stage=Stage.CLOSED, agenda=_added(unsaid, *last), rest=None, news=())


_FOLD: dict[type[Any], Callable[[Lead, Any], Lead]] = {  # Any: each entry takes its own fact
    e.Decided: _decided,
    e.CycleStarted: _cycle_started,
    e.Replied: _replied,
    e.OptedOut: _opted_out,
    e.HandedOff: lambda lead, fact: _with(lead, handed_off_at=fact.at, stage=Stage.WAITING),
    e.WorkStarted: lambda lead, fact: _with(lead, working_since=fact.at, stage=Stage.WORKING),
    e.Rested: lambda lead, fact: _with(lead, stage=Stage.RESTING),
    e.Offered: _offered,
    e.Accepted: _accepted,
    e.Declined: _declined,
    e.Performed: _performed,
    e.Held: _held,
    e.Dropped: _dropped,
    e.Unsettled: _unsettled,
    e.Undelivered: _undelivered,
    e.SlaMissed: lambda lead, fact: _with(lead, breached=True),
    e.Disposed: _disposed,
    e.Closed: _closed,
    e.DeadLetter: lambda lead, fact: _with(lead, dead_letters=lead.dead_letters + 1),
}
