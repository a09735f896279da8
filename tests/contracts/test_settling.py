"""One suite for both keepers of a person's word: settled once, by whom, and what a vendor says afterwards."""

from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres.settling import PostgresSettlements
from adapters.postgres.views import Views
from domain.errors import NotFound, Refused
from domain.messages import Again
from domain.ports import Button, ChatMessage
from domain.settling import Settlement, Settlements
from domain.values import Channel, Purpose
from tests.contracts.ledgers import DEADLINE, Bench
from tests.contracts.postgres.builders import TENANT
from tests.fake_settling import FakeSettlements

ARRIVED, LOST = Settlement(as_="sent", by="kim"), Settlement(as_="failed", by="kim")
AGAIN = Settlement(as_="failed", by="kim", again=True)


@pytest.fixture
def settlements(bench: Bench) -> Settlements:
    if bench.fake is not None:
        return FakeSettlements(bench.fake)
    assert bench.pool is not None
    return PostgresSettlements(bench.pool)


async def unknown(bench: Bench, template: str | None = "text_back") -> None:
    """A text whose answer was lost, looked for in vain."""
    bench.touch = bench.touch.model_copy(update={"template": template})
    await bench.ledger.claim(bench.touch, "a")
    await bench.ledger.begin(bench.touch.touch_id, "a", DEADLINE)
    await bench.ledger.settle(bench.touch.touch_id, "unknown", None, "no trace")


async def state(bench: Bench) -> str:
    return (await bench.ledger.current(bench.touch.touch_id)).state


@pytest.mark.parametrize("said", [ARRIVED, LOST, AGAIN], ids=["arrived", "lost", "again"])
async def test_a_persons_word_settles_what_is_unknown_and_the_open_lead_hears_of_it(
    bench: Bench, settlements: Settlements, said: Settlement
) -> None:
    await unknown(bench)
    assert await settlements.unknown(TENANT) == 1
    settled = await settlements.settle(TENANT, bench.touch.touch_id, said, "k1")
    assert (settled.state, settled.by, settled.lead_id) == (said.as_, "kim", bench.touch.lead_id)
    assert (await state(bench), await settlements.unknown(TENANT)) == (said.as_, 0)
    assert settled.ref is not None
    again = Again(template="text_back", purpose=bench.touch.purpose) if said.again else None
    assert (settled.ref.kind, settled.ref.source, settled.ref.again) == ("settled", said.as_, again)


async def test_the_same_key_is_answered_as_before_and_nobody_settles_twice(
    bench: Bench, settlements: Settlements
) -> None:
    await unknown(bench)
    first = await settlements.settle(TENANT, bench.touch.touch_id, LOST, "k1")
    assert await settlements.settle(TENANT, bench.touch.touch_id, LOST, "k1") == first
    with pytest.raises(Refused):
        await settlements.settle(TENANT, bench.touch.touch_id, ARRIVED, "k2")
    assert await state(bench) == "failed"


@pytest.mark.parametrize(
    ("said", "callback", "ends"),
    [
        (ARRIVED, "sent", "sent"),
        (ARRIVED, "delivered", "delivered"),
        (ARRIVED, "failed", "failed"),
        (LOST, "sent", "failed"),
        (LOST, "failed", "failed"),
        (LOST, "delivered", "delivered"),
    ],
)
async def test_the_vendors_later_word_on_the_end_outranks_the_persons(
    bench: Bench, settlements: Settlements, said: Settlement, callback: str, ends: str
) -> None:
    await unknown(bench)
    await settlements.settle(TENANT, bench.touch.touch_id, said, "k1")
    await bench.ledger.delivery(TENANT, bench.callback(callback))
    assert await state(bench) == ends


