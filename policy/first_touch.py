"""The first moments of a motion: when its call may be offered, and the text that goes before or beside it."""

from datetime import datetime

from domain.decisions import Item
from domain.facts import Facts
from domain.values import Action, Channel, Purpose, Until
from policy import do_not_call, suppression, windows
from policy.loaded import LoadedPolicy
from policy.notes import Notes
from policy.routing import Fallback

Start = tuple[datetime | None, tuple[str, ...]]
"""The moment (None: never), and the rules that put it off."""


def start_of_call(facts: Facts, loaded: LoadedPolicy, now: datetime, owner: str | None, purpose: Purpose) -> Start:
    """When the owner is at work, the business is open and the person may be called, all at once."""
    owners = windows.Bound(windows.BUSINESS_HOURS, loaded.clock(owner), "the owner's working hours")
    # The business's hours too, however long the owner works (R18).
    ours = windows.Bound(windows.BUSINESS_HOURS, loaded.clock(), "business hours")
    return windows.opening(windows.Touch(facts, loaded, Channel.CALL, purpose), now, (owners, ours))


def start_of_task(loaded: LoadedPolicy, now: datetime, owner: str | None) -> Start:
    """When the owner is at work."""
    bound = windows.Bound(windows.BUSINESS_HOURS, loaded.clock(owner), "the owner's working hours")
    return windows.common_opening(now, (bound,))


def lapsed(facts: Facts, loaded: LoadedPolicy, moment: datetime, purpose: Purpose) -> str | None:
    """Why the person may no longer be called when it would be done, or may only be later still."""
    found = do_not_call.planned(facts, loaded, moment, Channel.CALL, purpose)
    return do_not_call.in_words(facts, loaded, found) if found else None


def text(
    facts: Facts, loaded: LoadedPolicy, now: datetime, template: tuple[Fallback, str | None], notes: Notes
) -> tuple[Item, ...]:
    """One of a route's texts at its earliest permitted moment, or nothing where it may not go."""
    taken, name = template
    if name is None:
        return ()
    refused = suppression.barred(facts, loaded, now, Channel.SMS, taken.purpose)
    if refused is not None:
        notes.passed_over("text", f"not sent: {refused[2]}")
        return ()
    window = notes.window(Channel.SMS, taken.purpose)
    window = window or suppression.permitted(facts, loaded, now, Channel.SMS, taken.purpose)
    if window.earliest is None:
        return ()
    if repeated := suppression.repeated(facts, loaded, window.earliest, taken.purpose, name):
        notes.passed_over("text", f"not sent: {repeated[2]}")
        return ()
    item = Item(
        key="text-1",
        at=window.earliest,
        action=Action.TEXT,
        until=Until.CONTACTED,
        template=name,
        purpose=taken.purpose,
        rule=f"route/{taken.name}",
        held_by=window.held_by,
    )
    return (item,)
