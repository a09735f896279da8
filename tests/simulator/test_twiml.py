"""What the network does with Baton's TwiML: keys, whispers, bridges, recordings, and what it can't make sense of."""

import pytest

from simulator.twiml import parse
from simulator.twiml_attributes import TwimlError
from simulator.twiml_verbs import Conference, Dial, Gather, Say
from tests.simulator.phone import NOW, REP, Voice
from tests.simulator.stand import LEAD, OWN, wait_until

SECOND = "+15125550188"
SORRY = "We are sorry, an application error has occurred. Goodbye."


def ask(voice: Voice, more: str = 'numDigits="1"') -> str:
    return f'<Gather action="{voice.url("/keys")}" timeout="1" {more}><Say>A lead. Press one.</Say></Gather>'


async def test_a_rep_who_presses_one_is_asked_no_more(voice: Voice) -> None:
    voice.person(REP, presses=[{"digits": "1", "after": 0.05}])
    voice.page("/rep", ask(voice), "<Say>Nobody pressed</Say>")
    voice.page("/keys", "<Say>Connecting</Say>")
    sid = await voice.call(REP, url=voice.url("/rep"))
    voice.sim.settle()
    [form] = voice.forms("/keys")
    assert (form["Digits"], form["CallSid"], form["CallStatus"]) == ("1", sid, "in-progress")
    assert voice.heard(REP) == ["A lead. Press one.", "Connecting"]
    assert [entry["body"] for entry in voice.lines("pressed", REP)] == ["1"]


async def test_one_press_is_spent_for_each_gather_and_then_none_is_left(voice: Voice) -> None:
    voice.person(REP, presses=[{"digits": "12#", "after": 0.02}, {"digits": "9", "after": 0}])
    voice.page("/rep", ask(voice, more='numDigits="9"'))
    voice.page("/keys", '<Gather timeout="0" numDigits="1"/>', "<Say>Never</Say>")
    await voice.call(REP, url=voice.url("/rep"))
    wait_until(lambda: len(voice.forms("/keys")) == 2)
    assert voice.said("/keys", "Digits") == ["12", "9"]
    voice.sim.settle()
    assert [entry["body"] for entry in voice.lines("pressed")] == ["12#", "9"]
    assert voice.heard(REP)[-1] == "Never"


async def test_nothing_pressed_goes_on_or_asks_the_action(voice: Voice) -> None:
    voice.person(REP)
    for more, path in (("", "/next"), ('actionOnEmptyResult="true"', "/keys")):
        quick = f'<Gather timeout="0" action="{voice.url("/keys")}" {more}/>'
        voice.page("/rep", quick, f"<Redirect>{voice.url('/next')}</Redirect>")
        await voice.call(REP, url=voice.url("/rep"))
        voice.sim.settle()
        assert len(voice.requests(path)) == 1
    assert voice.said("/keys", "Digits") == [""]


async def test_keys_are_pressed_when_a_test_says_so(voice: Voice) -> None:
    voice.person(REP)
    voice.page("/rep", ask(voice, more='numDigits="2" finishOnKey=""'))
    await voice.call(REP, url=voice.url("/rep"))
    voice.until("heard", REP)
    voice.sim.post("/sim/keys", {"phone": REP, "digits": "#1"}, 202)
    voice.sim.settle()
    assert voice.said("/keys", "Digits") == ["#1"]
    voice.sim.post("/sim/keys", {"phone": REP, "digits": "1"}, 404)


