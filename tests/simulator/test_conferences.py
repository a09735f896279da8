"""Conferences: who is with whom, what Baton is told, and the traps of Twilio's that a design must not fall into."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from tests.simulator.phone import REP, Voice, conference
from tests.simulator.rooms import MANAGER, events, lead_joins, rep_joins, told
from tests.simulator.stand import LEAD, SECRETS, wait_until

VALIDATOR = RequestValidator(SECRETS["BATON_TWILIO_AUTH_TOKEN"])


async def test_a_rep_and_a_lead_talk_and_whoever_hangs_up_ends_it(voice: Voice) -> None:
    rep = await rep_joins(voice)
    voice.person(LEAD, talks_for=0.3)
    lead = await lead_joins(voice)
    voice.sim.settle()
    assert events(voice) == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert voice.said("/conference", "SequenceNumber") == ["1", "2", "3", "4", "5", "6"]
    assert [(entry["to"], entry["channel"], entry["detail"]) for entry in voice.lines("bridged")] == [
        (REP, "touch-1:1", "rep"),
        (LEAD, "touch-1:1", "lead"),
    ]
    ended = {entry["to"]: entry["detail"] for entry in voice.lines("hung_up")}
    assert ended[LEAD] == "completed: the person hung up, 0.3 s of talk"
    assert ended[REP] == "completed: the conference ended, 0.3 s of talk"
    [left, kept] = voice.forms("/conference", StatusCallbackEvent="participant-leave")
    assert (left["CallSid"], left["ReasonParticipantLeft"], left["ParticipantCallStatus"]) == (
        lead,
        "participant_hung_up",
        "completed",
    )
    assert (kept["CallSid"], kept["ReasonParticipantLeft"]) == (rep, "moderator_ended_conference")
    [end] = voice.forms("/conference", StatusCallbackEvent="conference-end")
    assert (end["ReasonConferenceEnded"], end["CallSidEndingConference"], end["ParticipantLabelEndingConference"]) == (
        "participant-with-end-conference-on-exit-left",
        lead,
        "lead",
    )
    [over] = await voice.client.conferences.list_async(friendly_name="touch-1:1")
    assert (over.status, over.reason_conference_ended, over.call_sid_ending_conference) == (
        "completed",
        "participant-with-end-conference-on-exit-left",
        lead,
    )
    assert await voice.client.conferences(over.sid).participants.list_async() == []


async def test_a_conference_report_is_signed_and_says_who_it_is_about(voice: Voice) -> None:
    rep = await rep_joins(voice, 'startConferenceOnEnter="false"')
    [got] = voice.requests("/conference")
    assert VALIDATOR.validate(got.url, got.form, got.headers["x-twilio-signature"])
    [there] = await voice.client.conferences.list_async(friendly_name="touch-1:1", status="init")
    wanted = {
        "ConferenceSid": there.sid,
        "FriendlyName": "touch-1:1",
        "CallSid": rep,
        "ParticipantLabel": "rep",
        "Muted": "false",
        "Hold": "false",
        "Coaching": "false",
        "StartConferenceOnEnter": "false",
        "EndConferenceOnExit": "false",
    }
    assert {name: got.form[name] for name in wanted} == wanted
    assert got.form["Timestamp"].endswith("+0000")


async def test_a_lead_who_does_not_answer_never_joined(voice: Voice) -> None:
    await rep_joins(voice)
    voice.person(LEAD, "busy")
    lead = await lead_joins(voice, status_callback=voice.url("/lead"), status_callback_event=["initiated completed"])
    left = voice.arrives("/conference", StatusCallbackEvent="participant-leave")
    assert (left["CallSid"], left["ReasonParticipantLeft"], left["ParticipantCallStatus"]) == (
        lead,
        "participant_add_failed",
        "busy",
    )
    voice.arrives("/lead", CallStatus="busy")
    assert voice.said("/lead", "CallStatus") == ["initiated", "busy"]
    assert voice.lines("bridged") == []


async def test_a_lead_who_still_rings_is_rung_no_more_when_the_rep_leaves(voice: Voice) -> None:
    await rep_joins(voice)
    lead = await lead_joins(voice)
    voice.until("call_leg", LEAD)
    voice.sim.post("/sim/hangup", {"phone": REP}, 202)
    voice.sim.settle()
    assert (await voice.client.calls(lead).fetch_async()).status == "canceled"
    assert events(voice)[-1] == "conference-end"


async def test_a_label_in_use_falls_through_to_the_next_verb_after_it_rang(voice: Voice) -> None:
    await rep_joins(voice)
    voice.person(MANAGER)
    voice.page("/second", told(voice), "<Say>You are not needed</Say>")
    await voice.call(MANAGER, url=voice.url("/second"))
    voice.until("heard", MANAGER)
    assert voice.heard(MANAGER) == ["You are not needed"]
    assert [entry["body"][:5] for entry in voice.lines("twiml_error", MANAGER)] == ["16025"]
    assert len(voice.lines("call_leg", MANAGER)) == 1


async def test_nothing_refuses_the_same_rep_twice_in_two_calls(voice: Voice) -> None:
    voice.person(REP)
    voice.page("/rep", "<Say>A lead</Say>")
    for _ in range(2):
        await voice.call(REP, url=voice.url("/rep"))
    voice.sim.settle()
    assert len(voice.lines("call_leg", REP)) == 2


@pytest.mark.parametrize("armed", [None, "rings_first", "refused"])
async def test_a_participant_whose_label_is_taken_is_refused_or_rung_in_vain(voice: Voice, armed: str | None) -> None:
    await rep_joins(voice)
    voice.person(LEAD)
    voice.person(MANAGER)
    await lead_joins(voice)
    voice.until("bridged", LEAD)
    if armed:
        voice.sim.post("/sim/faults", {"vendor": "twilio", "duplicate_label": armed})
    if armed == "refused":
        with pytest.raises(TwilioRestException) as refused:
            await lead_joins(voice, to=MANAGER)
        assert (refused.value.status, refused.value.code) == (400, 16025)
        assert [entry["accepted"] for entry in voice.lines("call_leg", MANAGER)] == [False]
    else:
        await lead_joins(voice, to=MANAGER)
        voice.until("hung_up", MANAGER)
        assert [entry["accepted"] for entry in voice.lines("call_leg", MANAGER)] == [True]
        left = voice.arrives("/conference", StatusCallbackEvent="participant-leave")
        assert left["ReasonParticipantLeft"] == "participant_add_failed"
    assert voice.lines("bridged", MANAGER) == []
    assert voice.sim.get("/sim/faults") == {"faults": []}


@pytest.mark.parametrize("label", ["a/b", "a%2Fb", "x" * 129, "CA" + "0" * 32])
async def test_a_label_that_twilio_does_not_take(voice: Voice, label: str) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await lead_joins(voice, label=label)
    assert refused.value.code == 16023


async def test_a_label_is_free_again_after_its_leg_has_left(voice: Voice) -> None:
    await rep_joins(voice)
    voice.person(LEAD, talks_for=0.05)
    for _ in range(2):
        times = len(voice.lines("hung_up", LEAD)) + 1
        await lead_joins(voice, end_conference_on_exit=False)
        voice.until("hung_up", LEAD, times)
    assert len(voice.lines("bridged", LEAD)) == 2


async def test_the_first_to_join_fixes_the_callback(voice: Voice) -> None:
    await rep_joins(voice)
    voice.person(LEAD, talks_for=0.05)
    other = voice.url("/other")
    await lead_joins(voice, conference_status_callback=other, conference_status_callback_event=["join leave"])
    voice.sim.settle()
    assert voice.requests("/other") == []
    assert "conference-end" in events(voice)


async def test_a_name_is_used_anew_after_its_conference_is_over_but_a_live_one_is_joined(voice: Voice) -> None:
    voice.person(REP, hangs_up_after=0.2)
    voice.person(MANAGER, hangs_up_after=0.2)
    voice.page("/rep", conference("attempt", "rep"))
    voice.page("/manager", conference("attempt", "manager"))
    await voice.call(REP, url=voice.url("/rep"))
    await voice.call(MANAGER, url=voice.url("/manager"))
    voice.sim.settle()
    assert len(await voice.client.conferences.list_async(friendly_name="attempt")) == 1
    await voice.call(REP, url=voice.url("/rep"))
    voice.sim.settle()
    found = await voice.client.conferences.list_async(friendly_name="attempt", status="completed")
    assert len({each.sid for each in found}) == 2
    for gone in (found[0].sid, "CF" + "0" * 32):
        with pytest.raises(TwilioRestException) as missing:
            await lead_joins(voice, name=gone)
        assert missing.value.code == 20404


async def test_twiml_for_a_leg_with_end_conference_on_exit_tears_all_down_unless_it_is_cleared(voice: Voice) -> None:
    rep = await rep_joins(voice, after="<Say>The other side is gone</Say>")
    voice.person(LEAD)
    for clears in (True, False):
        lead = await lead_joins(voice)
        voice.until("bridged", LEAD, times=1 if clears else 2)
        room = voice.client.conferences("touch-1:1")
        if clears:
            await room.participants("lead").update_async(end_conference_on_exit=False)
        await voice.client.calls(lead).update_async(twiml="<Response><Say>We call back</Say></Response>")
        voice.until("hung_up", LEAD, times=1 if clears else 2)
        left = voice.arrives("/conference", StatusCallbackEvent="participant-leave", CallSid=lead)
        assert (left["ReasonParticipantLeft"], left["ParticipantCallStatus"]) == (
            "participant_updated_via_api",
            "in-progress",
        )
        if clears:
            assert "conference-end" not in events(voice)
    voice.sim.settle()
    assert "conference-end" in events(voice)
    assert voice.heard(LEAD) == ["We call back", "We call back"]
    assert voice.heard(REP) == ["The other side is gone"]
    assert (await voice.client.calls(rep).fetch_async()).status == "completed"
    assert "participant-modify" in events(voice)


async def test_a_kicked_participant_hangs_up_and_a_dialled_in_one_goes_on(voice: Voice) -> None:
    await rep_joins(voice, more="", after="<Say>You were sent out</Say>")
    voice.person(LEAD)
    await lead_joins(voice, end_conference_on_exit=False)
    voice.until("bridged", LEAD)
    room = voice.client.conferences("touch-1:1")
    await room.participants("lead").delete_async()
    voice.until("hung_up", LEAD)
    await room.participants("rep").delete_async()
    voice.sim.settle()
    assert voice.heard(REP) == ["You were sent out"]
    [end] = voice.forms("/conference", StatusCallbackEvent="conference-end")
    assert end["ReasonConferenceEnded"] == "last-participant-kicked"
    with pytest.raises(TwilioRestException) as missing:
        await room.participants("rep").fetch_async()
    assert missing.value.code == 20404


async def test_ended_by_rest_all_leave_and_dials_action_is_asked(voice: Voice) -> None:
    voice.person(REP)
    voice.page("/after", "<Say>Thanks</Say>")
    dial = told(voice).replace("<Dial>", f'<Dial action="{voice.url("/after")}">')
    voice.page("/rep", dial)
    await voice.call(REP, url=voice.url("/rep"))
    wait_until(lambda: bool(events(voice)))
    [there] = await voice.client.conferences.list_async(friendly_name="touch-1:1")
    await voice.client.conferences(there.sid).update_async(status="completed")
    voice.sim.settle()
    [asked] = voice.forms("/after")
    assert asked["DialCallStatus"] == "answered"
    assert voice.heard(REP) == ["Thanks"]
    [left] = voice.forms("/conference", StatusCallbackEvent="participant-leave")
    assert left["ReasonParticipantLeft"] == "conference_ended_via_api"
    [end] = voice.forms("/conference", StatusCallbackEvent="conference-end")
    assert end["ReasonConferenceEnded"] == "conference-ended-via-api"


async def test_a_coach_needs_somebody_connected(voice: Voice) -> None:
    rep = await rep_joins(voice)
    voice.person(LEAD)
    voice.person(MANAGER)
    lead = await lead_joins(voice)
    for wrong in ({"call_sid_to_coach": lead}, {"call_sid_to_coach": "CA" + "0" * 32}):
        with pytest.raises(TwilioRestException) as refused:
            await lead_joins(voice, to=MANAGER, label="mgr", coaching=True, **wrong)
        assert refused.value.code == 13240
    await lead_joins(voice, to=MANAGER, label="mgr", call_sid_to_coach=rep, end_conference_on_exit=False)
    voice.until("bridged", MANAGER)
    shown = await voice.client.conferences("touch-1:1").participants("mgr").fetch_async()
    assert (shown.coaching, shown.call_sid_to_coach) == (True, rep)
    joined = voice.arrives("/conference", StatusCallbackEvent="participant-join", ParticipantLabel="mgr")
    assert (joined["Coaching"], joined["CallSidToCoach"]) == ("true", rep)


async def test_a_rep_takes_a_lead_by_a_key_and_only_then_the_lead_is_rung(voice: Voice) -> None:
    voice.person(REP, presses=[{"digits": "1", "after": 0.05}])
    voice.person(LEAD, talks_for=0.2)
    voice.page("/keys", told(voice, 'startConferenceOnEnter="false" endConferenceOnExit="true"'))
    asks = f'<Gather numDigits="1" timeout="1" action="{voice.url("/keys")}"><Say>Dana wants a demo</Say></Gather>'
    voice.page("/rep", asks, "<Hangup/>")
    await voice.call(REP, url=voice.url("/rep"))
    wait_until(lambda: events(voice) == ["participant-join"])
    assert voice.lines("call_leg", LEAD) == []
    await lead_joins(voice, start_conference_on_enter=True, machine_detection="Enable", early_media=True)
    voice.sim.settle()
    seen = [(entry["kind"], entry["to"]) for entry in voice.sim.log()]
    assert seen == [
        ("call_leg", REP),
        ("answered", REP),
        ("heard", REP),
        ("pressed", REP),
        ("call_leg", LEAD),
        ("answered", LEAD),
        ("bridged", REP),
        ("bridged", LEAD),
        ("hung_up", LEAD),
        ("hung_up", REP),
    ]
