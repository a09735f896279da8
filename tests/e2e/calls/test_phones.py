"""Phones ring in the simulated network: who rang when, what they heard, who was connected, who was texted (R10-R17,
R22, R25, R27, N2, N15). Judged by the network's own log."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bench.outside import Json, Reached, eventually
from bench.people import Someone
from tests.e2e.stand import PATIENCE, Stand

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADA, BEN, CLEO, DEV = "+15125550101", "+13125550102", "+13055550103", "+13125550104"
REPS = (ADA, BEN, CLEO, DEV)
NAMES = {ADA: "ada", BEN: "ben", CLEO: "cleo", DEV: "dev"}
TAKES: Json = {"line": "answers", "rings_for": 0.3, "presses": [{"digits": "1", "after": 2.0}]}
PASSES: Json = {"line": "answers", "rings_for": 0.3, "presses": [{"digits": "2", "after": 0.5}]}
BUSY: Json = {"line": "busy"}
MACHINE: Json = {"line": "voicemail", "rings_for": 0.3, "greeting": 0.3}
ANSWERS: Json = {"line": "answers", "rings_for": 0.5, "talks_for": 1.0}


@pytest_asyncio.fixture(loop_scope="session")
async def phones(stand: Stand) -> AsyncIterator[Stand]:
    """All reps busy until a test says otherwise, and again after it."""
    await behave(stand, dict.fromkeys(REPS, BUSY))
    yield stand
    await behave(stand, dict.fromkeys(REPS, BUSY))


async def behave(stand: Stand, lines: dict[str, Json]) -> None:
    (
        await stand.outside.simulate("personas", [{"phone": phone, **line} for phone, line in lines.items()])
    ).raise_for_status()


async def calls_of(stand: Stand, who: Someone, since: int = 0) -> list[Reached]:
    """Everything that happened on our reps' phones and theirs since an entry of the log."""
    concerned = (*REPS, who.phone)
    return [entry for entry in await stand.outside.log(since) if entry.vendor == "twilio" and entry.to in concerned]


async def mark(stand: Stand) -> int:
    log = await stand.outside.log()
    return log[-1].seq if log else 0


async def happens(stand: Stand, who: Someone, since: int, kind: str, to: str | None = None) -> Reached:
    """Waits for it."""
    found: list[Reached] = []

    async def seen() -> bool:
        found[:] = [e for e in await calls_of(stand, who, since) if e.kind == kind and e.to == (to or who.phone)]
        return bool(found)

    await eventually(seen, PATIENCE, f"{kind} on a phone")
    return found[0]


async def called(stand: Stand, lead_id: str) -> Json:
    """Waits until the lead's story tells of a call's end; that fact."""
    found: list[Json] = []

    async def told() -> bool:
        story = (await stand.outside.read(f"/v1/leads/{lead_id}"))["story"]
        found[:] = [line["data"] for line in story if line["kind"] == "called"]
        return bool(found)

    await eventually(told, PATIENCE, "the end of a call in the lead's story")
    return found[-1]


def heard(entries: list[Reached], phone: str) -> str:
    return " ".join(entry.body or "" for entry in entries if entry.kind == "heard" and entry.to == phone)


def rung(entries: list[Reached]) -> list[str]:
    return [entry.to or "" for entry in entries if entry.kind == "call_leg" and entry.accepted]


async def test_a_live_transfer_whispers_to_the_rep_and_rings_the_person_only_then(phones: Stand) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {ADA: TAKES, BEN: TAKES, DEV: TAKES, who.phone: ANSWERS})
    lead_id = await phones.arrives(who, "demo_request")
    fact = await called(phones, lead_id)
    entries = await calls_of(phones, who, since)
    taker = next(entry for entry in entries if entry.kind == "pressed" and entry.body == "1").to or ""
    theirs = next(place for place, entry in enumerate(entries) if entry.kind == "call_leg" and entry.to == who.phone)
    whispered = heard(entries[:theirs], taker)
    assert who.name in whispered
    assert "/pricing" in whispered, "which page they came from (R11)"
    assert {entry.to for entry in entries if entry.kind == "bridged"} == {taker, who.phone}
    assert rung(entries).count(who.phone) == 1
    assert len(rung(entries)) == len(set(rung(entries))) == 4, "three reps at once and the person, nobody twice"
    assert (fact["result"], fact["rep"]) == ("connected", NAMES[taker])
    await phones.reaches(lead_id, owner=NAMES[taker])
    assert await phones.outside.texts(who.phone) == []


async def test_nobody_connects_within_three_rings_so_they_are_texted_and_never_dialled(phones: Stand) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {ADA: {"line": "no_answer"}, BEN: PASSES, DEV: BUSY, who.phone: ANSWERS})
    lead_id = await phones.arrives(who, "demo_request")
    (text,) = await phones.is_texted(who)
    entries = await calls_of(phones, who, since)
    first = min(entry.real_at for entry in entries if entry.kind == "call_leg")
    assert 14 < (text.real_at - first).total_seconds() < 22, "three rings, about 15 s (R12)"
    assert who.phone not in rung(entries)
    assert (await called(phones, lead_id))["result"] == "no_rep"


