"""The nightly comparison on a running stack: what is lost is found, prices come home, and a kill changes nothing."""

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from bench.outside import Reached, eventually
from bench.rig import PROGRAM
from tests.e2e.stand import Stand
from tests.e2e.test_dispositions import run
from workflows import names


async def a_made_text(stand: Stand) -> str:
    """A text that is delivered; its touch id."""
    who = stand.someone()
    lead_id = await stand.arrives(who)
    await stand.is_texted(who)

    async def delivered() -> bool:
        return [touch["state"] for touch in await sms_of(stand, lead_id)] == ["delivered"]

    await eventually(delivered, 60, "the text is delivered")
    return str((await sms_of(stand, lead_id))[0]["touch_id"])


async def sms_of(stand: Stand, lead_id: str) -> list[Any]:  # Any: rows of JSON
    return [touch for touch in (await stand.outside.lead(lead_id))["touches"] if touch["channel"] == "sms"]


async def an_hour_ago(stand: Stand, touch_id: str, state: str, forgotten: bool) -> None:
    """As if the answer and the callbacks had been lost an hour ago."""
    await stand.ask_database(
        "update touch set state = $2, sending_since = sending_since - interval '1 hour', vendor_status = null,"
        " vendor_id = case when $3 then null else vendor_id end where touch_id = $1",
        touch_id,
        state,
        forgotten,
    )


async def texts_to(stand: Stand, touches: list[str]) -> list[Reached]:
    """All texts to the people whom these touches are for."""
    rows = await stand.ask_database("select recipient from touch where touch_id = any($1)", touches)
    phones = {row["recipient"] for row in rows}
    return [entry for entry in await stand.outside.log() if entry.kind == "sms" and entry.to in phones]


async def reconciled(stand: Stand) -> dict[str, Any]:  # Any: JSON
    code, out = await run(*PROGRAM, "reconcile", "--data", str(stand.rig.folder), "--json")
    assert code == 0, out
    found: dict[str, Any] = json.loads(out.splitlines()[-1])["sweep"]
    return found


@pytest.mark.slow
async def test_a_touch_that_was_lost_is_found_and_its_price_comes_home(stand: Stand) -> None:
    lost = await a_made_text(stand)
    await an_hour_ago(stand, lost, "unknown", forgotten=True)
    sweep = await reconciled(stand)
    assert sweep["found"] == 1, sweep
    (row,) = await stand.ask_database("select state, price, price_unit, segments from touch where touch_id = $1", lost)
    assert (row["state"], row["price_unit"]) == ("delivered", "USD")
    assert row["price"] == Decimal("0.00830") * row["segments"]


@pytest.mark.slow
async def test_killed_in_the_middle_it_goes_on_to_its_end(stand: Stand) -> None:
    touches = [await a_made_text(stand) for _ in range(3)]
    for touch_id in touches:
        await an_hour_ago(stand, touch_id, "unknown", forgotten=True)
    sent = await texts_to(stand, touches)
    await stand.outside.arm("twilio", "hang", seconds=10, match="GET /2010")
    asking = asyncio.create_task(stand.outside.ask_to_reconcile("killed-in-the-middle"))
    await eventually(lambda: hangs(stand), 30, "the first question to the vendor hangs")
    gone = stand.rig.kill("worker")
    await stand.rig.until_back("worker", gone)

    async def over() -> bool:
        return (await stand.outside.ask_to_reconcile("killed-in-the-middle")).status_code == 200

    await eventually(over, 120, "the comparison comes to its end")
    assert (await asking).status_code in {200, 202}
    rows = await stand.ask_database("select state from touch where touch_id = any($1)", touches)
    assert {row["state"] for row in rows} <= {"sent", "delivered"}
    assert await texts_to(stand, touches) == sent, "nothing is sent again"


async def hangs(stand: Stand) -> bool:
    return await stand.outside.armed() == []


@pytest.mark.slow
async def test_it_is_planned_and_seen_in_temporal_under_its_name(stand: Stand) -> None:
    client = await stand.client()
    described = await client.get_schedule_handle(names.reconcile_id("main")).describe()
    assert described.schedule.spec.time_zone_name == "America/Chicago"
    assert [str(moment.minute) for moment in described.info.next_action_times[:1]] == ["40"]
