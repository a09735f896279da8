"""Somebody writes while phones ring for them, or while something is still to come: what they get, what the rep hears
(N14)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bench.outside import Reached, eventually
from bench.people import Someone
from runtime.embedded.skipping import fast_forward_lead
from tests.e2e.stand import Stand, texts

REPS = {"ada": "+15125550101", "ben": "+13125550102", "cleo": "+13055550103", "dev": "+13125550104"}
AT_ONCE = 5.0
"""Seconds from the text being sent until the phone is down, on a machine that does much besides (bench/quiet.py has the
figures): it would ring for three times as long."""

PLAINLY = "Please stop texting me"
RESCUED = timedelta(minutes=6)
WRITTEN = "What does it cost?"


class Phones:
    """Phones on the stand: how they behave, and what happened on them."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.since = 0

    async def set(self, person: Someone, rings_for: float, rep_rings_for: float = 0.1) -> None:
        """Every rep answers after so long and presses 1; the person after theirs."""
        press = {"digits": "1", "after": 0.2}
        reps = [
            {"phone": phone, "line": "answers", "rings_for": rep_rings_for, "presses": [press]}
            for phone in REPS.values()
        ]
        theirs = {"phone": person.phone, "line": "answers", "rings_for": rings_for, "talks_for": 1.0}
        self.since = len(await self.stand.outside.log())
        (await self.stand.outside.simulate("personas", [*reps, theirs])).raise_for_status()

    async def of(self, phone: str, kind: str) -> list[Reached]:
        entries = await self.stand.outside.log(self.since)
        return [entry for entry in entries if (entry.to, entry.kind) == (phone, kind)]

    async def heard(self) -> str:
        """All that reps heard."""
        entries = await self.stand.outside.log(self.since)
        said = [entry.body or "" for entry in entries if entry.kind == "heard" and entry.to in REPS.values()]
        return " | ".join(said)

    async def until(self, phones: list[str], kind: str, limit: float = 30.0) -> Reached:
        found: list[Reached] = []

        async def seen() -> bool:
            for phone in phones:
                found.extend(await self.of(phone, kind))
            return bool(found)

        await eventually(seen, limit, f"{kind} on a phone")
        return found[0]


@pytest_asyncio.fixture(loop_scope="session")
async def phones(stand: Stand) -> AsyncIterator[Phones]:
    made = Phones(stand)
    yield made
    silent = [{"phone": phone, "line": "no_answer"} for phone in REPS.values()]
    await stand.outside.simulate("personas", silent)


async def result_of(stand: Stand, lead_id: str) -> tuple[str, str]:
    """How the lead's call ended and why, by its story."""
    found: list[tuple[str, str]] = []

    async def told() -> bool:
        asked = "select data ->> 'result' as result, data ->> 'because' as why from lead_event"
        rows = await stand.ask_database(f"{asked} where lead_id = $1 and kind = 'called'", lead_id)
        found.extend((row["result"], row["why"]) for row in rows)
        return bool(found)

    await eventually(told, 30, "the call is over")
    return found[0]


async def test_a_reply_while_reps_phones_ring_turns_the_call_into_context(stand: Stand, phones: Phones) -> None:
    who = stand.someone()
    await phones.set(who, rings_for=1.0, rep_rings_for=3.0)
    lead_id = await stand.arrives(who, "demo_request")
    await phones.until(list(REPS.values()), "call_leg")
    assert await stand.outside.texts_us(who.phone, WRITTEN) == 200
    assert await result_of(stand, lead_id) == ("called_off", "replied")
    heard = await phones.heard()
    assert f"has just written: {WRITTEN}" in heard
    assert "The lead is yours" in heard
    assert await phones.of(who.phone, "call_leg") == [], "nobody dialled them"
    row = await stand.reaches(lead_id, stage="working")
    assert row["owner"] in REPS
    assert texts(await stand.log_of(who)) == []


@pytest.mark.parametrize(
    ("words", "because", "hears"),
    [(WRITTEN, "replied", "They have just written to us"), (PLAINLY, "opted_out", "They asked not to be contacted")],
)
async def test_a_text_while_the_persons_phone_rings_silences_it_at_once(
    stand: Stand, phones: Phones, words: str, because: str, hears: str
) -> None:
    who = stand.someone()
    await phones.set(who, rings_for=15.0)
    lead_id = await stand.arrives(who, "demo_request")
    await phones.until([who.phone], "call_leg")
    wrote = asyncio.get_running_loop().time()
    assert await stand.outside.texts_us(who.phone, words) == 200
    down = await phones.until([who.phone], "hung_up", 10)
    assert asyncio.get_running_loop().time() - wrote < AT_ONCE
    assert "canceled" in (down.detail or ""), "they never had to pick up"
    assert await result_of(stand, lead_id) == ("called_off", because)
    assert hears in await phones.heard()
    assert texts(await stand.log_of(who)) == []


async def test_a_reply_holds_back_the_text_that_was_still_to_come(stand: Stand) -> None:
    who, other = stand.someone(), stand.someone()
    replied, kept = await stand.arrives(who, "missed_call"), await stand.arrives(other, "missed_call")
    for each in (who, other):
        await stand.is_texted(each)
    assert await stand.outside.texts_us(who.phone, WRITTEN) == 200
    await stand.reaches(replied, stage="working")
    for lead_id in (replied, kept):
        await fast_forward_lead(stand.rig.folder, lead_id, RESCUED)
    assert len(await stand.is_texted(other, times=2)) == 2
    assert len(texts(await stand.log_of(who))) == 1