async def test_a_reps_voicemail_takes_no_call(phones: Stand) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {ADA: MACHINE, BEN: MACHINE, DEV: MACHINE, who.phone: ANSWERS})
    lead_id = await phones.arrives(who, "demo_request")
    assert (await called(phones, lead_id))["result"] == "no_rep"
    assert who.phone not in rung(await calls_of(phones, who, since))
    assert len(await phones.is_texted(who)) == 1


async def test_a_referral_is_a_personal_call_with_the_referrers_name(phones: Stand) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {ADA: TAKES, BEN: TAKES, DEV: TAKES, CLEO: TAKES, who.phone: ANSWERS})
    attribution = {"attribution": {"referrer_name": "Quill Barrow"}}
    written = {"sms": True, "call": True, "kind": "written"}  # an introduction is no inquiry of their own
    lead_id = await phones.arrives(who, "referral", consent=written, **attribution)
    fact = await called(phones, lead_id)
    entries = await calls_of(phones, who, since)
    assert len(rung(entries)) == 2, "the named rep and the person (R10, R17)"
    assert "Quill Barrow" in heard(entries, rung(entries)[0])
    assert fact["result"] == "connected"


async def test_a_missed_call_is_texted_at_once_and_called_back_apologetically(phones: Stand) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {**dict.fromkeys(REPS, TAKES), who.phone: ANSWERS})
    lead_id = await phones.arrives(who, "missed_call")
    await called(phones, lead_id)
    entries = await calls_of(phones, who, since)
    (text,) = await phones.outside.texts(who.phone)
    assert "Brightside" in (text.body or "")
    assert "be apologetic" in heard(entries, rung(entries)[0])


async def test_an_ad_is_called_only_after_a_buying_signal_and_the_rep_hears_their_words(phones: Stand) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {**dict.fromkeys(REPS, TAKES), who.phone: ANSWERS})
    lead_id = await phones.arrives(who, "paid_lead_form")
    await phones.is_texted(who)
    await asyncio.sleep(1)
    assert rung(await calls_of(phones, who, since)) == [], "a text first, no dial (R15)"
    await phones.outside.texts_us(who.phone, "Yes please call me now")
    await called(phones, lead_id)
    entries = await calls_of(phones, who, since)
    assert "Yes please call me now" in heard(entries, rung(entries)[0])
    assert rung(entries).count(who.phone) == 1


@pytest.mark.parametrize("source", ["content_download", "webinar", "newsletter"])
async def test_content_never_rings_a_phone(phones: Stand, source: str) -> None:
    who, since = phones.someone(), await mark(phones)
    await phones.arrives(who, source)
    await phones.is_texted(who)
    assert rung(await calls_of(phones, who, since)) == []


@pytest.mark.parametrize(("line", "result", "said"), [({"line": "busy"}, "busy", "did not answer")])
async def test_a_person_who_is_not_reached_gets_a_text_and_the_rep_hears_why(
    phones: Stand, line: Json, result: str, said: str
) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {**dict.fromkeys(REPS, TAKES), who.phone: line})
    lead_id = await phones.arrives(who, "demo_request")
    fact = await called(phones, lead_id)
    assert (fact["result"], fact["contact"]) == (result, False)
    entries = await calls_of(phones, who, since)
    taker = next(entry.to or "" for entry in entries if entry.kind == "pressed" and entry.body == "1")
    assert said in heard(entries, taker)
    assert "voicemail_left" not in [entry.kind for entry in entries], "no words without written consent"
    assert len(await phones.is_texted(who)) == 1


@pytest.mark.parametrize("kind", ["drop_after_accept", "500_after_accept"])
async def test_an_answer_of_the_vendor_that_is_lost_rings_nobody_twice(phones: Stand, kind: str) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {**dict.fromkeys(REPS, TAKES), who.phone: ANSWERS})
    await phones.outside.arm("twilio", kind, count=4, match="Accounts")
    lead_id = await phones.arrives(who, "demo_request")
    assert (await called(phones, lead_id))["result"] == "connected"
    await phones.outside.disarm()
    entries = await calls_of(phones, who, since)
    assert len(rung(entries)) == len(set(rung(entries)))


@pytest.mark.parametrize("callbacks", ["duplicate", "reorder", "late", "drop"])
async def test_callbacks_twice_late_and_out_of_order_connect_them_all_the_same(phones: Stand, callbacks: str) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {**dict.fromkeys(REPS, TAKES), who.phone: ANSWERS})
    fault = {"vendor": "twilio", "callbacks": callbacks, "count": 4, "match": "Calls", "seconds": 1.0}
    (await phones.outside.simulate("faults", fault)).raise_for_status()
    lead_id = await phones.arrives(who, "demo_request")
    fact = await called(phones, lead_id)
    await phones.outside.disarm()
    entries = await calls_of(phones, who, since)
    assert len(rung(entries)) == len(set(rung(entries)))
    assert fact["result"] == "connected"
