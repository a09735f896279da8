"""Business time against a clock that counts minute by minute, over nights, holidays and both changes of the clocks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.business_time import YEARS, BusinessClock, closed_days
from tests.policy.cases import CHICAGO, at, default

MINUTE = timedelta(minutes=1)


class Oracle:
    """Open hours by weekday, counted a minute at a time: slow, and too simple to be wrong."""

    def __init__(
        self, zone: str, hours: Mapping[int, tuple[tuple[time, time], ...]], off: tuple[date, ...] = ()
    ) -> None:
        self._zone, self._hours, self._off = ZoneInfo(zone), hours, off

    def is_open(self, moment: datetime) -> bool:
        local = moment.astimezone(self._zone)
        if local.date() in self._off:
            return False
        return any(start <= local.time() < end for start, end in self._hours.get(local.weekday(), ()))

    def add(self, start: datetime, minutes: int) -> datetime:
        moment = start.astimezone(UTC)
        while minutes:
            minutes -= self.is_open(moment)
            moment += MINUTE
        return moment


LUNCH = ((time(9), time(12)), (time(13), time(17)))
OFFICE = BusinessClock("Mo-Fr 09:00-12:00,13:00-17:00; 2026 Nov 26 off; Sa 10:00-12:00", "America/Chicago")
OFFICE_ORACLE = Oracle(
    "America/Chicago",
    {**dict.fromkeys(range(5), LUNCH), 5: ((time(10), time(12)),)},
    (date(2026, 11, 26),),
)
ALL_WEEK = dict.fromkeys(range(7), ((time(0, 30), time(6)),))
NIGHT = BusinessClock("Mo-Su 00:30-06:00", "America/Chicago")
NIGHT_ORACLE = Oracle("America/Chicago", ALL_WEEK)
LORD_HOWE = BusinessClock("Mo-Su 00:30-06:00", "Australia/Lord_Howe")  # its clocks change by half an hour
LORD_HOWE_ORACLE = Oracle("Australia/Lord_Howe", ALL_WEEK)


@pytest.mark.parametrize("minutes", [1, 30, 179, 180, 181, 420, 1000])
@pytest.mark.parametrize(
    ("clock", "oracle", "start"),
    [
        (OFFICE, OFFICE_ORACLE, "2026-11-24 10:00"),
        (OFFICE, OFFICE_ORACLE, "2026-11-25 16:59"),  # the eve of Thanksgiving
        (OFFICE, OFFICE_ORACLE, "2026-11-27 12:30"),
        (OFFICE, OFFICE_ORACLE, "2026-10-30 16:00"),  # the weekend the clocks go back
        (OFFICE, OFFICE_ORACLE, "2027-03-12 16:00"),  # the weekend they go forward
        (NIGHT, NIGHT_ORACLE, "2027-03-13 23:00"),  # open through the missing hour
        (NIGHT, NIGHT_ORACLE, "2026-10-31 23:00"),  # and through the hour that comes twice
        (LORD_HOWE, LORD_HOWE_ORACLE, "2026-10-03 08:00"),
        (LORD_HOWE, LORD_HOWE_ORACLE, "2027-04-03 08:00"),
    ],
)
def test_added_time_is_what_a_minute_by_minute_count_gives(
    clock: BusinessClock, oracle: Oracle, start: str, minutes: int
) -> None:
    assert clock.add(at(start), minutes * MINUTE) == oracle.add(at(start), minutes)


MOMENTS = st.integers(0, 38 * 24 * 60).map(lambda minutes: datetime(2026, 10, 25, tzinfo=UTC) + minutes * MINUTE)


@given(
    st.sampled_from([(OFFICE, OFFICE_ORACLE), (NIGHT, NIGHT_ORACLE), (LORD_HOWE, LORD_HOWE_ORACLE)]),
    MOMENTS,
    MOMENTS,
    st.integers(0, 600),
)
def test_an_answer_is_the_same_whatever_was_asked_before(
    known: tuple[BusinessClock, Oracle], before: datetime, moment: datetime, minutes: int
) -> None:
    clock, oracle = replace(known[0]), known[1]
    clock.is_open(before)
    clock.is_open(moment)
    assert clock.is_open(before) == oracle.is_open(before)
    assert clock.is_open(moment) == oracle.is_open(moment)
    if minutes:
        assert clock.add(moment, minutes * MINUTE) == oracle.add(moment, minutes)
    end = moment + minutes * MINUTE
    counted = sum(oracle.is_open(moment + each * MINUTE) for each in range(minutes))
    assert clock.between(moment, end) == counted * MINUTE


@pytest.mark.parametrize("day", ["2026-11-01", "2027-03-14", "2026-11-26", "2026-11-28"])
def test_open_and_closed_agree_minute_by_minute(day: str) -> None:
    start = at(f"{day} 00:00").astimezone(UTC)
    for clock, oracle in ((OFFICE, OFFICE_ORACLE), (NIGHT, NIGHT_ORACLE)):
        moments = [start + 7 * MINUTE * step for step in range(210)]
        assert [clock.is_open(moment) for moment in moments] == [oracle.is_open(moment) for moment in moments]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-24 16:59", "2026-11-24 16:59"),
        ("2026-11-24 17:00", "2026-11-25 09:00"),
        ("2026-11-25 17:00", "2026-11-27 09:00"),
        ("2026-12-24 17:00", "2026-12-28 09:00"),
        ("2027-07-02 17:00", "2027-07-06 09:00"),  # the fourth is a Sunday, so Monday is off in lieu
    ],
)
def test_the_default_calendar_keeps_its_holidays(start: str, expected: str) -> None:
    assert default().clock().next_open(at(start)) == at(expected)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-11-24 10:00", 0, "2026-11-24 17:00"),
        ("2026-11-24 17:00", 0, "2026-11-25 17:00"),
        ("2026-11-24 10:00", 1, "2026-11-25 17:00"),
        ("2026-11-25 10:00", 1, "2026-11-27 17:00"),
        ("2026-11-28 10:00", 1, "2026-12-01 17:00"),
    ],
)
def test_when_business_days_end(start: str, days: int, expected: str) -> None:
    assert default().clock().day_end(at(start), days) == at(expected)


def test_no_time_at_all_is_the_next_opening() -> None:
    assert default().clock().add(at("2026-11-28 12:00"), timedelta()) == at("2026-11-30 09:00")


def test_round_the_clock_counts_every_minute() -> None:
    clock = BusinessClock("24/7", "America/Chicago")
    start = datetime(2026, 11, 1, 0, 30, tzinfo=CHICAGO)
    assert clock.add(start, timedelta(hours=30)) == start.astimezone(UTC) + timedelta(hours=30)


HALF_FRIDAYS = BusinessClock("Mo-Th 09:00-12:00,13:00-17:00; Fr 09:00-12:00; 2026 Nov 26 off", "America/Chicago")


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-11-24 10:00", 0, "2026-11-24 10:00"),
        ("2026-11-24 10:00", 1, "2026-11-25 10:00"),
        ("2026-11-24 14:00", 1, "2026-11-25 14:00"),
        ("2026-11-24 12:30", 1, "2026-11-25 12:00"),  # at lunch: three open hours in, either end of lunch is the same
        ("2026-11-25 11:00", 1, "2026-11-27 11:00"),  # Thursday is Thanksgiving
        ("2026-11-25 16:00", 1, "2026-11-27 12:00"),  # a short day ends before that position: at its close
        ("2026-11-25 16:00", 2, "2026-11-30 16:00"),
        ("2026-11-27 10:00", 1, "2026-11-30 10:00"),  # a short day is a day as well
        ("2026-11-27 10:00", 2, "2026-12-01 10:00"),
        ("2026-11-27 10:00", 3, "2026-12-02 10:00"),
        ("2026-11-24 09:00", 1, "2026-11-24 17:00"),  # from the opening: that whole day
        ("2026-11-27 13:00", 1, "2026-11-30 17:00"),  # closed: from the next opening
        ("2026-11-27 13:00", 2, "2026-12-01 17:00"),
    ],
)
def test_business_days_on_is_the_same_position_of_a_later_day(start: str, days: int, expected: str) -> None:
    assert HALF_FRIDAYS.days_on(at(start), days) == at(expected)


@pytest.mark.parametrize("hours", ["2026 Nov 24 09:00-10:00", "2025 Mo-Fr 09:00-17:00"])
def test_a_calendar_that_runs_out_has_no_later_moment(hours: str) -> None:
    clock = BusinessClock(hours, "America/Chicago")
    start = at("2026-11-24 08:00")
    assert clock.add(start, timedelta(hours=2)) is None
    assert clock.days_on(start, 2) is None
    assert clock.day_end(start, 1) is None
    assert clock.next_open(at("2026-11-24 11:00")) is None


def test_holidays_of_a_state_are_its_own() -> None:
    days = closed_days("US", "TX", range(2026, 2027))
    assert date(2026, 3, 2) in days
    assert date(2026, 3, 2) not in closed_days("US", None, range(2026, 2027))


@pytest.mark.parametrize("year", YEARS)
def test_holidays_are_kept_in_every_year_that_can_be_explained(year: int) -> None:
    clock = default().clock()
    thanksgiving = next(day for day in range(22, 29) if date(year, 11, day).weekday() == 3)
    assert not clock.is_open(at(f"{year}-12-25 10:00"))
    assert not clock.is_open(at(f"{year}-11-{thanksgiving} 10:00"))
    assert clock.is_open(at(f"{year}-11-{thanksgiving - 1} 10:00"))


def test_days_off_on_both_sides_of_new_year_are_kept() -> None:
    clock = BusinessClock("24/7", "America/Chicago", frozenset({date(2026, 12, 31), date(2027, 1, 1)}))
    assert clock.next_open(at("2026-12-31 00:00")) == at("2027-01-02 00:00")
    assert not clock.is_open(at("2027-01-01 00:00"))
    assert clock.between(at("2026-12-30 12:00"), at("2027-01-02 12:00")) == timedelta(hours=24)
