"""Lawful and courteous windows: every state with a row, the assumed rest, several places at once, and nowhere."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.facts import Place
from domain.values import Channel, Purpose
from policy import windows
from policy.load import LoadedPolicy, read_policy
from tests.policy import cases
from tests.policy.cases import CALL, RESPONSIVE, SMS, SOLICITATION, at, changed, default, lead

OKLAHOMA = (Place(zone="America/Chicago", region="OK"),)
PANHANDLE = (Place(zone="America/Chicago", region="FL"), Place(zone="America/New_York", region="FL"))


def opens(places: tuple[Place, ...], now: datetime, channel: Channel = SMS, loaded: LoadedPolicy | None = None) -> str:
    """The earliest permitted moment on the clock of the first place."""
    found = windows.earliest(lead(places=places), loaded or default(), now, channel, SOLICITATION).earliest
    return "never" if found is None else f"{found.astimezone(ZoneInfo(places[0].zone)):%a %H:%M:%S}"


@pytest.mark.parametrize("channel", [SMS, CALL])
@pytest.mark.parametrize(
    ("places", "local", "expected"),
    [
        (cases.TEXAS, "2026-11-24 08:59:59", "Tue 09:00:00"),
        (cases.TEXAS, "2026-11-24 09:00", "Tue 09:00:00"),
        (cases.TEXAS, "2026-11-24 20:59:59", "Tue 20:59:59"),
        (cases.TEXAS, "2026-11-24 21:00", "Wed 09:00:00"),
        (cases.TEXAS, "2026-11-28 21:30", "Sun 12:00:00"),  # Saturday night: Sundays begin at noon
        (cases.TEXAS, "2026-11-29 11:59", "Sun 12:00:00"),
        (cases.TEXAS, "2026-11-29 20:59", "Sun 20:59:00"),
        (cases.FLORIDA, "2026-11-24 07:59", "Tue 08:00:00"),
        (cases.FLORIDA, "2026-11-24 19:59:59", "Tue 19:59:59"),
        (cases.FLORIDA, "2026-11-24 20:00", "Wed 08:00:00"),
        (OKLAHOMA, "2026-11-24 20:00", "Wed 08:00:00"),
        (cases.WASHINGTON, "2026-11-24 20:00", "Wed 08:00:00"),
        (cases.WASHINGTON, "2026-11-29 08:00", "Sun 08:00:00"),
        (cases.HAWAII, "2026-11-24 08:30", "Tue 09:00:00"),  # not verified: all windows at once
        (cases.HAWAII, "2026-11-24 17:59", "Tue 17:59:00"),
        (cases.HAWAII, "2026-11-24 18:00", "Wed 09:00:00"),
        (cases.HAWAII, "2026-11-25 18:00", "Fri 09:00:00"),  # Thanksgiving is a day off of a verified row
        (cases.HAWAII, "2026-11-28 09:59", "Sat 10:00:00"),
        (cases.HAWAII, "2026-11-28 17:00", "Mon 09:00:00"),
        ((), "2026-11-24 12:00", "never"),
        (cases.LONDON, "2026-11-24 12:00", "never"),
        ((*cases.TEXAS, *cases.LONDON), "2026-11-24 12:00", "never"),
    ],
)
def test_the_hours_of_a_place(places: tuple[Place, ...], local: str, expected: str, channel: Channel) -> None:
    zone = ZoneInfo(places[0].zone if places else "America/Chicago")
    assert opens(places, at(local, zone), channel) == expected


def test_every_plausible_place_must_be_inside_its_window() -> None:
    assert opens(PANHANDLE, at("2026-11-24 07:30")) == "Tue 08:00:00"  # 08:30 in the east is not enough
    assert opens(PANHANDLE, at("2026-11-24 19:30")) == "Wed 08:00:00"  # 20:30 in the east is too late
    assert opens((*cases.HAWAII, *cases.FLORIDA), at("2026-11-24 08:00", cases.HONOLULU)) == "Tue 09:00:00"


def test_places_whose_windows_never_meet_have_no_moment() -> None:
    """Eleven lawful hours in Honolulu, and eleven eleven hours away."""
    far = (Place(zone="Pacific/Honolulu", region="HI"), Place(zone="Europe/Berlin", region="HI"))
    assert opens(far, at("2026-11-24 12:00", cases.HONOLULU)) == "never"


def test_a_window_follows_the_clocks_when_they_change() -> None:
    before = windows.earliest(lead(), default(), at("2027-03-13 22:00"), SMS, SOLICITATION).earliest
    assert before == at("2027-03-14 12:00")  # a Sunday in Texas, the clocks go forward that night
    after = windows.earliest(lead(places=cases.FLORIDA), default(), at("2026-10-31 22:00"), SMS, SOLICITATION).earliest
    assert after == at("2026-11-01 08:00", cases.NEW_YORK)


@pytest.mark.parametrize(
    ("places", "held_by"),
    [
        (cases.FLORIDA, ("us-2026-11/FL",)),
        (cases.HAWAII, ("us-2026-11/assumed",)),
        ((), ("place_unknown",)),
    ],
)
def test_the_rule_that_bound_it_is_named(places: tuple[Place, ...], held_by: tuple[str, ...]) -> None:
    zone = ZoneInfo(places[0].zone if places else "America/Chicago")
    assert (
        windows.earliest(lead(places=places), default(), at("2026-11-24 20:15", zone), SMS, SOLICITATION).held_by
        == held_by
    )


def test_a_zip_code_beats_an_area_code_unless_the_area_code_presumes_residence() -> None:
    by_zip = Place(zone="America/Chicago", region="TX", evidence="postal_code")
    new_york = Place(zone="America/New_York", region="NY", evidence="area_code")
    miami = Place(zone="America/New_York", region="FL", evidence="area_code")
    assert opens((by_zip, new_york), at("2026-11-24 19:30")) == "Tue 19:30:00"
    assert opens((by_zip, miami), at("2026-11-24 19:30")) == "Wed 09:00:00"  # 20:30 in Florida


def test_a_zip_code_does_not_beat_another_state_that_the_person_named() -> None:
    """New York's morning is no morning for somebody who says they live in California."""
    new_york = Place(zone="America/New_York", region="NY", evidence="postal_code")
    california = Place(zone="America/Los_Angeles", region="CA", evidence="address")
    pacific = ZoneInfo("America/Los_Angeles")
    assert opens((california, new_york), at("2026-11-24 06:05", pacific)) == "Tue 09:00:00"
    assert opens((california, new_york), at("2026-11-24 18:30", pacific)) == "Wed 09:00:00"  # 21:30 in New York


