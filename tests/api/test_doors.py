"""Every door refuses a missing or wrong signature or key, and what was refused leaves no trace."""

import json
import time
from collections.abc import Callable

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from structlog.testing import capture_logs

from activities.intents import touch_id_of
from tests.api.conftest import after
from tests.api.fakes import (
    API_KEY,
    CALL,
    LEAD,
    NOW,
    PERSON,
    FakeServices,
    Headers,
    signed_hubspot,
    signed_inquiry,
    signed_slack,
    signed_twilio,
)
from tests.fake_settling import unknown
from tests.policy import cases

INQUIRY = json.dumps({"source": "demo_request", "source_event_id": "e1"}).encode()
PRESS = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "actions": [{"action_id": "accept", "action_ts": "1.2", "value": f"{LEAD}:1"}],
}
TEXT = {"MessageSid": "SM1", "From": "+15125550142", "To": "+15125550100", "Body": "hello"}
STATUS = {"MessageSid": "SM1", "MessageStatus": "delivered"}
JSON_KEYED = {"authorization": f"Bearer {API_KEY}", "content-type": "application/json", "idempotency-key": "k1"}

POLICY = cases.default()
TOUCH = touch_id_of(f"{LEAD}:1:text-1")

Door = tuple[str, str, bytes, Headers]


VOICE = ("rep", "person", "press", "after", "hold", "wait", "announce", "amd", "conference", "recording")


CALLERS = ("", "/menu", "/next?round=1", "/fallback", "/message", "/recorded", "/written")


def phone_doors() -> dict[str, Door]:
    """Where Twilio asks and tells of a call, each signed for itself."""
    about = "call=c1&leg=l1&what=replied"
    paths = [f"/v1/hooks/twilio/voice/{name}?{about}" for name in VOICE] + [f"/v1/hooks/twilio/voice-status?{about}"]
    paths += [f"/v1/hooks/twilio/voice{name}" for name in CALLERS]
    told = {"CallSid": "CA1", "CallStatus": "ringing", "Digits": "1", "RecordingSid": "RE1"}
    return {path: ("POST", path, *signed_twilio(path, told)) for path in paths}


