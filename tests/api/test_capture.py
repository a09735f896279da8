"""Inquiries, batches and signals: what is answered, what is handed on, and when."""

import json

import httpx2
import pytest
from fastapi import FastAPI

from domain.errors import Unavailable
from domain.ports import Captured
from tests.api.conftest import after
from tests.api.fakes import API_KEY, LEAD, STARTED, FakeServices

KEYED = {"authorization": f"Bearer {API_KEY}", "content-type": "application/json"}
WHOLE = {
    "source": "demo_request",
    "source_event_id": "form-8842",
    "occurred_at": "2026-11-23T15:04:05Z",
    "person": {"name": "Dana Ortiz", "phone": "+1 512 555 0142", "address": {"country": "US", "region": "TX"}},
    "consent": {"sms": True, "kind": "express", "captured_at": "2026-11-23T15:04:04Z"},
    "attribution": {"campaign": "fall-brand", "page": "/pricing", "referrer_name": None},
    "answers": {"timeline": "this month"},
    "signals": [{"kind": "page_view", "page": "/pricing", "at": "2026-11-23T15:01:00Z"}],
    "test": False,
}


async def post(http: httpx2.AsyncClient, path: str, data: object, **headers: str) -> httpx2.Response:
    return await http.post(path, content=json.dumps(data), headers=KEYED | headers)


