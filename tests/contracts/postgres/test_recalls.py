"""Texts the vendor still holds when their person replies or says stop: taken back, and told to nobody as lost."""

from datetime import timedelta

import asyncpg
import pytest

from activities.recalled import AGAIN, TakingBack
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.recalls import PostgresRecalls
from domain.errors import Ambiguous
from domain.messages import Delivery, InboundText
from tests.contracts.postgres.builders import PHONE, TENANT, inquiry, intent, judge, person
from tests.fakes import FakeSms

HELD = "SMheld"


async def sent(captures: PostgresCaptures, pool: asyncpg.Pool, said: str | None = None) -> str:
    """A text that the vendor took, and what it has said of it since; the touch's id."""
    opened, ledger = await captures.capture(TENANT, inquiry(), person(), judge), PostgresLedger(pool)
    touch = intent(opened.lead_id or "", await pool.fetchval("select person_id from person"))
    await ledger.claim(touch, "a:1")
    await ledger.begin(touch.touch_id, "a:1", timedelta(seconds=15))
    await ledger.settle(touch.touch_id, "sent", HELD, None)
    if said is not None:
        await ledger.delivery(TENANT, callback(touch.touch_id, said))
    return touch.touch_id


def callback(touch_id: str, said: str) -> Delivery:
    status = {"delivered": "delivered", "canceled": "failed"}.get(said, "sent")
    return Delivery(touch_id=touch_id, vendor_id=HELD, status=status, vendor_status=said)


async def writes(captures: PostgresCaptures, meaning: str = "reply") -> None:
    text = InboundText(vendor_id="SM1", sender=PHONE, recipient="+15125550100", body="Hello")
    await captures.text(TENANT, text, meaning, person(), judge)


async def state(pool: asyncpg.Pool) -> tuple[str, str | None]:
    row = await pool.fetchrow("select state, because from touch")
    return row["state"], row["because"]


def taking_back(pool: asyncpg.Pool, sms: FakeSms) -> TakingBack:
    return TakingBack(TENANT, PostgresRecalls(pool), sms)


@pytest.mark.parametrize(("meaning", "because"), [("reply", "replied"), ("stop", "opted_out")])
@pytest.mark.parametrize("said", [None, "queued", "accepted"])
async def test_a_text_still_at_the_vendor_is_taken_back(
    captures: PostgresCaptures, pool: asyncpg.Pool, meaning: str, because: str, said: str | None
) -> None:
    await sent(captures, pool, said)
    await writes(captures, meaning)
    sweeper = taking_back(pool, FakeSms(held={HELD}))
    assert [await sweeper.sweep(), await sweeper.sweep()] == [1, 0]
    assert await state(pool) == ("cancelled", because)


async def test_a_stop_takes_texts_back_though_their_lead_has_ended(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    await sent(captures, pool)
    await pool.execute("update lead set closed_at = now()")
    await writes(captures, "stop")
    assert await taking_back(pool, FakeSms(held={HELD})).sweep() == 1
    assert await state(pool) == ("cancelled", "opted_out")


async def test_too_late_is_an_answer_and_the_text_stays_what_it_was(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    await sent(captures, pool)
    await writes(captures)
    sweeper = taking_back(pool, FakeSms())
    assert [await sweeper.sweep(), await sweeper.sweep()] == [0, 0]
    assert await state(pool) == ("sent", None)
    assert await PostgresRecalls(pool).take(TENANT, timedelta(0), 20) == ()


@pytest.mark.parametrize("said", ["sending", "sent", "delivered"])
async def test_what_has_left_the_vendor_is_not_asked_about(
    captures: PostgresCaptures, pool: asyncpg.Pool, said: str
) -> None:
    await sent(captures, pool, said)
    await writes(captures, "stop")
    assert await PostgresRecalls(pool).take(TENANT, timedelta(0), 20) == ()


async def test_without_a_reply_nothing_is_taken_back(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    await sent(captures, pool)
    await captures.capture(TENANT, inquiry("form-2"), person(), judge)
    assert await PostgresRecalls(pool).take(TENANT, timedelta(0), 20) == ()


async def test_a_vendor_that_does_not_answer_is_asked_again_later(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    await sent(captures, pool)
    await writes(captures)
    sms = FakeSms(held={HELD}, troubles=[Ambiguous("twilio", "ReadTimeout")])
    sweeper = taking_back(pool, sms)
    assert [await sweeper.sweep(), await sweeper.sweep()] == [0, 0]  # not at once again
    await pool.execute(
        "update touch set recall_tried_at = recall_tried_at - $1::interval", AGAIN + timedelta(seconds=1)
    )
    assert await sweeper.sweep() == 1


@pytest.mark.parametrize("first", ["our answer", "the callback"])
async def test_the_vendors_word_for_it_is_no_failure_that_the_lead_hears_of(
    captures: PostgresCaptures, pool: asyncpg.Pool, first: str
) -> None:
    touch_id = await sent(captures, pool)
    await writes(captures)
    if first == "our answer":
        await taking_back(pool, FakeSms(held={HELD})).sweep()
    told = await PostgresLedger(pool).delivery(TENANT, callback(touch_id, "canceled"))
    await taking_back(pool, FakeSms(held={HELD})).sweep()
    assert told == ("cancelled", None, None)
    assert await state(pool) == ("cancelled", "replied")


async def test_a_text_that_somebody_else_canceled_is_lost_as_ever(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    touch_id = await sent(captures, pool)
    kept, ref, _ = await PostgresLedger(pool).delivery(TENANT, callback(touch_id, "canceled"))
    assert (kept, ref and ref.kind) == ("failed", "undelivered")


async def test_what_was_taken_back_was_no_touch_of_the_person(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    await sent(captures, pool)
    lead_id = await pool.fetchval("select lead_id from lead")
    at = await pool.fetchval("select lead_now + interval '1 hour' from touch")
    ledger = PostgresLedger(pool)
    assert len((await ledger.dossier(TENANT, lead_id, at, "other")).facts.history.touches) == 1
    await writes(captures)
    await taking_back(pool, FakeSms(held={HELD})).sweep()
    assert (await ledger.dossier(TENANT, lead_id, at, "other")).facts.history.touches == ()
