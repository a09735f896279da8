"""The simulator's answers about calls, conferences, participants, recordings and numbers against Twilio's own API
descriptions."""

from typing import Any

import httpx2
import pytest

from tests.simulator.phone import REP, Voice, conference
from tests.simulator.stand import ACCOUNT, HTTP, LEAD, OWN, SECRETS, wait_until
from tests.simulator.test_contracts import contract, faults, pytestmark

__all__ = ["pytestmark"]  # skips this module too where the descriptions aren't
AUTH = (ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"])


@pytest.fixture(scope="module")
def twilio() -> Any:
    return contract("twilio_api_v2010.json")


def get(voice: Voice, path: str, **query: str) -> httpx2.Response:
    return HTTP.get(f"{voice.sim.url}/2010-04-01/Accounts/{ACCOUNT}/{path}.json", params=query, auth=AUTH)


def post(voice: Voice, path: str, **form: str | list[str]) -> httpx2.Response:
    return HTTP.post(f"{voice.sim.url}/2010-04-01/Accounts/{ACCOUNT}/{path}.json", data=form, auth=AUTH)


def described(twilio: Any, answers: list[httpx2.Response]) -> None:
    assert {str(each.request.url): each.status_code for each in answers if each.status_code >= 300} == {}
    assert {f"{each.request.method} {each.request.url}": faults(twilio, each) for each in answers} == {
        f"{each.request.method} {each.request.url}": [] for each in answers
    }


def test_calls_are_as_described_in_every_state(voice: Voice, twilio: Any) -> None:
    voice.person(REP)
    voice.page("/twiml", "<Pause length='30'/>")
    asked: dict[str, str | list[str]] = {
        "To": REP,
        "From": OWN,
        "Url": voice.url("/twiml"),
        "StatusCallback": voice.url("/status"),
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": "20",
        "MachineDetection": "Enable",
        "AsyncAmd": "true",
        "AsyncAmdStatusCallback": voice.url("/amd"),
        "Record": "true",
        "RecordingChannels": "dual",
        "RecordingStatusCallback": voice.url("/recording"),
    }
    created = post(voice, "Calls", **asked)
    sid = created.json()["sid"]
    ringing = get(voice, f"Calls/{sid}")
    voice.until("answered", REP)
    answers = [created, ringing, get(voice, f"Calls/{sid}"), get(voice, "Calls", To=REP, Status="in-progress")]
    answers += [post(voice, f"Calls/{sid}", Status="completed")]
    voice.sim.settle()
    answers += [get(voice, f"Calls/{sid}"), get(voice, "Calls", PageSize="1", **{"StartTime>": "2020-01-01T00:00:00Z"})]
    answers += [get(voice, "Recordings", CallSid=sid)]
    answers += [get(voice, f"Recordings/{answers[-1].json()['recordings'][0]['sid']}")]
    described(twilio, answers)
    # Not held to its description, which has the price as a number where its own example has a string.
    of_call = get(voice, f"Calls/{sid}/Recordings").json()["recordings"]
    assert of_call == get(voice, "Recordings").json()["recordings"]
    assert answers[5].json()["answered_by"] == "human"
    assert voice.said("/recording", "RecordingChannels") == ["2"]
    broken = {**created.json(), "sid": "CA1", "status": "initiated"}
    assert faults(twilio, httpx2.Response(201, json=broken, request=created.request)), "the check can fail"


def test_conferences_and_participants_are_as_described(voice: Voice, twilio: Any) -> None:
    voice.person(REP)
    voice.person(LEAD)
    voice.page("/rep", conference("touch-1:1", "rep", 'record="record-from-start"'))
    post(voice, "Calls", To=REP, From=OWN, Url=voice.url("/rep"))
    wait_until(lambda: bool(get(voice, "Conferences").json()["conferences"]))
    sid = get(voice, "Conferences", FriendlyName="touch-1:1").json()["conferences"][0]["sid"]
    asked: dict[str, str | list[str]] = {
        "To": LEAD,
        "From": OWN,
        "Label": "lead",
        "Timeout": "20",
        "Beep": "false",
        "EarlyMedia": "true",
        "StartConferenceOnEnter": "true",
        "EndConferenceOnExit": "true",
        "WaitUrl": "",
        "ConferenceStatusCallback": voice.url("/conference"),
        "ConferenceStatusCallbackEvent": ["start", "end", "join", "leave"],
        "MachineDetection": "DetectMessageEnd",
        "AmdStatusCallback": voice.url("/amd"),
        "CallReason": "You asked us to call",
    }
    created = post(voice, f"Conferences/{sid}/Participants", **asked)
    waiting = get(voice, f"Conferences/{sid}/Participants")
    voice.until("bridged", LEAD)
    place = f"Conferences/{sid}/Participants"
    answers = [created, waiting, get(voice, f"Conferences/{sid}"), get(voice, place, Muted="false", PageSize="1")]
    answers += [get(voice, f"{place}/lead"), get(voice, f"{place}/{created.json()['call_sid']}")]
    answers += [post(voice, f"{place}/lead", Muted="true", EndConferenceOnExit="false")]
    answers += [post(voice, f"Conferences/{sid}", Status="completed")]
    voice.sim.settle()
    answers += [get(voice, f"Conferences/{sid}"), get(voice, "Conferences", Status="completed"), get(voice, place)]
    answers += [get(voice, f"Conferences/{sid}/Recordings")]
    described(twilio, answers)
    assert {each["status"] for each in waiting.json()["participants"]} <= {"queued", "ringing", "connected"}
    assert answers[-2].json()["participants"] == []
    broken = {**created.json(), "status": "initiated"}
    assert faults(twilio, httpx2.Response(201, json=broken, request=created.request)), "the check can fail"


def test_lookups_are_as_described(voice: Voice) -> None:
    lookups = contract("twilio_lookups_v2.json")
    answers = [
        HTTP.get(f"{voice.sim.url}/v2/PhoneNumbers/{number}", params=query, auth=AUTH)
        for number, query in (
            (LEAD, {"Fields": "line_type_intelligence"}),
            (LEAD, {}),
            ("5125550142", {}),
            ("+1555", {}),
        )
    ]
    # The description forbids the nulls that its own examples show.
    found = [[each for each in faults(lookups, answer) if ": None " not in each] for answer in answers]
    assert found == [[], [], [], []]
    assert answers[0].json()["line_type_intelligence"]["type"] == "mobile"
    assert answers[2].json()["phone_number"] == LEAD
