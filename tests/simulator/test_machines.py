"""Answering machines: who is taken for one, what is heard of a message, and what is left."""

from typing import Any

import pytest

from tests.simulator.phone import REP, Voice, conference
from tests.simulator.stand import LEAD, OWN, wait_until

CALLBACK = ("MachineDetectionDuration", "AnsweredBy", "CallSid", "AccountSid")


@pytest.mark.parametrize(
    ("line", "mode", "answered_by"),
    [
        ("answers", "Enable", "human"),
        ("voicemail", "Enable", "machine_start"),
        ("voicemail", "DetectMessageEnd", "machine_end_beep"),
    ],
)
async def test_the_twiml_waits_for_the_detection(voice: Voice, line: str, mode: str, answered_by: str) -> None:
    voice.person(LEAD, line, greeting=0.3)
    voice.page("/twiml", "<Say>Hi</Say>")
    sid = await voice.call(machine_detection=mode)
    voice.sim.settle()
    assert voice.said("/twiml", "AnsweredBy") == [answered_by]
    assert (await voice.client.calls(sid).fetch_async()).answered_by == answered_by


async def test_the_detection_beside_the_call_holds_nothing_up(voice: Voice) -> None:
    voice.person(LEAD, "voicemail", greeting=0.3, hangs_up_after=0.6)
    voice.page("/twiml", "<Pause length='5'/>")
    sid = await voice.call(
        machine_detection="DetectMessageEnd", async_amd="true", async_amd_status_callback=voice.url("/amd")
    )
    voice.sim.settle()
    [form] = voice.forms("/amd")
    assert set(CALLBACK) <= set(form)
    assert (form["CallSid"], form["AnsweredBy"]) == (sid, "machine_end_beep")
    assert 250 <= int(form["MachineDetectionDuration"]) <= 600
    assert "AnsweredBy" not in voice.forms("/twiml")[0]


async def test_what_is_said_over_the_greeting_is_not_heard_and_after_the_beep_is_left(voice: Voice) -> None:
    voice.person(LEAD, "voicemail", greeting=0.15)
    voice.page(
        "/twiml", "<Say>Too early</Say>", "<Pause length='1'/>", "<Say>Please call us</Say>", "<Play>/a.mp3</Play>"
    )
    await voice.call()
    voice.sim.settle()
    assert voice.heard(LEAD) == []
    assert [(entry["body"], entry["delivered"]) for entry in voice.lines("unheard", LEAD)] == [("Too early", False)]
    assert [entry["body"] for entry in voice.lines("voicemail_left", LEAD)] == [
        f"Please call us play:{voice.url('/a.mp3')}"
    ]
    assert [entry["delivered"] for entry in voice.lines("answered", LEAD)] == [False]


async def test_a_message_cut_short_is_left_in_part(voice: Voice) -> None:
    voice.person(LEAD, "voicemail", greeting=0, hangs_up_after=0.4)
    await voice.call(twiml=f"<Response><Say>{' '.join(map(str, range(40)))}</Say></Response>")
    voice.sim.settle()
    [left] = voice.lines("voicemail_left", LEAD)
    assert left["body"].startswith("0 1 2")
    assert not left["body"].endswith("39")


async def test_a_message_is_dropped_on_the_machine_of_a_lead_in_a_conference(voice: Voice) -> None:
    voice.person(REP)
    voice.page("/rep", conference("touch-9:1", "rep", 'endConferenceOnExit="true"'))
    await voice.call(REP, url=voice.url("/rep"))
    voice.until("answered", REP)
    voice.person(LEAD, "voicemail", greeting=0.2)
    wanted: dict[str, Any] = {"machine_detection": "DetectMessageEnd", "amd_status_callback": voice.url("/amd")}
    lead = await voice.client.conferences("touch-9:1").participants.create_async(
        to=LEAD, from_=OWN, label="lead", end_conference_on_exit=False, early_media=True, **wanted
    )
    wait_until(lambda: voice.said("/amd", "AnsweredBy") == ["machine_end_beep"])
    await voice.client.calls(lead.call_sid).update_async(twiml="<Response><Say>Sorry we missed you</Say></Response>")
    voice.until("voicemail_left", LEAD)
    assert [entry["body"] for entry in voice.lines("voicemail_left")] == ["Sorry we missed you"]
    assert [entry["delivered"] for entry in voice.lines("bridged", LEAD)] == [False]
    assert (await voice.client.conferences.list_async(friendly_name="touch-9:1"))[0].status == "in-progress"
