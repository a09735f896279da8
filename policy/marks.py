"""When the marks of a ladder fall on a calendar. It knows no lead."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from policy.business_time import BusinessClock
from policy.fields import Mark
from policy.routing import Sla


def moments(clock: BusinessClock, start: datetime, sla: Sla) -> Mapping[Mark, datetime | None]:
    """When each mark of a class falls on a calendar; None for one that the calendar has too little open time for."""
    due = _at(clock, start, sla.due, None) if sla.due else None
    found = {} if sla.due is None else {sla.due: due}
    for rung in sla.ladder:
        if rung.at not in found:
            found[rung.at] = _at(clock, start, rung.at, due)
    return found


def _at(clock: BusinessClock, start: datetime, mark: Mark, due: datetime | None) -> datetime | None:
    if mark.unit == "day_end":
        return clock.day_end(start, mark.amount)
    if mark.unit == "days":
        return clock.days_on(start, mark.amount)
    if mark.unit == "after":
        return clock.add(start, timedelta(seconds=mark.amount))
    # A share; without a due moment there is none, and a policy that asks for it is refused when it is loaded.
    return None if due is None else clock.add(start, clock.between(start, due) * mark.amount / 100)
