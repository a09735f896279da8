"""The only module that knows opening hours and holidays: is it open, when next, what is so much business time from now.

Hours are OpenStreetMap expressions in a zone, with the days off of a list. All moments are aware, and UTC on the way
out. Days are calendar days of the zone, so daylight saving is counted as it happens. None means never.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from opening_hours import OpeningHours, State

YEARS = range(2000, 2101)
"""What may be decided or explained; holidays are known for these years and the ones beside them."""

HORIZON = timedelta(days=400)
"""How far ahead an opening is looked for."""

MARGIN = timedelta(hours=4)
"""More than any change of clocks."""

Span = tuple[datetime, datetime]
_Piece = tuple[tuple[datetime, ...], tuple[datetime, ...]]

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_PIECE = timedelta(days=32)
"""Open spans are read from the library and kept for so long at a time: reading takes a thousand times longer."""


@lru_cache(maxsize=4096)
def _parsed(clock: "BusinessClock", first_year: int, last_year: int) -> OpeningHours:
    # The library tries every rule on every day, so it is given the days off of the years in question only.
    dated = sorted(day for day in clock.off if first_year <= day.year <= last_year)
    rules = [clock.expression, *(f"{day.year} {day:%b} {day.day:02d} off" for day in dated)]
    return OpeningHours("; ".join(rules), timezone=ZoneInfo(clock.zone))


@lru_cache(maxsize=4096)
def _kept(clock: "BusinessClock", piece: int) -> _Piece:
    """When it opens and when it closes within the piece of that number; a span over its edge is cut there."""
    begin = _EPOCH + piece * _PIECE
    spans = list(clock.read(begin, begin + _PIECE))
    return tuple(start for start, _ in spans), tuple(stop for _, stop in spans)


def _piece_of(moment: datetime) -> int:
    return (moment - _EPOCH) // _PIECE


@lru_cache(maxsize=64)
def closed_days(country: str, subdivision: str | None, years: range) -> Mapping[date, str]:
    """Public holidays of a country by date. Raises NotImplementedError when the country or subdivision is not known."""
    return dict(holidays.country_holidays(country, subdiv=subdivision, years=years))


def days_off(country: str, subdivision: str | None, names: tuple[str, ...]) -> frozenset[date]:
    """The holidays of those names in all YEARS. Raises NotImplementedError as closed_days does."""
    known = closed_days(country, subdivision, range(YEARS.start - 1, YEARS.stop + 2))
    return frozenset(day for day, named in known.items() if any(name in names for name in names_of({day: named})))


def names_of(days: Mapping[date, str]) -> list[str]:
    """The holidays' names, each once; a day in lieu counts as its holiday."""
    parts = (part.removesuffix(" (observed)") for named in days.values() for part in named.split("; "))
    return list(dict.fromkeys(parts))


@dataclass(frozen=True, slots=True)
class BusinessClock:
    """A calendar: an expression, the zone it is read in, and dates that are closed whatever the expression says."""

    expression: str
    zone: str
    off: frozenset[date] = frozenset()
    _pieces: dict[int, _Piece] = field(default_factory=dict, init=False, repr=False, compare=False)
    _newest: list[Span] = field(default_factory=list, init=False, repr=False, compare=False)

    def is_open(self, now: datetime) -> bool:
        """Whether it is open at `now`; the closing moment itself is closed."""
        if self._holds(now, now):
            return True
        now = now.astimezone(UTC)
        opened, closed = self._piece(_piece_of(now))
        newest = bisect_right(opened, now) - 1
        if newest < 0 or now >= closed[newest]:
            return False
        self._newest[:] = [(opened[newest], closed[newest])]
        return True

    def _holds(self, start: datetime, end: datetime) -> bool:
        """Whether the span of the newest answer has both: moments that are asked for are mostly near each other."""
        if not self._newest:
            return False
        opens, closes = self._newest[0]
        return opens <= start and end < closes

    def next_open(self, now: datetime) -> datetime | None:
        """`now` when open, else the next opening; None when there is none within HORIZON."""
        if self.is_open(now):
            return now.astimezone(UTC)
        return next((start for start, _ in self._spans(now, now + HORIZON)), None)

    def add(self, start: datetime, amount: timedelta) -> datetime | None:
        """When `amount` of open time has passed since `start`; None when HORIZON has too little of it."""
        start, left = start.astimezone(UTC), amount
        if self._holds(start, start + amount):
            return start + amount
        for begin, end in self._spans(start, start + HORIZON):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Open time from `start` to `end`."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if start <= end and self._holds(start, end):
            return end - start
        return sum((stop - begin for begin, stop in self._spans(start, end)), timedelta())

    def day_end(self, start: datetime, days: int = 0) -> datetime | None:
        """When the business day of `start` ends (the next one when closed), or the one `days` business days later."""
        found = self._business_day(start, days)
        return None if found is None else [stop for _, stop in self._spans(*self._day(found))][-1]

    def days_on(self, start: datetime, days: int) -> datetime | None:
        """As much open time into the business day `days` later as `start` is into its own, at that day's close at the
        latest. A start at the opening (or while closed) is the end of a business day: one day on is that day's close.
        """
        if not days:
            return self.add(start, timedelta())
        first, later = self._business_day(start), self._business_day(start, days)
        if first is None or later is None:
            return None
        opening, (begin, end) = self._day(first)[0], self._day(later)
        into = self.between(opening, max(opening, start))
        return self.add(begin, min(into, self.between(begin, end))) if into else self.day_end(start, days - 1)

    def local_date(self, now: datetime) -> date:
        """The calendar day of `now` in this zone."""
        return self._local(now).date()

    def _business_day(self, start: datetime, skip: int = 0) -> date | None:
        opening = self.next_open(start)
        if opening is None:
            return None
        day = self.local_date(opening)
        for _ in range(HORIZON.days):
            if self.between(*self._day(day)):
                if skip == 0:
                    return day
                skip -= 1
            day += timedelta(days=1)
        return None

    def _day(self, day: date) -> Span:
        zone = ZoneInfo(self.zone)
        return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)

    def _spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Open spans between two moments, clipped to them; one may be told in two that touch."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        for piece in range(_piece_of(start), _piece_of(end) + 1):
            opened, closed = self._piece(piece)
            for number in range(bisect_right(closed, start), len(opened)):
                if opened[number] >= end:
                    return
                yield max(opened[number], start), min(closed[number], end)

    def _piece(self, number: int) -> _Piece:
        # Asked forty times for each lead: looking among its own costs a third of a cache that hashes the calendar.
        found = self._pieces.get(number)
        if found is None:
            found = self._pieces[number] = _kept(self, number)
        return found

    def read(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Open spans between two moments in UTC, clipped to them, from the library itself."""
        # Asked from within the hour that comes twice, the library takes it for its second time: so ask from well
        # before it to well after it, and clip.
        around = self._local(start - MARGIN), self._local(end + MARGIN)
        for begin, stop, state, _ in _parsed(self, around[0].year, around[1].year).intervals(*around):
            if state is State.OPEN and stop > start and begin < end:
                yield max(begin, start).astimezone(UTC), min(stop, end).astimezone(UTC)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))


def round_the_clock(zone: str) -> BusinessClock:
    """The calendar on which every minute counts."""
    return BusinessClock("24/7", zone)