async def test_an_inquiry_is_taken_and_its_lead_told_afterwards(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    answer = await post(http, "/v1/inquiries", WHOLE)
    assert (answer.status_code, answer.json()) == (202, {"lead_id": LEAD, "status": "started"})
    await after(app)
    assert services.capture.inquiries[0].person.name == "Dana Ortiz"
    assert services.dispatch.sent == [STARTED]


async def test_the_first_motion_is_told_to_whoever_asks(http: httpx2.AsyncClient) -> None:
    answer = await post(http, "/v1/inquiries", WHOLE, Prefer="respond-async, wait=2")
    assert answer.json()["first_motion"] == "text_back"
    assert answer.headers["preference-applied"] == "wait=2"


@pytest.mark.parametrize(
    ("prefer", "applied"),
    [
        ('wait="2"', "wait=2"),
        ("WAIT = 5; foo, return=minimal", "wait=5"),
        ("wait=99999", None),
        ("wait=1e9", None),
        ("wait=-1", None),
        ('wait="2', None),
        ("await=2", None),
        ("wait=2s", None),
    ],
)
async def test_only_a_preference_that_was_understood_is_confirmed(
    http: httpx2.AsyncClient, prefer: str, applied: str | None
) -> None:
    answer = await post(http, "/v1/inquiries", WHOLE, Prefer=prefer)
    assert answer.headers.get("preference-applied") == applied
    assert ("first_motion" in answer.json()) is (applied is not None)


async def test_an_undecided_inquiry_is_accepted_without_a_lead_or_motion(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    services.capture.answer = Captured(row_id="row-1", status="undecided")
    answer = await post(http, "/v1/inquiries", WHOLE, Prefer="wait=2")
    assert (answer.status_code, answer.json()) == (202, {"lead_id": None, "status": "accepted"})
    await after(app)
    assert services.dispatch.sent == [], "the sweeper goes on from the row"


@pytest.mark.parametrize("status", ["joined", "duplicate", "kept"])
async def test_other_outcomes_are_named(http: httpx2.AsyncClient, services: FakeServices, status: str) -> None:
    services.capture.answer = Captured(row_id="row-1", status=status, lead_id=LEAD)
    assert (await post(http, "/v1/inquiries", WHOLE)).json() == {"lead_id": LEAD, "status": status}


async def test_unknown_fields_are_kept_at_every_level(http: httpx2.AsyncClient, services: FakeServices) -> None:
    person = {"name": "Dana", "shoe_size": 9}
    await post(http, "/v1/inquiries", {"source": "x", "source_event_id": "e", "person": person, "utm": {"a": [1]}})
    taken = services.capture.inquiries[0]
    assert taken.model_extra == {"utm": {"a": [1]}}
    assert taken.person.model_extra == {"shoe_size": 9}


async def test_neither_phone_nor_email_is_accepted(http: httpx2.AsyncClient) -> None:
    assert (await post(http, "/v1/inquiries", {"source": "x", "source_event_id": "e"})).status_code == 202


async def test_every_bad_field_is_listed(http: httpx2.AsyncClient, app: FastAPI, services: FakeServices) -> None:
    bad = {
        "source": "Not A Source",
        "occurred_at": "yesterday",
        "person": {"name": 7, "address": "Austin"},
        "consent": {"kind": "verbal", "sms": "perhaps"},
        "answers": {"timeline": ["soon"]},
        "signals": [{"kind": ""}, {"kind": "page_view", "at": "2026-11-23T15:01:00"}],
    }
    answer = await post(http, "/v1/inquiries", bad)
    await after(app)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {error["field"] for error in answer.json()["errors"]} == {
        "source", "source_event_id", "occurred_at", "person.name", "person.address", "consent.kind", "consent.sms",
        "answers.timeline", "signals.0.kind", "signals.1.at",
    }  # fmt: skip
    assert services.untouched()


async def test_without_a_database_nothing_is_accepted(http: httpx2.AsyncClient, services: FakeServices) -> None:
    services.capture.troubles = [Unavailable("PostgreSQL does not answer")]
    answer = await post(http, "/v1/inquiries", WHOLE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["type"] == "urn:baton:problem:unavailable"


async def test_an_error_nobody_foresaw_says_nothing_of_itself(
    http: httpx2.AsyncClient, services: FakeServices, capsys: pytest.CaptureFixture[str]
) -> None:
    services.capture.troubles = [RuntimeError("Key (phone)=(+15125550142) already exists")]
    answer = await post(http, "/v1/inquiries", WHOLE)
    assert answer.status_code == 500
    printed = capsys.readouterr()
    assert "5125550142" not in answer.text + printed.out + printed.err


async def test_a_signal_is_taken(http: httpx2.AsyncClient, services: FakeServices) -> None:
    services.capture.answer = Captured(row_id="row-1", status="kept")
    signal = {"source_event_id": "s1", "person": {"email": "dana@example.com"}, "kind": "page_view", "page": "/pricing"}
    answer = await post(http, "/v1/signals", signal)
    assert (answer.status_code, answer.json()) == (202, {"lead_id": None, "status": "kept"})
    assert services.capture.signals[0].page == "/pricing"


async def test_a_batch_takes_the_good_and_names_the_bad(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    services.capture.troubles = [None, Unavailable("PostgreSQL does not answer")]
    items = [WHOLE, {"source": 1}, "no inquiry", {**WHOLE, "source_event_id": "e2"}]
    answer = await post(http, "/v1/inquiries/batch", items)
    assert answer.status_code == 202
    results = answer.json()["results"]
    assert [result["status"] for result in results] == ["started", "refused", "refused", "unavailable"]
    assert {error["field"] for error in results[1]["errors"]} == {"source", "source_event_id"}
    await after(app)
    assert services.dispatch.sent == [STARTED]


@pytest.mark.parametrize("items", [[], [{}] * 101, {"source": "x"}, [{"source": 1}]])
async def test_a_batch_with_nothing_to_take_is_refused(
    http: httpx2.AsyncClient, services: FakeServices, items: object
) -> None:
    assert (await post(http, "/v1/inquiries/batch", items)).status_code == 422
    assert services.untouched()


async def test_a_batch_without_a_database_is_not_accepted(http: httpx2.AsyncClient, services: FakeServices) -> None:
    services.capture.troubles = [Unavailable("no"), Unavailable("no")]
    assert (await post(http, "/v1/inquiries/batch", [WHOLE, WHOLE])).status_code == 503
