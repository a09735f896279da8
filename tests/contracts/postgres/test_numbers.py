"""Our numbers in PostgreSQL: who knows which, bursts that are seen coming, supervisors told once."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from activities.burst_alerts import AGAIN, BurstAlerts
from activities.policies import Policies
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.senders import PostgresSenders
from api import metrics
from api.__main__ import tell_bursts
from domain.errors import NotSent
from domain.messages import InboundText
from domain.senders import Asking, Known
from domain.values import Channel, Purpose
from tests.builders import NOON
from tests.contracts.postgres.builders import PHONE, TENANT, inquiry, intent, judge, person
from tests.fakes import FakeChat
from tests.policy.cases import default
from tests.published import FakePolicies, FakeSwitches

AUSTIN, MIAMI = "+15125550100", "+13055550100"
MINUTE = timedelta(seconds=60)


async def known(pool: asyncpg.Pool, phone: str = PHONE) -> Known:
    person_id = await pool.fetchval("select person_id from person order by created_at limit 1")
    return await PostgresSenders(pool).known(TENANT, person_id, phone, "America/Chicago", "t")


async def texted(pool: asyncpg.Pool, lead_id: str, sender: str, key: str = "1", **changes: object) -> None:
    person_id = await pool.fetchval("select person_id from lead where lead_id = $1", lead_id)
    touch, ledger = intent(lead_id, person_id, key, sender=sender, **changes), PostgresLedger(pool)
    await ledger.claim(touch, "a:1")
    await ledger.begin(touch.touch_id, "a:1", timedelta(seconds=15))
    await ledger.settle(touch.touch_id, "sent", f"SM{lead_id}{key}", None)


async def test_the_number_is_the_one_they_last_heard_from_on_any_lead(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    first = await captures.capture(TENANT, inquiry(), person(), judge)
    assert (await known(pool)).last is None
    await texted(pool, first.lead_id or "", AUSTIN)
    await pool.execute("update lead set closed_at = now()")
    second = await captures.capture(TENANT, inquiry("form-2"), person(), judge)
    assert second.lead_id != first.lead_id
    assert (await known(pool)).last == AUSTIN
    assert (await known(pool)).recent == {AUSTIN: 1}


async def test_the_number_they_texted_or_called_last_is_the_one_they_know(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    first = await captures.capture(TENANT, inquiry(), person(), judge)
    await texted(pool, first.lead_id or "", AUSTIN)
    text = InboundText(vendor_id="SM9", sender=PHONE, recipient=MIAMI, body="Hello")
    await captures.text(TENANT, text, "reply", person(), judge)
    assert (await known(pool)).last == MIAMI
    called = inquiry("call-1", source="missed_call", called=AUSTIN)
    await captures.capture(TENANT, called, person(), judge)
    assert (await known(pool)).last == AUSTIN


async def test_the_number_they_were_called_from_is_known_too_and_that_of_our_reps_legs_is_not(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    first = await captures.capture(TENANT, inquiry(), person(), judge)
    await texted(pool, first.lead_id or "", AUSTIN, channel=Channel.CALL, purpose=Purpose.INTERNAL)
    assert (await known(pool)).last is None
    await texted(pool, first.lead_id or "", MIAMI, "2", channel=Channel.CALL)
    assert (await known(pool)).last == MIAMI
    assert (await known(pool)).recent == {}, "no text"


@pytest.mark.parametrize("called", ["5125550100", "'; drop table touch; --", 7, None, {"a": 1}, "x" * 5000])
async def test_what_is_no_number_is_nobodys(captures: PostgresCaptures, pool: asyncpg.Pool, called: object) -> None:
    await captures.capture(TENANT, inquiry("call-1", source="missed_call", called=called), person(), judge)
    assert (await known(pool)).last is None


def asking(number: int, **changes: object) -> Asking:
    given = {
        "tenant": TENANT,
        "touch_id": f"t{number:03}",
        "sender": AUSTIN,
        "segments": 1,
        "rank": 0,
        "zone": "America/Chicago",
        "per_second": Decimal(1),
        "target": MINUTE,
        "promised": MINUTE,
        **changes,
    }
    return Asking.model_validate(given)


def alerts(pool: asyncpg.Pool, chat: FakeChat) -> BurstAlerts:
    policies = Policies(default(), FakePolicies())
    return BurstAlerts(TENANT, PostgresSenders(pool), chat, policies, FakeSwitches())


async def test_a_burst_is_said_once_before_any_text_is_late(pool: asyncpg.Pool) -> None:
    senders, chat = PostgresSenders(pool), FakeChat()
    for number in range(61):
        await senders.take(asking(number), NOON)
    assert await alerts(pool, chat).sweep() == 0  # the last of them goes in 60 s, as promised
    for number in range(61, 141):
        await senders.take(asking(number), NOON)
    assert await alerts(pool, chat).sweep() == 1
    ((_, message),) = chat.told
    assert message.channel == default().policy.channels.supervisors
    assert message.text == (
        f"Supervisors: 140 texts are waiting to go from {AUSTIN}, 1 segment a second: the last goes in 2 min 20 s; "
        "promised: 1 min"
    )
    await senders.take(asking(200), NOON)
    assert await alerts(pool, chat).sweep() == 0


async def test_the_next_burst_is_another_one(pool: asyncpg.Pool) -> None:
    senders, chat = PostgresSenders(pool), FakeChat()
    later = NOON
    for _ in range(2):
        for number in range(3):
            await senders.take(asking(number, promised=timedelta(seconds=1)), later)
        assert await alerts(pool, chat).sweep() == 1
        for number in (1, 2):
            later += timedelta(seconds=1)
            assert (await senders.take(asking(number), later)).granted
        later += timedelta(minutes=5)


async def test_what_was_not_promised_is_no_burst_and_cold_texts_are_not_counted(pool: asyncpg.Pool) -> None:
    senders, chat = PostgresSenders(pool), FakeChat()
    for number in range(100):
        await senders.take(asking(number, rank=2, target=None, promised=None), NOON)
    await senders.take(asking(200, promised=timedelta(seconds=5)), NOON)
    assert await alerts(pool, chat).sweep() == 0


async def test_what_could_not_be_told_is_told_later_and_gauges_say_what_waits(pool: asyncpg.Pool) -> None:
    senders, chat = PostgresSenders(pool), FakeChat(troubles=[NotSent("slack", "connect")])
    for number in range(3):
        await senders.take(asking(number, promised=timedelta(seconds=1)))
    sweeper = alerts(pool, chat)
    assert await tell_bursts(sweeper) == 0
    assert metrics.REGISTRY.get_sample_value("baton_texts_waiting", {"sender": AUSTIN}) == 2
    last = metrics.REGISTRY.get_sample_value("baton_texts_last_in_seconds", {"sender": AUSTIN})
    assert last is not None
    assert 0 < last <= 2
    await pool.execute("update text_burst set tried_at = tried_at - $1::interval", AGAIN + timedelta(seconds=1))
    assert await tell_bursts(sweeper) == 1
    await pool.execute("delete from waiting_text")
    await tell_bursts(sweeper)
    assert metrics.REGISTRY.get_sample_value("baton_texts_waiting", {"sender": AUSTIN}) is None


async def test_several_workers_at_once_never_send_faster_than_the_number_may(pool: asyncpg.Pool) -> None:
    senders = PostgresSenders(pool)
    turns = await asyncio.gather(*(senders.take(asking(number), NOON) for number in range(20)))
    assert sum(turn.granted for turn in turns) == 1
    again = [each for number in range(20) if (each := await senders.take(asking(number), NOON + MINUTE / 60)).granted]
    assert len(again) == 1
    assert await pool.fetchval("select sum(segments) from sender_day") == 2
