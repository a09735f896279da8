"""Twilio's own list of messages on a wire: pages, prices, and what is no message of ours."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.twilio.account import TwilioAccount
from adapters.twilio.voice import TwilioVoice
from domain.reconciling import StatementPage
from tests.adapters.test_twilio import SECRETS, sms
from tests.adapters.wire import FAULTS, Fault, answering_json, check, failing, serving

SINCE = datetime(2026, 11, 22, 3, 40, tzinfo=UTC)
CREATED = "Mon, 23 Nov 2026 15:00:00 +0000"
NEXT = "/2010-04-01/Accounts/AC1/Messages.json?DateSent%3E=2026-11-22&PageSize=100&Page=1&PageToken=PASM1"


def one(sid: str = "SM1", **changes: object) -> dict[str, object]:
    listed = {
        "sid": sid, "status": "delivered", "direction": "outbound-api", "date_created": CREATED, "price": "-0.00830",
        "price_unit": "USD", "num_segments": "2", "error_code": None, "to": "+15125550142", "body": "Hi Dana",
    }  # fmt: skip
    return {**listed, **changes}


def page(*messages: dict[str, object], following: str | None = None) -> dict[str, object]:
    return {"messages": list(messages), "next_page_uri": following, "page": 0, "page_size": 100}


async def ask(url: str, mark: str | None = None) -> StatementPage:
    async with sms(url) as adapter:
        return await adapter.statement.page(SINCE, mark)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_reading_the_list_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, ask), SECRETS)


async def test_a_message_is_read_with_what_became_of_it_and_what_it_cost() -> None:
    async with serving(answering_json(200, page(one(status="undelivered", error_code=30006)))) as wire:
        (found,) = (await ask(wire.url)).messages
    assert (found.vendor_id, found.status, found.vendor_status, found.error) == (
        "SM1",
        "failed",
        "undelivered",
        "30006",
    )
    assert (found.price, found.price_unit, found.segments) == (Decimal("0.00830"), "USD", 2)
    assert found.created_at == datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("price", "cost"), [("-0.00830", "0.00830"), (None, None), ("", None), ("0.00", "0.00"), ("much", None)]
)
async def test_a_price_that_is_not_known_yet_is_none(price: str | None, cost: str | None) -> None:
    async with serving(answering_json(200, page(one(price=price)))) as wire:
        (found,) = (await ask(wire.url)).messages
    assert found.price == (Decimal(cost) if cost is not None else None)


async def test_what_people_sent_to_us_and_what_says_nothing_is_left_out() -> None:
    others = (
        one("SM2", direction="inbound", status="received"),
        one("SM3", status="receiving"),
        one("SM4", status=None),
    )
    async with serving(answering_json(200, page(*others, one()))) as wire:
        assert [each.vendor_id for each in (await ask(wire.url)).messages] == ["SM1"]


async def test_the_list_is_asked_for_by_date_and_page_by_page() -> None:
    async with serving(answering_json(200, page(one(), following=NEXT))) as wire:
        first = await ask(wire.url)
        assert first.next == "1:PASM1"
        await ask(wire.url, first.next)
    asked = [parse_qs(urlsplit(request.split(b" ")[1].decode()).query) for request in wire.requests]
    assert asked[0] == {"DateSent>": ["2026-11-22T03:40:00Z"], "PageSize": ["100"]}
    assert (asked[1]["Page"], asked[1]["PageToken"], asked[1]["DateSent>"]) == (["1"], ["PASM1"], asked[0]["DateSent>"])


async def test_the_mark_of_a_page_names_nobody() -> None:
    following = NEXT + "&To=%2B15125550142"
    async with serving(answering_json(200, page(one(), following=following))) as wire:
        found = await ask(wire.url)
    assert found.next == "1:PASM1"
    assert found.messages[0].created_at - SINCE < timedelta(days=2)
    assert [secret for secret in SECRETS if secret in found.model_dump_json()] == []


def a_call(sid: str = "CA1", **changes: object) -> dict[str, object]:
    listed = {
        "sid": sid, "status": "completed", "direction": "outbound-api", "date_created": CREATED, "price": "-0.02800",
        "price_unit": "USD", "duration": "95", "to": "+15125550142", "from": "+15125550100",
    }  # fmt: skip
    return {**listed, **changes}


async def ask_calls(url: str, mark: str | None = None) -> StatementPage:
    adapter = TwilioVoice(TwilioAccount("AC1", "token", "+15125550100", "https://baton.example.com", url))
    try:
        return await adapter.statement.page(SINCE, mark)
    finally:
        await adapter.aclose()


async def test_a_call_is_read_with_its_length_and_what_it_cost() -> None:
    others = (
        a_call("CA2", direction="inbound"),
        a_call("CA3", status="queued"),
        a_call("CA4", status="busy", price=None),
    )
    listed = {"calls": [*others, a_call()], "next_page_uri": None, "page": 0, "page_size": 100}
    async with serving(answering_json(200, listed)) as wire:
        found = (await ask_calls(wire.url)).messages
    assert [(each.vendor_id, each.status, each.price, each.talk) for each in found] == [
        ("CA4", "sent", None, timedelta(seconds=95)),
        ("CA1", "delivered", Decimal("0.02800"), timedelta(seconds=95)),
    ]
    asked = parse_qs(urlsplit(wire.requests[0].split(b" ")[1].decode()).query)
    assert asked == {"StartTime>": ["2026-11-22T03:40:00Z"], "PageSize": ["100"]}
