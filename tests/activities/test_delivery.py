"""The delivery protocol: whatever dies, hangs or gets lost, the phone has one text or a person is asked."""

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from domain.errors import Ambiguous, BadRecipient, NotAuthorised, NotSent, OptedOut, Rejected, Throttled, VendorError
from domain.ledger import Intent
from domain.messages import Delivery as Callback
from domain.ports import Accepted
from domain.values import Refusal
from tests.activities.stage import INTENT, QUICK, Killed, Life, Stage, When
from tests.builders import NOON
from tests.fake_ledger import FakeLedger
from tests.fakes import FakeSms

LOST = Ambiguous("twilio", "ReadTimeout")
WHEN: tuple[When, ...] = ("before", "after")
STEPS = ("claim", "begin", "send", "settle")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def callback(status: str = "delivered") -> Callback:
    return Callback(touch_id=INTENT.touch_id, vendor_id="SM1", status=status, vendor_status=status)


async def test_a_touch_is_claimed_begun_sent_and_settled_and_the_vendors_id_is_told_at_once(stage: Stage) -> None:
    life = Life()
    touched = await stage.attempt(life)
    assert tuple(life.steps) == STEPS
    assert (touched.result, stage.texts, stage.state) == ("sent", 1, "sent")
    assert (stage.ledger.rows[INTENT.touch_id].vendor_id,) in stage.heartbeats


async def test_what_was_sent_is_not_sent_again(stage: Stage) -> None:
    await stage.attempt()
    assert (await stage.attempt()).result == "sent"
    assert stage.texts == 1


# --- killed between any two steps -------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("step", range(1, len(STEPS) + 1), ids=STEPS)
async def test_killed_at_any_step_the_next_attempt_makes_it_one(stage: Stage, step: int, when: When) -> None:
    assert await stage.dies(step, when)
    assert (await stage.attempt()).result == "sent"
    assert stage.texts == 1


@pytest.mark.parametrize("answer_is_lost", [False, True])
async def test_killed_at_any_step_and_its_successor_too_the_third_makes_it_one(answer_is_lost: bool) -> None:
    deaths = 0
    for first, when in itertools.product(range(1, len(STEPS) + 1), WHEN):
        for second in itertools.count(1):
            stage = Stage(sms=FakeSms(lost_answers=[LOST] if answer_is_lost else []))
            await stage.dies(first, "after")
            died = await stage.dies(second, when)
            assert (await stage.attempt()).result == "sent", (first, second, when)
            assert stage.texts == 1, (first, second, when)
            deaths += died
            if not died:
                break
    assert deaths > 20


async def test_killed_before_the_request_left_it_is_not_sent_before_absence_is_proven() -> None:
    stage = Stage(ledger=FakeLedger(grace=timedelta(hours=1)))
    assert await stage.dies(STEPS.index("send") + 1, "before")
    assert (await stage.attempt()).result == "unknown"
    assert (stage.texts, stage.state) == (0, "unknown")


# --- the answer is lost -----------------------------------------------------------------------------------------------


class Blind(FakeSms):
    """A vendor whose list fails, or shows nothing."""

    listings = 0
    fails = True

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        self.listings += 1
        if self.fails:
            raise VendorError("twilio", "http_503")
        return ()


class Hanging(Blind):
    """A vendor whose list never answers."""

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        self.listings += 1
        await asyncio.sleep(3600)
        return ()


async def test_an_ambiguous_send_is_settled_by_the_callback_without_a_listing() -> None:
    sms = Blind(lost_answers=[LOST])
    stage = Stage(sms=sms, patience=replace(QUICK, first_listing=timedelta(seconds=9), limit=timedelta(seconds=9)))
    sending = asyncio.create_task(stage.attempt())
    while not sms.told:
        await asyncio.sleep(0.001)
    await stage.ledger.delivery("main", callback())
    assert (await sending).result == "sent"
    assert (stage.texts, stage.state, sms.listings) == (1, "delivered", 0)


async def test_a_callback_that_says_failed_ends_an_ambiguous_send_as_failed() -> None:
    stage = Stage(sms=Blind(lost_answers=[LOST]))
    sending = asyncio.create_task(stage.attempt())
    while not stage.sms.told:
        await asyncio.sleep(0.001)
    await stage.ledger.delivery("main", callback("failed"))
    touched = await sending
    assert (touched.result, touched.refusal) == ("failed", Refusal.VENDOR_REFUSED)


