"""Hooks of calls to the business's number: what a caller hears, what is kept, and what a hostile form comes to."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI

from activities.call_scripts import call_id_of
from domain.answering import InboundCall
from domain.errors import Unavailable
from tests.api.conftest import after
from tests.api.fakes import FakeServices, signed_twilio

DURING = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # a Tuesday, eleven in Chicago
HOOK = "/v1/hooks/twilio/voice"
DANA, OURS, SID = "+15125550142", "+15125550100", "CA0123456789abcdef"


async def post(http: httpx2.AsyncClient, path: str = "", **fields: str) -> httpx2.Response:
    form = {"CallSid": SID, "From": DANA, "To": OURS, "CallStatus": "ringing", "Direction": "inbound", **fields}
    content, headers = signed_twilio(HOOK + path, form)
    return await http.post(HOOK + path, content=content, headers=headers)


def kept(services: FakeServices) -> InboundCall:
    return InboundCall.model_validate_json(services.capture.kept["call", SID])


def missed(services: FakeServices) -> list[tuple[str, str | None]]:
    asked = [one for one in services.capture.inquiries if one.source == "missed_call"]
    return [(one.source_event_id, one.person.phone) for one in asked]


@pytest.mark.parametrize(
    "sender",
    ["anonymous", "", "+266696687", "client:dana", "sip:dana@x.example", "+1512CALLME", "\0", "9" * 10_000, "+0"],
)
async def test_a_number_that_is_none_is_nobodys(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, sender: str
) -> None:
    assert (await post(http, From=sender)).status_code == 200
    assert (await post(http, "-status", From=sender, CallStatus="no-answer")).status_code == 204
    await after(app)
    assert kept(services).caller is None
    assert missed(services) == []


@pytest.mark.parametrize("sid", ["", "CA 1", "../x", "9" * 10_000, "CA\0"])
async def test_a_call_without_an_id_is_refused(http: httpx2.AsyncClient, services: FakeServices, sid: str) -> None:
    assert (await post(http, CallSid=sid)).status_code == 422
    assert services.capture.kept == {}


async def test_a_call_that_ends_unanswered_is_one_inquiry_however_often_it_is_told(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    for _ in range(2):
        answer = await post(http)
        assert answer.status_code == 200
        assert "<Record" in answer.text or "<Dial" in answer.text
    for path in ("-status", "/next?round=99", "-status"):
        await post(http, path, CallStatus="no-answer")
        await after(app)
    assert missed(services) == [(SID, DANA)]


async def test_a_call_that_was_never_announced_is_missed_once_its_end_is_told(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    assert (await post(http, "-status", CallStatus="completed")).status_code == 204
    await after(app)
    assert missed(services) == [(SID, DANA)]
    assert services.callers.finished == [SID]


async def test_without_the_database_a_message_is_taken(http: httpx2.AsyncClient, services: FakeServices) -> None:
    services.capture.troubles = [Unavailable("down")]
    answer = await post(http)
    assert answer.status_code == 200
    assert "We are sorry" in answer.text
    assert f"{HOOK}/recorded?from=%2B15125550142&amp;to=%2B15125550100" in answer.text


@pytest.mark.parametrize("asked", ["?from=%2B15125550142&to=%2B15125550100", "?from=+15125550142&to=+15125550100"])
async def test_a_message_that_is_told_before_anything_else_is_its_callers_by_the_address(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, asked: str
) -> None:
    left = {"CallSid": SID, "RecordingSid": "RE1", "RecordingUrl": "https://x.example/RE1", "RecordingDuration": "6"}
    content, headers = signed_twilio(f"{HOOK}/recorded{asked}", left)
    assert (await http.post(f"{HOOK}/recorded{asked}", content=content, headers=headers)).status_code == 204
    await after(app)
    assert kept(services).caller == DANA
    assert missed(services) == [(SID, DANA)]


async def test_a_message_is_kept_once_with_its_link_and_its_words(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    left = {"RecordingSid": "RE1", "RecordingUrl": "https://api.twilio.com/Recordings/RE1", "RecordingDuration": "23"}
    assert "Thank you" in (await post(http, "/message", **left)).text
    assert (await post(http, "/recorded", **left)).status_code == 204
    assert (await post(http, "/written", TranscriptionText="call me", **left)).status_code == 204
    await after(app)
    notes = [(note.kind, note.words, note.length) for _, note in services.callers.notes]
    length = timedelta(seconds=23)
    assert notes == [("voicemail", None, length), ("transcribed", "call me", length)]
    assert missed(services) == [(SID, DANA)]


async def test_whoever_presses_1_takes_it_and_it_is_no_missed_call(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    services.callers.now = DURING
    assert "<Dial" in (await post(http)).text
    call_id = call_id_of(SID)
    leg = services.calls.rows[call_id].legs[1]
    pressed = await post(http, f"/press?call={call_id}&leg={leg.leg_id}", Digits="1")
    assert "<Hangup" not in pressed.text
    assert "<Hangup" in (await post(http, "/next?round=1", DialBridged="true")).text
    await post(http, "-status", CallStatus="completed")
    await after(app)
    assert [taken.rep for taken in services.callers.taken] == [leg.rep]
    assert [note.kind for _, note in services.callers.notes] == ["talked"]
    assert missed(services) == []
