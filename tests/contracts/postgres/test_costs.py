"""Which touches cost something, read from PostgreSQL: those that a vendor took, with its prices once it tells them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.postgres.books import PostgresBooks
from adapters.postgres.costs import LeadCosts
from domain.costs import By
from domain.reconciling import VendorMessage
from domain.values import Channel, Purpose
from tests.contracts.ledgers import DEADLINE, Bench
from tests.contracts.postgres.builders import TENANT

postgres = pytest.mark.parametrize("bench", ["postgres"], indirect=True)


async def made(bench: Bench, name: str, state: str, vendor_id: str | None, channel: Channel = Channel.SMS) -> None:
    purpose = bench.touch.purpose if channel is Channel.SMS else Purpose.INTERNAL
    changes = {"touch_id": name, "key": name, "channel": channel, "purpose": purpose}
    touch = bench.touch.model_copy(update=changes)
    await bench.ledger.claim(touch, "a")
    assert await bench.ledger.begin(name, "a", DEADLINE) is None
    await bench.ledger.settle(name, state, vendor_id, None)


@postgres
async def test_only_what_a_vendor_took_costs_something(bench: Bench) -> None:
    assert bench.pool is not None
    await made(bench, "t1", "sent", "SM1")
    await made(bench, "t2", "failed", "SM2")
    await made(bench, "t3", "failed", None)
    await made(bench, "t4", "unknown", None)
    await made(bench, "t5", "sent", "C1:1", Channel.CHAT)
    costs = LeadCosts(bench.pool)
    assert [touch.price for touch in await costs.touches(TENANT, bench.touch.lead_id)] == [None, None]
    assert await costs.touches(TENANT, "nobody") == ()


@postgres
@pytest.mark.parametrize(
    ("by", "group"), [(None, "demo_request"), ("source", "demo_request"), ("motion", "text_back"), ("outcome", "open")]
)
async def test_leads_come_in_pages_by_group_with_their_prices(bench: Bench, by: By | None, group: str) -> None:
    assert bench.pool is not None
    await made(bench, "t1", "sent", "SM1")
    told = VendorMessage(
        vendor_id="SM1",
        status="delivered",
        vendor_status="delivered",
        price=Decimal("0.0166"),
        price_unit="USD",
        segments=2,
        created_at=bench.touch.lead_now,
    )
    await PostgresBooks(bench.pool).compare(TENANT, (told,))
    since = (await bench.pool.fetchval("select opened_at from lead")) - timedelta(minutes=1)
    pages = [page async for page in LeadCosts(bench.pool).leads(TENANT, since, by)]
    ((lead,),) = pages
    assert (lead.lead_id, lead.group) == (bench.touch.lead_id, group)
    (touch,) = lead.touches
    assert (touch.price, touch.unit, touch.segments) == (Decimal("0.0166"), "USD", 2)
    later = [page async for page in LeadCosts(bench.pool).leads(TENANT, since + timedelta(hours=1), None)]
    assert later == []
