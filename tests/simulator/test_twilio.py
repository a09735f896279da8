"""The unmodified twilio client against the simulator: what it accepts, refuses, lists and pages."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.simulator.stand import ACCOUNT, HTTP, LEAD, OTHER, OWN, SECRETS, Receiver, Sim, send_text


async def test_a_text_is_accepted_and_reaches_the_phone(sim: Sim, client: Client) -> None:
    sent = await client.messages.create_async(to=LEAD, from_=OWN, body="Hi Dana")
    assert (sent.status, sent.direction, sent.num_segments, sent.price) == ("queued", "outbound-api", "1", None)
    assert sent.sid.startswith("SM")
    assert sent.date_created is not None
    sim.settle()
    later = await client.messages(sent.sid).fetch_async()
    assert (later.status, later.price) == ("delivered", "-0.00830")
    [entry] = sim.log("sms")
    assert {
        key: entry[key] for key in ("seq", "vendor", "to", "from", "body", "vendor_id", "accepted", "delivered")
    } == {
        "seq": 1,
        "vendor": "twilio",
        "to": LEAD,
        "from": OWN,
        "body": "Hi Dana",
        "vendor_id": sent.sid,
        "accepted": True,
        "delivered": True,
    }
    assert entry["at"].endswith("Z")
    assert entry["real_at"].endswith("Z")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "abc"}, 21211),
        ({"To": "+1555"}, 21211),
        ({"From": ""}, 21603),
        ({"From": "+15125550199"}, 21606),
        ({"To": OWN}, 21266),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"StatusCallback": "nowhere"}, 21609),
        ({"SendAt": "2026-11-24T15:00:00Z"}, 20001),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(sim: Sim, fields: dict[str, str], code: int) -> None:
    answer = send_text(sim, **fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["more_info"].endswith(str(code))
    assert [(entry["accepted"], entry["delivered"]) for entry in sim.log()] == [(False, False)]


async def test_the_client_sees_a_refusal_as_its_own_exception(client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await client.messages.create_async(to="+1555", from_=OWN, body="Hi")
    assert (refused.value.status, refused.value.code) == (400, 21211)
    with pytest.raises(TwilioRestException) as missing:
        await client.messages("SM" + "0" * 32).fetch_async()
    assert (missing.value.status, missing.value.code) == (404, 20404)


@pytest.mark.parametrize("auth", [None, (ACCOUNT, "wrong"), ("AC" + "f" * 32, SECRETS["BATON_TWILIO_AUTH_TOKEN"])])
def test_wrong_credentials_are_refused(sim: Sim, auth: tuple[str, str] | None) -> None:
    answer = HTTP.get(f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_texts_are_found_by_number_and_date(sim: Sim, client: Client) -> None:
    first = await client.messages.create_async(to=LEAD, from_=OWN, body="one")
    await client.messages.create_async(to="+15125550143", from_=OWN, body="two")
    sim.settle()
    now = datetime.now(UTC)
    minute = timedelta(minutes=1)

    async def found(**filters: Any) -> list[str | None]:
        return [each.body for each in await client.messages.list_async(**filters)]

    assert await found() == ["two", "one"]
    assert await found(to=LEAD) == ["one"]
    assert await found(from_="+15125550199") == []
    assert await found(to=LEAD, from_=OWN, date_sent_after=now - minute) == ["one"]
    assert await found(date_sent_after=now + minute) == []
    assert await found(date_sent_before=now - minute) == []
    assert await found(date_sent=now.date()) == ["two", "one"]
    assert (await client.messages.list_async(to=LEAD))[0].sid == first.sid


async def test_pages_follow_each_other_without_gaps(sim: Sim, client: Client) -> None:
    for number in range(5):
        await client.messages.create_async(to=LEAD, from_=OWN, body=str(number))
    page = await client.messages.page_async(page_size=2)
    assert [each.body for each in page] == ["4", "3"]
    await client.messages.create_async(to=LEAD, from_=OWN, body="new")
    assert [each.body for each in await client.messages.list_async(page_size=2)] == ["new", "4", "3", "2", "1", "0"]
    following = await client.messages.get_page_async(sim.url + page._payload["next_page_uri"])
    assert [each.body for each in following] == ["2", "1"]


async def test_a_text_can_be_redacted_and_deleted_but_not_canceled(client: Client) -> None:
    sent = await client.messages.create_async(to=LEAD, from_=OWN, body="secret")
    assert (await client.messages(sent.sid).update_async(body="")).body == ""
    with pytest.raises(TwilioRestException) as refused:
        await client.messages(sent.sid).update_async(status="canceled")
    assert refused.value.code == 30409
    assert await client.messages(sent.sid).delete_async()
    assert await client.messages.list_async() == []


def test_the_carrier_honours_stop_and_start(sim: Sim, receiver: Receiver) -> None:
    assert sim.post("/sim/inbound", {"from": LEAD, "body": " stop "}, 202)["status"] == 200
    refused = send_text(sim)
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    assert receiver.got[0].form["OptOutType"] == "STOP"
    assert send_text(sim, To="+15125550143").status_code == 201
    sim.post("/sim/inbound", {"from": LEAD, "body": "Yes"}, 202)
    assert send_text(sim).status_code == 201
    assert receiver.at("/v1/hooks/twilio/sms")[1].form["OptOutType"] == "START"
    assert [entry["to"] for entry in sim.log("carrier_notice")] == [LEAD, LEAD]


def test_the_carrier_knows_one_word_only(sim: Sim, receiver: Receiver) -> None:
    sim.post("/sim/inbound", {"from": LEAD, "body": "please stop texting me"}, 202)
    sim.post("/sim/inbound", {"from": LEAD, "body": "yes"}, 202)
    assert [("OptOutType" in got.form) for got in receiver.got] == [False, False]
    assert send_text(sim).status_code == 201


@pytest.mark.parametrize("offset", [-5 * 86_400, 5 * 86_400])
def test_the_vendors_dates_are_real_time_whatever_the_embedded_clock_says(sim: Sim, offset: int) -> None:
    sim.post("/sim/clock", {"offset": offset})
    created = parsedate_to_datetime(send_text(sim).json()["date_created"])
    [entry] = sim.log("sms")
    at, real_at = (datetime.fromisoformat(entry[name]) for name in ("at", "real_at"))
    assert abs(real_at - created) < timedelta(seconds=2)
    assert abs(at - real_at - timedelta(seconds=offset)) < timedelta(seconds=1)


async def test_any_number_of_the_account_texts_and_none_of_them_is_texted(sim: Sim, client: Client) -> None:
    sent = await client.messages.create_async(to=LEAD, from_=OTHER, body="Hi Dana")
    assert (sent.from_, sim.log("sms")[0]["from"]) == (OTHER, OTHER)
    with pytest.raises(TwilioRestException) as refused:
        await client.messages.create_async(to=OTHER, from_=OWN, body="Hi us")
    assert refused.value.code == 21266
