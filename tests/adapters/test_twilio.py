"""TwilioSms on a wire that misbehaves: what counts as not sent, and what must be reconciled."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs

import httpx2
import pytest

from adapters.twilio.account import BASE_URL, TwilioAccount
from adapters.twilio.sms import TwilioSms
from adapters.twilio.transport import refusal, wait
from domain.errors import Ambiguous, BadRecipient, NotAuthorised, NotSent, OptedOut, Rejected, Throttled, VendorError
from domain.ledger import Intent
from domain.ports import Sms
from domain.twilio_codes import CODES
from domain.values import Channel, Purpose
from domain.verdicts import Verdict
from tests.adapters.wire import (
    FAULTS,
    Fault,
    answering,
    answering_json,
    check,
    cut,
    drop,
    failing,
    hang,
    reset,
    serving,
    told,
    unused_port,
)

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SID = "SM" + "a" * 32
SHORT = httpx2.Timeout(connect=0.5, read=0.4, write=0.5, pool=0.3)
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
    body="Hi Dana, it’s Baton — thanks!",
    lead_now=NOW,
)
SECRETS = (INTENT.recipient, INTENT.recipient[1:], "Dana", "s3cret-token")


@asynccontextmanager
async def sms(url: str, patience: httpx2.Timeout = SHORT) -> AsyncIterator[TwilioSms]:
    account = TwilioAccount(
        sid="AC" + "b" * 32,
        token="s3cret-token",
        sender="+15125550100",
        public_url="https://baton.example.com",
        base_url=url,
    )
    adapter = TwilioSms(account, patience)
    try:
        yield adapter
    finally:
        await adapter.aclose()


async def send(url: str) -> object:
    async with sms(url) as adapter:
        return await adapter.send(INTENT)


async def find(url: str) -> object:
    async with sms(url) as adapter:
        return await adapter.find(INTENT, NOW)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_sending_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, send), SECRETS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_looking_up_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, find), SECRETS)


async def test_a_fault_is_answered_with_one_request() -> None:
    for behaviour in (answering_json(503, {}), drop, reset, cut):
        async with serving(behaviour) as wire:
            with pytest.raises(Ambiguous):
                await send(wire.url)
            assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 21610, OptedOut),
        (400, 21211, BadRecipient),
        (400, 21614, BadRecipient),
        (400, 21606, NotAuthorised),
        (400, 21608, NotAuthorised),
        (400, 21611, Throttled),
        (429, 20429, Throttled),
        (429, 63038, Throttled),
        (400, 21617, Rejected),
        (503, 21610, Ambiguous),
        (400, 99999, Rejected),
        (401, 20003, NotAuthorised),
        (403, 20005, NotAuthorised),
        (403, 21408, Rejected),
        (404, 20404, Rejected),
    ],
)
async def test_a_refusal_carries_twilios_code_and_no_personal_data(
    status: int, code: int, kind: type[VendorError]
) -> None:
    body = {"code": code, "message": f"no {INTENT.recipient}: {INTENT.body}", "status": status}
    error = await failing(Fault("4xx", answering_json(status, body), Rejected), send)
    assert type(error) is kind
    assert error.detail == str(code)
    assert [secret for secret in SECRETS if secret in told(error)] == []


@pytest.mark.parametrize("code", sorted(CODES))
async def test_every_code_of_the_table_is_raised_as_its_verdict_says(code: str) -> None:
    error = refusal(httpx2.Response(400, json={"code": int(code)}))
    kinds = {
        Verdict.FINAL: Rejected,
        Verdict.FIX_DATA: BadRecipient,
        Verdict.OPT_OUT: OptedOut,
        Verdict.OURS: NotAuthorised,
        Verdict.RETRY: Throttled,
        Verdict.THROTTLED: Throttled,
    }
    assert (type(error), error.detail) == (kinds[CODES[code].verdict], code)
    if isinstance(error, Throttled):
        assert error.after == CODES[code].after


def test_the_vendors_own_delay_goes_before_the_tables() -> None:
    error = refusal(httpx2.Response(429, json={"code": 21611}, headers={"Retry-After": "7"}))
    assert isinstance(error, Throttled)
    assert error.after == timedelta(seconds=7)


async def test_a_refusal_without_a_code_names_its_status() -> None:
    error = await failing(Fault("4xx", answering(400, f"no {INTENT.recipient}"), Rejected), send)
    assert (type(error), error.detail) == (Rejected, "http_400")


async def test_the_message_is_sent_as_given_with_its_touch_in_the_callback() -> None:
    async with serving(answering_json(201, {"sid": SID, "status": "queued"})) as wire, sms(wire.url) as adapter:
        held: Sms = adapter
        accepted = await held.send(INTENT)
    head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    assert accepted.vendor_id == SID
    assert head.startswith(b"POST /2010-04-01/Accounts/AC" + b"b" * 32 + b"/Messages.json HTTP/1.1\r\n")
    assert parse_qs(body.decode()) == {
        "To": [INTENT.recipient],
        "From": ["+15125550100"],
        "Body": [INTENT.body],
        "StatusCallback": ["https://baton.example.com/v1/hooks/twilio/sms-status?touch=0199-t1"],
    }


async def test_one_connection_serves_many_messages() -> None:
    async with serving(answering_json(201, {"sid": SID})) as wire, sms(wire.url) as adapter:
        for _ in range(20):
            await adapter.send(INTENT)
        assert (len(wire.requests), wire.connections) == (20, 1)


def listed(*messages: tuple[str, str, timedelta]) -> dict[str, object]:
    """Twilio's listing of (sid, body, how long after NOW it was made)."""
    items = [
        {"sid": sid, "body": body, "date_created": format_datetime(NOW + after), "status": "sent"}
        for sid, body, after in messages
    ]
    return {"messages": items, "page": 0, "page_size": 100, "next_page_uri": None, "uri": "/x", "start": 0, "end": 1}


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ([], []),
        ([("SM1", INTENT.body, timedelta(seconds=2))], ["SM1"]),
        ([("SM1", INTENT.body, timedelta(minutes=-5))], []),
        ([("SM1", INTENT.body, timedelta(seconds=-5))], ["SM1"]),
        ([("SM1", "Something else", timedelta(seconds=2))], []),
        ([("SM1", "Hi Dana, it's Baton - thanks!", timedelta(seconds=2))], ["SM1"]),
        ([("SM1", f"Sent from your Twilio trial account - {INTENT.body}", timedelta(seconds=2))], ["SM1"]),
        (
            [("SM1", f"Trial - {INTENT.body}", timedelta(seconds=2)), ("SM2", INTENT.body, timedelta(seconds=3))],
            ["SM2", "SM1"],
        ),
    ],
)
async def test_a_message_is_found_by_its_words_and_time(
    messages: list[tuple[str, str, timedelta]], found: list[str]
) -> None:
    async with serving(answering_json(200, listed(*messages))) as wire, sms(wire.url) as adapter:
        accepted = await adapter.find(INTENT, NOW)
    assert [one.vendor_id for one in accepted] == found
    assert b"GET /2010-04-01/Accounts/AC" in wire.requests[0]
    assert b"To=%2B15125550142" in wire.requests[0]
    assert b"DateSent" not in wire.requests[0]  # a queued message has none yet


