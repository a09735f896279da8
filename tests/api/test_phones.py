"""What the phone network asks and tells of our calls: who hears what, who takes a call, and nonsense that harms nobody
(decision 0024)."""

from datetime import timedelta
from xml.etree import ElementTree

import httpx2
import pytest
from fastapi import FastAPI

from domain.call_facts import CalledOff, LegMoved, Pressed
from domain.calls import Call, Leg, LegEnd, LegState, Party, Press
from domain.decisions import CallPlan
from domain.values import Cue
from tests.api.conftest import after
from tests.api.fakes import LEAD, NOW, FakeServices, signed_twilio
from tests.fakes import facts_of
from tests.policy import cases

ADA = Leg(leg_id="leg-ada", party=Party.REP, rep="ada")
BEN = Leg(leg_id="leg-ben", party=Party.REP, rep="ben")
DANA = Leg(leg_id="leg-dana", party=Party.LEAD)


@pytest.fixture
async def call(services: FakeServices) -> Call:
    """A call that rings Ada and Ben."""
    services.ledger.people[LEAD] = facts_of(LEAD, "demo_request", NOW)
    plan = CallPlan(reps=("ada", "ben"), cue=Cue.PAGE)
    begun = Call(
        call_id="c1",
        tenant="main",
        lead_id=LEAD,
        asked_at=NOW,
        policy_hash=cases.default().hash,
        plan=plan,
        legs=(ADA, BEN, DANA),
    )
    return await services.calls.begin(begun)


async def ask(http: httpx2.AsyncClient, path: str, **form: str) -> httpx2.Response:
    whole = f"/v1/hooks/twilio/{path}"
    body, headers = signed_twilio(whole, {"CallSid": "CA1", "CallStatus": "in-progress", **form})
    return await http.post(whole, content=body, headers=headers)


async def verbs(http: httpx2.AsyncClient, path: str, **form: str) -> list[ElementTree.Element]:
    answer = await ask(http, path, **form)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/xml")
    return list(ElementTree.fromstring(answer.text))


def words(found: list[ElementTree.Element]) -> str:
    return " ".join(each.text or "" for verb in found for each in verb.iter("Say"))


@pytest.mark.usefixtures("call")
async def test_a_rep_hears_who_it_is_and_why_and_is_asked_for_a_key(http: httpx2.AsyncClient) -> None:
    found = await verbs(http, "voice/rep?call=c1&leg=leg-ada")
    assert [verb.tag for verb in found] == ["Gather", "Hangup"]
    assert found[0].get("actionOnEmptyResult") == "true"
    assert "Dana Ortiz" in words(found)
    assert "/pricing" in words(found)


@pytest.mark.usefixtures("call")
async def test_the_first_press_joins_and_the_second_hears_who_was_faster(
    http: httpx2.AsyncClient, services: FakeServices, app: FastAPI
) -> None:
    (dial, _) = await verbs(http, "voice/press?call=c1&leg=leg-ada", Digits="1")
    conference = dial[0]
    assert (conference.text, conference.get("participantLabel")) == ("c1", "leg-ada")
    late = await verbs(http, "voice/press?call=c1&leg=leg-ben", Digits="1")
    assert "Ada Reyes was faster" in words(late)
    assert late[-1].tag == "Hangup"
    await after(app)
    assert [call.taken_by for call in services.dispatch.moves][-1] == "leg-ada"


