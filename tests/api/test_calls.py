"""Calls over HTTP and by the command: listed, shown, ordered about; what the phone network tells of recordings."""

import httpx2
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from domain.call_facts import Announced, Joined
from domain.call_orders import CallControl
from domain.decisions import CallPlan
from domain.errors import Refused
from runtime.cli.main import app as command
from runtime.gateway import Ended
from tests.api.conftest import after
from tests.api.fakes import API_KEY, CALL, LEAD, NOW, FakeServices, signed_twilio
from tests.fake_phones import recording_of
from tests.runtime.served import reached

PATH = f"/v1/calls/{CALL.call_id}"
RECORDING = "RE" + "0a" * 16


def keyed(key: str = "k1") -> dict[str, str]:
    return {"authorization": f"Bearer {API_KEY}", "idempotency-key": key}


async def told(http: httpx2.AsyncClient, path: str, form: dict[str, str]) -> int:
    body, headers = signed_twilio(path, form)
    return (await http.post(path, content=body, headers=headers)).status_code


async def test_calls_are_listed_and_those_that_are_over_only_when_asked_for(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    live = (await http.get("/v1/calls?live=true", headers=keyed())).json()["calls"]
    assert [(call["call_id"], call["lead_id"], call["stands"]) for call in live] == [(CALL.call_id, LEAD, "rings")]
    assert [(leg["rep"], leg["stands"]) for leg in live[0]["legs"]] == [("ada", "answered")]
    services.calls.ended.append(CALL.call_id)
    assert (await http.get("/v1/calls?live=true", headers=keyed())).json()["calls"] == []
    assert (await http.get("/v1/calls", headers=keyed())).json()["calls"][0]["stands"] == "over"
    assert (await http.get("/v1/calls/nobodys", headers=keyed())).status_code == 404


async def test_an_order_reaches_the_call_and_its_words_stay_in_the_database(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    asked = {"by": "ada", "to": "ben", "why": "Dana wants the enterprise price"}
    answer = await http.post(f"{PATH}/transfer", json=asked, headers=keyed())
    assert (answer.status_code, answer.json()) == (200, {"call_id": CALL.call_id, "said": "Done."})
    ((call_id, what, order, key),) = services.gateway.updates
    assert (call_id, what, key) == (CALL.call_id, "transfer", "http:k1")
    assert isinstance(order, CallControl)
    assert (order.by, order.rings) == ("ada", "ben")
    assert "Dana" not in order.model_dump_json()
    assert list(services.calls.notes.items()) == [((CALL.call_id, order.note_id), asked["why"])]


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("transfer", {"by": "ada", "to": "nobody"}, 422),
        ("hold", {}, 422),
        ("hold", {"by": "Ada Lovelace +1 512 555 0100"}, 422),
        ("blend", {"by": "ada"}, 404),
    ],
)
async def test_orders_that_make_no_sense_go_nowhere(
    http: httpx2.AsyncClient, services: FakeServices, what: str, body: dict[str, str], status: int
) -> None:
    assert (await http.post(f"{PATH}/{what}", json=body, headers=keyed())).status_code == status
    assert services.gateway.updates == []


@pytest.mark.parametrize("trouble", [Ended("gone"), Refused("Nobody talks in this call now.")])
async def test_a_call_that_is_over_or_says_no_is_a_conflict(
    http: httpx2.AsyncClient, services: FakeServices, trouble: Refused | Ended
) -> None:
    services.gateway.trouble = trouble
    answer = await http.post(f"{PATH}/hold", json={"by": "ada"}, headers=keyed())
    assert answer.status_code == 409
    assert answer.json()["detail"] in ("The call is over.", "Nobody talks in this call now.")


def recorded(services: FakeServices, announced: bool = True) -> None:
    call = CALL.model_copy(update={"plan": CallPlan(reps=("ada",), record=True)})
    services.calls.rows[CALL.call_id] = call.model_copy(update={"announced": announced})


async def test_a_recording_that_comes_late_is_told_to_the_lead_once_and_linked_by_our_own_address(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    recorded(services)
    services.calls.ended.append(CALL.call_id)
    form = {"RecordingSid": RECORDING, "RecordingStatus": "completed", "RecordingDuration": "75"}
    form |= {"RecordingUrl": "https://evil.example.com/listen"}
    for _ in range(2):
        assert await told(http, f"/v1/hooks/twilio/voice/recording?call={CALL.call_id}", form) == 204
        await after(app)
    ((lead_id, ref),) = services.dispatch.told
    assert (lead_id, ref.kind, ref.source) == (LEAD, "recording", CALL.call_id)
    shown = (await http.get(PATH, headers=keyed())).json()
    assert shown["recording"] == recording_of(RECORDING)


@pytest.mark.parametrize("sid", ["", "RE1", "RE../../Calls/CA1", "CA" + "0a" * 16, RECORDING + "\n"])
async def test_what_is_no_recordings_id_is_none(http: httpx2.AsyncClient, services: FakeServices, sid: str) -> None:
    form = {"RecordingSid": sid, "RecordingStatus": "completed"}
    assert await told(http, f"/v1/hooks/twilio/voice/recording?call={CALL.call_id}", form) == 204
    assert services.calls.rows[CALL.call_id].recording is None


async def test_a_recording_nobody_was_told_of_is_not_shown(http: httpx2.AsyncClient, services: FakeServices) -> None:
    recorded(services, announced=False)
    form = {"RecordingSid": RECORDING, "RecordingStatus": "completed"}
    await told(http, f"/v1/hooks/twilio/voice/recording?call={CALL.call_id}", form)
    assert (await http.get(PATH, headers=keyed())).json()["recording"] is None
    await services.calls.change(CALL.call_id, Announced())
    assert (await http.get(PATH, headers=keyed())).json()["recording"] == recording_of(RECORDING)


async def test_who_is_on_hold_is_seen_whichever_word_comes_last(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    await services.calls.change(CALL.call_id, Joined(leg_id="leg-ada", at=NOW, room="CF1"))
    path = f"/v1/hooks/twilio/voice/conference?call={CALL.call_id}"
    late = {"Timestamp": "Tue, 24 Nov 2026 15:00:09 +0000", "StatusCallbackEvent": "participant-unhold"}
    early = {"Timestamp": "Tue, 24 Nov 2026 15:00:05 +0000", "StatusCallbackEvent": "participant-hold"}
    for form, held in ((early, True), (late, False), (early, False)):
        assert await told(http, path, {**form, "ParticipantLabel": "leg-ada", "ConferenceSid": "CF1"}) == 204
        leg = services.calls.rows[CALL.call_id].leg("leg-ada")
        assert leg is not None
        assert leg.held is held


def test_the_command_lists_shows_and_orders(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    with reached(services, monkeypatch):
        listed = CliRunner().invoke(command, ["call", "list"])
        shown = CliRunner().invoke(command, ["call", "show", CALL.call_id])
        asked = CliRunner().invoke(command, ["call", "coach", CALL.call_id, "--by", "kim", "--to", "ben"])
        ended = CliRunner().invoke(command, ["call", "hang-up", CALL.call_id, "--by", "kim"])
    assert (listed.exit_code, CALL.call_id in listed.output, "ada answered" in listed.output) == (0, True, True)
    assert f"call {CALL.call_id}" in shown.output
    assert (asked.output, ended.output) == ("Done.\n", "Done.\n")
    ordered = [(what, order.rings) for _, what, order, _ in services.gateway.updates if isinstance(order, CallControl)]
    assert ordered == [("coach", "ben"), ("hang_up", None)]
