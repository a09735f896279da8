"""The ledger as the reconciliation reads it, fake and real: what is open, what a vendor's list says, prices."""

from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import pytest

from adapters.postgres.books import PostgresBooks
from domain.reconciling import Books, Sweep, VendorMessage
from tests.contracts.ledgers import DEADLINE, Bench
from tests.contracts.postgres.builders import TENANT
from tests.fake_books import FakeBooks


@pytest.fixture
def books(bench: Bench) -> Books:
    if bench.fake is not None:
        return FakeBooks(bench.fake)
    assert bench.pool is not None
    return PostgresBooks(bench.pool)


async def begun(bench: Bench, name: str, state: str | None = None, vendor_id: str | None = None) -> None:
    touch = bench.touch.model_copy(update={"touch_id": name, "key": name})
    await bench.ledger.claim(touch, "a")
    assert await bench.ledger.begin(name, "a", DEADLINE) is None
    if state is not None:
        await bench.ledger.settle(name, state, vendor_id, None)


async def an_hour_later(bench: Bench) -> None:
    if bench.pool is not None:
        await bench.pool.execute("update touch set sending_since = clock_timestamp() - interval '1 hour'")


def message(vendor_id: str, status: str, price: str | None = None) -> VendorMessage:
    return VendorMessage(
        vendor_id=vendor_id,
        status=status,
        vendor_status=status,
        price=Decimal(price) if price else None,
        price_unit="USD",
        segments=2,
        created_at=datetime.now(UTC),
    )


async def test_what_was_begun_and_not_settled_is_open_page_by_page(bench: Bench, books: Books) -> None:
    for name in ("t1", "t2", "t3"):
        await begun(bench, name, "unknown" if name == "t2" else None)
    await begun(bench, "t4", "sent", "SM4")
    await an_hour_later(bench)
    first = await books.left_open(TENANT, "", 2)
    assert [(claim.touch_id, str(claim.state)) for claim in first] == [("t1", "sending"), ("t2", "unknown")]
    assert [claim.touch_id for claim in await books.left_open(TENANT, "t2", 2)] == ["t3"]
    assert await books.left_open("nobody", "", 2) == () or bench.fake is not None


async def test_a_page_of_the_vendors_list_is_compared_and_its_prices_taken_over_once(
    bench: Bench, books: Books
) -> None:
    await begun(bench, "t1", "sent", "SM1")
    await begun(bench, "t2", "delivered", "SM2")
    page = (message("SM1", "delivered", "0.0166"), message("SM2", "sent"), message("SM9", "sent", "0.0083"))
    compared = await books.compare(TENANT, page)
    assert (compared.priced, compared.behind, compared.strangers) == (1, ("SM1",), ("SM9",))
    assert (await books.compare(TENANT, page)).priced == 0
    assert (await bench.ledger.current("t1")).state == "sent", "it moves nothing"


@pytest.mark.parametrize("bench", ["postgres"], indirect=True)
async def test_prices_and_segments_are_kept_to_the_last_digit_and_not_lost_again(
    bench: Bench, books: Books, pool: asyncpg.Pool
) -> None:
    await begun(bench, "t1", "sent", "SM1")
    for page in ((message("SM1", "sent"),), (message("SM1", "delivered", "0.01660"),), (message("SM1", "delivered"),)):
        await books.compare(TENANT, page)
    row = await pool.fetchrow("select price, price_unit, segments from touch where touch_id = 't1'")
    assert tuple(row) == (Decimal("0.0166"), "USD", 2)


@pytest.mark.parametrize("bench", ["postgres"], indirect=True)
async def test_what_waits_too_long_is_counted_and_a_report_is_kept_once(
    bench: Bench, books: Books, pool: asyncpg.Pool
) -> None:
    await bench.ledger.claim(bench.touch, "a")
    assert await books.waiting(TENANT) == 0
    await pool.execute("update touch set claimed_at = clock_timestamp() - interval '61 minutes'")
    assert await books.waiting(TENANT) == 1
    for found in (1, 2):
        await books.keep("run-1", Sweep(tenant=TENANT, found=found))
    rows = await pool.fetch("select tenant, report ->> 'found' from reconciliation")
    assert [tuple(row) for row in rows] == [(TENANT, "2")]