def doors() -> dict[str, Door]:
    """Every way in, with a request that is let in."""
    sms, sms_headers = signed_twilio("/v1/hooks/twilio/sms", TEXT)
    status, status_headers = signed_twilio("/v1/hooks/twilio/sms-status?touch=t1", STATUS)
    press, press_headers = signed_slack(PRESS)
    hubspot = b'[{"objectId": 7, "eventId": 1}]'
    signal = json.dumps({"source_event_id": "e1", "person": {"phone": "+15125550142"}, "kind": "page_view"}).encode()
    batch = b"[" + INQUIRY + b"]"
    keyed = {"authorization": JSON_KEYED["authorization"]}
    switch = b'{"on": true, "by": "kim", "because": "a flood"}'
    draft = json.dumps({"text": POLICY.text, "packs": dict(POLICY.packs), "author": "kim"}).encode()
    rep, code = b'{"rep": "ana"}', b'{"code": "not_now", "by": "ana"}'
    return {
        **phone_doors(),
        "inquiry": ("POST", "/v1/inquiries", INQUIRY, signed_inquiry(INQUIRY)),
        "inquiry-key": ("POST", "/v1/inquiries", INQUIRY, JSON_KEYED),
        "batch": ("POST", "/v1/inquiries/batch", batch, signed_inquiry(batch)),
        "signal": ("POST", "/v1/signals", signal, signed_inquiry(signal)),
        "hubspot": ("POST", "/v1/hooks/hubspot", hubspot, signed_hubspot(hubspot)),
        "sms": ("POST", "/v1/hooks/twilio/sms", sms, sms_headers),
        "sms-status": ("POST", "/v1/hooks/twilio/sms-status?touch=t1", status, status_headers),
        "slack": ("POST", "/v1/hooks/slack/interactions", press, press_headers),
        "leads": ("GET", "/v1/leads", b"", keyed),
        "lead": ("GET", f"/v1/leads/{LEAD}", b"", keyed),
        "trace": ("GET", f"/v1/leads/{LEAD}/trace", b"", keyed),
        "touches": ("GET", f"/v1/leads/{LEAD}/touches", b"", keyed),
        "accept": ("POST", f"/v1/leads/{LEAD}/accept", rep, JSON_KEYED),
        "decline": ("POST", f"/v1/leads/{LEAD}/decline", rep, JSON_KEYED),
        "policies": ("GET", "/v1/policies", b"", keyed),
        "policy": ("GET", f"/v1/policies/{POLICY.hash}", b"", keyed),
        "publish": ("POST", "/v1/policies", draft, JSON_KEYED),
        "speed": ("GET", "/v1/reports/speed", b"", keyed),
        "cost": ("GET", "/v1/reports/cost", b"", keyed),
        "settle": ("POST", f"/v1/touches/{TOUCH}/settle", b'{"as": "sent", "by": "kim"}', JSON_KEYED),
        "reconcile": ("POST", "/v1/reconcile", b'{"since": "7d"}', JSON_KEYED),
        "tenant": ("GET", "/v1/tenant", b"", keyed),
        "kill-switch": ("POST", "/v1/kill-switch", switch, JSON_KEYED),
        "sandbox": ("POST", "/v1/sandbox", switch, JSON_KEYED),
        "preview": ("POST", "/v1/policies/preview", b"{}", JSON_KEYED),
        "migrate": ("POST", "/v1/policies/migrate", b'{"by": "ops", "key": "m1"}', JSON_KEYED),
        "rollback": ("POST", "/v1/policies/rollback", b'{"author": "kim"}', JSON_KEYED),
        "opt-out": ("POST", f"/v1/people/{PERSON}/opt-out", b"{}", JSON_KEYED),
        "disposition": ("POST", f"/v1/leads/{LEAD}/disposition", code, JSON_KEYED),
        "fairness": ("GET", "/v1/reports/fairness?rep=ana", b"", keyed),
        "reps": ("GET", "/v1/reps", b"", keyed),
        "calls": ("GET", "/v1/calls?live=true", b"", keyed),
        "call": ("GET", f"/v1/calls/{CALL.call_id}", b"", keyed),
        **{
            what: ("POST", f"/v1/calls/{CALL.call_id}/{what}", b'{"by": "ana", "to": "ada"}', JSON_KEYED)
            for what in ("hold", "resume", "transfer", "complete", "barge", "coach", "hang-up")
        },
        "presence": ("POST", "/v1/reps/ana/presence", b'{"presence": "back"}', JSON_KEYED),
    }


@pytest.fixture
def services() -> FakeServices:
    """With a touch that can be settled."""
    services = FakeServices()
    services.ledger.rows[TOUCH] = unknown(TOUCH, LEAD, NOW)
    return services


CREDENTIALS = (
    "authorization",
    "webhook-signature",
    "x-twilio-signature",
    "x-slack-signature",
    "x-hubspot-signature-v3",
)
NAMES = tuple(doors())
SIGNED = tuple(name for name, (_, _, _, headers) in doors().items() if "authorization" not in headers)


async def knock(http: httpx2.AsyncClient, door: Door) -> httpx2.Response:
    method, path, body, headers = door
    return await http.request(method, path, content=body, headers=headers)


def test_no_path_is_forgotten(app: FastAPI) -> None:
    paths = {
        path.split("?")[0]
        .replace(LEAD, "{lead_id}")
        .replace(PERSON, "{person_id}")
        .replace(POLICY.hash, "{policy_hash}")
        .replace("/ana/", "/{handle}/")
        .replace(CALL.call_id, "{call_id}")
        .replace(TOUCH, "{touch_id}")
        for _, path, _, _ in doors().values()
    }
    assert set(app.openapi()["paths"]) - paths == {"/healthz", "/readyz", "/metrics"}


@pytest.mark.parametrize("name", NAMES)
async def test_the_right_credentials_open_the_door(http: httpx2.AsyncClient, name: str) -> None:
    assert (await knock(http, doors()[name])).is_success