async def test_all_numbers_ring_at_once_and_the_first_to_answer_wins(voice: Voice) -> None:
    voice.person(LEAD)
    voice.person(REP, rings_for=0.1, talks_for=0.2)
    voice.person(SECOND, rings_for=0.5)
    numbers = f'<Number statusCallback="{voice.url("/leg")}">{REP}</Number><Number>{SECOND}</Number>'
    voice.page("/twiml", f'<Dial action="{voice.url("/after")}">{numbers}</Dial>')
    parent = await voice.call()
    voice.sim.settle()
    [form] = voice.forms("/after")
    children = await voice.client.calls.list_async(parent_call_sid=parent)
    assert {each.to: each.status for each in children} == {REP: "completed", SECOND: "canceled"}
    assert {each.direction for each in children} == {"outbound-dial"}
    [winner] = [each.sid for each in children if each.to == REP]
    assert (form["DialCallStatus"], form["DialCallSid"], form["DialBridged"]) == ("completed", winner, "true")
    assert int(form["DialCallDuration"]) == 1
    assert {(entry["to"], entry["detail"]) for entry in voice.lines("bridged")} == {(LEAD, REP), (REP, LEAD)}
    [leg] = voice.forms("/leg")
    assert (leg["ParentCallSid"], leg["CallStatus"]) == (parent, "completed")


async def test_a_whisper_is_for_the_one_who_answers_and_whoever_declines_is_not_connected(voice: Voice) -> None:
    voice.person(LEAD)
    voice.person(REP, presses=[{"digits": "2", "after": 0.02}])
    voice.person(SECOND, rings_for=0.2, presses=[{"digits": "1", "after": 0.02}], talks_for=0.1)
    whisper = f'<Gather numDigits="1" timeout="1" action="{voice.url("/pressed")}"><Say>Take it?</Say></Gather>'
    voice.page("/whisper", whisper, "<Hangup/>")
    voice.page("/pressed")
    numbers = "".join(f'<Number url="{voice.url("/whisper")}">{each}</Number>' for each in (REP, SECOND))
    voice.page("/twiml", f"<Dial>{numbers}</Dial>")
    voice.web.pages["/pressed"] = "<Response><Hangup/></Response>"
    sid = await voice.call()
    voice.until("hung_up", REP)
    voice.page("/pressed")
    voice.sim.settle()
    assert [entry["to"] for entry in voice.lines("bridged")] == [LEAD, SECOND]
    assert voice.heard(LEAD) == []
    assert voice.heard(REP) == voice.heard(SECOND) == ["Take it?"]
    assert {form["ParentCallSid"] for form in voice.forms("/whisper")} == {sid}


@pytest.mark.parametrize(("line", "status"), [("busy", "busy"), ("no_answer", "no-answer"), ("unreachable", "failed")])
async def test_a_dial_that_reaches_nobody_says_why(voice: Voice, line: str, status: str) -> None:
    voice.person(LEAD)
    voice.person(REP, line)
    voice.page("/twiml", f'<Dial timeout="0" action="{voice.url("/after")}">{REP}</Dial>')
    await voice.call()
    voice.sim.settle()
    assert voice.said("/after", "DialCallStatus") == [status]
    assert voice.said("/after", "DialBridged") == ["false"]


async def test_a_star_ends_the_dialled_call_and_a_caller_who_hangs_up_ends_both(voice: Voice) -> None:
    voice.person(LEAD)
    voice.person(REP)
    voice.page("/after", "<Say>Rate us</Say>")
    voice.page("/twiml", f'<Dial hangupOnStar="true" action="{voice.url("/after")}">{REP}</Dial>')
    await voice.call()
    voice.until("bridged", REP)
    voice.sim.post("/sim/keys", {"phone": LEAD, "digits": "*"}, 202)
    voice.sim.settle()
    assert voice.heard(LEAD) == ["Rate us"]
    await voice.call()
    voice.until("bridged", REP, times=2)
    voice.sim.post("/sim/hangup", {"phone": LEAD}, 202)
    voice.sim.settle()
    assert [form["CallStatus"] for form in voice.forms("/after")] == ["in-progress", "completed"]
    assert voice.heard(LEAD) == ["Rate us"]


async def test_a_dial_is_recorded_in_two_channels(voice: Voice) -> None:
    voice.person(LEAD)
    voice.person(REP, talks_for=0.05)
    told = f'record="record-from-answer-dual" recordingStatusCallback="{voice.url("/recording")}"'
    voice.page("/twiml", f'<Dial {told} action="{voice.url("/after")}">{REP}</Dial>')
    sid = await voice.call()
    voice.sim.settle()
    [form] = voice.forms("/recording")
    assert (form["CallSid"], form["RecordingChannels"], form["RecordingSource"]) == (sid, "2", "DialVerb")
    assert voice.said("/after", "RecordingUrl") == [form["RecordingUrl"]]


