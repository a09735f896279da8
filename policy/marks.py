"""When the marks of a ladder fall on a calendar. It knows no lead."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from policy.business_time import BusinessClock
from policy.fields import Mark
from policy.routing import Sla


def moments(clock: BusinessClock, start: datetime, sla: Sla) -> Mapping[Mark, datetime | None]:
    """When each mark of a class falls on a calendar; None for one that the calendar has too little open time for."""
    marks = [*([sla.due] if sla.due else []), *(rung.at for rung in sla.ladder)]
    return {mark: _at(clock, start, mark, sla) for mark in dict.fromkeys(marks)}


def _at(clock: BusinessClock, start: datetime, mark: Mark, sla: Sla) -> datetime | None:
    if mark.unit == "day_end":
        return clock.day_end(start, mark.amount)
    if mark.unit == "days":
        return clock.days_on(start, mark.amount)
    if mark.unit == "after":
        return clock.add(start, timedelta(seconds=mark.amount))
    assert sla.due is not None  # a share without a due is refused when the policy is loaded
    due = _at(clock, start, sla.due, sla)
    return None if due is None else clock.add(start, clock.between(start, due) * mark.amount / 100)
