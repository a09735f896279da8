"""SIGKILL, SIGSTOP and servers that are gone: no lead is lost, and nobody is told twice."""

import asyncio
import time

import httpx2
import pytest

from bench.outside import Json, eventually, inquiry
from bench.people import Someone
from bench.verdict import doubled
from domain.lead import Lead
from domain.values import Stage
from tests.e2e.stand import Stand, texts

FIRST_TOUCH = 15.0
"""Seconds from a worker's restart to the first outstanding touch, at most."""


async def test_ten_leads_outlive_a_killed_worker_and_then_a_killed_everything(stand: Stand) -> None:
    people = [stand.someone() for _ in range(10)]
    events = [inquiry(who, "missed_call" if n % 2 else "paid_lead_form") for n, who in enumerate(people)]
    sending = [asyncio.create_task(stand.outside.insist(event, limit=120)) for event in events[:4]]
    await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
    stand.rig.kill("worker")
    sending += [asyncio.create_task(stand.outside.insist(event, limit=120)) for event in events[4:]]
    await asyncio.wait(sending[4:], return_when=asyncio.FIRST_COMPLETED)
    await stand.rig.kill_everything()
    assert stand.rig.status().state == "down"
    await stand.rig.start()
    stand.outside.readdress()
    answers = await asyncio.gather(*sending)
    assert len({answer["lead_id"] for answer in answers}) == 10
    for who in people:
        await stand.is_texted(who)
    for answer in answers:
        await is_complete(stand, str(answer["lead_id"]))
    assert [len(texts(await stand.log_of(who))) for who in people] == [1] * 10
    assert doubled(await stand.outside.log()) == []


async def is_complete(stand: Stand, lead_id: str) -> None:
    """Its row is dispatched, its workflow waits for the next deadline, and everything due until then was done."""
    seen: list[object] = []

    async def complete() -> bool:
        handle = await stand.handle(lead_id)
        lead = await handle.query("lead", result_type=Lead)
        states = {touch["channel"]: touch["state"] for touch in (await stand.outside.lead(lead_id))["touches"]}
        pending = len((await handle.describe()).raw_description.pending_activities)
        rows = await stand.ask_database("select state from inbox where lead_id = $1", lead_id)
        seen[:] = [lead.stage, states, pending, len(lead.unwritten), [row["state"] for row in rows]]
        # cancelled: the text for when no rep's phone is answered, which is not needed beside the first
        done = set(states.values()) <= {"sent", "delivered", "cancelled"} and not pending and not lead.unwritten
        return done and lead.stage is Stage.WAITING and [row["state"] for row in rows] == ["dispatched"]

    try:
        await eventually(complete, 120, "the lead is complete")
    except TimeoutError:
        pytest.fail(f"lead {lead_id} is not complete: {seen}")


@pytest.mark.parametrize("fault", ["drop_after_accept", "500_after_accept"])
async def test_a_worker_killed_between_the_vendors_yes_and_its_own_note_of_it_sends_no_second_text(
    stand: Stand, fault: str
) -> None:
    first, second = stand.someone(), stand.someone()
    await stand.outside.arm("twilio", fault, callbacks="late", seconds=6)
    await stand.arrives(first)
    await stand.is_texted(first)
    gone = stand.rig.kill("worker")
    assert await state_of_text(stand, first) == ["sending"]
    await stand.arrives(second)
    await stand.rig.until_back("worker", gone)
    back = time.monotonic()
    await stand.is_texted(second)
    assert time.monotonic() - back < FIRST_TOUCH
    await eventually(lambda: is_settled(stand, first), 90, "the first text is settled")
    assert [len(texts(await stand.log_of(who))) for who in (first, second)] == [1, 1]


async def is_settled(stand: Stand, who: Someone) -> bool:
    return await state_of_text(stand, who) == ["delivered"]


async def state_of_text(stand: Stand, who: Someone) -> list[str]:
    rows = await stand.ask_database("select state from touch where recipient = $1", who.phone)
    return [row["state"] for row in rows]