async def test_a_voicemail_for_us_is_recorded_written_down_and_the_caller_hangs_up(voice: Voice) -> None:
    asks = f'transcribe="true" transcribeCallback="{voice.url("/written")}"'
    told = f'recordingStatusCallback="{voice.url("/recording")}"'
    voice.page("/v1/hooks/twilio/voice", f'<Record action="{voice.url("/done")}" {asks} {told}/>', "<Say>Empty</Say>")
    sid = voice.sim.post(
        "/sim/inbound", {"from": LEAD, "call": True, "says": "Please call me back", "hangs_up_after": 0.3}, 202
    )["sid"]
    voice.sim.settle()
    [done], [written], [told_of] = voice.forms("/done"), voice.forms("/written"), voice.forms("/recording")
    assert (done["CallSid"], done["Digits"], done["RecordingDuration"]) == (sid, "hangup", "1")
    assert (written["TranscriptionText"], written["TranscriptionStatus"]) == ("Please call me back", "completed")
    assert written["TranscriptionSid"].startswith("TR")
    assert (written["RecordingSid"], written["From"], written["To"]) == (done["RecordingSid"], LEAD, OWN)
    assert (told_of["RecordingStatus"], told_of["RecordingUrl"]) == ("completed", done["RecordingUrl"])
    [entry] = voice.lines("recorded", LEAD)
    assert (entry["body"], entry["vendor_id"]) == ("Please call me back", done["RecordingSid"])
    assert await voice.client.recordings(done["RecordingSid"]).delete_async()
    assert await voice.client.recordings.list_async() == []


async def test_a_recording_ends_with_silence_or_a_key_and_an_empty_one_goes_on(voice: Voice) -> None:
    voice.page("/twiml", f'<Record timeout="0" action="{voice.url("/done")}"/>', "<Say>Nothing was said</Say>")
    voice.page("/done")
    voice.person(LEAD, says="Hello there")
    await voice.call()
    voice.sim.settle()
    assert voice.said("/done", "Digits") == [""]
    voice.person(LEAD)
    await voice.call()
    voice.sim.settle()
    assert voice.heard(LEAD) == ["Nothing was said"]
    assert len(voice.forms("/done")) == 1


async def test_who_calls_in_is_answered_by_the_first_verb_and_reported_at_the_end(voice: Voice) -> None:
    voice.page("/v1/hooks/twilio/voice", "<Say>Hello</Say>")
    sid = voice.sim.post("/sim/inbound", {"from": LEAD, "call": True}, 202)["sid"]
    voice.sim.settle()
    [asked], [over] = voice.forms("/v1/hooks/twilio/voice"), voice.forms("/v1/hooks/twilio/voice-status")
    assert (asked["CallStatus"], asked["Direction"], asked["From"], asked["To"]) == ("ringing", "inbound", LEAD, OWN)
    assert (over["CallSid"], over["CallStatus"]) == (sid, "completed")
    assert [(entry["to"], entry["from"]) for entry in voice.lines("inbound_call")] == [(OWN, LEAD)]
    assert voice.heard(LEAD) == ["Hello"]
    call = await voice.client.calls(sid).fetch_async()
    assert (call.price, call.direction) == ("-0.0085", "inbound")


@pytest.mark.parametrize(("verb", "status"), [("<Reject/>", "no-answer"), ('<Reject reason="busy"/>', "busy")])
async def test_a_rejected_call_was_never_answered(voice: Voice, verb: str, status: str) -> None:
    voice.page("/v1/hooks/twilio/voice", verb)
    sid = voice.sim.post("/sim/inbound", {"from": LEAD, "call": True}, 202)["sid"]
    voice.sim.settle()
    call = await voice.client.calls(sid).fetch_async()
    assert (call.status, call.price, call.duration) == (status, None, "0")


