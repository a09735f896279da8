"""TwilioVoice on a wire that misbehaves: what counts as not rung, what must be looked up, what is said of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs

import httpx2
import pytest

from adapters.twilio.account import TwilioAccount
from adapters.twilio.voice import TwilioVoice
from domain.calls import LegEnd, LegState
from domain.errors import Ambiguous, BadRecipient, NotAuthorised, Rejected, Throttled, VendorError
from domain.ledger import Intent
from domain.phones import LegWords
from domain.scripts import HangUp, Say
from domain.values import Channel, Purpose
from tests.adapters.wire import FAULTS, Act, Fault, answering_json, check, failing, serving, told

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SID = "CA" + "a" * 32
ROOM, RECORDING = "CF" + "c" * 32, "RE" + "d" * 32
SHORT = httpx2.Timeout(connect=0.5, read=0.4, write=0.5, pool=0.3)
WORDS = LegWords(call_id="0199-c1", joins=False, ring=timedelta(seconds=15))
INTENT = Intent(
    touch_id="0199-t1",
    key="lead:1:call-1:rep:ada",
    tenant="main",
    lead_id="lead-1",
    person_id="person-1",
    channel=Channel.CALL,
    purpose=Purpose.INTERNAL,
    recipient="+15125550142",
    sender="+15125550100",
    body=WORDS.model_dump_json(),
    lead_now=NOW,
)
PERSON = INTENT.model_copy(
    update={"body": WORDS.model_copy(update={"joins": True, "detect": True}).model_dump_json(), "touch_id": "0199-t2"}
)
SECRETS = (INTENT.recipient, INTENT.recipient[1:], "Dana", "s3cret-token")
SCRIPT = (Say(words="Hi Dana"), HangUp())


@asynccontextmanager
async def voice(url: str) -> AsyncIterator[TwilioVoice]:
    account = TwilioAccount(
        sid="AC" + "b" * 32,
        token="s3cret-token",
        sender="+15125550100",
        public_url="https://baton.example.com",
        base_url=url,
    )
    adapter = TwilioVoice(account, SHORT)
    try:
        yield adapter
    finally:
        await adapter.aclose()


def doing(what: Callable[[TwilioVoice], object]) -> Act:
    async def act(url: str) -> object:
        async with voice(url) as adapter:
            return await what(adapter)  # type: ignore[misc]  # every method of the port is awaited

    return act


RINGS = {
    "a rep": doing(lambda v: v.send(INTENT)),
    "a person": doing(lambda v: v.send(PERSON)),
    "looking up": doing(lambda v: v.find(INTENT, NOW)),
}
ORDERS = {
    "state": doing(lambda v: v.state("0199-t1", SID)),
    "hang up": doing(lambda v: v.hang_up(SID)),
    "say": doing(lambda v: v.say(SID, SCRIPT)),
    "hold": doing(lambda v: v.hold(ROOM, SID, "/v1/hooks/twilio/voice/wait")),
    "ends": doing(lambda v: v.ends(ROOM, SID, False)),
    "tell": doing(lambda v: v.tell(ROOM, SID, "/v1/hooks/twilio/voice/announce?what=not_free")),
    "delete": doing(lambda v: v.delete_recording(RECORDING)),
    "announce": doing(lambda v: v.announce(ROOM, "/v1/hooks/twilio/voice/announce?what=recorded")),
}
WITHOUT_AN_ID = "an object without the id"  # nothing of an order's answer is read


@pytest.mark.parametrize("act", RINGS.values(), ids=RINGS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_ringing_and_looking_up_tell_every_fault_apart(fault: Fault, act: Act) -> None:
    check(fault, await failing(fault, act), SECRETS)


@pytest.mark.parametrize("act", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("fault", [each for each in FAULTS if each.name != WITHOUT_AN_ID], ids=lambda each: each.name)
async def test_orders_to_a_leg_tell_every_fault_apart(fault: Fault, act: Act) -> None:
    check(fault, await failing(fault, act), SECRETS)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 21211, BadRecipient),
        (400, 21210, NotAuthorised),
        (429, 20429, Throttled),
        (401, 20003, NotAuthorised),
        (503, 21210, Ambiguous),
        (400, 13240, Rejected),
    ],
)
@pytest.mark.parametrize("who", ["a rep", "a person"])
async def test_a_refusal_carries_twilios_code_and_no_personal_data(
    status: int, code: int, kind: type[VendorError], who: str
) -> None:
    body = {"code": code, "message": f"no {INTENT.recipient} of Dana", "status": status}
    error = await failing(Fault("4xx", answering_json(status, body), Rejected), RINGS[who])
    assert (type(error), error.detail) == (kind, str(code))
    assert [secret for secret in SECRETS if secret in told(error)] == []


@pytest.mark.parametrize(("status", "code"), [(400, 21220), (404, 20404)])
async def test_orders_to_a_leg_that_is_over_change_nothing(status: int, code: int) -> None:
    async with serving(answering_json(status, {"code": code, "status": status})) as wire, voice(wire.url) as adapter:
        await adapter.hang_up(SID)
        await adapter.say(SID, SCRIPT)
        await adapter.announce(ROOM, "/v1/hooks/twilio/voice/announce?what=recorded")
        await adapter.hold(ROOM, SID, None)
        await adapter.ends(ROOM, SID, True)
        await adapter.tell(ROOM, SID, "/v1/hooks/twilio/voice/announce?what=not_free")
        await adapter.delete_recording(RECORDING)
        moved = await adapter.state("0199-t1", SID)
    assert moved is not None
    assert (moved.state, moved.end, len(wire.requests)) == (LegState.ENDED, LegEnd.UNKNOWN, 8)


@pytest.mark.parametrize(
    ("status", "state", "end"),
    [
        ("queued", LegState.RINGING, None),
        ("ringing", LegState.RINGING, None),
        ("in-progress", LegState.ANSWERED, None),
        ("completed", LegState.ENDED, LegEnd.COMPLETED),
        ("busy", LegState.ENDED, LegEnd.BUSY),
        ("no-answer", LegState.ENDED, LegEnd.NO_ANSWER),
        ("failed", LegState.ENDED, LegEnd.FAILED),
        ("canceled", LegState.ENDED, LegEnd.CANCELED),
        ("some-word-of-tomorrow", None, None),
    ],
)
async def test_twilios_word_on_a_leg_is_ours(status: str, state: LegState | None, end: LegEnd | None) -> None:
    async with serving(answering_json(200, {"sid": SID, "status": status})) as wire, voice(wire.url) as adapter:
        moved = await adapter.state("0199-t1", SID)
    assert (moved and (moved.state, moved.end)) == (state and (state, end))


def form(request: bytes) -> dict[str, list[str]]:
    return parse_qs(request.partition(b"\r\n\r\n")[2].decode())


async def test_a_reps_phone_is_rung_for_a_script_of_ours() -> None:
    async with serving(answering_json(201, {"sid": SID, "status": "queued"})) as wire, voice(wire.url) as adapter:
        assert (await adapter.send(INTENT)).vendor_id == SID
    hooks = "https://baton.example.com/v1/hooks/twilio"
    assert form(wire.requests[0]) == {
        "To": [INTENT.recipient],
        "From": ["+15125550100"],
        "Url": [f"{hooks}/voice/rep?call=0199-c1&leg=0199-t1"],
        "Timeout": ["15"],
        "StatusCallback": [f"{hooks}/voice-status?call=0199-c1&leg=0199-t1"],
        "StatusCallbackEvent": ["ringing", "answered", "completed"],
    }


async def test_a_person_who_is_rung_first_asks_for_a_script_of_their_own_and_nothing_listens_for_a_machine() -> None:
    words = WORDS.model_copy(update={"person": True})
    asks = PERSON.model_copy(update={"body": words.model_dump_json()})
    async with serving(answering_json(201, {"sid": SID, "status": "queued"})) as wire, voice(wire.url) as adapter:
        await adapter.send(asks)
    sent = form(wire.requests[0])
    assert sent["Url"] == ["https://baton.example.com/v1/hooks/twilio/voice/person?call=0199-c1&leg=0199-t2"]
    assert "MachineDetection" not in sent, "its delay would count against the two seconds"


async def test_a_person_is_rung_into_the_conference_that_bears_the_calls_id() -> None:
    async with serving(answering_json(201, {"call_sid": SID, "label": "x"})) as wire, voice(wire.url) as adapter:
        assert (await adapter.send(PERSON)).vendor_id == SID
    head, sent = wire.requests[0].split(b"\r\n")[0], form(wire.requests[0])
    assert head.split(b" ")[1].endswith(b"/Conferences/0199-c1/Participants.json")
    assert (sent["Label"], sent["MachineDetection"]) == (["0199-t2"], ["DetectMessageEnd"])
    assert [sent[name] for name in ("EarlyMedia", "EndConferenceOnExit", "Beep")] == [["true"], ["true"], ["false"]]
    assert "Record" not in sent, "the conference is recorded, not the leg"


async def test_a_leg_is_looked_for_between_its_two_numbers_and_from_its_moment_on() -> None:
    made = [("CA1", timedelta(seconds=2)), ("CA2", timedelta(seconds=-5)), ("CA3", timedelta(minutes=-5))]
    calls = [{"sid": sid, "date_created": format_datetime(NOW + after), "status": "queued"} for sid, after in made]
    page = {"calls": [*calls, {"sid": "CA4", "date_created": "soon"}], "next_page_uri": None, "page": 0}
    async with serving(answering_json(200, page)) as wire, voice(wire.url) as adapter:
        found = await adapter.find(INTENT, NOW)
    assert [each.vendor_id for each in found[:2]] == ["CA1", "CA2"]
    assert b"To=%2B15125550142" in wire.requests[0]
    assert b"From=%2B15125550100" in wire.requests[0]
    assert b"StartTime" not in wire.requests[0], "a queued call has none yet"


async def test_what_is_done_to_a_leg_is_said_as_twilio_wants_it() -> None:
    async with serving(answering_json(200, {"call_sid": SID})) as wire, voice(wire.url) as adapter:
        await adapter.hold(ROOM, SID, "/v1/hooks/twilio/voice/wait")
        await adapter.hold(ROOM, SID, None)
        await adapter.ends(ROOM, SID, False)
    wait = "https://baton.example.com/v1/hooks/twilio/voice/wait"
    assert [form(request) for request in wire.requests] == [
        {"Hold": ["true"], "HoldUrl": [wait], "HoldMethod": ["POST"]},
        {"Hold": ["false"]},
        {"EndConferenceOnExit": ["false"]},
    ]


async def test_who_is_in_the_conference_that_goes_on_is_asked_by_its_name() -> None:
    members = {"participants": [{"call_sid": SID}, {"call_sid": None}], "next_page_uri": None, "page": 0}
    rooms = {"conferences": [{"sid": ROOM, "friendly_name": "0199-c1"}], "next_page_uri": None, "page": 0}

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        found = members if b"/Participants.json" in request.split(b"\r\n")[0] else rooms
        await answering_json(200, found)(request, writer)

    async with serving(answer) as wire, voice(wire.url) as adapter:
        (present,) = await adapter.present("0199-c1")
    assert (present.leg_id, present.room) == (SID, ROOM)
    first, second = (request.split(b" ")[1] for request in wire.requests)
    assert b"/Conferences.json?" in first
    assert b"FriendlyName=0199-c1" in first
    assert b"Status=in-progress" in first
    assert second.split(b"?")[0].endswith(f"/Conferences/{ROOM}/Participants.json".encode())


async def test_a_recording_is_where_our_own_account_has_it() -> None:
    account = TwilioAccount(sid="AC" + "b" * 32, token="x", sender="+15125550100", public_url="https://b.example.com")
    stem = f"https://api.twilio.com/2010-04-01/Accounts/AC{'b' * 32}/Recordings"
    assert account.recording(RECORDING) == f"{stem}/{RECORDING}"
    assert account.recording("../Calls?x=1") == f"{stem}/..%2FCalls%3Fx%3D1"


async def test_a_fault_is_answered_with_one_request() -> None:
    async with serving(answering_json(503, {})) as wire:
        for act in (*RINGS.values(), *ORDERS.values()):
            with pytest.raises(Ambiguous):
                await act(wire.url)
        assert len(wire.requests) == len(RINGS) + len(ORDERS)
