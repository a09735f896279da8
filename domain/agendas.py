"""Agendas of leads: items added under this cycle's keys, notes for our own people, what is still wanted. Pure; for the
modules of transitions alone, and for policy to ask what is wanted."""

from datetime import datetime
from typing import Any

from domain.decisions import Item
from domain.lead import Lead
from domain.values import Action, Until


def changed(lead: Lead, **changes: Any) -> Lead:  # noqa: ANN401 - model_copy takes any field's value
    """The lead with some fields changed; for the modules of transitions alone."""
    return lead.model_copy(update=changes)


def added(lead: Lead, agenda: tuple[Item, ...], *items: Item) -> tuple[Item, ...]:
    """An agenda with more items, their keys this cycle's for good; a key that is there already keeps its item."""
    known = [item.key for item in agenda]
    named = [item.model_copy(update={"key": f"{lead.cycle}:{item.key}"}) for item in items]
    return (*agenda, *(item for item in named if item.key not in known))


def note(lead: Lead, key: str, action: Action, at: datetime, what: str) -> Item:
    """An item for our own people or systems, due at once; `seq` makes its key unique within the cycle."""
    return Item(key=f"{key}-{lead.seq + 1}", at=at, action=action, template=what)


def wanted(lead: Lead, items: tuple[Item, ...], asked_at: datetime | None) -> tuple[Item, ...]:
    """The items that nothing since `asked_at` (None: in this cycle) has made pointless."""
    ends = {
        Until.ACCEPTED: (lead.accepted_at, lead.contacted_at, lead.disposed_at),
        Until.CONTACTED: (lead.contacted_at, lead.disposed_at),
        Until.DISPOSED: (lead.disposed_at,),
        Until.NEVER: (),
    }
    return tuple(
        item
        for item in items
        if not any(moment is not None and (asked_at is None or moment > asked_at) for moment in ends[item.until])
    )