async def test_a_worker_that_slept_while_its_text_was_taken_over_adds_none(stand: Stand) -> None:
    who = stand.someone()
    await stand.outside.arm("twilio", "drop_after_accept", callbacks="late", seconds=12)
    await stand.arrives(who)
    await stand.is_texted(who)
    asleep = stand.rig.pause("worker")
    await asyncio.sleep(6)  # longer than a heartbeat may stay away: on waking there are two attempts at once
    stand.rig.resume(asleep)
    await eventually(lambda: is_settled(stand, who), 90, "the text is settled")
    assert len(texts(await stand.log_of(who))) == 1


async def test_with_temporal_gone_leads_are_taken_and_start_when_it_is_back(stand: Stand) -> None:
    people = [stand.someone() for _ in range(3)]
    frozen = stand.rig.pause("supervisor")  # so that it stays gone
    try:
        stand.rig.kill("temporal")
        answers = [await stand.outside.capture(inquiry(who)) for who in people]
        assert {answer["status"] for answer in answers} == {"started"}
        assert [texts(await stand.log_of(who)) for who in people] == [[], [], []]
    finally:
        stand.rig.resume(frozen)
    await all_texted_once(stand, people)


async def test_with_temporal_hanging_leads_are_taken_and_start_when_it_wakes(stand: Stand) -> None:
    people = [stand.someone() for _ in range(3)]
    hanging = stand.rig.pause("temporal")
    try:
        answers = [await stand.outside.capture(inquiry(who)) for who in people]
        assert {answer["status"] for answer in answers} == {"started"}
        assert [texts(await stand.log_of(who)) for who in people] == [[], [], []]
    finally:
        stand.rig.resume(hanging)
    await all_texted_once(stand, people)


async def all_texted_once(stand: Stand, people: list[Someone]) -> None:
    for who in people:
        await stand.is_texted(who)
    rows = await stand.ask_database("select row_id from inbox where state = 'captured'")
    await eventually(lambda: nothing_waits(stand, [row["row_id"] for row in rows]), 60, "every row is dispatched")
    assert [len(texts(await stand.log_of(who))) for who in people] == [1] * len(people)


async def nothing_waits(stand: Stand, rows: list[str]) -> bool:
    question = "select 1 from inbox where state = 'captured' and row_id = any($1)"
    return not await stand.ask_database(question, rows)


async def test_with_postgresql_gone_nothing_is_taken_and_the_sender_is_told_when_to_try_again(stand: Stand) -> None:
    early, late = stand.someone(), stand.someone()
    await stand.arrives(early)
    await stand.is_texted(early)
    refused = inquiry(late)
    frozen = stand.rig.pause("supervisor")
    try:
        await stand.rig.kill_all_of("postgres")  # a backend that outlives its postmaster would rightly take it
        await refuses(stand, refused)
    finally:
        stand.rig.resume(frozen)
    await stand.rig.until_up()
    assert await known(stand, late) == 0
    await stand.outside.insist(refused)
    await stand.is_texted(late)
    assert [len(texts(await stand.log_of(who))) for who in (early, late)] == [1, 1]


async def test_with_postgresql_hanging_nothing_is_taken_either(stand: Stand) -> None:
    who = stand.someone()
    refused = inquiry(who)
    hanging = stand.rig.pause("postgres")
    try:
        await refuses(stand, refused)
    finally:
        stand.rig.resume(hanging)
    await eventually(lambda: is_ready(stand), 60, "the stack is ready again")
    assert await known(stand, who) == 0
    await stand.outside.insist(refused)
    assert len(await stand.is_texted(who)) == 1


async def refuses(stand: Stand, event: Json) -> None:
    async def refused() -> bool:
        answer = await stand.outside.post(event)
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["content-type"] == "application/problem+json"
        return True

    await eventually(refused, 60, "the API refuses")


async def known(stand: Stand, who: Someone) -> int:
    rows = await stand.ask_database("select person_id from identity where value in ($1, $2)", who.phone, who.email)
    kept = await stand.ask_database("select row_id from inbox where payload::text like '%' || $1 || '%'", who.email)
    return len(rows) + len(kept)


async def is_ready(stand: Stand) -> bool:
    async with httpx2.AsyncClient(trust_env=False) as http:
        return (await http.get(f"{stand.outside.api}/readyz")).status_code == 200
