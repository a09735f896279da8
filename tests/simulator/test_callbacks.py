"""What Twilio sends to Baton: signed status reports and texts, and what a callbacks fault makes of them."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from adapters.twilio.account import TwilioAccount
from adapters.twilio.sms import TwilioSms
from tests.simulator.stand import ACCOUNT, LEAD, OWN, SECRETS, Got, Receiver, Sim, send_text

VALIDATOR = RequestValidator(SECRETS["BATON_TWILIO_AUTH_TOKEN"])


def signed(got: Got) -> bool:
    return bool(VALIDATOR.validate(got.url, got.form, got.headers["x-twilio-signature"]))


def states(receiver: Receiver) -> list[str]:
    return [got.form["MessageStatus"] for got in receiver.at("/status")]


def test_each_state_is_reported_signed_over_the_exact_url(sim: Sim, receiver: Receiver) -> None:
    url = f"{receiver.url}/status?touch=lead%3A1&x=a%20b"
    sid = send_text(sim, StatusCallback=url).json()["sid"]
    sim.settle()
    assert states(receiver) == ["queued", "sent", "delivered"]
    for got in receiver.got:
        assert got.url == url
        assert signed(got)
        assert not VALIDATOR.validate(got.url, got.form | {"To": "+15125550199"}, got.headers["x-twilio-signature"])
        facts = {key: got.form[key] for key in ("MessageSid", "SmsSid", "AccountSid", "From", "To", "ApiVersion")}
        assert facts == {
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": ACCOUNT,
            "From": OWN,
            "To": LEAD,
            "ApiVersion": "2010-04-01",
        }


def test_a_persons_text_comes_signed_with_twilios_fields(sim: Sim, receiver: Receiver) -> None:
    answer = sim.post("/sim/inbound", {"from": LEAD, "body": "Call me ünd"}, 202)
    [got] = receiver.got
    assert got.url == f"{receiver.url}/v1/hooks/twilio/sms"
    assert signed(got)
    assert (got.form["MessageSid"], got.form["SmsMessageSid"]) == (answer["sid"], answer["sid"])
    assert (got.form["From"], got.form["To"], got.form["Body"]) == (LEAD, OWN, "Call me ünd")
    assert (got.form["NumMedia"], got.form["NumSegments"], got.form["FromCountry"]) == ("0", "1", "US")
    assert "OptOutType" not in got.form
    assert [(entry["from"], entry["delivered"]) for entry in sim.log("inbound_sms")] == [(LEAD, True)]


def test_pictures_come_as_addresses_and_nobody_fetches_them(sim: Sim, receiver: Receiver) -> None:
    pictures = [
        {"content_type": kind, "url": f"{receiver.url}/media/{kind}"} for kind in ("image/jpeg", "application/pdf")
    ]
    sim.post("/sim/inbound", {"from": LEAD, "body": "", "media": pictures}, 202)
    [got] = receiver.got
    assert signed(got)
    assert (got.form["Body"], got.form["NumMedia"]) == ("", "2")
    assert [got.form[f"MediaContentType{n}"] for n in range(2)] == ["image/jpeg", "application/pdf"]
    assert [got.form[f"MediaUrl{n}"] for n in range(2)] == [each["url"] for each in pictures]
    sim.post("/sim/inbound", {"from": LEAD, "body": "", "media": pictures * 6}, 422)


def test_one_text_can_be_brought_twice(sim: Sim, receiver: Receiver) -> None:
    sid = sim.post("/sim/inbound", {"from": LEAD, "body": "hello", "deliveries": 2}, 202)["sid"]
    assert [got.form["MessageSid"] for got in receiver.got] == [sid, sid]


def test_a_twiml_answer_is_sent_back(sim: Sim, receiver: Receiver) -> None:
    receiver.text = "<Response><Message>Thanks &amp; bye</Message></Response>"
    sim.post("/sim/inbound", {"from": LEAD, "body": "hello"}, 202)
    assert [(entry["to"], entry["body"]) for entry in sim.log("sms")] == [(LEAD, "Thanks & bye")]


def test_a_refused_text_of_a_person_is_repeated_once(sim: Sim, receiver: Receiver) -> None:
    receiver.status = 503
    assert sim.post("/sim/inbound", {"from": LEAD, "body": "hello"}, 202)["status"] == 503
    assert len(receiver.got) == 2
    assert [entry["delivered"] for entry in sim.log("inbound_sms")] == [False]


@pytest.mark.parametrize(
    ("plan", "reported"),
    [
        ("drop", []),
        ("duplicate", ["queued", "queued", "sent", "sent", "delivered", "delivered"]),
        ("reorder", ["delivered", "sent", "queued"]),
        ("late", ["queued", "sent", "delivered"]),
        ("early", ["queued", "sent", "delivered"]),
    ],
)
def test_reports_can_be_lost_doubled_reordered_late_and_early(
    sim: Sim, receiver: Receiver, plan: str, reported: list[str]
) -> None:
    sim.post("/sim/faults", {"vendor": "twilio", "callbacks": plan, "seconds": 0.2})
    assert send_text(sim, StatusCallback=f"{receiver.url}/status").status_code == 201
    at_answer = states(receiver)
    sim.settle()
    assert states(receiver) == reported
    if plan == "early":
        assert at_answer == reported
    if plan == "late":
        assert at_answer == []
    assert sim.get("/sim/faults") == {"faults": []}
    assert [entry["delivered"] for entry in sim.log("sms")] == [True]


async def test_a_held_text_can_be_canceled_until_it_goes(sim: Sim, receiver: Receiver, client: Client) -> None:
    sim.post("/sim/faults", {"vendor": "twilio", "callbacks": "held", "seconds": 1, "count": 2})
    hook = f"{receiver.url}/status"
    first, second = [
        await client.messages.create_async(to=LEAD, from_=OWN, body=body, status_callback=hook)
        for body in ("Never mind", "Hello")
    ]
    assert (first.status, sim.log("sms")) == ("scheduled", [])
    assert (await client.messages(first.sid).update_async(status="canceled")).status == "canceled"
    sim.settle()
    assert [entry["body"] for entry in sim.log("sms") if entry["accepted"]] == ["Hello"]
    told = [(got.form["MessageSid"], got.form["MessageStatus"]) for got in receiver.got]
    assert [status for sid, status in told if sid == first.sid] == ["canceled"]
    assert [status for sid, status in told if sid == second.sid][-1] == "delivered"
    with pytest.raises(TwilioRestException) as refused:
        await client.messages(second.sid).update_async(status="canceled")
    assert refused.value.code == 30409


async def test_batons_adapter_takes_a_held_text_back_once_and_hears_when_it_is_too_late(
    sim: Sim, receiver: Receiver, client: Client
) -> None:
    sim.post("/sim/faults", {"vendor": "twilio", "callbacks": "held", "seconds": 2})
    held = await client.messages.create_async(to=LEAD, from_=OWN, body="Never mind")
    gone = await client.messages.create_async(to=LEAD, from_=OWN, body="Hello")
    sms = TwilioSms(TwilioAccount(ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"], OWN, receiver.url, sim.url))
    try:
        assert await sms.cancel(held.sid)
        assert [await sms.cancel(sid) for sid in (held.sid, gone.sid, "SM" + "0" * 32)] == [False, False, False]
    finally:
        await sms.aclose()
