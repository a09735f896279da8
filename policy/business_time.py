"""The only module that knows opening hours and holidays: is it open, when next, what is so much business time from now.

Hours are OpenStreetMap expressions in a zone; holidays are dated rules appended when a policy is loaded. All moments
are aware, and UTC on the way out. Days are calendar days of the zone, so daylight saving is counted as it happens.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from opening_hours import OpeningHours, State

HORIZON = timedelta(days=400)
"""How far ahead an opening is looked for."""

MARGIN = timedelta(hours=4)
"""More than any change of clocks."""

Span = tuple[datetime, datetime]


@lru_cache(maxsize=1024)
def _parsed(expression: str, zone: str) -> OpeningHours:
    return OpeningHours(expression, timezone=ZoneInfo(zone))


def closed_days(country: str, subdivision: str | None, years: range) -> dict[date, str]:
    """Public holidays of a country by date. Raises NotImplementedError when the country or subdivision is not known."""
    return dict(holidays.country_holidays(country, subdiv=subdivision, years=years))


def names_of(days: dict[date, str]) -> list[str]:
    """The holidays' names, each once; a day in lieu counts as its holiday."""
    parts = (part.removesuffix(" (observed)") for named in days.values() for part in named.split("; "))
    return list(dict.fromkeys(parts))


def with_days_off(expression: str, days: tuple[date, ...]) -> str:
    """The expression with dated rules that close those days."""
    return "; ".join([expression, *(f"{day.year} {day:%b} {day.day:02d} off" for day in days)])


@dataclass(frozen=True, slots=True)
class BusinessClock:
    """A calendar: an expression and the zone it is read in."""

    expression: str
    zone: str

    def is_open(self, now: datetime) -> bool:
        """Whether it is open at `now`; the closing moment itself is closed."""
        return any(True for _ in self._spans(now, now + timedelta.resolution))

    def next_open(self, now: datetime) -> datetime | None:
        """`now` when open, else the next opening; None when there is none within HORIZON."""
        if self.is_open(now):
            return now.astimezone(UTC)
        return next((start for start, _ in self._spans(now, now + HORIZON)), None)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """When `amount` of open time has passed since `start`. Raises ValueError when HORIZON has too little of it."""
        left = amount
        for begin, end in self._spans(start, start + HORIZON):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise ValueError(f"less than {amount} of open time within {HORIZON.days} days of {start.isoformat()}")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Open time from `start` to `end`."""
        return sum((stop - begin for begin, stop in self._spans(start, end)), timedelta())

    def day_length(self, start: datetime) -> timedelta:
        """Open time of the business day that `start` falls on, or of the next one when it is closed."""
        return self.between(*self._day(self._business_days(start)))

    def day_end(self, start: datetime, days: int = 0) -> datetime:
        """When the business day of `start` ends (the next one when closed), or the one `days` business days later."""
        found = self._business_days(start, days)
        return [stop for _, stop in self._spans(*self._day(found))][-1]

    def local_date(self, now: datetime) -> date:
        """The calendar day of `now` in this zone."""
        return self._local(now).date()

    def _business_days(self, start: datetime, skip: int = 0) -> date:
        opening = self.next_open(start)
        if opening is None:
            raise ValueError(f"never open within {HORIZON.days} days of {start.isoformat()}")
        day = self.local_date(opening)
        for _ in range(HORIZON.days):
            if self.between(*self._day(day)):
                if skip == 0:
                    return day
                skip -= 1
            day += timedelta(days=1)
        raise ValueError(f"too few business days within {HORIZON.days} days of {start.isoformat()}")

    def _day(self, day: date) -> Span:
        zone = ZoneInfo(self.zone)
        return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)

    def _spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Open spans between two moments, clipped to them."""
        # Asked from within the hour that comes twice, the library takes it for its second time: so ask from well
        # before it to well after it, and clip.
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        around = self._local(start - MARGIN), self._local(end + MARGIN)
        for begin, stop, state, _ in _parsed(self.expression, self.zone).intervals(*around):
            if state is State.OPEN and stop > start and begin < end:
                yield max(begin, start).astimezone(UTC), min(stop, end).astimezone(UTC)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))