@pytest.mark.parametrize("known", ["claimed", "sending", "sent", "failed", "delivered"])
async def test_what_is_known_is_nobodys_to_settle(bench: Bench, settlements: Settlements, known: str) -> None:
    await bench.ledger.claim(bench.touch, "a")
    if known != "claimed":
        await bench.ledger.begin(bench.touch.touch_id, "a", DEADLINE)
        await bench.ledger.settle(bench.touch.touch_id, known, None, None)
    with pytest.raises(Refused):
        await settlements.settle(TENANT, bench.touch.touch_id, ARRIVED, "k1")
    assert await state(bench) == known


async def test_only_a_text_is_sent_again(bench: Bench, settlements: Settlements) -> None:
    bench.touch = bench.touch.model_copy(update={"channel": Channel.CHAT, "purpose": Purpose.INTERNAL})
    await unknown(bench, None)
    with pytest.raises(Refused, match="Only a text"):
        await settlements.settle(TENANT, bench.touch.touch_id, AGAIN, "k1")
    assert await state(bench) == "unknown"
    assert (await settlements.settle(TENANT, bench.touch.touch_id, LOST, "k2")).state == "failed"


async def test_a_touch_that_is_not_there_is_told_so(settlements: Settlements) -> None:
    for said in (ARRIVED, AGAIN):
        with pytest.raises(NotFound):
            await settlements.settle(TENANT, "0" * 32, said, "k1")


@pytest.mark.parametrize("bench", ["postgres"], indirect=True)
async def test_a_closed_lead_hears_nothing_and_nothing_is_sent_again(
    bench: Bench, settlements: Settlements, pool: asyncpg.Pool
) -> None:
    await unknown(bench)
    await pool.execute("update lead set closed_at = now()")
    with pytest.raises(Refused, match="closed"):
        await settlements.settle(TENANT, bench.touch.touch_id, AGAIN, "k1")
    assert (await settlements.settle(TENANT, bench.touch.touch_id, LOST, "k2")).ref is None


@pytest.mark.parametrize("bench", ["postgres"], indirect=True)
async def test_the_messages_that_ask_are_found_by_their_buttons(
    bench: Bench, settlements: Settlements, pool: asyncpg.Pool
) -> None:
    await unknown(bench)
    asks = ChatMessage(
        channel="C1",
        text="Nobody knows",
        buttons=(Button(action="arrived", label="It arrived", value=f"{bench.touch.lead_id}:{bench.touch.touch_id}"),),
    )
    for name, message in (("asks", asks), ("offers", asks.model_copy(update={"buttons": ()}))):
        notice = {"touch_id": name, "key": name, "channel": Channel.CHAT, "purpose": Purpose.INTERNAL}
        touch = bench.touch.model_copy(update={**notice, "body": message.model_dump_json()})
        await bench.ledger.claim(touch, "a")
        await bench.ledger.begin(name, "a", DEADLINE)
        await bench.ledger.settle(name, "sent", f"C1:{name}", None)
    (found,) = await settlements.asking(TENANT, bench.touch.touch_id)
    assert (found.touch_id, found.vendor_id, found.message) == ("asks", "C1:asks", asks)


@pytest.mark.parametrize("bench", ["postgres"], indirect=True)
async def test_a_leads_unknown_touches_come_first_with_what_to_do(bench: Bench, pool: asyncpg.Pool) -> None:
    first = bench.touch.model_copy(update={"touch_id": "made", "key": "made", "lead_now": bench.touch.lead_now})
    await bench.ledger.claim(first, "a")
    await bench.ledger.begin("made", "a", DEADLINE)
    await bench.ledger.settle("made", "sent", "SM0", None)
    bench.touch = bench.touch.model_copy(update={"lead_now": bench.touch.lead_now + timedelta(minutes=1)})
    await unknown(bench)
    views = Views(pool)
    touches = await views.lead_touches(TENANT, bench.touch.lead_id)
    assert [touch.state for touch in touches] == ["unknown", "sent"]
    assert f"baton lead settle {bench.touch.touch_id}" in (touches[0].to_do or "")
    detail = await views.lead_detail(TENANT, bench.touch.lead_id)
    assert [(touch.touch_id, touch.to_do) for touch in detail.unsettled] == [(bench.touch.touch_id, touches[0].to_do)]
