"""`baton policy explain` over moments, sources and files as people really give them: promised keys, UTC, no crash."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from policy import explain
from policy.explain import as_json, sentences
from policy.triage import triage
from runtime.cli.main import app
from tests.policy.cases import HAWAII, TEXAS, at, default, known, lead
from tests.policy.tables.test_bad_policies import BAD

UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
PROGRAMS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?[+-]")
"""A moment as programs write it."""

PROMISED = {
    "windows", "band", "score", "motion", "channel", "owner", "send_at", "held_by", "sla", "reasons", "policy_hash",
}  # fmt: skip
LADDER = {"offer", "warn", "rescue", "reoffer", "pool", "remind", "supervisor", "nurture"}


def baton(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", *words])


def explained(when: str, file: Path) -> Result:
    return baton("explain", "--policy", str(BAD / "small.yaml"), "--lead", str(file), "--at", when, "--json")


@pytest.fixture
def dana(tmp_path: Path) -> Path:
    file = tmp_path / "dana.json"
    person = {"phone": "512 555 0142", "address": {"country": "U.S.", "region": "tx"}}
    consent = {"sms": True, "call": True, "kind": "express"}
    file.write_text(json.dumps({"source": "demo_request", "person": person, "consent": consent}), encoding="utf-8")
    return file


@pytest.mark.parametrize("hour", [3, 10, 21])
@pytest.mark.parametrize("places", [TEXAS, HAWAII, ()])
@pytest.mark.parametrize("source", ["demo_request", "newsletter", "import", "paid_lead_form", "tiktok"])
def test_every_promise_is_kept_whatever_the_answer(source: str, places: tuple[()], hour: int) -> None:
    facts = lead(source, places)
    judgement = triage(facts, default(), at(f"2026-11-24 {hour:02}:00"), "d")
    found = json.loads(json.dumps(as_json(judgement, default(), facts)))
    assert set(found) >= PROMISED
    assert [window["channel"] for window in found["windows"]] == ["sms", "call"]
    assert all(set(window) == {"channel", "purpose", "earliest", "held_by"} for window in found["windows"])
    assert all(set(rung) == {"at", "action"} and rung["action"] in LADDER for rung in found["sla"])
    assert [rung["at"] for rung in found["sla"]] == sorted(rung["at"] for rung in found["sla"])
    assert all(set(reason) == {"rule", "because"} for reason in found["reasons"])
    moments = [found["send_at"], *(rung["at"] for rung in found["sla"]), *(w["earliest"] for w in found["windows"])]
    assert all(UTC.fullmatch(moment) for moment in moments if moment is not None)
    assert found["policy_hash"] == default().hash
    assert len(sentences(judgement, facts)) > 2
    assert not [line for line in sentences(judgement, facts) if PROGRAMS.search(line)]


def test_moments_in_a_sentence_are_those_of_the_persons_clock() -> None:
    nurture = triage(lead("newsletter", HAWAII), default(), at("2026-11-24 10:00"), "d")
    said = sentences(nurture, lead("newsletter", HAWAII))
    rests = next(line for line in said if line.startswith("track/"))
    assert re.search(r": rests until \w{3} 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d HST, with ", rests)


@pytest.mark.parametrize("history", [{"opted_out": True}, {"handoffs": 9, "active_deal": True}])
def test_a_closed_or_busy_lead_is_explained_too(history: dict[str, object]) -> None:
    facts = lead(history=known(**history), cycle=5)
    found = as_json(triage(facts, default(), at("2026-11-24 10:00"), "d"), default(), facts)
    assert (found["motion"], found["send_at"], found["sla"]) == (None, None, [])
    assert found["closed"] in ("opted_out", "exhausted")
    assert len(found["windows"]) == 2


def test_send_at_is_now_or_the_earliest_permitted_moment() -> None:
    for source in ("demo_request", "missed_call", "newsletter", "webinar"):
        for hour in (3, 10, 18, 21):
            facts, now = lead(source), at(f"2026-11-24 {hour:02}:00")
            found = as_json(triage(facts, default(), now, "d"), default(), facts)
            sms, call = found["windows"]
            wanted = sms["earliest"] if found["channel"] == "sms" else call["earliest"]
            assert found["send_at"] == wanted
            assert (found["held_by"] == []) is (found["send_at"] == found["decided_at"])


def test_a_track_that_begins_later_is_not_put_off_and_one_that_begins_at_once_may_be() -> None:
    now = at("2026-11-24 10:00")
    imported = as_json(triage(lead("import"), default(), now, "d"), default(), lead("import"))
    assert (imported["motion"], imported["send_at"], imported["held_by"]) == ("nurture", "2026-11-24T16:00:00Z", [])
    assert imported["said"][0] == "Nurture at Tue 2026-11-24 10:00:00 CST."
    just_spoken = lead("newsletter", history=known(last_contact_at=at("2026-11-24 09:00")))
    found = as_json(triage(just_spoken, default(), now, "d"), default(), just_spoken)
    assert (found["send_at"], found["held_by"]) == ("2026-11-25T15:00:00Z", ["recent_contact"])


@pytest.mark.parametrize(
    ("when", "send_at"),
    [
        ("2026-11-24T16:00:00Z", "2026-11-24T16:00:00Z"),
        ("2026-11-24T10:00:00", "2026-11-24T16:00:00Z"),  # the business's own zone
        ("2026-11-24 10:00", "2026-11-24T16:00:00Z"),
        ("2026-11-24T21:53:28+05:53:28", "2026-11-24T16:00:00Z"),  # an offset with seconds
        ("2026-11-24T09:00:00-07:00", "2026-11-24T16:00:00Z"),
        ("2026-11-24", "2026-11-24T15:00:00Z"),  # midnight in Chicago; Texas may be texted from nine
        ("2027-03-14T02:30:00", "2027-03-14T17:00:00Z"),  # a time that clock never shows; noon on a Sunday
        ("2026-11-24T10:00:00.000001", "2026-11-24T16:00:00.000001Z"),
    ],
)
def test_times_as_people_write_them(dana: Path, when: str, send_at: str) -> None:
    result = explained(when, dana)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["send_at"] == send_at


@pytest.mark.parametrize(
    "when", ["", "now", "tomorrow 9am", "25/11/2026", "0001-01-01", "9999-12-31T23:59:59-10:00", "1999-12-31"]
)
def test_a_time_that_can_not_be_meant_is_refused_in_words(dana: Path, when: str) -> None:
    result = explained(when, dana)
    assert result.exit_code == 2
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Invalid value" in result.output


@pytest.mark.parametrize("when", ["2000-01-01", "2100-12-31T23:59:59-10:00"])
def test_the_first_and_the_last_year_can_be_explained(dana: Path, when: str) -> None:
    assert explained(when, dana).exit_code == 0


def test_check_names_all_and_fails_and_says_nothing_but_the_hash_when_all_is_well() -> None:
    bad = baton("check", str(BAD / "wrong_types.yaml"))
    assert bad.exit_code == 1
    assert [
        line.split(" ")[0].rpartition("/")[2]
        for line in bad.output.splitlines()
        if ".yaml:" in line and not line.startswith("warning: ")
    ] == [
        "wrong_types.yaml:6:7",
        "wrong_types.yaml:7:9",
        "wrong_types.yaml:9:15",
        "wrong_types.yaml:11:9",
    ]
    good = baton("check", str(BAD / "small.yaml"))
    assert good.exit_code == 0
    assert "no mistakes" in good.output
    for name in ("binary.bin", "empty.yaml", "absent.yaml", "."):
        result = baton("check", str(BAD / name))
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)


def test_the_ladder_of_explain_has_the_promised_names() -> None:
    assert {str(action) for action in explain.LADDER} == LADDER
