"""What a call can do besides connecting two, on phones that ring: recorded and announced, held, handed over, joined,
words left on a machine. Judged by the network's own log (R24, R27, R39)."""

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bench.outside import Json, eventually
from bench.people import Someone
from tests.e2e.calls.test_phones import (
    ADA,
    BEN,
    BUSY,
    CLEO,
    DEV,
    MACHINE,
    REPS,
    TAKES,
    behave,
    called,
    calls_of,
    heard,
    mark,
)
from tests.e2e.stand import PATIENCE, Stand
from tests.e2e.test_publishing import BASE, baton

pytestmark = pytest.mark.asyncio(loop_scope="session")

TALKS_ON: Json = {"line": "answers", "rings_for": 0.3}
WHY = "they want the price for forty seats"


@contextlib.asynccontextmanager
async def following(stand: Stand, folder: Path, calls: str) -> AsyncIterator[None]:
    """The stack's policy with another part `calls`, and ada alone to take them."""
    whole = BASE.read_text().replace(
        "extends: default.yaml", f"extends: {os.path.relpath(BASE.parent, folder)}/default.yaml"
    )
    file = folder / "own.yaml"
    file.write_text(f"{whole}\ncalls: {calls}\n")
    await baton(stand, "policy", "publish", str(file), "--author", "kim")
    await behave(stand, {**dict.fromkeys(REPS, BUSY), ADA: TAKES})
    try:
        yield
    finally:
        await baton(stand, "policy", "rollback", "--author", "kim")
        await behave(stand, dict.fromkeys(REPS, BUSY))


@pytest_asyncio.fixture(loop_scope="session")
async def phones(stand: Stand, tmp_path: Path) -> AsyncIterator[Stand]:
    """Calls are recorded; a machine is left words."""
    async with following(stand, tmp_path, "{record: {announce: always}, voicemail: missed_call}"):
        yield stand


async def calls(stand: Stand, lead_id: str) -> list[Json]:
    found: list[Json] = (await stand.outside.read(f"/v1/leads/{lead_id}"))["calls"]
    return found


async def talking(stand: Stand, who: Someone) -> tuple[str, str]:
    """Ada speaks with them: the lead's id, the call's."""
    await behave(stand, {who.phone: TALKS_ON})
    lead_id = await stand.arrives(who, "demo_request")

    async def met() -> bool:
        return any(call["stands"] == "talks" for call in await calls(stand, lead_id))

    await eventually(met, PATIENCE, "a rep and the person talk")
    return lead_id, str((await calls(stand, lead_id))[0]["call_id"])


async def ask(stand: Stand, call_id: str, what: str, **body: str) -> None:
    answer = await stand.outside.order(call_id, what, {"by": "ada", **body}, f"{what}-{call_id}")
    assert answer.status_code == 200, answer.text


async def hears(stand: Stand, who: Someone, phone: str, since: int, words: str) -> None:
    async def said() -> bool:
        return words in heard(await calls_of(stand, who, since), phone)

    await eventually(said, PATIENCE, f"somebody hears: {words}")


async def test_both_hear_that_it_is_recorded_and_the_lead_shows_where_to_listen(phones: Stand) -> None:
    who, since = phones.someone(), await mark(phones)
    await behave(phones, {who.phone: {**TALKS_ON, "talks_for": 3.0}})
    lead_id = await phones.arrives(who, "demo_request")
    fact = await called(phones, lead_id)
    entries = await calls_of(phones, who, since)
    theirs = next(place for place, entry in enumerate(entries) if entry.kind == "call_leg" and entry.to == who.phone)
    assert "This call is recorded." in heard(entries[:theirs], ADA), "before the conference"
    assert "This call is recorded." in heard(entries, who.phone)
    assert fact["result"] == "connected"

    async def linked() -> bool:
        return bool((await calls(phones, lead_id))[0]["recording"])

    await eventually(linked, PATIENCE, "a recording at the lead")
    assert "/Recordings/RE" in (await calls(phones, lead_id))[0]["recording"]

    async def noted() -> bool:
        crm = [touch for touch in (await phones.outside.lead(lead_id))["touches"] if touch["channel"] == "crm"]
        return any("Baton: call by Ada" in touch["body"] and "Recording: " in touch["body"] for touch in crm)

    await eventually(noted, PATIENCE, "the call in the CRM, with its recording")


