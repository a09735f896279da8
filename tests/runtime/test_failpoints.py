"""Failpoints: a worker dies exactly where it is told to, once, and none that could reach somebody real has any."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bench.arms import Arms, Cell
from domain.ledger import Intent
from domain.ports import Accepted
from domain.values import Channel
from runtime.failpoints import Boundary, Failpoints, Leg, failpoints_of
from runtime.settings import Settings
from tests.activities.stage import INTENT, QUICK, Stage
from tests.fake_ledger import FakeLedger
from tests.fakes import FakeSms


class Died(BaseException):
    """Instead of SIGKILL."""


@pytest.fixture(autouse=True)
def mortal(monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(pid: int, how: signal.Signals) -> None:
        assert (pid, how) == (os.getpid(), signal.SIGKILL)
        raise Died

    monkeypatch.setattr(os, "kill", kill)


@pytest.fixture
def arms(tmp_path: Path) -> Arms:
    return Arms(tmp_path / "failpoints")


def stage_of(arms: Arms) -> Stage:
    """Attempts that meet failpoints, on the real delivery protocol."""
    points, ledger, sms = Failpoints(arms.folder), FakeLedger(), FakeSms()
    stage = Stage(ledger=ledger, sms=sms, patience=QUICK)
    stage.through = (points.ledger(ledger), points.vendor(sms, "send"))
    return stage


WHERE = {
    Boundary.BEFORE_CLAIM: (None, 0),
    Boundary.AFTER_CLAIM: ("claimed", 0),
    Boundary.BEFORE_REQUEST: ("sending", 0),
    Boundary.REQUEST_SENT: ("sending", 1),
    Boundary.AFTER_ACCEPT: ("sending", 1),
    Boundary.BEFORE_SETTLE: ("sending", 1),
    Boundary.AFTER_SETTLE: ("sent", 1),
}
"""What the ledger says of the touch, and how many texts the phone has, when the worker is dead."""


@pytest.mark.parametrize("boundary", Boundary)
async def test_it_dies_at_the_boundary_once_and_what_comes_after_goes_on(arms: Arms, boundary: Boundary) -> None:
    arms.arm((Cell(boundary, Leg.SMS),), word="")
    stage = stage_of(arms)
    with pytest.raises(Died):
        await stage.attempt()
    row = stage.ledger.rows.get(INTENT.touch_id)
    assert (row.state if row else None, stage.texts) == WHERE[boundary]
    assert (arms.left(), arms.taken()) == ([], {Cell(boundary, Leg.SMS): INTENT.touch_id})
    stage.ledger.grace = stage.ledger.grace * 0
    assert (await stage.attempt()).result == "sent"
    assert stage.texts == 1


async def test_a_held_touch_waits_for_the_word(arms: Arms) -> None:
    arms.arm((Cell(Boundary.REQUEST_SENT, Leg.SMS),))
    stage = stage_of(arms)
    dying = asyncio.create_task(stage.attempt())
    while arms.left():
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.03)
    assert (dying.done(), stage.texts) == (False, 0)
    arms.send()
    while not stage.texts:
        await asyncio.sleep(0.001)
    assert not dying.done()
    arms.go()
    with pytest.raises(Died):
        await dying


async def test_arms_of_another_kind_of_touch_are_not_its_own(arms: Arms) -> None:
    arms.arm(tuple(Cell(Boundary.AFTER_CLAIM, leg) for leg in Leg if leg is not Leg.SMS))
    assert (await stage_of(arms).attempt()).result == "sent"
    assert len(arms.left()) == len(Leg) - 1


async def test_chat_and_crm_are_told_by_the_method_that_reaches_them(arms: Arms) -> None:
    class Chat:
        async def post(self, touch_id: str, words: str) -> Accepted:
            return Accepted(vendor_id=words)

    arms.arm((Cell(Boundary.AFTER_ACCEPT, Leg.CHAT),), word="")
    chat = Failpoints(arms.folder).vendor(Chat(), "post", Leg.CHAT)
    with pytest.raises(Died):
        await chat.post("touch-1", "Hi")
    assert arms.taken() == {Cell(Boundary.AFTER_ACCEPT, Leg.CHAT): "touch-1"}
    assert (await chat.post("touch-1", "Hi")).vendor_id == "Hi"


def an_intent(body: str) -> Intent:
    return INTENT.model_copy(update={"channel": Channel.CALL, "body": body})


async def test_a_reps_phone_and_the_persons_are_two_kinds(arms: Arms) -> None:
    class Voice:
        async def send(self, intent: Intent) -> Accepted:
            return Accepted(vendor_id="CA1")

    arms.arm((Cell(Boundary.BEFORE_REQUEST, Leg.PERSON),), word="")
    voice = Failpoints(arms.folder).vendor(Voice(), "send")
    words = '{"call_id": "c", "ring": 15, "joins": %s}'
    await voice.send(an_intent(words % "false"))
    with pytest.raises(Died):
        await voice.send(an_intent(words % "true"))


# --- production -------------------------------------------------------------------------------------------------------


def settings(tmp_path: Path, **changes: object) -> Settings:
    simulated = "http://127.0.0.1:1"
    urls = {f"{vendor}_base_url": simulated for vendor in ("twilio", "slack", "hubspot")}
    secrets = ("api_key", "twilio_auth_token", "slack_token", "slack_signing_secret", "hubspot_token")
    told = dict.fromkeys((*secrets, "hubspot_client_secret"), "x" * 16)
    known = {"database_url": "postgresql://x", "webhook_secret": "whsec_" + "A" * 32, "public_url": simulated}
    number = {"twilio_account_sid": "AC1", "twilio_from": "+13125550100"}
    return Settings.model_validate({**urls, **told, **known, **number, "failpoints": tmp_path, **changes})


def test_an_embedded_stack_without_real_vendors_has_them(tmp_path: Path) -> None:
    real = FakeSms()
    assert failpoints_of(settings(tmp_path, embedded=True)).vendor(real, "send") is not real


@pytest.mark.parametrize(
    "changes",
    [
        {"embedded": False},
        {"embedded": True, "twilio_base_url": "https://api.twilio.com"},
        {"embedded": True, "failpoints": None},
    ],
    ids=["production", "a real vendor", "no folder"],
)
def test_nothing_is_watched_elsewhere(tmp_path: Path, changes: dict[str, object]) -> None:
    ledger, sms, points = FakeLedger(), FakeSms(), failpoints_of(settings(tmp_path, **changes))
    assert points.ledger(ledger) is ledger
    assert points.vendor(sms, "send") is sms