async def test_the_same_words_of_an_earlier_text_are_not_taken_for_this_one(stage: Stage) -> None:
    before = INTENT.model_copy(update={"touch_id": "before", "key": "before"})
    await stage.ledger.claim(before, "a")
    await stage.ledger.settle("before", "sent", "SM-before", None)
    stage.sms.found[INTENT.touch_id] = "SM-before"
    stage.sms.troubles = [LOST]
    assert (await stage.attempt()).result == "sent"
    assert (stage.texts, stage.ledger.rows[INTENT.touch_id].vendor_id) == (1, stage.sms.found[INTENT.touch_id])


async def test_an_ambiguous_send_is_found_in_the_vendors_list(stage: Stage) -> None:
    stage.sms.lost_answers = [LOST]
    assert (await stage.attempt()).result == "sent"
    row = stage.ledger.rows[INTENT.touch_id]
    assert (stage.texts, stage.state, row.vendor_id) == (1, "sent", stage.sms.found[INTENT.touch_id])


async def test_a_request_that_never_arrived_is_sent_once_two_listings_prove_it(stage: Stage) -> None:
    stage.sms.troubles = [LOST]
    life = Life()
    assert (await stage.attempt(life)).result == "sent"
    again = life.steps.index("reopen")
    assert life.steps[:again].count("find") >= 2
    assert life.steps[again + 1 :] == ["begin", "send", "settle"]
    assert stage.texts == 1


async def test_listings_too_early_prove_nothing() -> None:
    stage = Stage(sms=FakeSms(troubles=[LOST]), ledger=FakeLedger(grace=timedelta(hours=1)))
    life = Life()
    assert (await stage.attempt(life)).result == "unknown"
    assert life.steps.count("find") > 2
    assert "reopen" not in life.steps
    assert stage.texts == 0


async def test_listings_that_fail_prove_nothing_and_the_touch_stays_unknown() -> None:
    sms = Blind(lost_answers=[LOST])
    stage = Stage(sms=sms)
    touched = await stage.attempt()
    assert (touched.result, touched.because, stage.state) == ("unknown", "outcome_unknown", "unknown")
    assert sms.listings > 2
    assert stage.texts == 1


async def test_listings_that_hang_are_cut_short_and_the_limit_holds() -> None:
    sms = Hanging(lost_answers=[LOST])
    stage = Stage(sms=sms, patience=replace(QUICK, limit=timedelta(milliseconds=300)))
    began = asyncio.get_running_loop().time()
    assert (await stage.attempt()).result == "unknown"
    assert asyncio.get_running_loop().time() - began < 2
    assert sms.listings > 1
    assert (stage.texts, stage.state) == (1, "unknown")


async def test_what_is_sent_again_has_no_limit_of_its_own() -> None:
    """Each request is lost and each proven absent: the attempt still ends."""
    stage = Stage(sms=FakeSms(troubles=[LOST] * 1000))
    began = asyncio.get_running_loop().time()
    assert (await stage.attempt()).result == "unknown"
    assert asyncio.get_running_loop().time() - began < 2
    assert stage.texts == 0


async def test_an_unknown_touch_is_settled_by_a_late_callback_whoever_sent_it() -> None:
    stage = Stage(sms=Blind(lost_answers=[LOST]))
    await stage.attempt()
    await stage.ledger.delivery("main", callback())
    assert stage.state == "delivered"
    assert (await stage.attempt()).result == "sent"
    assert stage.texts == 1


async def test_an_unknown_touch_is_looked_for_again_before_anything_else() -> None:
    sms = Blind(lost_answers=[LOST])
    stage = Stage(sms=sms)
    await stage.attempt()
    stage.sms = FakeSms(told=sms.told, found=sms.found)
    life = Life()
    assert (await stage.attempt(life)).result == "sent"
    assert "send" not in life.steps
    assert stage.texts == 1