async def test_the_listing_is_read_to_its_last_page() -> None:
    first = listed(("SM1", "Other", timedelta(0))) | {"next_page_uri": "/2010-04-01/Accounts/A/Messages.json?Page=1"}
    second = listed(("SM2", INTENT.body, timedelta(seconds=1)))

    async def pages(request: bytes, writer: asyncio.StreamWriter) -> None:
        await answering(200, json.dumps(second if b"Page=1" in request else first))(request, writer)

    async with serving(pages) as wire, sms(wire.url) as adapter:
        accepted = await adapter.find(INTENT, NOW)
    assert [one.vendor_id for one in accepted] == ["SM2"]


async def test_no_number_reaches_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with serving(answering_json(200, listed())) as wire, sms(wire.url) as adapter:
            caplog.set_level(logging.DEBUG)
            await adapter.find(INTENT, NOW)
    assert [secret for secret in SECRETS if secret in caplog.text] == []


async def test_fifty_hanging_requests_starve_nobody() -> None:
    async def mostly_hanging(request: bytes, writer: asyncio.StreamWriter) -> None:
        if b"Body=hang" in request:
            await hang(request, writer)
        await answering_json(201, {"sid": SID})(request, writer)

    patience = httpx2.Timeout(connect=1.0, read=1.5, write=1.0, pool=1.0)
    async with serving(mostly_hanging) as wire, sms(wire.url, patience) as adapter:
        hung = [asyncio.ensure_future(adapter.send(INTENT.model_copy(update={"body": "hang"}))) for _ in range(50)]
        while len(wire.requests) < 50:
            await asyncio.sleep(0.01)
        async with asyncio.timeout(1.0):
            assert (await adapter.send(INTENT)).vendor_id == SID
        assert not any(task.done() for task in hung)
        outcomes = await asyncio.gather(*hung, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Ambiguous}


async def test_no_free_connection_counts_as_not_sent() -> None:
    async with serving(hang) as wire, sms(wire.url, httpx2.Timeout(connect=2, read=4, write=2, pool=0.2)) as adapter:
        hung = [asyncio.ensure_future(adapter.send(INTENT)) for _ in range(100)]
        while len(wire.requests) < 100:
            await asyncio.sleep(0.01)
        with pytest.raises(NotSent) as refused:
            await adapter.send(INTENT)
        for task in hung:
            task.cancel()
        await asyncio.gather(*hung, return_exceptions=True)
    assert refused.value.detail == "PoolTimeout"


async def test_the_account_is_the_real_one_unless_told_otherwise() -> None:
    account = TwilioAccount(sid="AC" + "b" * 32, token="x", sender="+15125550100", public_url="https://b.example.com")
    adapter = TwilioSms(account)
    await adapter.aclose()
    assert account.base_url == BASE_URL == "https://api.twilio.com"
    assert adapter.sender == "+15125550100"
    assert adapter.deadline == timedelta(seconds=15)
    assert "token" not in repr(account)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        ("12", 12.0),
        ("-5", None),
        ("1e9", None),
        ("nan", None),
        ("9" * 400, 3600.0),
        (format_datetime(NOW + timedelta(seconds=30), usegmt=True), 30.0),
        (format_datetime(NOW - timedelta(days=9), usegmt=True), 0.0),
        ("Tue, 24 Nov 2026 15:00:30 -0000", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert wait(header, NOW) == (timedelta(seconds=seconds) if seconds is not None else None)


async def test_nobody_listening_is_proven_not_sent() -> None:
    with pytest.raises(NotSent) as refused:
        await send(f"http://127.0.0.1:{unused_port()}")
    assert refused.value.detail == "ConnectError"
