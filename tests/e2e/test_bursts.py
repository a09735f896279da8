"""A burst of leads on one number: texts go as fast as it may, and the supervisors hear of it before one is late."""

import asyncio
import os
from pathlib import Path

import pytest

from bench.outside import Json, eventually
from bench.rig import ROOT
from tests.e2e.stand import Stand, texts
from tests.e2e.test_publishing import baton

BASE = ROOT / "policies" / "always_open.yaml"
LEADS = 8


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """The stack's policy, whose number sends a segment a second, and whose texts are promised within three."""
    folder = os.path.relpath(BASE.parent, tmp_path)
    own = BASE.read_text().replace("extends: default.yaml", f"extends: {folder}/default.yaml")
    file = tmp_path / "slow.yaml"
    numbers = 'numbers: {senders: [{number: "+13125550100"}], per_second: 1}'
    file.write_text(f"{own}\n{numbers}\nspeeds: {{first_automation: {{within: 3s}}}}\n")
    return file


@pytest.mark.slow
async def test_a_burst_is_paced_and_the_supervisors_are_told_before_a_text_is_late(stand: Stand, slow: Path) -> None:
    await baton(stand, "policy", "publish", str(slow), "--note", "one a second")
    people = [stand.someone() for _ in range(LEADS)]
    try:
        await asyncio.sleep(2)  # both processes take a new policy up within a second
        await asyncio.gather(*(stand.arrives(who) for who in people))

        async def all_texted() -> bool:
            return all([texts(await stand.log_of(who)) for who in people])

        await eventually(all_texted, 40, "everybody is texted")
    finally:
        await baton(stand, "policy", "rollback")
    sent = [entry for who in people for entry in await stand.log_of(who)]
    assert len(sent) == LEADS
    sent_from = await stand.ask_database(
        "select distinct sender from touch where recipient = any ($1)", [who.phone for who in people]
    )
    assert [row["sender"] for row in sent_from] == ["+13125550100"]
    moments = sorted(entry.real_at for entry in sent)
    for place, moment in enumerate(moments):  # a busy machine may deliver one late and the next in time
        assert (moment - moments[0]).total_seconds() > place - 1.5
    assert (moments[-1] - moments[0]).total_seconds() < 3 * LEADS
    alert = await told(stand)
    assert "waiting to go from +13125550100, 1 segment a second" in str(alert["text"])
    late = [moment for moment in moments if (moment - moments[0]).total_seconds() > 3]
    assert alert["at"] < str(min(late)), "told while every text was still in time"


async def told(stand: Stand) -> Json:
    """The one message to the supervisors about it."""
    found = [entry for entry in await stand.outside.log() if "waiting to go from" in str(entry.blocks or entry.body)]
    assert len(found) == 1
    return {"text": str(found[0].blocks or found[0].body), "at": str(found[0].real_at)}