async def test_an_opt_out_while_absence_is_being_proven_holds_the_second_sending_back(stage: Stage) -> None:
    stage.sms.troubles = [LOST]
    stage.ledger.grace = timedelta(milliseconds=60)
    sending = asyncio.create_task(stage.attempt())
    while stage.sms.troubles:
        await asyncio.sleep(0.001)
    stage.ledger.opted_out["p1"] = True
    touched = await sending
    assert (touched.result, touched.refusal) == ("refused", Refusal.OPTED_OUT)
    assert (stage.texts, stage.state) == (0, "cancelled")


# --- the vendor answers, but not with yes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [NotSent("twilio", "ConnectError"), Throttled("twilio", "20429", timedelta(seconds=7))],
    ids=["not sent", "429"],
)
async def test_what_was_certainly_not_sent_is_handed_back_and_sent_by_the_next_attempt(
    stage: Stage, trouble: VendorError
) -> None:
    stage.sms.troubles = [trouble]
    with pytest.raises(type(trouble)):
        await stage.attempt()
    assert (stage.texts, stage.state) == (0, "claimed")
    life = Life()
    assert (await stage.attempt(life)).result == "sent"
    assert tuple(life.steps) == STEPS  # at once, without looking for it
    assert stage.texts == 1


async def test_a_long_delay_is_waited_for_on_the_leads_agenda_and_in_full(stage: Stage) -> None:
    stage.sms.troubles = [Throttled("twilio", "20429", timedelta(minutes=30))]
    touched = await stage.attempt()
    assert (touched.result, touched.because, stage.state) == ("held", "throttled", "claimed")
    assert touched.retry_at is not None
    assert timedelta(minutes=30) <= touched.retry_at - NOON < timedelta(minutes=31)
    assert (await stage.attempt()).result == "sent"
    assert stage.texts == 1


async def test_who_refuses_our_credentials_is_asked_again_later_and_an_operator_is_told(stage: Stage) -> None:
    stage.sms.troubles = [NotAuthorised("twilio", "20003")]
    with structlog.testing.capture_logs() as logs:
        touched = await stage.attempt()
    assert (touched.result, touched.because, touched.retry_at) == ("held", "not_authorised", None)
    assert [(entry["log_level"], entry["vendor"], entry["detail"]) for entry in logs] == [("error", "twilio", "20003")]
    assert (await stage.attempt()).result == "sent"
    assert stage.texts == 1


async def test_who_told_the_vendor_to_stop_has_opted_out_here_too(stage: Stage) -> None:
    stage.sms.troubles = [OptedOut("twilio", "21610")]
    assert (await stage.attempt()).result == "failed"
    assert (stage.state, stage.ledger.opted_out) == ("failed", {"p1": True})


async def test_a_number_no_text_gets_to_is_marked_and_the_touch_has_failed(stage: Stage) -> None:
    stage.sms.troubles = [BadRecipient("twilio", "21614")]
    touched = await stage.attempt()
    assert (touched.result, touched.because, touched.refusal) == ("failed", "21614", Refusal.VENDOR_REFUSED)
    assert (stage.state, stage.ledger.textless) == ("failed", {INTENT.recipient: "21614"})


async def test_a_refusal_is_final_and_keeps_the_vendors_code(stage: Stage) -> None:
    stage.sms.troubles = [Rejected("twilio", "21211")]
    for _ in range(2):
        touched = await stage.attempt()
        assert (touched.result, touched.because, touched.refusal) == ("failed", "21211", Refusal.VENDOR_REFUSED)
    assert (stage.texts, stage.state) == (0, "failed")


async def test_an_opt_out_between_claim_and_sending_is_heeded(stage: Stage) -> None:
    assert await stage.dies(1, "after")
    stage.ledger.opted_out["p1"] = True
    touched = await stage.attempt()
    assert (touched.result, touched.refusal) == ("refused", Refusal.OPTED_OUT)
    assert (stage.texts, stage.state) == (0, "cancelled")


async def test_a_long_wait_is_told_to_temporal_by_heartbeats() -> None:
    stage = Stage(sms=Blind(lost_answers=[LOST]))
    began = datetime.now(UTC)
    await stage.attempt()
    assert datetime.now(UTC) - began >= QUICK.limit
    assert () in stage.heartbeats


def test_a_kill_is_no_exception_that_a_handler_could_take() -> None:
    assert not issubclass(Killed, Exception)
