"""Texts by a messaging service: which number the vendor chose is known once it says so, in whatever order it speaks."""

import pytest

from tests.contracts.ledgers import DEADLINE, Bench

SERVICE = "MG" + "0a" * 16


async def sent_by_service(bench: Bench) -> Bench:
    bench.touch = bench.touch.model_copy(update={"sender": "", "service": SERVICE})
    await bench.ledger.claim(bench.touch, "a")
    await bench.ledger.begin(bench.touch.touch_id, "a", DEADLINE)
    return bench


@pytest.mark.parametrize("settled_first", [True, False], ids=["the answer came first", "the callback came first"])
async def test_the_number_that_a_service_chose_is_the_touchs_from_then_on(bench: Bench, settled_first: bool) -> None:
    await sent_by_service(bench)
    if settled_first:
        await bench.ledger.settle(bench.touch.touch_id, "sent", "SM1", None)
    said = bench.callback("sent").model_copy(update={"sender": "+15125550199"})
    assert (await bench.ledger.delivery("main", said))[0] == "sent"
    later = bench.callback("delivered").model_copy(update={"sender": "+13055550100"})
    assert (await bench.ledger.delivery("main", later))[0] == "delivered"
    found = (await bench.ledger.current(bench.touch.touch_id)).intent
    assert (found.sender, found.service) == ("+15125550199", SERVICE)


async def test_a_touch_from_a_number_keeps_it_whatever_a_callback_says(bench: Bench) -> None:
    await bench.ledger.claim(bench.touch, "a")
    await bench.ledger.begin(bench.touch.touch_id, "a", DEADLINE)
    await bench.ledger.delivery("main", bench.callback("sent").model_copy(update={"sender": "+13055550100"}))
    assert (await bench.ledger.current(bench.touch.touch_id)).intent.sender == bench.touch.sender
