"""STOP against a text: whichever comes first, nothing is sent after it; for the person, not just for the number.

The words are ones that the carrier doesn't understand, so that only Baton can heed them.
"""

import asyncio
from datetime import timedelta
from typing import Any

from bench.outside import Json, eventually, inquiry
from runtime.embedded.skipping import fast_forward_lead
from tests.e2e.stand import Stand, texts

PLAINLY = "Please stop texting me"
RESCUED = timedelta(minutes=6)
"""A hand-raiser whom nobody calls is texted again after five minutes (policies/default.yaml, sla.hand_raise)."""


async def test_a_stop_that_comes_before_the_text_is_due_holds_it_back(stand: Stand) -> None:
    stopper, other = stand.someone(), stand.someone()
    asleep = stand.rig.pause("worker")
    try:
        stopped, kept = await stand.arrives(stopper), await stand.arrives(other)
        assert await stand.outside.texts_us(stopper.phone, PLAINLY) == 200
    finally:
        stand.rig.resume(asleep)
    await stand.is_texted(other)
    await stand.reaches(stopped, stage="closed", outcome="opted_out")
    assert texts(await stand.log_of(stopper)) == []
    assert (await stand.reaches(kept, stage="waiting_for_contact"))["outcome"] is None


async def test_a_stop_that_comes_while_a_throttled_text_waits_for_its_retry_holds_it_back(stand: Stand) -> None:
    who = stand.someone()
    await stand.outside.arm("twilio", "429", retry_after=4, match="POST /2010")
    lead_id = await stand.arrives(who)

    async def throttled() -> bool:
        return [entry.accepted for entry in await stand.log_of(who)] == [False]

    await eventually(throttled, 30, "the vendor said wait")
    assert await stand.outside.texts_us(who.phone, PLAINLY) == 200
    await stand.reaches(lead_id, stage="closed", outcome="opted_out")
    await asyncio.sleep(6)
    assert texts(await stand.log_of(who)) == []


async def test_a_text_in_flight_when_the_stop_comes_is_the_last(stand: Stand) -> None:
    stopper, other = stand.someone(), stand.someone()
    await stand.outside.arm("twilio", "drop_after_accept", callbacks="late", seconds=5)
    stopped = await stand.arrives(stopper, "missed_call")
    await stand.is_texted(stopper)
    assert await stand.outside.texts_us(stopper.phone, PLAINLY) == 200
    kept = await stand.arrives(other, "missed_call")
    await stand.is_texted(other)
    await stand.reaches(stopped, stage="closed", outcome="opted_out")
    for lead_id in (stopped, kept):
        await fast_forward_lead(stand.rig.folder, lead_id, RESCUED)
    assert len(await stand.is_texted(other, times=2)) == 2
    assert len(texts(await stand.log_of(stopper))) == 1


async def test_a_stop_holds_for_the_person_across_leads_and_numbers(stand: Stand) -> None:
    old, new, other = stand.someone(), stand.someone(), stand.someone()
    first = await stand.arrives(old)
    await stand.is_texted(old)
    answer = await stand.outside.tell(first, "disposition", {"code": "won", "by": "ada"}, f"won-{first}")
    assert answer.status_code == 200
    await stand.reaches(first, stage="closed")
    assert await stand.outside.texts_us(old.phone, PLAINLY) == 200
    other_number: dict[str, Any] = {"name": old.name, "phone": new.phone, "email": old.email}
    second = await stand.arrives(old, "demo_request", person=other_number)
    third = await stand.arrives(old, person={"phone": new.phone})
    await stand.arrives(other)
    await stand.is_texted(other)
    await stand.reaches(second, stage="closed", outcome="opted_out")
    await stand.reaches(third, stage="closed", outcome="opted_out")
    assert texts(await stand.log_of(new)) == []
    assert len(texts(await stand.log_of(old))) == 1


async def test_a_start_takes_the_stop_back(stand: Stand) -> None:
    who = stand.someone()
    first = await stand.arrives(who)
    await stand.is_texted(who)
    assert await stand.outside.texts_us(who.phone, "STOP") == 200
    await stand.reaches(first, stage="closed", outcome="opted_out")
    again: Json = inquiry(who)
    await stand.outside.capture(again)
    assert await stand.outside.texts_us(who.phone, "START") == 200
    await stand.arrives(who)
    assert len(await stand.is_texted(who, times=2)) == 2
