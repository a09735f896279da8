"""Every function of a business clock against one that counts minutes, across both changes of the clocks, in zones that
change by an hour and by half of one, with lunch, a holiday and shifts past midnight."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import pytest

from policy.business_time import BusinessClock

MINUTE = timedelta(minutes=1)
DAYS = 9
OFFICE, NIGHT = "Mo-Su 09:00-12:00,13:00-17:00", "Mo-Su 22:00-03:30"

# the Sunday on which the clocks change there, both ways
CHANGES = [
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/St_Johns", date(2027, 3, 14)),
    ("America/St_Johns", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Europe/London", date(2027, 3, 28)),
    ("Europe/London", date(2026, 10, 25)),
]
CASES = [(zone, change, hours) for zone, change in CHANGES for hours in (OFFICE, NIGHT)]


@dataclass(frozen=True)
class Oracle:
    """Minutes from four days before the change on; the day after it is a holiday."""

    zone: str
    change: date
    hours: str

    @property
    def off(self) -> date:
        return self.change + timedelta(days=1)

    @property
    def clock(self) -> BusinessClock:
        return BusinessClock(self.hours, self.zone, frozenset({self.off}))

    @cached_property
    def begin(self) -> datetime:
        day = datetime(self.change.year, self.change.month, self.change.day, tzinfo=ZoneInfo(self.zone))
        return (day - timedelta(days=4)).astimezone(UTC)

    @cached_property
    def minutes(self) -> list[tuple[datetime, date, bool]]:
        """Each minute: when, on which day there, and whether it is open."""
        zone = ZoneInfo(self.zone)
        moments = [self.begin + MINUTE * number for number in range(DAYS * 1440)]
        return [(moment, local.date(), self._open(local)) for moment in moments for local in [moment.astimezone(zone)]]

    def _open(self, local: datetime) -> bool:
        if local.date() == self.off:
            return False  # a date is closed from midnight to midnight; the rest of a shift on the day after is not
        minute = local.hour * 60 + local.minute
        if self.hours == OFFICE:
            return 540 <= minute < 720 or 780 <= minute < 1020
        return minute >= 1320 or minute < 210

    def from_(self, start: datetime) -> list[tuple[datetime, date, bool]]:
        return self.minutes[(start - self.begin) // MINUTE :]

    def add(self, start: datetime, minutes: int) -> datetime:
        left = minutes
        for moment, _, is_open in self.from_(start):
            left -= is_open
            if not left:
                return moment + MINUTE
        raise AssertionError("the oracle's week is too short")

    def between(self, start: datetime, end: datetime) -> timedelta:
        return MINUTE * sum(is_open for moment, _, is_open in self.from_(start) if moment < end)

    def days(self, start: datetime) -> list[tuple[datetime, datetime]]:
        """First opening and last close of each business day, from that of the next open minute on."""
        first = next(day for _, day, is_open in self.from_(start) if is_open)
        found: dict[date, list[datetime]] = {}
        for moment, day, is_open in self.minutes:
            if is_open and day >= first:
                found.setdefault(day, []).append(moment)
        return [(moments[0], moments[-1] + MINUTE) for moments in found.values()]

    def days_on(self, start: datetime, days: int) -> datetime:
        spans = self.days(start)
        into = self.between(spans[0][0], max(start, spans[0][0]))
        if not into:
            return spans[days - 1][1]
        opening, close = spans[days]
        return self.add(opening, min(into, self.between(opening, close)) // MINUTE)

    def starts(self) -> list[datetime]:
        """Moments around the change: every 97 minutes from a day before it to a day after the holiday."""
        return [self.begin + MINUTE * number for number in range(3 * 1440, 6 * 1440, 97)]


@pytest.fixture(params=CASES, ids=[f"{zone.split('/')[1]}-{change}-{hours[6:11]}" for zone, change, hours in CASES])
def oracle(request: pytest.FixtureRequest) -> Oracle:
    return Oracle(*request.param)


def test_each_minute_is_open_or_closed_as_counted(oracle: Oracle) -> None:
    clock = oracle.clock
    assert [clock.is_open(moment) for moment, _, _ in oracle.minutes[::3]] == [
        opened for _, _, opened in oracle.minutes[::3]
    ]
    assert sum(opened for _, _, opened in oracle.minutes) > 5 * 300, "the oracle's week has open minutes"


def test_added_time_is_as_counted(oracle: Oracle) -> None:
    for start in oracle.starts():
        for minutes in (1, 37, 180, 500):
            assert oracle.clock.add(start, MINUTE * minutes) == oracle.add(start, minutes), (start, minutes)


def test_time_between_is_as_counted(oracle: Oracle) -> None:
    starts = oracle.starts()
    for start, end in zip(starts, starts[11:], strict=False):
        assert oracle.clock.between(start, end) == oracle.between(start, end), (start, end)


def test_business_days_end_and_go_on_as_counted(oracle: Oracle) -> None:
    for start in oracle.starts():
        for days in (0, 1):
            assert oracle.clock.day_end(start, days) == oracle.days(start)[days][1], (start, days)
        assert oracle.clock.days_on(start, 1) == oracle.days_on(start, 1), start
