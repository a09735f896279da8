"""Contact windows and business hours written down a second time, by hand, for tests to hold policy against.

Uses whole local hours and nothing of policy, so that a mistake there can't hide here.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.facts import Place

FEDERAL = (8, 21, 8)
"""From this hour until that one, and from when on Sundays."""

STATES = {"FL": (8, 20, 8), "OK": (8, 20, 8), "WA": (8, 20, 8), "TX": (9, 21, 12)}
"""The rows of the pack of November 2026."""

PRESUMES = {"FL"}
"""States whose area code counts whatever the ZIP code says."""

HOLIDAYS = {date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1), date(2027, 5, 31)}
"""Days off of the default policy from November 2026 to June 2027."""

_MINUTE = timedelta(minutes=1)


def counted(places: Iterable[Place]) -> tuple[Place, ...]:
    """The places that count: a ZIP code beats an area code, unless that presumes residence; never a stated state."""
    given = tuple(places)
    if not any(place.evidence == "postal_code" for place in given):
        return given
    return tuple(
        place
        for place in given
        if place.evidence in ("postal_code", "address") or place.region in PRESUMES or place.country != "US"
    )


def allows(place: Place, moment: datetime) -> bool:
    """Whether the law and our courtesy allow a call or a text at one place; both are 8-21 or narrower."""
    if place.country != "US":
        return False
    local = moment.astimezone(ZoneInfo(place.zone))
    own = [STATES[place.region]] if place.region in STATES else list(STATES.values())
    sunday = local.weekday() == 6
    opens = max(on_sunday if sunday else daily for daily, _, on_sunday in (FEDERAL, *own))
    closes = min(until for _, until, _ in (FEDERAL, *own))
    return opens <= local.hour < closes


def inside(places: Iterable[Place], moment: datetime) -> bool:
    """Whether every place that counts allows the moment; an unknown place never does."""
    where = counted(places)
    return bool(where) and all(allows(place, moment) for place in where)


def first(places: Sequence[Place], moment: datetime) -> datetime | None:
    """The first moment from `moment` on inside all windows: itself, or one of the hours at which a window opens."""
    if inside(places, moment):
        return moment
    day = timedelta(days=1)
    hours = (
        datetime.combine(moment.astimezone(ZoneInfo(place.zone)).date() + day * ahead, time(hour), ZoneInfo(place.zone))
        for place in counted(places)
        for ahead in range(4)
        for hour in (8, 9, 12)
    )
    later = (hour.astimezone(UTC) for hour in hours)
    return min((hour for hour in later if hour > moment and inside(places, hour)), default=None)


def business_is_open(moment: datetime) -> bool:
    """Whether the default policy's business is open: Monday to Friday 9 to 17 in Chicago, not on its days off."""
    local = moment.astimezone(ZoneInfo("America/Chicago"))
    return local.weekday() < 5 and 9 <= local.hour < 17 and local.date() not in HOLIDAYS


def added(moment: datetime, minutes: int) -> datetime:
    """So many business minutes after a whole minute, counted one by one; a start outside hours waits for them."""
    while not business_is_open(moment):
        moment += _MINUTE
    for _ in range(minutes):
        while not business_is_open(moment):
            moment += _MINUTE
        moment += _MINUTE
    return moment
