"""Calls by the unmodified twilio client: what they go through, what Baton is told and what people hear."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from simulator.call_forms import CallForm
from simulator.settings import SimSettings
from tests.simulator.phone import REP, Voice
from tests.simulator.stand import ACCOUNT, HTTP, LEAD, OWN, SECRETS, Sim, wait_until

VALIDATOR = RequestValidator(SECRETS["BATON_TWILIO_AUTH_TOKEN"])
ENV = SECRETS | {"BATON_SIM_PORT": "1", "BATON_PUBLIC_URL": "http://127.0.0.1:1"}
EVENTS = ["initiated", "ringing", "answered", "completed"]


async def test_a_call_is_answered_hears_its_twiml_and_ends(voice: Voice) -> None:
    voice.person(LEAD)
    voice.page("/twiml", "<Say>Hi Dana</Say>", "<Hangup/>")
    sid = await voice.call(status_callback=voice.url("/status"), status_callback_event=EVENTS)
    voice.sim.settle()
    assert voice.said("/status", "CallStatus") == ["initiated", "ringing", "in-progress", "completed"]
    assert voice.said("/status", "SequenceNumber") == ["0", "1", "2", "3"]
    assert voice.heard(LEAD) == ["Hi Dana"]
    kinds = [entry["kind"] for entry in voice.sim.log()]
    assert kinds == ["call_leg", "answered", "heard", "hung_up"]
    [leg] = voice.lines("call_leg")
    assert (leg["to"], leg["from"], leg["vendor_id"], leg["accepted"]) == (LEAD, OWN, sid, True)
    call = await voice.client.calls(sid).fetch_async()
    assert (call.status, call.direction, call.duration, call.price, call.price_unit) == (
        "completed",
        "outbound-api",
        "1",
        "-0.01400",
        "USD",
    )


async def test_a_status_report_says_all_that_twilios_does(voice: Voice) -> None:
    voice.person(LEAD)
    voice.page("/twiml", "<Say>Hi</Say>")
    sid = await voice.call(status_callback=voice.url("/status?touch=a%3A1"))
    voice.sim.settle()
    [got] = voice.requests("/status")
    assert got.url == voice.url("/status?touch=a%3A1")
    assert VALIDATOR.validate(got.url, got.form, got.headers["x-twilio-signature"])
    sent_at = parsedate_to_datetime(got.form["Timestamp"])
    assert abs(datetime.now(UTC) - sent_at) < timedelta(seconds=10)
    facts = {name: got.form[name] for name in got.form if name != "Timestamp"}
    assert facts == {
        "CallSid": sid,
        "AccountSid": ACCOUNT,
        "From": OWN,
        "To": LEAD,
        "Caller": OWN,
        "Called": LEAD,
        "CallStatus": "completed",
        "Direction": "outbound-api",
        "ApiVersion": "2010-04-01",
        "CallbackSource": "call-progress-events",
        "SequenceNumber": "0",
        "CallDuration": "1",
        "Duration": "1",
        "SipResponseCode": "200",
    }


async def test_twiml_is_fetched_with_the_calls_facts_signed_by_post_and_by_get(voice: Voice) -> None:
    voice.person(LEAD)
    voice.page("/twiml", "<Say>Hi</Say>")
    for method in ("POST", "GET"):
        sid = await voice.call(url=voice.url("/twiml?x=a%20b"), method=method)
        voice.sim.settle()
        got = voice.requests("/twiml")[-1]
        assert got.method == method
        signed = got.form if method == "POST" else {}
        assert VALIDATOR.validate(got.url, signed, got.headers["x-twilio-signature"])
        assert (got.form["CallSid"], got.form["CallStatus"], got.form["From"], got.form["To"]) == (
            sid,
            "in-progress",
            OWN,
            LEAD,
        )


@pytest.mark.parametrize(
    ("line", "status", "rings"),
    [("busy", "busy", False), ("unreachable", "failed", False), ("rejects", "busy", True)],
)
async def test_nobody_is_reached_in_many_ways(voice: Voice, line: str, status: str, rings: bool) -> None:
    voice.person(LEAD, line)
    sid = await voice.call(status_callback=voice.url("/status"), status_callback_event=EVENTS)
    voice.sim.settle()
    assert voice.said("/status", "CallStatus") == ["initiated", *(["ringing"] if rings else []), status]
    call = await voice.client.calls(sid).fetch_async()
    assert (call.status, call.duration, call.price) == (status, "0", None)
    assert [entry["delivered"] for entry in voice.lines("call_leg", LEAD)] == [False]
    assert voice.heard(LEAD) == []


def test_a_phone_rings_five_seconds_longer_than_asked_for() -> None:
    settings = SimSettings.model_validate({name.removeprefix("BATON_").lower(): value for name, value in ENV.items()})
    for asked, rings in ((None, 65), ("10", 15), ("600", 605)):
        form = CallForm([("To", LEAD), ("From", OWN), *([("Timeout", asked)] if asked else [])])
        assert form.call(settings, fault=None).rings == rings


def test_a_call_that_is_dialled_and_does_not_ring_yet_is_still_queued_by_rest() -> None:
    settings = SimSettings.model_validate({name.removeprefix("BATON_").lower(): value for name, value in ENV.items()})
    call = CallForm([("To", LEAD), ("From", OWN)]).call(settings, fault=None)
    assert call.model_copy(update={"status": "initiated"}).resource()["status"] == "queued"


async def test_a_phone_without_a_persona_rings_until_it_is_cancelled(voice: Voice) -> None:
    sid = await voice.call(status_callback=voice.url("/status"))
    voice.until("call_leg", LEAD)
    wait_until(lambda: voice.sim.get("/sim/next")["real_inflight"] == 1)
    await voice.client.calls(sid).update_async(status="canceled")
    voice.sim.settle()
    assert voice.said("/status", "CallStatus") == ["canceled"]
    assert (await voice.client.calls(sid).fetch_async()).status == "canceled"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": ""}, 21201),
        ({"From": ""}, 21213),
        ({"From": "abc"}, 21212),
        ({"From": "+15125550199"}, 21210),
        ({"To": "abc"}, 21211),
        ({"To": "+155555555555555"}, 21214),
        ({"To": "+5352012345"}, 21215),
        ({"Url": ""}, 21205),
        ({"Url": "nowhere"}, 21205),
        ({"StatusCallback": "nowhere"}, 21609),
        ({"AsyncAmdStatusCallback": "nowhere"}, 21205),
        ({"StatusCallbackEvent": "answering"}, 20001),
        ({"Timeout": "601"}, 20001),
        ({"MachineDetection": "Maybe"}, 20001),
    ],
)
def test_what_twilio_refuses_rings_nobody(sim: Sim, fields: dict[str, str], code: int) -> None:
    form = {"To": LEAD, "From": OWN, "Url": "http://127.0.0.1:1/twiml"} | fields
    url = f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    answer = HTTP.post(url, data=form, auth=(ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"]))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert [(entry["kind"], entry["accepted"], entry["delivered"]) for entry in sim.log()] == [
        ("call_leg", False, False)
    ]


def test_another_method_is_refused(sim: Sim) -> None:
    url = f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    answer = HTTP.put(url, auth=(ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"]))
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)


async def test_calls_are_found_by_number_state_and_time(voice: Voice) -> None:
    voice.person(LEAD)
    voice.person(REP, "busy")
    voice.page("/twiml", "<Say>Hi</Say>")
    first, second = await voice.call(LEAD), await voice.call(REP)
    voice.sim.settle()
    minute, now = timedelta(minutes=1), datetime.now(UTC)

    async def found(**filters: Any) -> list[str]:
        return [str(each.sid) for each in await voice.client.calls.list_async(**filters)]

    assert await found() == [second, first]
    assert await found(to=REP) == [second]
    assert await found(from_=OWN, status="completed") == [first]
    assert await found(start_time_after=now - minute, end_time_before=now + minute) == [second, first]
    assert await found(start_time_after=now + minute) == []
    assert await found(end_time=now.date()) == [second, first]
    assert await found(parent_call_sid=first) == []
    assert [each.sid for each in await voice.client.calls.page_async(page_size=1)] == [second]
    assert await found(page_size=1) == [second, first]


async def test_a_call_that_is_over_takes_no_more_orders_and_can_be_deleted(voice: Voice) -> None:
    voice.person(LEAD)
    voice.page("/twiml", "<Pause length='30'/>")
    sid = await voice.call()
    voice.until("answered")
    with pytest.raises(TwilioRestException) as refused:
        await voice.client.calls(sid).delete_async()
    assert refused.value.status == 409
    with pytest.raises(TwilioRestException) as refused:
        await voice.client.calls(sid).update_async(status="canceled")
    assert refused.value.code == 21220
    await voice.client.calls(sid).update_async(status="completed")
    voice.sim.settle()
    for order in ({"twiml": "<Response/>"}, {"status": "completed"}):
        with pytest.raises(TwilioRestException) as refused:
            await voice.client.calls(sid).update_async(**order)
        assert refused.value.code == 21220
    assert await voice.client.calls(sid).delete_async()
    assert await voice.client.calls.list_async() == []


async def test_new_twiml_takes_the_leg_out_of_what_it_is_in(voice: Voice) -> None:
    voice.person(LEAD)
    voice.page("/twiml", "<Pause length='30'/>", "<Say>too late</Say>")
    voice.page("/other", "<Say>and the end</Say>")
    sid = await voice.call()
    with pytest.raises(TwilioRestException) as refused:  # it doesn't even ring yet
        await voice.client.calls(sid).update_async(twiml="<Response><Say>Hello</Say></Response>")
    assert refused.value.code == 21220
    voice.until("answered")
    await voice.client.calls(sid).update_async(twiml="<Response><Say>Wait</Say><Pause length='30'/></Response>")
    voice.until("heard")
    await voice.client.calls(sid).update_async(url=voice.url("/other"))
    voice.sim.settle()
    assert voice.heard(LEAD) == ["Wait", "and the end"]
