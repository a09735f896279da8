"""What passes for time while people talk: at a pace, a talk of minutes takes seconds, and only the talk."""

import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from tests.simulator.client import client_of
from tests.simulator.phone import REP, Voice
from tests.simulator.rooms import events, lead_joins, rep_joins
from tests.simulator.stand import LEAD, Receiver, Sim, receiving, simulating, wait_until

PACE = 60
TALK = 1.0
"""Real seconds."""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Sim, Receiver]]:
    monkeypatch.setenv("BATON_SIM_CALL_PACE", str(PACE))
    with receiving() as web, simulating(web.url) as sim:
        yield sim, web


async def test_a_minute_of_talk_takes_a_second_in_all_that_the_vendor_reports(quick: tuple[Sim, Receiver]) -> None:
    async with httpx2.AsyncClient() as http:
        voice = Voice(*quick, client_of(quick[0], http))
        recorded = f'record="record-from-start" recordingStatusCallback="{voice.url("/tape")}"'
        rep = await rep_joins(voice, f'endConferenceOnExit="true" {recorded}')
        voice.person(LEAD, rings_for=0.02, talks_for=TALK)
        begun = time.monotonic()
        lead = await lead_joins(voice)
        wait_until(lambda: "conference-end" in events(voice))
        assert time.monotonic() - begun < TALK * PACE / 4
        voice.sim.settle()
        told = [parsedate_to_datetime(form["Timestamp"]) for form in voice.forms("/conference")]
        calls = [await voice.client.calls(sid).fetch_async() for sid in (rep, lead)]
    assert told == sorted(told)
    assert timedelta(seconds=55) < told[-1] - told[0] < timedelta(seconds=120)
    for call in calls:
        assert 55 < int(call.duration) < 120
        assert call.end_time - call.start_time > timedelta(seconds=55)
        assert float(call.price) == pytest.approx(-0.014 * (1 if int(call.duration) <= 60 else 2))
    [tape] = voice.forms("/tape")
    assert 55 < int(tape["RecordingDuration"]) < 120
    [person] = voice.lines("hung_up", LEAD)
    assert 55 < float(person["detail"].split(", ")[1].split(" ")[0]) < 120


async def test_what_is_no_talk_keeps_its_own_time(quick: tuple[Sim, Receiver]) -> None:
    async with httpx2.AsyncClient() as http:
        voice = Voice(*quick, client_of(quick[0], http))
        voice.person(REP, hangs_up_after=0.5)
        voice.page("/twiml", "<Say>Hello</Say>", "<Pause length='30'/>")
        sid = await voice.call(REP)
        voice.sim.settle()
        call = await voice.client.calls(sid).fetch_async()
    assert int(call.duration) <= 2
    assert voice.lines("hung_up")[0]["detail"] == "completed: the person hung up, 0.0 s of talk"
