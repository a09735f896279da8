"""Two attempts at one touch, one of them thought dead: whoever wakes when, the phone has one text and none is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Ambiguous, Unavailable
from domain.ledger import Intent
from domain.messages import Delivery as Callback
from domain.ports import Accepted
from tests.activities.stage import INTENT, QUICK, Stage
from tests.fake_ledger import FakeLedger
from tests.fakes import FakeSms

LOST = Ambiguous("twilio", "ReadTimeout")
SENT = Callback(touch_id=INTENT.touch_id, vendor_id="SM1", status="sent", vendor_status="sent")


class Door:
    """Holds whoever comes until it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    async def pass_through(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            await self.opened.wait()


class SlowLedger(FakeLedger):
    """The first `begin` is held before or after it counts."""

    door: Door
    counts_first: bool

    async def begin(self, touch_id: str, claimer: str, deadline: timedelta, counted: int | None = None) -> str | None:
        if self.counts_first:
            why_not = await super().begin(touch_id, claimer, deadline, counted)
            await self.door.pass_through()
            return why_not
        await self.door.pass_through()
        return await super().begin(touch_id, claimer, deadline, counted)


def held(counts_first: bool) -> tuple[Stage, Door]:
    ledger = SlowLedger(grace=timedelta(0))
    ledger.door, ledger.counts_first = Door(), counts_first
    return Stage(ledger=ledger), ledger.door


async def test_a_zombie_whose_claim_was_taken_over_is_fenced() -> None:
    stage, door = held(counts_first=False)
    zombie = asyncio.create_task(stage.attempt())
    await door.reached.wait()
    assert (await stage.attempt()).result == "sent"
    door.opened.set()
    assert (await zombie).result == "sent"  # as the other attempt left it
    assert stage.texts == 1


class Crowded(FakeLedger):
    """Something happens right before the first `begin`, or the first after a reopening."""

    happens: Callable[[], Awaitable[object]] | None = None
    after_reopening = False

    async def begin(self, touch_id: str, claimer: str, deadline: timedelta, counted: int | None = None) -> str | None:
        if self.happens is not None and not self.after_reopening:
            happens, self.happens = self.happens, None
            await happens()
        return await super().begin(touch_id, claimer, deadline, counted)

    async def reopen(self, touch_id: str, claimer: str) -> bool:
        self.after_reopening = False
        return await super().reopen(touch_id, claimer)


async def test_a_touch_that_another_attempt_holds_is_not_given_up_but_tried_again() -> None:
    ledger = Crowded(grace=timedelta(0))
    stage = Stage(ledger=ledger)
    ledger.happens = lambda: ledger.claim(INTENT, "another activity:1")
    with pytest.raises(Unavailable):
        await stage.attempt()
    assert (stage.texts, stage.state) == (0, "claimed")
    assert (await stage.attempt()).result == "sent"
    assert stage.texts == 1


async def test_an_earlier_attempt_that_wakes_takes_nothing_from_a_later_one() -> None:
    ledger = Crowded(grace=timedelta(0))
    stage = Stage(ledger=ledger)
    await stage.dies(1, "after")
    first = ledger.rows[INTENT.touch_id].claimer
    ledger.happens = lambda: ledger.claim(INTENT, first)
    assert (await stage.attempt()).result == "sent"
    assert stage.texts == 1


async def test_a_callback_that_comes_after_absence_was_proven_is_how_it_ends() -> None:
    ledger = Crowded(grace=timedelta(0))
    stage = Stage(ledger=ledger, sms=FakeSms(troubles=[LOST]))
    ledger.after_reopening, ledger.happens = True, lambda: ledger.delivery("main", SENT)
    assert (await stage.attempt()).result == "sent"
    assert (stage.texts, stage.state) == (0, "sent")  # what came was the first request's


async def test_who_finds_no_end_while_another_is_about_to_send_says_nothing_of_the_touch() -> None:
    stage = Stage(sms=FakeSms(lost_answers=[LOST]), patience=replace(QUICK, first_listing=timedelta(seconds=9)))
    sending = asyncio.create_task(stage.attempt())
    while not stage.sms.told:
        await asyncio.sleep(0.001)
    stage.ledger.rows[INTENT.touch_id].back("another activity:1")
    with pytest.raises(Unavailable):
        await sending
    assert stage.state == "claimed"


async def test_a_zombie_that_slept_past_the_deadline_after_it_began_sends_nothing() -> None:
    stage, door = held(counts_first=True)
    zombie = asyncio.create_task(stage.attempt())
    await door.reached.wait()
    assert (await stage.attempt()).result == "sent"  # proven absent, and so sent by the successor
    door.opened.set()
    assert (await zombie).result == "sent"
    assert stage.texts == 1


class SlowSms(FakeSms):
    """The first request is held on its way to the vendor."""

    door: Door

    async def send(self, intent: Intent) -> Accepted:
        await self.door.pass_through()
        return await super().send(intent)


async def test_a_request_still_on_its_way_is_waited_for_and_found() -> None:
    sms = SlowSms()
    sms.door = Door()
    stage = Stage(sms=sms, ledger=FakeLedger(grace=timedelta(minutes=1)))
    zombie = asyncio.create_task(stage.attempt())
    await sms.door.reached.wait()
    successor = asyncio.create_task(stage.attempt())
    await asyncio.sleep(0.05)
    sms.door.opened.set()
    assert [each.result for each in await asyncio.gather(zombie, successor)] == ["sent", "sent"]
    assert stage.texts == 1