async def test_a_warm_transfer_is_briefed_while_the_person_waits_and_changes_the_owner(phones: Stand) -> None:
    who, since = phones.someone(), await mark(phones)
    lead_id, call_id = await talking(phones, who)
    await behave(phones, {CLEO: TAKES})
    await ask(phones, call_id, "transfer", to="cleo", why=WHY)
    await hears(phones, who, who.phone, since, "One moment, please.")
    await hears(phones, who, CLEO, since, f"hands over {who.name}")
    await hears(phones, who, CLEO, since, WHY)

    async def joined() -> bool:
        legs = (await calls(phones, lead_id))[0]["legs"]
        return any(leg["rep"] == "cleo" and leg["stands"] == "talks" for leg in legs)

    await eventually(joined, PATIENCE, "cleo is in the conference")
    await ask(phones, call_id, "complete")
    await phones.reaches(lead_id, owner="cleo")

    async def handed_over() -> bool:
        legs = {leg["rep"] or leg["party"]: leg["stands"] for leg in (await calls(phones, lead_id))[0]["legs"]}
        return (legs["ada"], legs["cleo"], legs["lead"]) == ("over", "talks", "talks")

    await eventually(handed_over, PATIENCE, "ada is let go, and the two others talk")
    await ask(phones, call_id, "hang-up")
    fact = await called(phones, lead_id)
    assert (fact["result"], fact["rep"]) == ("connected", "cleo")
    acts = [(act["what"], act["by"], act["rings"]) for act in fact["acts"]]
    assert acts == [("transfer", "ada", "cleo"), ("complete", "ada", None), ("hang_up", "ada", None)]


@pytest.mark.parametrize(("what", "stands"), [("barge", "talks"), ("coach", "coaches")])
async def test_a_manager_joins_a_call_under_way_and_in_going_ends_nothing(
    phones: Stand, what: str, stands: str
) -> None:
    who, since = phones.someone(), await mark(phones)
    lead_id, call_id = await talking(phones, who)
    await behave(phones, {DEV: {**TAKES, "talks_for": 2.0}})
    await ask(phones, call_id, what, to="dev")
    await hears(phones, who, DEV, since, "Ada Reyes is on the phone with")

    async def stood(wanted: str) -> bool:
        legs = (await calls(phones, lead_id))[0]["legs"]
        return any(leg["party"] == "manager" and leg["stands"] == wanted for leg in legs)

    await eventually(lambda: stood(stands), PATIENCE, f"dev {stands}")
    await eventually(lambda: stood("over"), PATIENCE, "dev is gone")
    assert (await calls(phones, lead_id))[0]["stands"] == "talks"
    await ask(phones, call_id, "hang-up")
    assert (await called(phones, lead_id))["rep"] == "ada"


async def test_where_the_colleague_passes_the_person_is_back(phones: Stand) -> None:
    who, since = phones.someone(), await mark(phones)
    lead_id, call_id = await talking(phones, who)
    await behave(phones, {BEN: {"line": "answers", "rings_for": 0.3, "presses": [{"digits": "2", "after": 0.5}]}})
    await ask(phones, call_id, "transfer", to="ben")
    await hears(phones, who, ADA, since, "Your colleague is not free.")
    legs = {leg["rep"] or leg["party"]: leg["stands"] for leg in (await calls(phones, lead_id))[0]["legs"]}
    assert legs["lead"] == "talks"
    await ask(phones, call_id, "hang-up")
    assert (await called(phones, lead_id))["rep"] == "ada"


async def test_words_are_left_on_a_machine_only_where_that_was_consented_to_in_writing(phones: Stand) -> None:
    for written, result in ((True, "dropped"), (False, "voicemail")):
        who, since = phones.someone(), await mark(phones)
        await behave(phones, {who.phone: {**MACHINE, "greeting": 2.0}})
        kind = "written" if written else "express"
        consent = {"sms": True, "call": True, "kind": kind, "automated": written, "text": "I agree"}
        lead_id = await phones.arrives(who, "demo_request", consent=consent)
        assert (await called(phones, lead_id))["result"] == result
        left = [entry.body or "" for entry in await calls_of(phones, who, since) if entry.kind == "voicemail_left"]
        assert [words.startswith("Hi, this is Brightside") for words in left] == ([True] if written else []), left
        assert "That was their voicemail" in heard(await calls_of(phones, who, since), ADA)


async def test_with_a_history_their_phone_rings_while_the_rep_listens_and_who_finds_nobody_is_told(
    stand: Stand, tmp_path: Path
) -> None:
    await stand.ask_database("delete from call_day")
    await stand.ask_database("insert into call_day values ('main', 'demo_request', current_date, 500, 0)")
    try:
        async with following(stand, tmp_path, "{first: lead}"):
            who, since = stand.someone(), await mark(stand)
            await behave(stand, {who.phone: {**TALKS_ON, "rings_for": 4.0, "talks_for": 1.0}})
            assert (await called(stand, await stand.arrives(who, "demo_request")))["result"] == "connected"
            entries = [entry for entry in await calls_of(stand, who, since) if entry.kind in ("call_leg", "pressed")]
            assert [(entry.kind, entry.to) for entry in entries[-2:]] == [("call_leg", who.phone), ("pressed", ADA)]
            who, since = stand.someone(), await mark(stand)
            await behave(stand, {ADA: {**TAKES, "presses": [{"digits": "1", "after": 6.0}]}})
            await behave(stand, {who.phone: {**TALKS_ON, "rings_for": 0.2}})
            assert (await called(stand, await stand.arrives(who, "demo_request")))["result"] == "abandoned"
            assert "Hello, this is Brightside. We called" in heard(await calls_of(stand, who, since), who.phone)
            assert len(await stand.is_texted(who)) == 1
        (row,) = await stand.ask_database("select abandoned from call_day where source = 'demo_request'")
        assert row["abandoned"] == 1
    finally:
        await stand.ask_database("delete from call_day")
