"""TwilioSms against Twilio's own API description: every request is one Twilio documents."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from adapters.twilio.account import TwilioAccount
from adapters.twilio.sms import TwilioSms
from domain.errors import Rejected
from domain.ledger import Intent
from domain.values import Channel, Purpose
from tests.adapters.wire import answering_json, serving
from tests.contracts.vendors.published import Received, description, published

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
INTENT = Intent(
    touch_id="0199-t1",
    key="lead:1:text:0",
    tenant="main",
    lead_id="lead-1",
    person_id="person-1",
    channel=Channel.SMS,
    purpose=Purpose.RESPONSIVE,
    recipient="+15125550142",
    sender="+15125550100",
    body="Hi Dana, it’s Baton: 100% + & = é 👍\nReply STOP to end.",
    lead_now=NOW,
)


def account(url: str, sid: str = "AC" + "0" * 32) -> TwilioAccount:
    return TwilioAccount(
        sid=sid, token="x", sender="+15125550100", public_url="https://baton.example.com", base_url=url
    )


@pytest.fixture(scope="module")
def twilio() -> Iterator[Received]:
    with description("twilio_api_v2010.json") as received:
        yield received


@pytest.fixture
async def sms(twilio: Received) -> AsyncIterator[TwilioSms]:
    twilio.log.clear()
    adapter = TwilioSms(account(twilio.url))
    yield adapter
    await adapter.aclose()


async def test_a_message_is_one_that_twilio_documents(twilio: Received, sms: TwilioSms) -> None:
    accepted = await sms.send(INTENT)
    assert re.fullmatch(r"(SM|MM)[0-9a-f]{32}", accepted.vendor_id)
    assert twilio.errors() == []
    assert twilio.paths() == [f"POST /2010-04-01/Accounts/AC{'0' * 32}/Messages.json"]


async def test_the_statement_is_asked_for_as_twilio_documents(twilio: Received, sms: TwilioSms) -> None:
    await sms.statement.page(NOW, None)
    await sms.statement.page(NOW, "1:PASM1")
    assert twilio.errors() == []
    assert twilio.paths() == [f"GET /2010-04-01/Accounts/AC{'0' * 32}/Messages.json"] * 2


async def test_recipient_and_sender_are_e164(twilio: Received, sms: TwilioSms) -> None:
    await sms.send(INTENT)
    form = parse_qs(twilio.log[0]["body"], strict_parsing=True)
    assert E164.fullmatch(form["To"][0])
    assert E164.fullmatch(form["From"][0])
    assert form["Body"] == [INTENT.body]


async def test_the_listing_is_one_that_twilio_documents(twilio: Received, sms: TwilioSms) -> None:
    # The documented answer names a next page whose address breaks the description itself; our own request is the first.
    with pytest.raises(Rejected):
        await sms.find(INTENT, NOW)
    assert twilio.log[0]["errors"] == []
    assert twilio.paths()[0] == f"GET /2010-04-01/Accounts/AC{'0' * 32}/Messages.json"


async def test_a_documented_text_is_recognised() -> None:
    spec = json.loads(published("specs/twilio_api_v2010.json").read_bytes())
    listing = spec["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["get"]["responses"]["200"]
    page = listing["content"]["application/json"]["examples"]["readFullPage1"]["value"] | {"next_page_uri": None}
    example = INTENT.model_copy(update={"body": "testing"})
    async with serving(answering_json(200, page)) as wire:
        adapter = TwilioSms(account(wire.url))
        accepted = await adapter.find(example, datetime(2019, 5, 24, 17, 44, 40, tzinfo=UTC))
        assert [one.vendor_id for one in accepted] == ["SMded05904ccb347238880ca9264e8fe1c"]
        assert await adapter.find(example, datetime(2019, 5, 25, tzinfo=UTC)) == ()
        assert await adapter.find(INTENT, datetime(2019, 5, 24, tzinfo=UTC)) == ()
        await adapter.aclose()


async def test_what_the_description_does_not_know_is_rejected(twilio: Received) -> None:
    stranger = TwilioSms(account(twilio.url, "ACnope"))
    try:
        with pytest.raises(Rejected) as refused:
            await stranger.send(INTENT)
    finally:
        await stranger.aclose()
    assert refused.value.detail == "20001"