async def test_with_answer_on_bridge_a_caller_hears_ringing_until_somebody_is_there(voice: Voice) -> None:
    voice.person(REP, rings_for=0.3, talks_for=0.1)
    whisper = voice.page("/whisper", "<Say>A caller</Say>")
    number = f'<Number url="{whisper}">{REP}</Number>'
    voice.page("/v1/hooks/twilio/voice", f'<Dial answerOnBridge="true">{number}</Dial>')
    sid = voice.sim.post("/sim/inbound", {"from": LEAD, "call": True}, 202)["sid"]
    voice.until("call_leg", REP)
    assert (await voice.client.calls(sid).fetch_async()).status == "ringing"
    voice.until("bridged", LEAD)
    assert (await voice.client.calls(sid).fetch_async()).status == "in-progress"
    [leg] = voice.lines("call_leg", REP)
    assert leg["to"] == REP


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<Response><Say>", "12100"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>', "12100"),
        ("<Say>Hi</Say>", "12200"),
        ("<Response><Fax/></Response>", "12200"),
        ("<Response><Say><Play>x</Play></Say></Response>", "12200"),
        ("<Response><Gather><Dial>+15125550177</Dial></Gather></Response>", "12200"),
        ("<Response><Redirect>/twiml</Redirect></Response>", "11200"),
        ("<Response><Dial></Dial></Response>", "13223"),
    ],
)
async def test_what_makes_no_sense_is_an_application_error(voice: Voice, text: str, code: str) -> None:
    voice.person(LEAD)
    voice.web.pages["/twiml"] = text
    await voice.call()
    voice.sim.settle()
    assert [str(entry["body"]).partition(":")[0] for entry in voice.lines("twiml_error")] == [code]
    assert voice.heard(LEAD) == [SORRY]
    assert voice.lines("hung_up", LEAD)[0]["detail"].startswith("completed: application error")


async def test_an_answer_that_is_no_success_is_an_application_error(voice: Voice) -> None:
    voice.person(LEAD)
    voice.web.status = 503
    await voice.call()
    voice.sim.settle()
    assert [str(entry["body"]).partition(":")[0] for entry in voice.lines("twiml_error")] == ["11200"]
    assert len(voice.requests("/twiml")) == 1


async def test_an_unknown_attribute_is_warned_of_and_passed_over(voice: Voice) -> None:
    voice.person(LEAD)
    voice.page("/twiml", '<Say colour="red" loop="x">Hi</Say>')
    await voice.call()
    voice.sim.settle()
    warned = [entry["body"] for entry in voice.lines("twiml_error")]
    assert warned == ["12200: Say loop=x is not valid", "12200: Say has no attribute colour"]
    assert voice.heard(LEAD) == ["Hi"]


def test_twiml_is_read_into_verbs() -> None:
    document = parse(
        '<Response><Say voice="alice">Hi <!-- aside --> there</Say><Gather numDigits="1" action="next?x=1"/>'
        '<Dial><Conference waitUrl="" statusCallbackEvent="start join">room</Conference></Dial></Response>',
        "http://baton/v1/voice",
    )
    said, gather, dial = document.verbs
    assert said == Say("Hi there")
    assert isinstance(gather, Gather)
    assert (gather.action, gather.num_digits, gather.timeout) == ("http://baton/v1/next?x=1", 1, 5)
    assert isinstance(dial, Dial)
    assert dial.conference == Conference("room", wait_url="", events=("start", "join"))
    assert document.warnings == ()


def test_an_address_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(TwimlError) as error:
        parse("<Response><Redirect>/next</Redirect></Response>")
    assert error.value.code == 11100


async def test_twiml_comes_with_the_call_itself(voice: Voice) -> None:
    voice.person(LEAD)
    await voice.call(twiml="<Response><Say>Hi</Say></Response>", send_digits="w12")
    voice.sim.settle()
    assert voice.heard(LEAD) == ["keys:w12", "Hi"]
    assert NOW["rings_for"] < 0.1