@pytest.mark.usefixtures("call")
async def test_no_key_is_asked_for_once_more_and_then_hung_up_on(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    again = await verbs(http, "voice/press?call=c1&leg=leg-ada", Digits="")
    assert again[0].tag == "Gather"
    assert "again=1" in (again[0].get("action") or "")
    assert [verb.tag for verb in await verbs(http, "voice/press?call=c1&leg=leg-ada&again=1")] == ["Hangup"]
    assert services.calls.rows["c1"].taken_by is None


@pytest.mark.parametrize(
    ("because", "heard", "last"),
    [("replied", "Press 1 to take the lead", "Hangup"), ("opted_out", "asked not to be contacted", "Hangup")],
)
@pytest.mark.usefixtures("call")
async def test_a_call_that_is_off_connects_nobody(
    http: httpx2.AsyncClient, services: FakeServices, because: str, heard: str, last: str
) -> None:
    await services.calls.change("c1", CalledOff(because=because))
    found = await verbs(http, "voice/rep?call=c1&leg=leg-ada")
    assert heard in words(found)
    assert found[-1].tag == last
    pressed = await verbs(http, "voice/press?call=c1&leg=leg-ada", Digits="1")
    assert "Dial" not in [verb.tag for verb in pressed]


@pytest.mark.usefixtures("call")
async def test_who_was_not_reached_is_said_when_the_conference_is_over(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    took = Pressed(leg_id="leg-ada", takes=True)
    await services.calls.change("c1", took, LegMoved(leg_id="leg-dana", state=LegState.ENDED, end=LegEnd.NO_ANSWER))
    assert "did not answer" in words(await verbs(http, "voice/after?call=c1&leg=leg-ada"))


@pytest.mark.parametrize("path", ["voice/rep", "voice/press", "voice/after", "voice/hold"])
async def test_of_a_call_that_nobody_knows_whoever_listens_is_hung_up_on(http: httpx2.AsyncClient, path: str) -> None:
    found = await verbs(http, f"{path}?call=nobodys&leg=no&what=replied")
    assert [verb.tag for verb in found] in (["Hangup"], [])


@pytest.mark.parametrize("path", ["voice-status", "voice/amd", "voice/conference", "voice/recording"])
async def test_word_of_a_call_that_nobody_knows_is_taken_and_forgotten(
    http: httpx2.AsyncClient, services: FakeServices, path: str
) -> None:
    form = {"StatusCallbackEvent": "participant-join", "RecordingSid": "RE1", "CallStatus": "completed"}
    assert (await ask(http, f"{path}?call=nobodys&leg=no", **form)).status_code == 204
    assert "nobodys" not in services.calls.rows


@pytest.mark.usefixtures("call")
async def test_word_of_a_phone_moves_the_row_and_tells_its_workflow(
    http: httpx2.AsyncClient, services: FakeServices, app: FastAPI
) -> None:
    await ask(http, "voice-status?call=c1&leg=leg-dana", CallStatus="ringing", CallSid="CA9")
    await ask(http, "voice/amd?call=c1&leg=leg-dana", AnsweredBy="machine_end_beep")
    at = {"Timestamp": "Tue, 24 Nov 2026 15:00:10 +0000", "ConferenceSid": "CF1"}
    await ask(http, "voice/conference?call=c1", StatusCallbackEvent="participant-join", CallSid="CA9", **at)
    await ask(http, "voice-status?call=c1&leg=leg-dana", CallStatus="completed", CallSid="CA9", **at)
    leg = services.calls.rows["c1"].leg("leg-dana")
    assert leg is not None
    assert (leg.state, leg.end, leg.answered_by) == (LegState.ENDED, LegEnd.COMPLETED, "machine_end_beep")
    assert leg.joined_at == leg.ended_at == NOW + timedelta(seconds=10)
    await after(app)
    assert len(services.dispatch.moves) == 4


@pytest.mark.parametrize(
    "form",
    [
        {"CallStatus": "in-progress\0"},
        {"CallStatus": "completed", "Timestamp": "yesterday"},
        {"CallStatus": "completed", "Timestamp": "Tue, 99 Nov 2026 99:00:10 +0000"},
        {"CallStatus": "completed", "CallSid": "C" * 5000},
        {"StatusCallbackEvent": "participant-join", "ParticipantLabel": "\u202e" * 900},
        {"StatusCallbackEvent": "conference-end", "Timestamp": ""},
        {"RecordingSid": "RE1", "RecordingDuration": "9" * 400},
        {"RecordingSid": "RE1", "RecordingDuration": "-1"},
        {"AnsweredBy": "human" * 400},
        {"Digits": "1" * 400},
    ],
)
@pytest.mark.parametrize(
    "path", ["voice-status?call=c1&leg=leg-ada", "voice/conference?call=c1", "voice/recording?call=c1",
             "voice/amd?call=c1&leg=leg-ada", "voice/press?call=c1&leg=leg-ada"],
)  # fmt: skip
@pytest.mark.usefixtures("call")
async def test_nonsense_in_a_signed_form_breaks_nothing(
    http: httpx2.AsyncClient, services: FakeServices, path: str, form: dict[str, str]
) -> None:
    assert (await ask(http, path, **form)).status_code in (200, 204)
    call = services.calls.rows["c1"]
    assert call.taken_by is None
    assert all(len(leg.vendor_id or "") <= 64 and len(leg.answered_by or "") <= 32 for leg in call.legs)
    assert [leg.press for leg in call.legs if leg.press is not None] in ([], [Press.PASSED])


@pytest.mark.parametrize(
    "query", ["", "call=c1", "leg=l1", "call=a/b&leg=l", f"call={'c' * 200}&leg=l", "call=%00&leg=l"]
)
async def test_a_question_without_a_proper_id_is_refused(http: httpx2.AsyncClient, query: str) -> None:
    assert (await ask(http, f"voice/rep?{query}")).status_code == 422


@pytest.mark.usefixtures("call")
async def test_words_of_strangers_are_only_ever_said(http: httpx2.AsyncClient, services: FakeServices) -> None:
    services.ledger.name = "</Say><Dial>+19005550100</Dial><Say>"
    services.ledger.referrer = "{{ 7*7 }} & <Hangup/>"
    found = await verbs(http, "voice/rep?call=c1&leg=leg-ada")
    assert [verb.tag for verb in found] == ["Gather", "Hangup"]
    assert {each.tag for each in found[0]} == {"Say"}
    assert "</Say><Dial>" in words(found)
