"""Contact windows and business hours written down a second time, by hand, for tests to hold policy against.

Uses whole local hours and nothing of policy, so that a mistake there cannot hide here. Days off: until June 2027.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.facts import Place

Span = tuple[int, int]
Hours = tuple[Span, Span | None, Span | None]
"""Monday to Friday, Saturdays, Sundays: from this hour until that one; None is closed."""


def daily(opens: int, closes: int) -> Hours:
    """The same hours every day."""
    return (opens, closes), (opens, closes), (opens, closes)


FEDERAL = daily(8, 21)
STATES: dict[str, Hours] = {
    "AL": ((8, 20), (8, 20), None),
    "CA": daily(9, 21),
    "CT": daily(9, 20),
    "FL": daily(8, 20),
    "MA": daily(8, 20),
    "MD": daily(8, 20),
    "MS": ((8, 20), (8, 20), None),
    "NM": daily(9, 21),
    "OK": daily(8, 20),
    "OR": daily(8, 20),
    "RI": ((9, 18), (10, 17), None),
    "TX": ((9, 21), (9, 21), (12, 21)),
    "UT": ((8, 21), (8, 21), None),
    "WA": daily(8, 20),
} | dict.fromkeys(("DC", "DE", "IL", "MO", "MT", "NJ", "NY", "SC", "TN", "VA", "WI", "WV"), daily(8, 21))
"""The verified rows of the pack of November 2026."""

KEPT = {"KY": daily(10, 21), "SD": ((9, 21), None, None), "PA": ((9, 19), (9, 19), None)}
"""What some rows say that are not verified: kept besides the strictest of the verified."""

PRESUMES = {"CT", "FL", "OK", "OR", "SC", "VA"}
"""States whose area code counts whatever the ZIP code says."""


def _days(*spelled: str) -> set[date]:
    return {date(2026 if day > "09" else 2027, int(day[:2]), int(day[3:])) for day in spelled}


_EVERYWHERE = ("11-11", "11-26", "12-25", "01-01", "01-18", "02-15", "05-31", "06-18", "06-19")
OFF = {
    "AL": _days(*_EVERYWHERE, "10-12", "04-26", "06-07"),
    "RI": _days(*_EVERYWHERE, "10-12"),
    "UT": _days(*_EVERYWHERE, "10-12"),
}
"""Days without calls."""

ALL_OFF = set().union(*OFF.values())

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
        if place.evidence in ("postal_code", "address") or place.region in (None, *PRESUMES) or place.country != "US"
    )


def allows(place: Place, moment: datetime) -> bool:
    """Whether the law and our courtesy allow a call or a text at one place; both are 8-21 or narrower."""
    if place.country != "US":
        return False
    local = moment.astimezone(ZoneInfo(place.zone))
    if place.region in STATES:
        return _open(STATES[place.region], OFF.get(place.region, set()), local)
    kept = KEPT.get(place.region or "", FEDERAL)
    return all(_open(each, ALL_OFF, local) for each in (*STATES.values(), kept))


def _open(hours: Hours, off: set[date], local: datetime) -> bool:
    spans = [
        each[0] if local.weekday() < 5 else each[1] if local.weekday() == 5 else each[2] for each in (FEDERAL, hours)
    ]
    return local.date() not in off and all(span is not None and span[0] <= local.hour < span[1] for span in spans)


CAPPED = {"FL", "MD", "OK", "OR"}
"""States that allow three calls and texts in 24 hours; what is not verified does so too."""


def is_full(places: Iterable[Place], touched: Iterable[datetime], moment: datetime) -> bool:
    """Whether the law's caps leave no room at a moment, given the calls and texts to a person."""
    where = counted(places)
    recent = [at for at in touched if moment - timedelta(hours=24) < at <= moment]
    return len(recent) >= 3 and any(place.region in CAPPED or place.region not in STATES for place in where)


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
        for ahead in range(6)
        for hour in (8, 9, 10, 12)
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
