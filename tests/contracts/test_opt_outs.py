"""One suite for both homes of opt-outs, the fake of the API's tests and the real one; then what only that changes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import pytest
import pytest_asyncio

from adapters.phones import whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.opt_outs import PostgresOptOuts
from domain.errors import BadInput, NotFound, Refused
from domain.facts import History
from domain.messages import InboundText
from domain.opt_outs import OptOut, OptOuts
from domain.values import Channel
from tests.contracts.postgres.builders import PHONE, TENANT, count, inquiry, intent, judge, person
from tests.fake_lists import FakeOptOuts

ALL, NO_CALLS, NO_TEXTS = OptOut(), OptOut(channel="call"), OptOut(channel="sms", reason="“no texts”", by="ada")
DECLINED = OptOut(channel="call", kind="declined")


@dataclass
class Bench:
    """A person with an open lead, and where their no is taken."""

    opt_outs: OptOuts
    person_id: str
    lead_id: str


@pytest_asyncio.fixture(params=["fake", "postgres"])
async def bench(request: pytest.FixtureRequest, pool: asyncpg.Pool) -> AsyncIterator[Bench]:
    if request.param == "fake":
        yield Bench(FakeOptOuts({"p1": "lead-1"}), "p1", "lead-1")
        return
    yield await real(pool)


async def real(pool: asyncpg.Pool) -> Bench:
    captured = await PostgresCaptures(pool, whereabouts).capture(TENANT, inquiry(), person(), judge)
    assert captured.lead_id is not None
    return Bench(PostgresOptOuts(pool), await pool.fetchval("select person_id from person"), captured.lead_id)


async def test_a_no_to_everything_tells_the_open_lead_and_one_to_a_channel_does_not(bench: Bench) -> None:
    for message, status, lead_id in (
        (NO_CALLS, "kept", None),
        (DECLINED, "kept", None),
        (ALL, "joined", bench.lead_id),
    ):
        captured = await bench.opt_outs.take(TENANT, bench.person_id, message, f"{message.channel}-{message.kind}")
        assert (captured.status, captured.lead_id) == (status, lead_id)
        assert (captured.ref.kind if captured.ref else None) == ("opted_out" if lead_id else None)


async def test_a_key_is_taken_once_and_carries_one_message(bench: Bench) -> None:
    first = await bench.opt_outs.take(TENANT, bench.person_id, ALL, "k")
    again = await bench.opt_outs.take(TENANT, bench.person_id, ALL, "k")
    assert (again.status, again.row_id, again.ref) == ("duplicate", first.row_id, None)
    with pytest.raises(Refused, match="another message"):
        await bench.opt_outs.take(TENANT, bench.person_id, NO_CALLS, "k")


async def test_a_stranger_is_not_found(bench: Bench) -> None:
    with pytest.raises(NotFound):
        await bench.opt_outs.take(TENANT, "nobody", ALL, "k")


async def history(pool: asyncpg.Pool, lead_id: str) -> History:
    now = await pool.fetchval("select clock_timestamp() + interval '1 second'")
    return (await PostgresDecisions(pool).facts(TENANT, lead_id, now)).history


async def test_a_no_to_everything_is_what_a_stop_is(pool: asyncpg.Pool) -> None:
    bench = await real(pool)
    ledger = PostgresLedger(pool)
    touch = intent(bench.lead_id, bench.person_id)
    await ledger.claim(touch, "a:1")
    await bench.opt_outs.take(TENANT, bench.person_id, ALL, "k")
    assert await ledger.begin(touch.touch_id, "a:1", timedelta(seconds=15)) == "opted_out"
    assert (await history(pool, bench.lead_id)).opted_out
    again = await PostgresCaptures(pool, whereabouts).capture(
        TENANT, inquiry("2"), person(PHONE, "other@x.example"), judge
    )
    assert again.lead_id is not None
    assert (await history(pool, again.lead_id)).opted_out
    swept = await PostgresCaptures(pool, whereabouts).left_behind(
        TENANT, timedelta(0), 9
    )  # told even if dispatching fails
    assert "opted_out" in [row.ref.kind for row in swept if row.ref]


@pytest.mark.parametrize(
    ("message", "channel", "stopped"),
    [
        (NO_TEXTS, Channel.SMS, "refused"),
        (NO_TEXTS, Channel.CALL, None),
        (NO_CALLS, Channel.SMS, None),
        (NO_CALLS, Channel.CALL, "refused"),
        (DECLINED, Channel.SMS, None),
    ],
)
async def test_a_no_to_a_channel_stops_its_touches_and_is_known_to_judgements(
    pool: asyncpg.Pool, message: OptOut, channel: Channel, stopped: str | None
) -> None:
    bench = await real(pool)
    ledger = PostgresLedger(pool)
    claimed, later = (intent(bench.lead_id, bench.person_id, key, channel=channel) for key in ("1", "2"))
    await ledger.claim(claimed, "a:1")
    await bench.opt_outs.take(TENANT, bench.person_id, message, "k")
    await ledger.claim(later, "a:1")
    for touch in (claimed, later):
        assert await ledger.begin(touch.touch_id, "a:1", timedelta(seconds=15)) == stopped
    known = await history(pool, bench.lead_id)
    assert [(past.channel, past.reason) for past in known.refusals] == [(message.channel, message.kind)]
    assert not known.opted_out


async def test_a_no_holds_for_whoever_else_is_the_same_human(pool: asyncpg.Pool) -> None:
    bench = await real(pool)
    captures = PostgresCaptures(pool, whereabouts)
    await captures.capture(TENANT, inquiry("2"), person(PHONE, "dana@example.com"), judge)
    await bench.opt_outs.take(TENANT, bench.person_id, NO_CALLS, "k")
    other = await captures.capture(TENANT, inquiry("3"), person("+12145550142", "dana@example.com"), judge)
    assert other.lead_id is not None
    assert [past.channel for past in (await history(pool, other.lead_id)).refusals] == [Channel.CALL]


async def test_a_start_by_text_takes_back_a_no_to_texts_and_none_to_calls(pool: asyncpg.Pool) -> None:
    bench = await real(pool)
    for message in (NO_TEXTS, NO_CALLS):
        await bench.opt_outs.take(TENANT, bench.person_id, message, message.channel)
    text = InboundText(vendor_id="SM1", sender=PHONE, recipient="+15125550100", body="START")
    await PostgresCaptures(pool, whereabouts).text(TENANT, text, "start", person(), judge)
    assert [past.channel for past in (await history(pool, bench.lead_id)).refusals] == [Channel.CALL]


async def test_a_person_without_number_and_address_can_say_no_too(pool: asyncpg.Pool) -> None:
    captured = await PostgresCaptures(pool, whereabouts).capture(TENANT, inquiry(), person(None), judge)
    person_id = await pool.fetchval("select person_id from person")
    assert captured.lead_id is not None
    await PostgresOptOuts(pool).take(TENANT, person_id, NO_CALLS, "k")
    assert [past.channel for past in (await history(pool, captured.lead_id)).refusals] == [Channel.CALL]


async def test_words_that_cant_be_stored_are_refused_whole(pool: asyncpg.Pool) -> None:
    bench = await real(pool)
    with pytest.raises(BadInput, match="NUL"):
        await bench.opt_outs.take(TENANT, bench.person_id, OptOut(reason="a\x00b"), "k")
    assert await count(pool, "inbox", "channel = 'opt_out'") == 0
