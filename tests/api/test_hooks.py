"""HubSpot and Twilio hooks: answered fast, kept first, worked through afterwards."""

import asyncio
import json
from datetime import timedelta

import httpx2
import pytest
import structlog
from fastapi import FastAPI

from api.background import Background
from domain.errors import Ambiguous, BadInput, BatonError, NotAuthorised, Rejected, Unavailable
from domain.messages import Person, RowRef
from domain.ports import CrmContact
from tests.api.conftest import after
from tests.api.fakes import LEAD, NOW, REF, STARTED, FakeServices, signed_hubspot, signed_twilio

CONTACTS = {n: CrmContact(contact_id=n, person=Person(name="Dana", phone="+15125550142")) for n in ("7", "8")}


def events(*objects: int, first: int = 1) -> bytes:
    return json.dumps(
        [{"eventId": first + n, "objectId": each, "attemptNumber": 0} for n, each in enumerate(objects)]
    ).encode()


async def hubspot(http: httpx2.AsyncClient, body: bytes) -> httpx2.Response:
    return await http.post("/v1/hooks/hubspot", content=body, headers=signed_hubspot(body))


async def text(http: httpx2.AsyncClient, **fields: str) -> httpx2.Response:
    form = {
        "MessageSid": "SM1",
        "From": "+15125550142",
        "To": "+15125550100",
        "NumSegments": "1",
        **fields,
    }
    content, headers = signed_twilio("/v1/hooks/twilio/sms", form)
    return await http.post("/v1/hooks/twilio/sms", content=content, headers=headers)


async def status(http: httpx2.AsyncClient, said: str, touch: str = "t1", **fields: str) -> httpx2.Response:
    path = f"/v1/hooks/twilio/sms-status?touch={touch}"
    content, headers = signed_twilio(path, {"MessageSid": "SM1", "MessageStatus": said, **fields})
    return await http.post(path, content=content, headers=headers)


@pytest.mark.parametrize(
    ("code", "opted_out", "takes_no_texts"),
    [
        ("21610", True, False),
        ("30006", False, True),
        ("30003", False, False),
        ("30034", False, False),
        ("", False, False),
    ],
)
async def test_a_callbacks_error_is_read_by_the_table_of_codes(
    http: httpx2.AsyncClient, services: FakeServices, code: str, opted_out: bool, takes_no_texts: bool
) -> None:
    assert (await status(http, "undelivered", ErrorCode=code)).status_code == 204
    kept = services.capture.deliveries[-1]
    assert (kept.status, kept.error, kept.opted_out, kept.takes_no_texts) == (
        "failed",
        code or None,
        opted_out,
        takes_no_texts,
    )


async def test_events_are_kept_answered_and_then_captured(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    services.crm.contacts = dict(CONTACTS)
    assert (await hubspot(http, events(7, 8, 7))).status_code == 204
    assert len(services.capture.kept) == 3
    await after(app)
    assert services.crm.asked == ["7", "8"], "one fetch a contact"
    assert [inquiry.source for inquiry in services.capture.inquiries] == ["import"] * 2
    assert services.dispatch.sent == [STARTED] * 2
    assert sorted(services.inbox.done) == ["hubspot-1", "hubspot-2", "hubspot-3"]


async def test_a_slow_hubspot_blocks_nothing(http: httpx2.AsyncClient, app: FastAPI, services: FakeServices) -> None:
    services.crm.gate = asyncio.Event()
    async with asyncio.timeout(1):
        assert (await hubspot(http, events(7))).status_code == 204
    assert services.capture.inquiries == []
    services.crm.gate.set()
    await after(app)
    assert services.inbox.done == ["hubspot-1"]


async def test_a_failed_fetch_leaves_its_row_for_the_sweeper_and_others_go_on(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    services.crm.contacts = dict(CONTACTS)
    services.crm.trouble = Ambiguous("hubspot", "http_500")
    assert (await hubspot(http, events(7))).status_code == 204
    await after(app)
    services.crm.trouble = None
    assert (await hubspot(http, events(8, first=9))).status_code == 204
    await after(app)
    assert services.inbox.done == ["hubspot-2"]
    assert len(services.capture.kept) == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"eventId": 9, "subscriptionType": "contact.associationChange", "fromObjectId": 7, "toObjectId": 8},
        {"eventId": 9, "objectId": None},
        {"eventId": {"a": 1}, "objectId": 7},
        {"eventId": "\ud800", "objectId": 7},
        "no event",
        None,
    ],
)
async def test_an_event_that_cannot_be_read_costs_no_other(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, odd: object
) -> None:
    services.crm.contacts = dict(CONTACTS)
    good = {"eventId": 1, "objectId": 7, "propertyName": None, "changeSource": None, "propertyValue": "a\0b\ud800"}
    assert (await hubspot(http, json.dumps([odd, good, odd]).encode())).status_code == 204
    await after(app)
    assert services.crm.asked == ["7"]
    assert services.dispatch.sent == [STARTED]
    assert services.inbox.done == ["hubspot-1"]
    assert "a" not in json.loads(next(iter(services.capture.kept.values()))).values(), "what changed is not kept"
    seen = (await http.get("/metrics")).text
    assert 'baton_webhook_events_unreadable_total{channel="hubspot"}' in seen


