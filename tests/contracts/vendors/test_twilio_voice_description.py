"""TwilioVoice against Twilio's own API description: every request is one that Twilio documents."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from adapters.twilio.voice import TwilioVoice
from domain.errors import VendorError
from domain.ledger import Intent
from domain.phones import LegWords
from domain.scripts import HangUp, Say
from domain.values import Channel, Purpose
from tests.contracts.vendors.published import Received, description
from tests.contracts.vendors.test_twilio_description import INTENT, NOW, account

ACCOUNT = f"/2010-04-01/Accounts/AC{'0' * 32}"
CALL, ROOM, RECORDING = "CA" + "1" * 32, "CF" + "2" * 32, "RE" + "3" * 32
ANNOUNCEMENT = "/v1/hooks/twilio/voice/announce?call=c-1&what=recorded"


@pytest.fixture(scope="module")
def twilio() -> Iterator[Received]:
    with description("twilio_api_v2010.json") as received:
        yield received


@pytest.fixture
async def voice(twilio: Received) -> AsyncIterator[TwilioVoice]:
    twilio.log.clear()
    adapter = TwilioVoice(account(twilio.url))
    yield adapter
    await adapter.aclose()


def intent(**words: bool) -> Intent:
    body = LegWords(call_id="0199-c1", ring=timedelta(seconds=15), **{"joins": False, **words})
    changes = {"channel": Channel.CALL, "purpose": Purpose.INTERNAL, "body": body.model_dump_json()}
    return INTENT.model_copy(update=changes)


async def test_a_reps_phone_is_rung_as_twilio_documents(twilio: Received, voice: TwilioVoice) -> None:
    accepted = await voice.send(intent())
    assert accepted.vendor_id.startswith("CA")
    assert twilio.errors() == []
    assert twilio.paths() == [f"POST {ACCOUNT}/Calls.json"]


@pytest.mark.parametrize("detect", [True, False])
async def test_a_person_is_rung_as_twilio_documents(twilio: Received, voice: TwilioVoice, detect: bool) -> None:
    await voice.send(intent(joins=True, detect=detect))
    assert twilio.errors() == []
    assert twilio.paths() == [f"POST {ACCOUNT}/Conferences/0199-c1/Participants.json"]


async def test_the_listing_is_one_that_twilio_documents(twilio: Received, voice: TwilioVoice) -> None:
    with pytest.raises(VendorError):  # the documented answer names a next page that the description doesn't know
        await voice.find(intent(), NOW)
    assert twilio.log[0]["errors"] == []
    assert twilio.paths()[0] == f"GET {ACCOUNT}/Calls.json"


async def test_a_leg_is_asked_for_hung_up_and_spoken_to_as_twilio_documents(
    twilio: Received, voice: TwilioVoice
) -> None:
    await voice.state("0199-t1", CALL)
    await voice.hang_up(CALL)
    await voice.say(CALL, (Say(words="Hi <Dana> & all, é 👍"), HangUp()))
    assert twilio.errors() == []
    assert twilio.paths() == [f"{verb} {ACCOUNT}/Calls/{CALL}.json" for verb in ("GET", "POST", "POST")]


async def test_a_conference_is_spoken_to_as_twilio_documents(twilio: Received, voice: TwilioVoice) -> None:
    await voice.announce(ROOM, ANNOUNCEMENT)
    assert twilio.errors() == []
    assert twilio.paths() == [f"POST {ACCOUNT}/Conferences/{ROOM}.json"]


async def test_who_is_in_a_conference_is_asked_as_twilio_documents(twilio: Received, voice: TwilioVoice) -> None:
    assert await voice.present("0199-c1") == (), "the description's example is a list without a conference"
    assert twilio.errors() == []
    assert twilio.paths() == [f"GET {ACCOUNT}/Conferences.json"] * 2


async def test_a_leg_is_held_told_and_let_go_as_twilio_documents(twilio: Received, voice: TwilioVoice) -> None:
    await voice.hold(ROOM, CALL, "/v1/hooks/twilio/voice/wait")
    await voice.hold(ROOM, CALL, None)
    await voice.ends(ROOM, CALL, False)
    await voice.tell(ROOM, CALL, ANNOUNCEMENT)
    assert twilio.errors() == []
    assert set(twilio.paths()) == {f"POST {ACCOUNT}/Conferences/{ROOM}/Participants/{CALL}.json"}


async def test_a_recording_is_deleted_as_twilio_documents(twilio: Received, voice: TwilioVoice) -> None:
    await voice.delete_recording(RECORDING)
    assert twilio.errors() == []
    assert twilio.paths() == [f"DELETE {ACCOUNT}/Recordings/{RECORDING}.json"]