def test_answers_keep_the_window_unless_the_operator_says_otherwise() -> None:
    night = at("2026-11-24 23:00")
    answer = windows.earliest(lead(), default(), night, SMS, RESPONSIVE)
    assert answer.earliest == at("2026-11-25 09:00")
    bold = changed(contact={"answers_at_night": True})
    assert windows.earliest(lead(), bold, night, SMS, RESPONSIVE).earliest == night
    assert windows.earliest(lead(), bold, night, SMS, SOLICITATION).earliest == at("2026-11-25 09:00")
    assert windows.earliest(lead(), bold, night, CALL, RESPONSIVE).earliest == at("2026-11-25 09:00")


def test_courtesy_narrows_the_law_and_never_widens_it() -> None:
    narrow = changed(contact={"courtesy": {"sms": "Mo-Fr 10:00-18:00"}})
    assert opens(cases.FLORIDA, at("2026-11-24 18:00", cases.NEW_YORK), loaded=narrow) == "Wed 10:00:00"
    wide = changed(contact={"courtesy": {"sms": "24/7"}})
    assert opens(cases.FLORIDA, at("2026-11-24 20:30", cases.NEW_YORK), loaded=wide) == "Wed 08:00:00"


def test_the_always_open_policy_has_no_windows_at_all() -> None:
    loaded = read_policy(cases.POLICIES / "always_open.yaml")
    assert loaded.policy.always_open
    night = at("2026-11-26 03:00")  # Thanksgiving
    for channel in (SMS, CALL):
        assert windows.earliest(lead(places=()), loaded, night, channel, SOLICITATION).earliest == night
    assert loaded.clock("ada").is_open(night)


def test_each_row_says_where_it_comes_from_and_when_it_was_read() -> None:
    pack = default().pack
    assert default().pack_version == "us-2026-11"
    for row in (pack.federal, *pack.states.values()):
        assert row.verified is None or (row.sources and row.verified >= pack.researched)
    assert "responsible" in pack.notice
    assert not any(row.answers_exempt for row in pack.states.values())


def test_a_carve_out_for_answers_is_a_switch() -> None:
    loaded, on = default(), changed(contact={"switches": {"WA": {"answers_exempt": True}}})
    evening = at("2026-11-24 20:30", ZoneInfo("America/Los_Angeles"))
    bounds = [
        [bound.rule for bound in windows.bounds(lead(places=cases.WASHINGTON), each, SMS, purpose, evening)]
        for each in (loaded, on)
        for purpose in (Purpose.RESPONSIVE, Purpose.SOLICITATION)
    ]
    assert [("us-2026-11/WA" in rules) for rules in bounds] == [True, True, False, True]
    assert windows.earliest(lead(places=cases.WASHINGTON), on, evening, SMS, RESPONSIVE).earliest == evening
