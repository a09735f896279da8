"""What is heard in a conference: music, announcements and beeps, and what is recorded of it."""

import pytest

from tests.simulator.phone import REP, Voice, conference
from tests.simulator.rooms import MANAGER, events, lead_joins, rep_joins
from tests.simulator.stand import LEAD, wait_until


async def test_mute_hold_and_modify_are_reported_and_seen(voice: Voice) -> None:
    await rep_joins(voice)
    voice.person(LEAD)
    await lead_joins(voice)
    voice.until("bridged", LEAD)
    music = voice.page("/music", "<Say>One moment</Say>")
    lead = voice.client.conferences("touch-1:1").participants("lead")
    shown = await lead.update_async(muted=True)
    assert (shown.muted, shown.status, shown.label) == (True, "connected", "lead")
    assert (await lead.update_async(hold=True, hold_url=music)).hold
    voice.until("heard", LEAD)
    assert voice.requests("/music")[0].method == "GET"
    await lead.update_async(hold=False)
    await lead.update_async(muted=False)
    room = voice.client.conferences("touch-1:1")
    assert [each.label for each in await room.participants.list_async(muted=True)] == []
    assert [each.label for each in await room.participants.list_async()] == ["lead", "rep"]
    await lead.delete_async()
    voice.sim.settle()
    assert [
        each for each in events(voice) if each.startswith("participant-") and each[12:] not in ("join", "leave")
    ] == [
        "participant-mute",
        "participant-hold",
        "participant-unhold",
        "participant-unmute",
    ]


async def test_an_announcement_is_heard_by_all_or_one_and_asks_for_no_keys(voice: Voice) -> None:
    await rep_joins(voice)
    voice.person(LEAD)
    await lead_joins(voice)
    voice.until("bridged", LEAD)
    voice.page("/all", "<Say>This call is recorded</Say>")
    voice.page("/one", "<Say>Ten minutes</Say>")
    voice.page("/gather", "<Gather><Say>Press one</Say></Gather>")
    [there] = await voice.client.conferences.list_async(friendly_name="touch-1:1")
    room = voice.client.conferences(there.sid)
    await room.update_async(announce_url=voice.url("/all"))
    wait_until(lambda: "announcement-end" in events(voice))
    await room.participants("rep").update_async(announce_url=voice.url("/one"))
    wait_until(lambda: events(voice).count("announcement-end") == 2)
    await room.participants("rep").update_async(announce_url=voice.url("/gather"))
    wait_until(lambda: "announcement-fail" in events(voice))
    assert (voice.heard(REP), voice.heard(LEAD)) == (
        ["This call is recorded", "Ten minutes"],
        ["This call is recorded"],
    )
    [failed] = voice.forms("/conference", StatusCallbackEvent="announcement-fail")
    assert "12200" in failed["ReasonAnnouncementFailed"]


async def test_whoever_waits_hears_the_wait_url_until_it_starts(voice: Voice) -> None:
    music = voice.page("/wait", "<Say>Please hold</Say>")
    await rep_joins(voice, 'startConferenceOnEnter="false"')
    voice.person(MANAGER)
    voice.page("/mgr", conference("touch-1:1", "mgr", f'startConferenceOnEnter="false" waitUrl="{music}"'))
    await voice.call(MANAGER, url=voice.url("/mgr"))
    voice.until("heard", MANAGER, times=2)
    assert "conference-start" not in events(voice)
    voice.person(LEAD, talks_for=0.7)
    await lead_joins(voice)
    voice.until("bridged", MANAGER)
    heard = len(voice.heard(MANAGER))
    voice.sim.settle()
    assert len(voice.heard(MANAGER)) == heard


@pytest.mark.parametrize("music", ["/gather", "/nowhere"])
async def test_wait_music_that_fails_breaks_the_join(voice: Voice, music: str) -> None:
    voice.page("/gather", "<Gather/>")
    voice.page("/nowhere", "<Response>")
    voice.person(REP)
    voice.page("/rep", conference("touch-2", "rep", f'waitUrl="{voice.url(music)}"'), "<Say>Sorry</Say>")
    await voice.call(REP, url=voice.url("/rep"))
    voice.sim.settle()
    assert voice.heard(REP) == ["Sorry"]
    assert len(voice.lines("twiml_error", REP)) == 1


async def test_without_being_told_otherwise_there_are_hold_music_and_a_beep(voice: Voice) -> None:
    voice.person(REP)
    voice.page("/rep", conference("touch-3", "rep", 'endConferenceOnExit="true"'))
    await voice.call(REP, url=voice.url("/rep"))
    voice.until("heard", REP)
    voice.person(LEAD, talks_for=0.05)
    await lead_joins(voice, name="touch-3", beep="true")
    voice.sim.settle()
    assert voice.heard(REP) == ["play:twilio:hold-music", "play:twilio:beep"]
    assert voice.heard(LEAD) == ["play:twilio:beep"]


async def test_keys_in_a_conference_go_into_the_mix_and_nobody_listens(voice: Voice) -> None:
    await rep_joins(voice)
    voice.sim.post("/sim/keys", {"phone": REP, "digits": "1"}, 202)
    [pressed] = voice.lines("pressed", REP)
    assert (pressed["body"], pressed["detail"]) == ("1", "nothing listened")


async def test_a_conference_is_recorded_from_its_first_join_to_its_end(voice: Voice) -> None:
    told_of = f'record="record-from-start" recordingStatusCallback="{voice.url("/recording")}"'
    await rep_joins(voice, told_of)
    voice.person(LEAD, talks_for=0.05)
    await lead_joins(voice)
    voice.sim.settle()
    [form] = voice.forms("/recording")
    [there] = await voice.client.conferences.list_async(friendly_name="touch-1:1")
    assert (form["ConferenceSid"], form["RecordingStatus"], form["RecordingSource"]) == (
        there.sid,
        "completed",
        "Conference",
    )
    [recording] = await voice.client.recordings.list_async(conference_sid=there.sid)
    assert (recording.sid, recording.duration, recording.price) == (form["RecordingSid"], "1", "-0.00250")