@pytest.mark.parametrize("trouble", [Rejected("hubspot", "VALIDATION_ERROR"), BadInput("The name can't be stored.")])
async def test_a_contact_refused_for_good_is_asked_for_once_and_its_row_says_why(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, trouble: BatonError
) -> None:
    services.crm.trouble = trouble
    assert (await hubspot(http, events(7, 7))).status_code == 204
    await after(app)
    await services.webhooks.sweep()
    assert services.crm.asked == ["7"]
    assert services.inbox.refused == {"hubspot-1": str(trouble), "hubspot-2": str(trouble)}
    assert "baton_webhooks_refused 2.0" in (await http.get("/metrics")).text


async def test_credentials_that_hubspot_refuses_lose_no_lead_and_are_said_loudly(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    services.crm.contacts = dict(CONTACTS)
    services.crm.trouble = NotAuthorised("hubspot", "EXPIRED_AUTHENTICATION")
    with structlog.testing.capture_logs() as logged:
        await hubspot(http, events(7))
        await after(app)
    assert [(each["event"], each["log_level"]) for each in logged] == [("webhook_not_allowed", "error")]
    assert services.inbox.refused == {}
    services.crm.trouble = None
    await services.webhooks.sweep()
    assert services.inbox.done == ["hubspot-1"]


async def test_repeats_are_answered_and_not_worked_on_again(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    services.crm.contacts = dict(CONTACTS)
    first = json.dumps([{"eventId": 1, "objectId": 7, "attemptNumber": 0}]).encode()
    again = json.dumps([{"eventId": 1, "objectId": 7, "attemptNumber": 4}]).encode()
    for body in (first, again, again):
        assert (await hubspot(http, body)).status_code == 204
    await after(app)
    assert services.crm.asked == ["7"]


async def test_a_database_that_is_away_is_a_503_never_a_4xx(http: httpx2.AsyncClient, services: FakeServices) -> None:
    services.capture.troubles = [None, Unavailable("PostgreSQL does not answer")]
    assert (await hubspot(http, events(7, 8))).status_code == 503
    services.capture.troubles = [Unavailable("PostgreSQL does not answer")] * 2
    assert (await text(http, Body="STOP")).status_code == 503
    assert (await status(http, "delivered")).status_code == 503


@pytest.mark.parametrize("body", [b'{"objectId": 7}', b'"x"', b"null", json.dumps([{"objectId": 1}] * 101).encode()])
async def test_what_are_no_events_is_refused(http: httpx2.AsyncClient, services: FakeServices, body: bytes) -> None:
    assert (await hubspot(http, body)).status_code == 422
    assert services.untouched()


@pytest.mark.parametrize(
    ("fields", "meaning"),
    [
        ({"Body": "Please stop texting me"}, "stop"),
        ({"Body": "sounds good, call me"}, "reply"),
        ({"Body": "HELP"}, "help"),
        ({"Body": "HELP", "OptOutType": "HELP"}, "help"),
        ({"Body": "START"}, "start"),
        ({"Body": "", "NumMedia": "1", "MediaUrl0": "http://169.254.169.254/"}, "reply"),
        ({"Body": "laissez moi", "OptOutType": "STOP"}, "stop"),
        ({"Body": "stop", "OptOutType": "HELP"}, "stop"),
    ],
)
async def test_a_text_is_taken_with_its_meaning(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, fields: dict[str, str], meaning: str
) -> None:
    answer = await text(http, **fields)
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.endswith("<Response/>")
    taken, said = services.capture.texts[0]
    assert (taken.vendor_id, taken.sender, taken.body, said) == ("SM1", "+15125550142", fields["Body"], meaning)
    assert taken.is_answered == ("OptOutType" in fields)
    await after(app)
    assert services.dispatch.sent == [STARTED]


HOSTILE = {"MediaUrl0": "https://user:secret@169.254.169.254/latest?x=1", "MediaContentType0": "image/jpeg"}


@pytest.mark.parametrize(
    ("fields", "media"),
    [
        ({}, ()),
        ({"NumMedia": "0"}, ()),
        ({"NumMedia": "0", **HOSTILE}, ()),
        ({"NumMedia": "1", **HOSTILE}, ("image/jpeg",)),
        ({"NumMedia": "-1", **HOSTILE}, ("image/jpeg",)),
        ({"NumMedia": "1e9", **HOSTILE}, ("image/jpeg",)),
        ({"NumMedia": "abc"}, ()),
        ({"NumMedia": "٣", **HOSTILE}, ("image/jpeg",)),
        ({"NumMedia": "2", **HOSTILE}, ("image/jpeg", "unknown")),
        ({"NumMedia": "999"}, ("unknown",) * 10),
        ({"NumMedia": "99999999999999999999"}, ()),
        ({"NumMedia": "1", "MediaContentType0": "IMAGE/PNG ", "MediaUrl0": "file:///etc/passwd"}, ("image/png",)),
        (
            {"NumMedia": "10", **{f"MediaContentType{n}": "<!channel>\0\n*x*" for n in range(10)}},
            ("unknown",) * 10,
        ),
        ({"NumMedia": "1", "MediaContentType0": "image/" + "x" * 5000}, ("unknown",)),
    ],
)
async def test_what_comes_with_a_text_is_counted_and_named_and_where_it_lies_is_not_kept(
    http: httpx2.AsyncClient, services: FakeServices, fields: dict[str, str], media: tuple[str, ...]
) -> None:
    assert (await text(http, Body="", **fields)).status_code == 200
    [(taken, said)] = services.capture.texts
    assert (taken.media, said) == (media, "reply")
    assert "169.254" not in taken.model_dump_json()
    assert "passwd" not in taken.model_dump_json()


@pytest.mark.parametrize(
    ("body", "segments", "meaning"),
    [
        ("x" * 10_000, 40, "reply"),
        ("word " * 320, 11, "reply"),
        ("Hi \0 there", 1, "reply"),
        ("\u202eSTOP\u202c", 1, "stop"),
        ("\u202ePOTS", 1, "reply"),
        ("🙏" * 200, 6, "reply"),
        ("🛑", 1, "stop"),
        ("I want it. " * 500 + "STOP", 36, "reply"),
    ],
)
async def test_odd_and_long_texts_are_taken_whole(
    http: httpx2.AsyncClient, services: FakeServices, body: str, segments: int, meaning: str
) -> None:
    assert (await text(http, Body=body, NumSegments=str(segments))).status_code == 200
    [(taken, said)] = services.capture.texts
    assert (taken.body, taken.segments) == (body.replace("\0", "\ufffd"), segments)
    assert said == meaning


@pytest.mark.parametrize("segments", ["-1", "1e9", "abc", "", "0", "99999"])
async def test_a_count_of_segments_that_is_none_is_one(
    http: httpx2.AsyncClient, services: FakeServices, segments: str
) -> None:
    await text(http, Body="Hi", NumSegments=segments)
    assert services.capture.texts[0][0].segments == 1


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("queued", "sent"),
        ("accepted", "sent"),
        ("sending", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "delivered"),
    ],
)
async def test_twilios_statuses_in_the_ledgers_words(
    http: httpx2.AsyncClient, services: FakeServices, said: str, word: str
) -> None:
    assert (await status(http, said)).status_code == 204
    heard = services.capture.deliveries[0]
    assert (heard.touch_id, heard.vendor_id, heard.status, heard.vendor_status, heard.error) == (
        "t1",
        "SM1",
        word,
        said,
        None,
    )


