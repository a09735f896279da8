"""Numbers that texts don't reach: once the vendor says so, nobody tries there again, until the person writes."""

from datetime import timedelta

import asyncpg
import pytest

from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from domain.messages import InboundText, Person
from domain.values import Channel
from tests.contracts.ledgers import DEADLINE, Bench
from tests.contracts.postgres.builders import TENANT, judge


async def known(bench: Bench) -> str | None:
    """What the next touch of the lead would know."""
    touch = bench.touch
    dossier = await bench.ledger.dossier(TENANT, touch.lead_id, touch.lead_now + timedelta(minutes=1), "another")
    return dossier.facts.history.takes_no_texts


async def begun(bench: Bench) -> None:
    await bench.ledger.claim(bench.touch, "a")
    assert await bench.ledger.begin(bench.touch.touch_id, "a", DEADLINE) is None


async def test_a_number_the_vendor_refuses_is_marked_and_the_touch_has_failed(bench: Bench) -> None:
    await begun(bench)
    assert await known(bench) is None
    await bench.ledger.takes_no_texts(bench.touch.touch_id, "21614")
    found = await bench.ledger.current(bench.touch.touch_id)
    assert (found.state, found.error, await known(bench)) == ("failed", "21614", "21614")


@pytest.mark.parametrize(("code", "marks"), [("30006", True), ("30003", False)])
async def test_a_callback_marks_the_number_where_its_code_says_so_and_tells_the_lead_once(
    bench: Bench, code: str, marks: bool
) -> None:
    await begun(bench)
    await bench.ledger.settle(bench.touch.touch_id, "sent", "SM1", None)
    failed = bench.callback("failed", code).model_copy(update={"takes_no_texts": marks})
    state, ref, lead_id = await bench.ledger.delivery(TENANT, failed)
    assert (state, ref and ref.kind, lead_id) == ("failed", "undelivered", bench.touch.lead_id)
    assert await known(bench) == (code if marks else None)
    assert await bench.ledger.delivery(TENANT, failed) == ("failed", None, None)


async def test_a_callback_that_comes_after_delivered_marks_nothing(bench: Bench) -> None:
    await begun(bench)
    await bench.ledger.delivery(TENANT, bench.callback("delivered"))
    late = bench.callback("failed", "30006").model_copy(update={"takes_no_texts": True})
    assert await bench.ledger.delivery(TENANT, late) == ("delivered", None, None)
    assert await known(bench) is None


async def test_a_call_that_fails_says_nothing_of_texts(bench: Bench) -> None:
    bench.touch = bench.touch.model_copy(update={"channel": Channel.CALL})
    await begun(bench)
    await bench.ledger.takes_no_texts(bench.touch.touch_id, "13224")
    assert ((await bench.ledger.current(bench.touch.touch_id)).state, await known(bench)) == ("failed", None)


@pytest.mark.parametrize("bench", ["postgres"], indirect=True)
async def test_who_writes_to_us_can_be_written_to_again(bench: Bench, pool: asyncpg.Pool) -> None:
    await begun(bench)
    await bench.ledger.takes_no_texts(bench.touch.touch_id, "30006")
    assert await known(bench) == "30006"
    text = InboundText(vendor_id="SM9", sender=bench.touch.recipient, recipient="+15125550100", body="Hello?")
    captures = PostgresCaptures(pool, whereabouts)
    await captures.text(TENANT, text, "reply", person_facts(Person(phone=text.sender)), judge)
    await pool.execute("update person set last_reply_at = $1", bench.touch.lead_now + timedelta(seconds=30))
    assert await known(bench) is None
