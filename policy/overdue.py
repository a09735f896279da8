"""What of a plan lies in the past when it is moved: due now, once."""

from datetime import datetime

from domain.decisions import Item
from domain.facts import Facts
from domain.values import Action, Channel, Purpose
from policy import windows
from policy.loaded import LoadedPolicy
from policy.notes import Notes

TO_THE_PERSON = (Action.TEXT, Action.RESCUE)


def on_time(
    items: list[tuple[Item, Facts]], loaded: LoadedPolicy, now: datetime, notes: Notes
) -> list[tuple[Item, Facts]]:
    """What lies in the past is due now, once: of several texts to the person, and of several steps of a kind, the
    last. A text waits for its next permitted moment."""
    last: dict[str, str] = {}
    for item, _ in sorted(items, key=lambda each: each[0].at):
        if item.at <= now:
            last[_kind(item)] = item.key
    found: list[tuple[Item, Facts]] = []
    for item, facts in items:
        if item.at > now:
            found.append((item, facts))
        elif last[_kind(item)] != item.key:
            notes.passed_over(item.key, f"its moment, {item.at.isoformat()}, is over, and a later one is due")
        elif (due := _due_now(item, facts, loaded, now)) is not None:
            found.append((due, facts))
        else:
            notes.passed_over(item.key, "its moment is over, and no other is ever permitted")
    return sorted(found, key=lambda each: each[0].at)


def _kind(item: Item) -> str:
    return "text" if item.action in TO_THE_PERSON else item.action


def _due_now(item: Item, facts: Facts, loaded: LoadedPolicy, now: datetime) -> Item | None:
    if item.action not in TO_THE_PERSON or item.purpose is Purpose.INTERNAL:
        return item.model_copy(update={"at": now})
    window = windows.earliest(facts, loaded, now, Channel.SMS, item.purpose)
    if window.earliest is None:
        return None
    return item.model_copy(update={"at": window.earliest, "held_by": window.held_by})
