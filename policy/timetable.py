"""Whether the moments of a policy come in order, and hours that have to meet ever do, tried on its calendars."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.values import Action
from policy import marks, windows
from policy.business_time import BusinessClock
from policy.calendars import STARTS, Clocks
from policy.model import Policy
from policy.problems import Document, Problem
from policy.routing import Sla
from policy.windows import Bound

_INTO = (timedelta(), timedelta(hours=1), timedelta(hours=3))
"""So much into a day the order of rungs is tried: a mark may fall together with another on a day's first minute."""


def problems_of(policy: Policy, clocks: Clocks, document: Document) -> list[Problem]:
    """Rungs that come before the one above, and as warnings hours that never meet. `policy` may lack `contact`."""
    starts = list(_starts(clocks[None]))
    found = [
        document.problem(("sla", name, "ladder", number, "at"), said)
        for name, each in policy.sla.items()
        if each.is_measured
        for number, said in _early(clocks[None], starts, each)
    ]
    return found + list(_apart(policy, clocks, document))


def _starts(clock: BusinessClock) -> Iterator[datetime]:
    for start in STARTS:
        opening = clock.next_open(start)
        moments = [opening and clock.add(opening, into) for into in _INTO]
        yield from (moment for moment in moments if moment is not None)


def _early(clock: BusinessClock, starts: list[datetime], each: Sla) -> Iterator[tuple[int, str]]:
    """Rungs that are due before the last one above them that is in order, and never after it."""
    tried = [marks.moments(clock, start, each) for start in starts]
    above = 0
    for number, rung in enumerate(each.ladder):
        pairs = [(found[each.ladder[above].at], found[rung.at]) for found in tried]
        known = [(before, after) for before, after in pairs if before is not None and after is not None]
        if any(after < before for before, after in known) and all(after <= before for before, after in known):
            yield number, f"due before the {each.ladder[above].do} above it; list rungs in the order they fall due"
        elif rung.do is not Action.NURTURE:
            above = number


def _apart(policy: Policy, clocks: Clocks, document: Document) -> Iterator[Problem]:
    ours = clocks[None]
    for number, rep in enumerate(policy.team):
        if (own := clocks[rep.handle]) != ours and not _meet(ours, own):
            said = f"the hours of “{rep.handle}” never meet the business's, so no call is ever theirs"
            yield document.warning(("team", number, "hours"), said)
    if (contact := getattr(policy, "contact", None)) is None:  # that part of the file has no shape
        return
    if not _meet(ours, BusinessClock(contact.courtesy.call, ours.zone)):
        said = "where the business is these never meet its hours, so nobody there is ever called"
        yield document.warning(("contact", "courtesy", "call"), said)


def _meet(one: BusinessClock, other: BusinessClock) -> bool:
    bounds = Bound("one", one, ""), Bound("other", other, "")
    return any(windows.common_opening(start, bounds)[0] is not None for start in STARTS)
