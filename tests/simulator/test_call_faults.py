"""Faults armed for calls: at the door, in their callbacks, and what a killed simulator still knows of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.client import client_of
from tests.simulator.phone import REP, Voice, conference
from tests.simulator.stand import ACCOUNT, HTTP, LEAD, OWN, SECRETS, Sim, receiving, simulating, wait_until

EVENTS = ["initiated", "ringing", "answered", "completed"]
STATES = ["initiated", "ringing", "in-progress", "completed"]
AUTH = (ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"])


def ask(voice: Voice) -> httpx2.Response:
    """A call without the client, whose patience is shorter than a hang."""
    form = {"To": LEAD, "From": OWN, "Url": voice.url("/twiml")}
    return HTTP.post(f"{voice.sim.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json", data=form, auth=AUTH, timeout=1)


@pytest.mark.parametrize(("kind", "status"), [("429", 429), ("500", 500)])
async def test_a_refused_call_rings_nobody(voice: Voice, kind: str, status: int) -> None:
    voice.sim.post("/sim/faults", {"vendor": "twilio", "kind": kind, "match": "/Calls.json"})
    with pytest.raises(TwilioRestException) as refused:
        await voice.call()
    assert refused.value.status == status
    assert [(each["kind"], each["to"], each["accepted"]) for each in voice.sim.log()] == [("call_leg", LEAD, False)]


def test_a_request_for_a_call_may_hang_and_rings_nobody(voice: Voice) -> None:
    voice.sim.post("/sim/faults", {"vendor": "twilio", "kind": "hang", "seconds": 0.1})
    with pytest.raises(httpx2.TransportError):
        ask(voice)
    assert [(each["kind"], each["accepted"]) for each in voice.sim.log()] == [("call_leg", False)]


@pytest.mark.parametrize("kind", ["drop_after_accept", "500_after_accept"])
async def test_a_call_whose_answer_is_lost_rings_all_the_same_and_can_be_found(voice: Voice, kind: str) -> None:
    voice.person(LEAD)
    voice.page("/twiml", "<Say>Hi</Say>")
    voice.sim.post("/sim/faults", {"vendor": "twilio", "kind": kind})
    if kind == "drop_after_accept":
        with pytest.raises(httpx2.TransportError):
            ask(voice)
    else:
        assert ask(voice).status_code == 500
    voice.sim.settle()
    assert voice.heard(LEAD) == ["Hi"]
    assert [each.status for each in await voice.client.calls.list_async(to=LEAD)] == ["completed"]


async def test_a_participant_whose_answer_is_lost_joins_all_the_same(voice: Voice) -> None:
    voice.person(LEAD, hangs_up_after=0.1)
    voice.sim.post("/sim/faults", {"vendor": "twilio", "kind": "500_after_accept", "match": "/Participants.json"})
    with pytest.raises(TwilioRestException) as refused:
        await voice.client.conferences("touch-7").participants.create_async(to=LEAD, from_=OWN, label="lead")
    assert refused.value.status == 500
    voice.sim.settle()
    assert len(voice.lines("answered", LEAD)) == 1


@pytest.mark.parametrize(
    ("plan", "reported"),
    [
        ("drop", []),
        ("duplicate", [each for each in STATES for _ in range(2)]),
        ("reorder", ["ringing", "initiated", "completed", "in-progress"]),
        ("late", STATES),
        ("early", STATES),
    ],
)
async def test_reports_of_a_call_can_be_lost_doubled_reordered_late_and_early(
    voice: Voice, plan: str, reported: list[str]
) -> None:
    voice.person(LEAD)
    voice.page("/twiml", "<Say>Hi</Say>")
    voice.sim.post("/sim/faults", {"vendor": "twilio", "callbacks": plan, "seconds": 0.3})
    await voice.call(status_callback=voice.url("/status"), status_callback_event=EVENTS)
    at_answer = voice.said("/status", "CallStatus")
    if plan == "early":
        assert at_answer == ["initiated", "ringing"]
    if plan == "late":
        voice.until("answered")
        assert voice.said("/status", "CallStatus") == []
    voice.sim.settle()
    assert voice.said("/status", "CallStatus") == reported
    assert voice.heard(LEAD) == ["Hi"]


@pytest.mark.parametrize(("plan", "joins"), [("drop", 0), ("duplicate", 2)])
async def test_reports_of_a_conference_go_as_those_of_the_call_they_are_about(
    voice: Voice, plan: str, joins: int
) -> None:
    voice.person(REP, hangs_up_after=0.3)
    told = f'statusCallback="{voice.url("/conference")}" statusCallbackEvent="join end"'
    voice.page("/rep", conference("touch-8", "rep", told))
    voice.sim.post("/sim/faults", {"vendor": "twilio", "callbacks": plan})
    await voice.call(REP, url=voice.url("/rep"))
    voice.sim.settle()
    assert voice.said("/conference", "StatusCallbackEvent").count("participant-join") == joins
    assert len(voice.lines("answered", REP)) == 1


async def test_a_report_that_nobody_takes_is_repeated_once_and_holds_nothing_up(voice: Voice) -> None:
    voice.person(LEAD)
    voice.web.status = 500
    await voice.call(twiml="<Response><Say>Hi</Say></Response>", status_callback=voice.url("/status"))
    voice.until("hung_up")
    voice.sim.settle()
    assert len(voice.forms("/status")) == 2


async def test_a_live_call_keeps_the_clock_from_being_moved_on(voice: Voice) -> None:
    voice.person(REP)
    voice.page("/rep", conference("touch-1", "rep"))
    await voice.call(REP, url=voice.url("/rep"))
    voice.until("answered")
    assert voice.sim.get("/sim/next")["real_inflight"] > 0
    voice.sim.post("/sim/hangup", {"phone": REP}, 202)
    voice.sim.settle()


async def test_an_emptied_world_knows_nothing_of_the_calls_before_it(voice: Voice) -> None:
    voice.person(REP, "voicemail", greeting=0)
    told = f'statusCallback="{voice.url("/conference")}" record="record-from-start"'
    voice.page("/rep", "<Say>Hello</Say>", conference("touch-1", "rep", told))
    await voice.call(REP, url=voice.url("/rep"), status_callback=voice.url("/status"))
    wait_until(lambda: _rooms(voice.sim) == 1)
    voice.sim.get("/sim/reset")
    voice.sim.settle()
    assert voice.sim.log() == []
    assert voice.forms("/status") + voice.forms("/conference") == []
    assert await voice.client.calls.list_async() == []
    assert await voice.client.recordings.list_async() == []
    assert _rooms(voice.sim) == 0


def _rooms(sim: Sim) -> int:
    return len(HTTP.get(f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Conferences.json", auth=AUTH).json()["conferences"])


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient() as http:
        yield http


async def test_a_killed_simulator_ends_its_calls_like_an_outage(tmp_path: Path, http: httpx2.AsyncClient) -> None:
    log = tmp_path / "sim.jsonl"
    with receiving() as web:
        with simulating(web.url, log) as sim:
            voice = Voice(sim, web, client_of(sim, http))
            voice.person(REP)
            told = f'statusCallback="{voice.url("/conference")}" record="record-from-start"'
            voice.page("/rep", conference("touch-1", "rep", told))
            status = {"status_callback": voice.url("/status")}
            done = await voice.call(REP, twiml="<Response><Say>Hi</Say></Response>", **status)
            sim.settle()
            talking = await voice.call(REP, url=voice.url("/rep"), **status)
            wait_until(lambda: _rooms(sim) == 1)
            ringing = await voice.call(LEAD, twiml="<Response/>", **status)
            voice.until("call_leg", LEAD)
            before = sim.log()
            sim.process.kill()
            sim.process.wait()
        web.got.clear()
        with simulating(web.url, log) as sim:
            voice = Voice(sim, web, client_of(sim, http))
            sim.settle()
            assert sim.log()[: len(before)] == before
            reports = {form["CallSid"]: form["CallStatus"] for form in voice.forms("/status")}
            assert reports == {talking: "completed", ringing: "failed"}
            assert voice.said("/conference", "StatusCallbackEvent") == ["conference-end"]
            ended = {entry["vendor_id"]: entry["detail"] for entry in sim.log("hung_up")}
            assert ended[ringing] == "failed: an outage, 0.0 s of talk"
            assert (await voice.client.calls(done).fetch_async()).price == "-0.01400"
            assert [each.status for each in await voice.client.recordings.list_async()] == ["completed"]
            assert [each.status for each in await voice.client.conferences.list_async()] == ["completed"]