@pytest.mark.parametrize("name", NAMES)
async def test_without_credentials_it_says_only_that(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, name: str
) -> None:
    method, path, body, headers = doors()[name]
    bare = {key: value for key, value in headers.items() if key not in CREDENTIALS}
    answer = await knock(http, (method, path, body, bare))
    await after(app)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "The request carries neither a signature nor a key."
    assert services.untouched()


@pytest.mark.parametrize(
    "forge", [lambda v: v[:-2] + ("AA" if v[-2:] != "AA" else "BB"), lambda _: "x", lambda _: "v1,", lambda _: "é"]
)
@pytest.mark.parametrize("name", NAMES)
async def test_wrong_credentials_are_refused(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, name: str, forge: Callable[[str], str]
) -> None:
    method, path, body, headers = doors()[name]
    forged = {key: forge(value) if key in CREDENTIALS else value for key, value in headers.items()}
    sent = [(key.encode(), value.encode()) for key, value in forged.items()]
    answer = await http.request(method, path, content=body, headers=sent)
    await after(app)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "The request's signature or key is wrong."
    assert services.untouched()


@pytest.mark.parametrize("name", SIGNED)
async def test_one_byte_changed_is_refused(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, name: str
) -> None:
    method, path, body, headers = doors()[name]
    for at in range(0, len(body), max(1, len(body) // 20)):
        changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        assert (await knock(http, (method, path, changed, headers))).status_code == 403, at
    await after(app)
    assert services.untouched()


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400])
async def test_a_time_outside_five_minutes_is_refused_the_future_too(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, seconds: int
) -> None:
    moment = time.time() + seconds
    events = b'[{"objectId": 7, "eventId": 1}]'
    press, press_headers = signed_slack(PRESS, moment)
    for door in (
        ("POST", "/v1/inquiries", INQUIRY, signed_inquiry(INQUIRY, moment)),
        ("POST", "/v1/hooks/hubspot", events, signed_hubspot(events, moment)),
        ("POST", "/v1/hooks/slack/interactions", press, press_headers),
    ):
        assert (await knock(http, door)).status_code == 403
    await after(app)
    assert services.untouched()


async def test_a_signature_for_one_url_opens_no_other(http: httpx2.AsyncClient, services: FakeServices) -> None:
    body, headers = signed_twilio("/v1/hooks/twilio/sms-status?touch=t1", STATUS)
    path = "/v1/hooks/twilio/sms-status?touch=t2"
    assert (await knock(http, ("POST", path, body, headers))).status_code == 403
    assert services.untouched()


async def test_a_wrong_signature_is_not_saved_by_a_right_key(http: httpx2.AsyncClient, services: FakeServices) -> None:
    headers = signed_inquiry(INQUIRY) | {"webhook-signature": "v1,AAAA", "authorization": f"Bearer {API_KEY}"}
    assert (await knock(http, ("POST", "/v1/inquiries", INQUIRY, headers))).status_code == 403
    assert services.untouched()


@pytest.mark.parametrize("value", ["", API_KEY, f"Basic {API_KEY}", f"Bearer {API_KEY}x", "Bearer", "Bearer "])
async def test_only_a_bearer_key_counts(http: httpx2.AsyncClient, value: str) -> None:
    answer = await http.get("/v1/leads", headers={"authorization": value})
    assert answer.status_code == (401 if not value else 403)


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "bearer \t"])
async def test_an_empty_key_in_the_settings_lets_nobody_in(
    http: httpx2.AsyncClient, services: FakeServices, value: str
) -> None:
    services.settings.api_key = SecretStr("")
    assert (await http.get("/v1/leads", headers={"authorization": value})).status_code == 403
    assert (await http.get("/v1/leads")).status_code == 401


async def test_refusals_are_logged_without_what_was_sent(http: httpx2.AsyncClient) -> None:
    with capture_logs() as logs:
        for name in NAMES:
            method, path, body, headers = doors()[name]
            await knock(http, (method, path, body, {**headers, **dict.fromkeys(set(headers) & set(CREDENTIALS), "x")}))
            await knock(http, doors()[name])
    said = json.dumps(logs)
    assert "5125550142" not in said
    assert API_KEY not in said
