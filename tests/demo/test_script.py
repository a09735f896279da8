"""The script agrees with itself, with the policy it is played under and with the simulator that plays the people."""

import re
from itertools import permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from adapters.phones import parse_phone, places_of
from domain.values import Source, Stage
from policy.load import read_policy
from runtime.demo import script
from runtime.demo.cast import EVERYBODY, Part
from runtime.demo.lines import AT_ONCE, WATCHED, of_reps
from runtime.demo.player import inquiry, personas
from simulator.lines import LinePersona
from simulator.personas import PhonePersona, RepPersona

POLICY = read_policy(Path(__file__).parents[2] / "policies" / "default.yaml").policy
FICTIONAL = re.compile(r"\+1\d{3}55501\d{2}")
PERSONAS: TypeAdapter[PhonePersona | RepPersona | LinePersona] = TypeAdapter(PhonePersona | RepPersona | LinePersona)
by_key = pytest.mark.parametrize("part", script.PARTS, ids=lambda part: part.key)


def test_it_begins_on_a_tuesday_at_nine_in_chicago() -> None:
    assert f"{script.START.astimezone(ZoneInfo('America/Chicago')):%A %H:%M}" == "Tuesday 09:00"


def test_somebody_comes_from_every_default_source_and_through_every_door() -> None:
    by_phone = {Source.INBOUND_CALL}  # who is answered at once has no story to tell
    assert {part.source for part in script.PARTS} == set(Source) - by_phone
    assert {part.door for part in script.PARTS} == {"webhook", "api_key", "batch", "text", "hubspot", "call"}


def test_people_and_reps_behave_in_every_way_the_demo_is_to_show() -> None:
    said = {says.kind for part in script.PARTS for says in part.says}
    done = {does.kind for part in script.PARTS for does in part.reps}
    assert said == {"replies", "says_stop", "silent", "wrong_number", "buying_signal", "landline"}
    assert done == {"accepts_then_disposes", "ignores", "declines", "disposes"}
    assert any(does.claims for part in script.PARTS for does in part.reps)
    assert {rung.kind for part in script.PARTS for rung in part.rung} == {"takes", "passes"}
    assert {came_to for part in script.PARTS for came_to in part.ending.calls} == {"connected", "voicemail"}


def test_nobody_is_there_twice() -> None:
    for field in ("phone", "email", "name"):
        given = [value for part in script.PARTS if (value := getattr(part.person, field)) is not None]
        assert len(given) == len(set(given)), field
    assert len({part.key for part in script.PARTS}) == len(script.PARTS)


def test_words_about_one_person_are_not_in_words_about_another() -> None:
    for one, other in permutations(script.PARTS, 2):
        assert one.person.known_as not in repr((other.person, other.details)), (one.key, other.key)


@by_key
def test_everybody_is_fictional_and_where_the_script_says(part: Part) -> None:
    person = part.person
    assert person.email is None or person.email.endswith(".example")
    if person.phone is None or parse_phone(person.phone, "US").e164 is None:
        assert part.ending.texts == (), "no valid number, so no text"
        return
    assert FICTIONAL.fullmatch(person.phone)
    places = places_of(person.phone, "US", None, None)
    assert not places or person.zone in {place.zone for place in places}


@by_key
def test_every_ending_is_stated_and_possible(part: Part) -> None:
    ending = part.ending
    assert (ending.closed is not None) == (ending.stage is Stage.CLOSED)
    assert ending.stage in (Stage.CLOSED, Stage.RESTING), "anything else would still be under way"
    assert 1 <= ending.cycle <= POLICY.recycle.max_cycles
    assert set(ending.texts) <= set(POLICY.texts)
    assert set(ending.calls) <= {"connected", "voicemail", "busy", "no_answer"}


@by_key
def test_the_simulator_understands_how_people_and_reps_behave(part: Part) -> None:
    slack = {rep.handle: rep.slack for rep in POLICY.team}
    assert set(EVERYBODY) == set(slack)
    told = list(personas(part, slack))
    lines = [each for each in told if "line" in each]
    assert len(told) - len(lines) == len(part.says) + sum(len(does.by) for does in part.reps)
    assert bool(lines) == (part.person.phone is not None and parse_phone(part.person.phone, "US").e164 is not None)
    for each in told:
        PERSONAS.validate_python(each)


def test_each_reps_phone_knows_what_to_press_for_whom() -> None:
    for tempo in (AT_ONCE, WATCHED):
        lines = [LinePersona.model_validate(each) for each in of_reps(script.PARTS, POLICY.team, tempo)]
        assert {line.phone for line in lines} == {rep.phone for rep in POLICY.team}
        ada = [(press.about, press.digits, press.times) for press in lines[0].presses]
        assert ("Dana Ortiz", "1", None) in ada
        assert ("Priya Raman", "2", 1) in ada
        assert all(line.rings_for < 5 for line in lines), "picked up well before the policy's fifteen seconds are over"


@by_key
def test_each_inquiry_keeps_its_event_id_and_source(part: Part) -> None:
    sent = inquiry(part)
    assert (sent["source"], sent["source_event_id"]) == (part.source, f"demo-{part.key}")


def test_scenes_are_played_by_people_who_have_come() -> None:
    parts = {part.key: part for part in script.PARTS}
    for scene in script.SCENES:
        assert (parts[scene.part].at or script.LENGTH * 0) <= (scene.at or script.LENGTH * 0) < script.LENGTH
