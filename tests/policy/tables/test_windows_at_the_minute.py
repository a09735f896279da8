"""Contact windows at their edges, over states, zones and clock changes, held against law.py. Area codes are real."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from adapters.phones import places_of
from domain.facts import Place
from domain.values import Channel, Motion
from policy import windows
from policy.suppression import why_not
from policy.triage import triage
from tests.policy.cases import CALL, RESPONSIVE, SIGNED, SMS, SOLICITATION, at, changed, default, lead
from tests.policy.tables import law

SECOND = timedelta(seconds=1)


def living(zone: str, region: str | None, evidence: str = "area_code") -> Place:
    return Place(zone=zone, region=region, evidence=evidence)


EAST, MIDDLE, MOUNTAIN, WEST = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
ONE_PLACE = {
    "Florida": (living(EAST, "FL"),),
    "Texas": (living(MIDDLE, "TX"),),
    "El Paso": (living(MOUNTAIN, "TX"),),
    "Oklahoma": (living(MIDDLE, "OK"),),
    "Washington": (living(WEST, "WA"),),
    "no row: Arizona": (living("America/Phoenix", "AZ"),),
    "no row: Guam": (living("Pacific/Guam", "GU"),),
    "no state": (living(EAST, None),),
}
SEVERAL = {
    "+1 850, both sides of Florida's line": places_of("+18505550142", None, None, None),
    "+1 423, Tennessee": places_of("+14235550142", None, None, None),
    "+1 219, Indiana": places_of("+12195550142", None, None, None),
    "a Floridian number, a ZIP code in Austin": places_of("+13055550142", "US", "TX", "78701"),
    "a number of New York, a ZIP code in Austin": places_of("+12125550142", "US", "TX", "78701"),
    "somewhere in Texas": places_of(None, "US", "TX", None),
    "a number of Texas, says California": places_of("+15125550142", "US", "CA", None),
}
SOMEWHERE = ONE_PLACE | SEVERAL
NOWHERE = {
    "nothing known": (),
    "toll-free": places_of("+18005550142", None, None, None),
    "London": places_of("+442079460958", None, None, None),
    "Winnipeg": places_of("+12045060142", None, None, None),
    "Austin or London": places_of("+442079460958", "US", None, "78701"),
}
# an ordinary Tuesday, a weekend, both changes of the clocks (Sundays)
DAYS = [date(2026, 11, day) for day in (1, 24, 28, 29)] + [date(2027, 3, 14)]
EDGES = [time(hour) for hour in (1, 8, 9, 12, 20, 21)]


def local(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("name", SOMEWHERE)
def test_the_earliest_moment_is_what_the_law_by_hand_says(name: str) -> None:
    places = SOMEWHERE[name]
    assert places
    zones = list(dict.fromkeys(place.zone for place in law.counted(places)))
    for day, edge, zone, off in product(DAYS, EDGES, zones[:2], (-SECOND, timedelta(0))):
        now = local(day, edge, zone) + off
        found = windows.earliest(lead(places=places), default(), now, SMS, SOLICITATION)
        assert found.earliest == law.first(places, now), (zone, now.astimezone(ZoneInfo(zone)))
        assert (found.held_by == ()) is (found.earliest == now)


@pytest.mark.parametrize("channel", [SMS, CALL])
@pytest.mark.parametrize("purpose", [SOLICITATION, RESPONSIVE])
@pytest.mark.parametrize("name", ["Texas", "Florida", "no state"])
def test_answers_and_calls_keep_the_same_hours(name: str, channel: Channel, purpose: str) -> None:
    for hour in range(24):
        now = at(f"2026-11-29 {hour:02}:00", ZoneInfo(SOMEWHERE[name][0].zone))
        refused = why_not(lead(places=SOMEWHERE[name], consent=SIGNED), default(), now, channel, purpose)  # type: ignore[arg-type]  # cell
        assert (refused is None) is law.inside(SOMEWHERE[name], now)
        assert refused is None or refused[:2] == ("outside_window", law.first(SOMEWHERE[name], now))


@pytest.mark.parametrize(
    ("name", "clock", "opens"),
    [
        ("Florida", "2026-11-24 07:59", "Tue 08:00"),
        ("Florida", "2026-11-24 20:00", "Wed 08:00"),
        ("Texas", "2026-11-24 08:00", "Tue 09:00"),
        ("Texas", "2026-11-24 20:59", "Tue 20:59"),
        ("Texas", "2026-11-24 21:00", "Wed 09:00"),
        ("Texas", "2026-11-28 21:00", "Sun 12:00"),
        ("Texas", "2026-11-29 11:59", "Sun 12:00"),
        ("no row: Arizona", "2026-11-24 20:00", "Wed 09:00"),
        ("no row: Arizona", "2026-11-29 09:00", "Mon 09:00"),
        ("+1 850, both sides of Florida's line", "2026-11-24 07:30", "Tue 09:00"),  # 8 in Chicago is the later start
        ("+1 850, both sides of Florida's line", "2026-11-24 20:00", "Wed 09:00"),  # on the eastern clock
        ("a Floridian number, a ZIP code in Austin", "2026-11-24 20:00", "Wed 10:00"),
        ("a number of New York, a ZIP code in Austin", "2026-11-24 20:30", "Tue 20:30"),  # the ZIP code counts alone
    ],
)
def test_some_edges_in_words(name: str, clock: str, opens: str) -> None:
    eastern = "+1" in name or "number" in name
    zone = ZoneInfo(EAST if eastern else SOMEWHERE[name][0].zone)
    found = windows.earliest(lead(places=SOMEWHERE[name]), default(), at(clock, zone), SMS, SOLICITATION).earliest
    assert found is not None
    assert f"{found.astimezone(zone):%a %H:%M}" == opens


@pytest.mark.parametrize("name", NOWHERE)
def test_where_the_place_is_unknown_no_moment_is_permitted(name: str) -> None:
    facts = lead(places=NOWHERE[name])
    for channel, purpose in product((SMS, CALL), (SOLICITATION, RESPONSIVE)):
        found = windows.earliest(facts, default(), at("2026-11-24 12:00"), channel, purpose)
        assert (found.earliest, found.held_by) == (None, ("place_unknown",))
        refused = why_not(facts, default(), at("2026-11-24 12:00"), channel, purpose)
        assert refused == ("place_unknown", None, "place_unknown")


@pytest.mark.parametrize("name", ["no row: Arizona", "no row: Guam", "no state"])
def test_a_place_without_a_verified_row_is_said_to_be_assumed(name: str) -> None:
    night = at("2026-11-24 03:00", ZoneInfo(SOMEWHERE[name][0].zone))
    judgement = triage(lead(places=SOMEWHERE[name]), default(), night, "d")
    assumed = [each.because for each in judgement.trace.held if each.rule == "us-2026-11/assumed"]
    assert assumed
    assert all("assumed" in because for because in assumed)
    assert any("us-2026-11/assumed" in window.held_by for window in judgement.trace.windows)


def test_the_offset_of_a_moment_does_not_matter_not_even_one_with_seconds() -> None:
    odd = timezone(timedelta(hours=5, minutes=53, seconds=28))
    eight = at("2026-11-24 09:00")  # nine in Austin
    facts = lead()
    for off, allowed in ((-SECOND, False), (timedelta(0), True)):
        refused = why_not(facts, default(), (eight + off).astimezone(odd), SMS, SOLICITATION)
        assert (refused is None) is allowed


def test_an_hour_that_comes_twice_is_outside_both_times_and_the_morning_after_keeps_its_eight() -> None:
    night = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30 in New York, the first of two
    for now in (night, night + timedelta(hours=1)):
        found = windows.earliest(lead(places=ONE_PLACE["Florida"]), default(), now, SMS, SOLICITATION).earliest
        assert found == datetime(2026, 11, 1, 13, 0, tzinfo=UTC)  # 08:00, now an hour later for the world


def test_a_person_whose_windows_never_meet_is_not_called_at_once() -> None:
    """Texas begins at nine; a courtesy that ends at half past eight leaves no moment at all."""
    hours = "Mo-Su 08:00-08:30"
    facts, loaded = lead(), changed(contact={"courtesy": {"sms": hours, "call": hours}})
    assert windows.earliest(facts, loaded, at("2026-11-24 10:00"), CALL, SOLICITATION).earliest is None
    for source in ("demo_request", "missed_call", "inbound_sms", "referral", "tiktok"):
        decision = triage(lead(source), loaded, at("2026-11-24 10:00"), "d").decision
        assert (decision.motion, decision.channel, decision.owner) == (Motion.HUMAN_TASK, "chat", "ada")
        assert not [item for item in decision.agenda if item.action in ("text", "rescue")]
    assert triage(lead("webinar"), loaded, at("2026-11-24 10:00"), "d").decision.channel == "email"


def test_somebody_awake_only_while_we_sleep_is_a_task_for_a_person_and_not_a_call_at_three() -> None:
    guam = ONE_PLACE["no row: Guam"]
    for now in ("2026-11-24 10:00", "2026-11-24 18:00", "2026-11-24 21:00"):
        facts = lead(places=guam, consent=lead().consent.model_copy(update={"sms": False}))
        decision = triage(facts, default(), at(now), "d").decision
        assert decision.motion is Motion.HUMAN_TASK
        assert decision.owner == "ben"
        assert [item.held_by for item in decision.agenda if item.action == "offer" and item.at == at(now)] in ([], [()])