@pytest.mark.parametrize("said", ["undelivered", "failed"])
async def test_a_lost_text_is_told_to_its_lead(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, said: str
) -> None:
    ref = RowRef(row_id="row-9", kind="undelivered", at=NOW)
    services.capture.heard = ("failed", ref, LEAD)
    assert (await status(http, said, ErrorCode="30005")).status_code == 204
    await after(app)
    assert (services.capture.deliveries[0].status, services.capture.deliveries[0].error) == ("failed", "30005")
    assert services.dispatch.told == [(LEAD, ref)]


async def test_a_status_that_says_nothing_and_a_touch_id_that_is_none(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    assert (await status(http, "receiving")).status_code == 204
    assert services.untouched()
    assert (await status(http, "sent", touch="%00%27")).status_code == 204
    assert services.capture.deliveries[0].touch_id is None


async def test_with_too_much_going_on_the_sweeper_gets_the_rest(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.background.MOST_AT_ONCE", 0)
    assert (await text(http, Body="hi")).status_code == 200
    await after(app)
    assert services.dispatch.sent == []


async def test_work_that_takes_too_long_at_shutdown_is_cancelled() -> None:
    background, ended = Background(), []

    async def slow() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(REF.row_id)

    background.begin(slow(), "slow")
    await asyncio.sleep(0)
    await background.drain(timedelta(seconds=0.01))
    await asyncio.sleep(0)
    assert (ended, background.running) == ([REF.row_id], 0)
