"""Business time counted minute by minute, in zones whose clocks change while the business is open."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from policy.business_time import BusinessClock

MINUTE = timedelta(minutes=1)

# expression, zone, the hours by hand as (weekdays, first minute of the day, last), a moment shortly before the change
CALENDARS = [
    ("Mo-Su 00:30-03:30", "America/New_York", (range(7), 30, 210), "2026-10-31T20:00"),
    ("Mo-Su 00:30-03:30", "America/New_York", (range(7), 30, 210), "2027-03-13T20:00"),
    ("Mo-Fr 09:00-12:00,13:00-17:00", "Europe/London", (range(5), 540, 1020), "2026-10-23T15:00"),
    ("Mo-Fr 09:00-12:00,13:00-17:00", "Europe/London", (range(5), 540, 1020), "2027-03-26T15:00"),
    ("Sa-Su 01:00-02:30", "Australia/Lord_Howe", (range(5, 7), 60, 150), "2027-04-03T01:15"),
]


def is_open(moment: datetime, zone: str, hours: tuple[range, int, int]) -> bool:
    local = moment.astimezone(ZoneInfo(zone))
    days, first, last = hours
    minute = local.hour * 60 + local.minute
    at_lunch = zone == "Europe/London" and 720 <= minute < 780
    return local.weekday() in days and first <= minute < last and not at_lunch


@pytest.mark.parametrize(("expression", "zone", "hours", "start"), CALENDARS)
def test_every_minute_around_a_change_of_clocks_agrees_with_a_count_by_hand(
    expression: str, zone: str, hours: tuple[range, int, int], start: str
) -> None:
    clock = BusinessClock(expression, zone)
    begin = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    moments = [begin + MINUTE * number for number in range(0, 48 * 60, 5)]
    opened = [is_open(moment, zone, hours) for moment in moments]
    assert [clock.is_open(moment) for moment in moments] == opened
    assert clock.between(begin, begin + timedelta(days=2)) == 5 * MINUTE * sum(opened)


@pytest.mark.parametrize(("expression", "zone", "hours", "start"), CALENDARS)
def test_added_time_over_a_change_of_clocks_is_a_count_by_hand(
    expression: str, zone: str, hours: tuple[range, int, int], start: str
) -> None:
    clock = BusinessClock(expression, zone)
    begin = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for ahead, wanted in product((0, 180, 365), (1, 30, 90, 200)):
        moment = since = begin + MINUTE * ahead
        left = wanted
        while left:
            left -= is_open(moment, zone, hours)
            moment += MINUTE
        assert clock.add(since, MINUTE * wanted) == moment, (since, wanted)


def test_adding_in_two_steps_is_adding_at_once() -> None:
    clock = BusinessClock("Mo-Fr 09:00-17:00", "America/Chicago")
    start = datetime(2026, 11, 20, 22, 31, 7, tzinfo=UTC)
    for first, second in product((7, 29, 480, 1000), (1, 479, 481)):
        once = clock.add(start, MINUTE * (first + second))
        half = clock.add(start, MINUTE * first)
        assert half is not None
        assert once is not None
        assert clock.add(half, MINUTE * second) == once
        assert clock.between(start, once) == MINUTE * (first + second)


def test_a_day_off_wins_over_hours_that_were_written_before_it() -> None:
    day = datetime(2026, 11, 26, tzinfo=ZoneInfo("America/Chicago"))
    for hours in ("Mo-Fr 09:00-17:00", "24/7", "Mo-Su 22:00-06:00", "Mo-Fr 09:00-17:00; Th 09:00-20:00"):
        clock = BusinessClock(hours, "America/Chicago", frozenset({day.date()}))
        noon = day + timedelta(hours=12)
        assert not clock.is_open(noon)
        assert not clock.is_open(day + timedelta(hours=23))
        assert clock.next_open(noon) is not None
