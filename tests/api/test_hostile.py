"""Bodies that nobody means well: refused with a reason, nothing kept, never a 5xx (fault matrix F10)."""

import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from api import security
from tests.api.conftest import after
from tests.api.fakes import API_KEY, FakeServices, signed_slack, signed_twilio

KEYED = {"authorization": f"Bearer {API_KEY}", "content-type": "application/json"}
GOOD = '"source": "x", "source_event_id": "e"'

BODIES = {
    "empty": b"",
    "not json": b"source=demo",
    "cut short": b'{"source": "x"',
    "two documents": b"{}{}",
    "not utf-8": b'{"source": "\xff\xfe"}',
    "utf-16": json.dumps({"source": "x", "source_event_id": "e"}).encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "a list": b"[]",
    "a string": b'"x"',
    "null": b"null",
    "nul": f'{{{GOOD}, "person": {{"name": "a\\u0000b"}}}}'.encode(),
    "nul in a name": f'{{{GOOD}, "a\\u0000b": 1}}'.encode(),
    "half a surrogate": f'{{{GOOD}, "person": {{"name": "\\ud800"}}}}'.encode(),
    "half a surrogate in extra": f'{{{GOOD}, "x": ["\\udfff"]}}'.encode(),
    "half a surrogate in a name": f'{{{GOOD}, "answers": {{"\\ud83d": 5}}}}'.encode(),
    "infinite": f'{{{GOOD}, "x": 1e999}}'.encode(),
    "constant": f'{{{GOOD}, "x": NaN}}'.encode(),
    "endless digits": f'{{{GOOD}, "x": {"9" * 9000}}}'.encode(),
    "deep": f'{{{GOOD}, "x": {"[" * 40}{"]" * 40}}}'.encode(),
    "very deep": b"[" * 100_000,
    "year one": f'{{{GOOD}, "occurred_at": "0001-01-01T00:00:00+14:00"}}'.encode(),
    "year 9999": f'{{{GOOD}, "signals": [{{"kind": "k", "at": "9999-12-31T23:59:59-14:00"}}]}}'.encode(),
    "a huge moment": f'{{{GOOD}, "occurred_at": 1e300}}'.encode(),
    "long text": f'{{{GOOD}, "person": {{"name": "{"n" * 9000}"}}}}'.encode(),
    "a person for a kind": f'{{{GOOD}, "person": {{}}, "kind": "a@b", "signals": [{{"kind": "Dana"}}]}}'.encode(),
    "many answers": f'{{{GOOD}, "answers": {json.dumps({str(n): "a" for n in range(65)})}}}'.encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("path", ["/v1/inquiries", "/v1/signals", "/v1/inquiries/batch"])
async def test_a_hostile_body_is_refused_with_a_reason(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, name: str, path: str
) -> None:
    answer = await http.post(path, content=BODIES[name], headers=KEYED)
    await after(app)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert services.untouched()


async def test_duplicate_names_are_read_as_json_readers_do(http: httpx2.AsyncClient, services: FakeServices) -> None:
    body = b'{"source": "a", "source": "b", "source_event_id": "e"}'
    assert (await http.post("/v1/inquiries", content=body, headers=KEYED)).status_code == 202
    assert services.capture.inquiries[0].source == "b"


async def test_markup_templates_and_formats_pass_through_as_text(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    name = "{{7*7}} ${7*7} %s {0.__class__} <!channel> =cmd()"
    body = json.dumps({"source": "x", "source_event_id": "e", "person": {"name": name}})
    await http.post("/v1/inquiries", content=body, headers=KEYED)
    assert services.capture.inquiries[0].person.name == name


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"],
)
async def test_only_json_is_read_as_json(http: httpx2.AsyncClient, services: FakeServices, content_type: str) -> None:
    answer = await http.post("/v1/inquiries", content=f"{{{GOOD}}}", headers=KEYED | {"content-type": content_type})
    assert answer.status_code == 415
    assert services.untouched()


async def test_json_with_a_charset_is_json(http: httpx2.AsyncClient) -> None:
    headers = KEYED | {"content-type": "Application/JSON; charset=utf-8"}
    assert (await http.post("/v1/inquiries", content=f"{{{GOOD}}}", headers=headers)).status_code == 202


async def in_chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 1024):
        yield b" " * 1024


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/inquiries", KEYED),
        ("/v1/inquiries/batch", KEYED),
        ("/v1/signals", KEYED),
        ("/v1/hooks/hubspot", {"x-hubspot-signature-v3": "x"}),
        ("/v1/hooks/slack/interactions", {"x-slack-signature": "x"}),
        ("/v1/hooks/twilio/sms", {"x-twilio-signature": "x"}),
        ("/v1/hooks/twilio/sms-status", {"x-twilio-signature": "x"}),
    ],
)
async def test_a_body_over_the_limit_is_refused_declared_or_chunked(
    http: httpx2.AsyncClient, services: FakeServices, path: str, headers: dict[str, str]
) -> None:
    whole = await http.post(path, content=b" " * (security.LARGEST_BODY + 1), headers=headers)
    chunked = await http.post(path, content=in_chunks(security.LARGEST_BODY + 1024), headers=headers)
    assert (whole.status_code, chunked.status_code) == (413, 413)
    assert services.untouched()


async def test_a_body_at_the_limit_is_read(http: httpx2.AsyncClient) -> None:
    body = f"{{{GOOD}}}".encode().ljust(security.LARGEST_BODY)
    assert (await http.post("/v1/inquiries", content=body, headers=KEYED)).status_code == 202


@pytest.mark.parametrize("payload", ["", "{", "[]", "null", '{"type": "block_actions"}', '{"type": 1, "user": []}'])
async def test_a_signed_press_that_is_none_is_refused(
    http: httpx2.AsyncClient, services: FakeServices, payload: str
) -> None:
    body, headers = signed_slack(payload)
    assert (await http.post("/v1/hooks/slack/interactions", content=body, headers=headers)).status_code == 400
    assert services.untouched()


async def test_a_text_with_nul_and_broken_characters_is_still_read(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    form = {"MessageSid": "SM1", "From": "+15125550142", "To": "+1", "Body": "STOP\0"}
    body, headers = signed_twilio("/v1/hooks/twilio/sms", form)
    assert (await http.post("/v1/hooks/twilio/sms", content=body, headers=headers)).status_code == 200
    text, meaning = services.capture.texts[0]
    assert ("\0" in text.body, meaning) == (False, "stop")


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
async def test_a_text_without_an_id_or_sender_is_refused(
    http: httpx2.AsyncClient, services: FakeServices, missing: str
) -> None:
    form = {"MessageSid": "SM1", "From": "+15125550142", "To": "+1", "Body": "hi"} | {missing: " "}
    body, headers = signed_twilio("/v1/hooks/twilio/sms", form)
    answer = await http.post("/v1/hooks/twilio/sms", content=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, missing)
    assert services.untouched()


@pytest.mark.parametrize("lead_id", ["x", "../../metrics", "%00", "0199a7c2", "'; drop table lead;--", "%F0%9F%9B%91"])
async def test_a_lead_id_that_is_none_is_refused(
    http: httpx2.AsyncClient, services: FakeServices, lead_id: str
) -> None:
    answer = await http.get(f"/v1/leads/{lead_id}/trace", headers=KEYED)
    assert answer.status_code in (404, 422)
    assert services.untouched()
