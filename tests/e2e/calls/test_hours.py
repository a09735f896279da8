"""What the clock, the source and a second number make of it, on the running stack (R16, R18, R20, R21)."""

import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.outside import Json
from tests.e2e.calls.test_calls_to_us import NOBODY, TEAM, calls, is_over, lead_of, rings, says
from tests.e2e.calls.test_phones import BUSY, behave
from tests.e2e.stand import Stand, texts
from tests.e2e.test_publishing import BASE, baton

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECOND = "+15125550190"
ALWAYS: Json = {"hours": "24/7", "holidays": {"days": []}}


def closed() -> Json:
    """Hours in which we aren't open now, and won't be while a test goes on."""
    is_morning = datetime.now(ZoneInfo("America/Chicago")).hour < 12
    return {"hours": "Mo-Su 14:00-23:00" if is_morning else "Mo-Su 01:00-10:00", "holidays": {"days": []}}


@contextlib.asynccontextmanager
async def following(stand: Stand, folder: Path, business: Json, **parts: object) -> AsyncIterator[None]:
    """The stack's policy with other hours of ours, and other parts."""
    beside = shutil.copytree(BASE.parent, folder / "policies")
    own = {"extends": "default.yaml", "name": "own", "always_open": True, "business": business, **parts}
    (beside / "own.yaml").write_text(json.dumps(own))
    await baton(stand, "policy", "publish", str(beside / "own.yaml"), "--author", "kim")
    try:
        yield
    finally:
        await baton(stand, "policy", "rollback", "--author", "kim")


async def rung_since(stand: Stand, since: int, *phones: str) -> list[str]:
    entries = [entry for entry in await stand.outside.log(since) if entry.kind == "call_leg"]
    return [str(entry.to) for entry in entries if entry.to in phones]


async def test_while_we_are_closed_a_hot_lead_is_texted_and_a_caller_leaves_a_message(
    stand: Stand, tmp_path: Path
) -> None:
    """R18, R20: no phone rings, neither theirs nor ours, and both have a text at once."""
    asks, rings_us, since = stand.someone(), stand.someone(), len(await stand.outside.log())
    await stand.outside.simulate("personas", NOBODY)
    async with following(stand, tmp_path, closed()):
        lead_id = await stand.arrives(asks, "demo_request")
        sid = await calls(stand, rings_us, says="please call me back")
        await says(stand, rings_us.phone, "leave a message", since)
        assert len(await stand.is_texted(asks)) == 1
        assert len(await stand.is_texted(rings_us)) == 1
        await is_over(stand, sid)
        assert (await stand.reaches(lead_id, motion="text_back"))["source"] == "demo_request"
        assert "Brightside" in texts(await stand.log_of(rings_us))[0]
        assert await rung_since(stand, since, *TEAM, asks.phone, rings_us.phone) == []
        agenda = (await stand.outside.read(f"/v1/leads/{lead_id}"))["state"]["agenda"]
        waits = [item for item in agenda if item["action"] in ("offer", "call")]
        assert waits, "the call is queued for when we open"
        assert all(datetime.fromisoformat(item["at"]) > datetime.now(ZoneInfo("UTC")) for item in waits)


async def test_readers_are_rung_by_nobody(stand: Stand) -> None:
    """R16: content, newsletter and webinar get text or e-mail alone."""
    since = len(await stand.outside.log())
    await behave(stand, {phone: {"line": "answers", "presses": [{"digits": "1", "after": 0.2}]} for phone in TEAM})
    for source in ("content_download", "newsletter", "webinar"):
        who = stand.someone()
        row = await stand.reaches(await stand.arrives(who, source), stage="resting")
        assert row["motion"] == "nurture"
        assert await rung_since(stand, since, *TEAM, who.phone) == []


@pytest.mark.parametrize("answers", [True, False])
async def test_where_all_are_busy_a_second_number_rings_before_the_voicemail(
    stand: Stand, tmp_path: Path, answers: bool
) -> None:
    """R21."""
    who, since = stand.someone(), len(await stand.outside.log())
    press: Json = {"line": "answers", "rings_for": 0.2, "presses": [{"digits": "1", "after": 0.2}]}
    second = press if answers else {"line": "busy"}
    await behave(stand, {**dict.fromkeys(TEAM, BUSY), SECOND: second})
    async with following(stand, tmp_path, ALWAYS, inbound={"overflow": {"numbers": [SECOND], "ring": "5s"}}):
        sid = await calls(stand, who, talks_for=0.5, says="call me back, please")
        assert await rings(stand, (SECOND,), since) == [SECOND]
        if not answers:
            await says(stand, who.phone, "leave a message", since)
        await is_over(stand, sid)
        source = "inbound_call" if answers else "missed_call"
        await stand.reaches(await lead_of(stand, who), source=source)
        heard = [str(entry.body) for entry in await stand.outside.log(since) if entry.kind == "heard"]
        assert any("leave a message" in words for words in heard) is not answers
