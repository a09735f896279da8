"""The calendars of a policy, the business's own and each rep's, and whether its ladders fit on them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from policy import business_time, marks
from policy.business_time import HORIZON, BusinessClock
from policy.model import Policy
from policy.problems import Document, Place, Problem
from policy.roster import Rep

Clocks = Mapping[str | None, BusinessClock]
"""A calendar for each rep's handle, the business's own for None."""

STARTS = tuple(datetime(2027, month, 1, tzinfo=UTC) for month in (1, 4, 7, 10))
"""Moments from which ladders are tried: hours may have seasons."""


def of(policy: Policy) -> Clocks:
    """Every calendar. Raises NotImplementedError for a country or subdivision without holidays."""
    business = policy.business
    off = business_time.days_off(business.holidays.country, business.holidays.subdivision, business.holidays.days)
    ours = BusinessClock(business.hours, business.zone, off)
    found: dict[str | None, BusinessClock] = {None: ours}
    for rep in policy.team:
        own_days = off | frozenset(_days_off(rep))
        own = BusinessClock(rep.hours or business.hours, rep.zone or business.zone, own_days)
        found[rep.handle] = ours if own == ours else own  # one and the same is compared at a glance
    return found


def _days_off(rep: Rep) -> Iterator[date]:
    for span in rep.time_off:
        yield from (span.first + timedelta(days=number) for number in range((span.last - span.first).days + 1))


def problems_of(policy: Policy, clocks: Clocks, document: Document) -> list[Problem]:
    """Each mark of a ladder for which a calendar has too little open time."""
    found: dict[Place, str] = {}
    for clock, owner in _distinct(clocks):
        hours = f"{owner}'s hours" if owner else "the business's hours"
        said = f"takes more open time than {hours} have in {HORIZON.days} days"
        for name in policy.sla:
            found = dict.fromkeys(_unreached(policy, name, clock), said) | found
    return [document.problem(place, said) for place, said in found.items()]


def _distinct(clocks: Clocks) -> list[tuple[BusinessClock, str | None]]:
    seen: dict[str, tuple[BusinessClock, str | None]] = {}
    for owner, clock in clocks.items():
        seen.setdefault(clock.expression, (clock, owner))  # in another zone the same hours are as long
    return list(seen.values())


def _unreached(policy: Policy, name: str, clock: BusinessClock) -> Iterator[Place]:
    each = policy.sla[name]
    if not each.is_measured:
        return  # said of the share
    tried = [marks.moments(clock, start, each) for start in STARTS]
    never = [mark for found in tried for mark, at in found.items() if at is None]
    if each.due in never:
        yield "sla", name, "due"
        return  # its shares can't be reached either
    yield from (("sla", name, "ladder", number, "at") for number, rung in enumerate(each.ladder) if rung.at in never)
