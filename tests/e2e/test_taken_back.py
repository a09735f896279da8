"""A text that the vendor still holds when its person writes is never read by them."""

import asyncio

import pytest

from bench.outside import eventually
from tests.e2e.stand import Stand, texts

HELD = 8


@pytest.mark.slow
@pytest.mark.parametrize(("words", "because"), [("Please call me", "replied"), ("STOP", "opted_out")])
async def test_what_the_vendor_still_holds_is_taken_back_when_its_person_writes(
    stand: Stand, words: str, because: str
) -> None:
    who = stand.someone()
    await stand.outside.simulate("faults", {"vendor": "twilio", "callbacks": "held", "seconds": HELD})
    lead_id = await stand.arrives(who)

    async def state() -> list[str]:
        touches = (await stand.outside.lead(lead_id))["touches"]
        return [touch["state"] for touch in touches if touch["channel"] == "sms"]

    async def is_at_the_vendor() -> bool:
        return await state() == ["sent"]

    async def is_taken_back() -> bool:
        return await state() == ["cancelled"]

    await eventually(is_at_the_vendor, 30, "the vendor takes the text")
    assert await stand.outside.texts_us(who.phone, words) == 200
    await eventually(is_taken_back, HELD - 2, "the text is taken back")
    rows = await stand.ask_database("select because from touch where lead_id = $1 and channel = 'sms'", lead_id)
    assert rows[0]["because"] == because
    await asyncio.sleep(HELD)
    assert texts(await stand.log_of(who)) == []
