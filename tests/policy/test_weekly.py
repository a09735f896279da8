"""Weekly hours: read, cut down to what several have in common, written again, and held against the real calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from policy import weekly
from policy.business_time import BusinessClock

HOURS = [
    "Mo-Su 08:00-21:00",
    "Mo-Sa 09:00-21:00; Su 12:00-21:00",
    "Mo-Fr 09:00-18:00; Sa 10:00-17:00",
    "Mo,We-Fr 09:30-12:00,13:00-17:45",
    "Mo-Su 08:00-20:00; Su off",
    "Mo-Su 00:00-24:00",
    "Sa 10:00-17:00",
]


@pytest.mark.parametrize("text", HOURS)
def test_hours_written_again_are_the_same_hours(text: str) -> None:
    assert weekly.week(weekly.written(weekly.week(text))) == weekly.week(text)


@pytest.mark.parametrize("number", range(len(HOURS)))
def test_what_several_have_in_common_is_open_exactly_when_all_are(number: int) -> None:
    several = [HOURS[number], HOURS[(number + 1) % len(HOURS)], HOURS[(number + 3) % len(HOURS)]]
    common = weekly.written(weekly.common(weekly.week(text) for text in several))
    for quarter in range(7 * 24 * 4):
        moment = datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=15 * quarter)
        everywhere = all(BusinessClock(text, "UTC").is_open(moment) for text in several)
        assert BusinessClock(common, "UTC").is_open(moment) is everywhere, (common, moment)


def test_hours_that_never_meet_are_no_hours() -> None:
    never = weekly.common([weekly.week("Mo-Fr 09:00-12:00"), weekly.week("Mo-Su 12:00-21:00")])
    assert weekly.written(never) == "off"
    assert weekly.week("off") == never
    assert BusinessClock("off", "UTC").next_open(datetime(2026, 11, 24, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "always", "24/7", "PH off", "2026 Dec 24 off", "Mo-Fr 09:00-17:00;", "Mo-We-Fr 09:00-17:00"),
        *("Mo-Fr 22:00-02:00", "Fr-Mo 09:00-17:00", "Mo-Fr 17:00-09:00", "Mo-Fr 09:00-24:30", "Mo-Fr 09:00-25:00"),
        *("Mo-Fr 9-17", "Mo-Fr 09:00", "Mo-Fr 09:00-17:00,", "mo-fr 09:00-17:00"),
    ],
)
def test_hours_of_any_other_kind_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        weekly.week(text)
