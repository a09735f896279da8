"""The fault suite in its short form, and proof that its judge can say guilty."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench import chaos, verdict
from bench.mischief import plan
from bench.outside import Reached

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
TOUCH = "0123456789abcdef0123456789abcdef"


@pytest.mark.slow
async def test_with_processes_killed_and_vendors_failing_nothing_is_lost_or_doubled() -> None:
    folder = Path(tempfile.mkdtemp(prefix="baton-chaos-"))
    report = await chaos.run(folder / "data", leads=60, faults=5, seed=4, rate=5.0)
    shutil.rmtree(folder)
    assert report.good, report
    assert report.opted_out > 0
    assert "kill everything" in [each.what for each in report.faults]
    assert sum(each.in_flight > 0 for each in report.faults) >= 4


def test_the_same_seed_plans_the_same_faults() -> None:
    assert plan(300, 15, 7) == plan(300, 15, 7)
    assert plan(300, 15, 7) != plan(300, 15, 8)
    assert [each.after for each in plan(300, 15, 7)] == sorted(each.after for each in plan(300, 15, 7))


def a_text(minutes: float = 0, to: str = "+15125550142", **changes: object) -> Reached:
    at = NOON + timedelta(minutes=minutes)
    base = Reached(seq=1, at=at, real_at=at, vendor="twilio", kind="sms", to=to, body="Hi", accepted=True)
    return base.model_copy(update=changes)


def test_the_judge_sees_what_is_lost() -> None:
    assert verdict.untexted([a_text()], ["+15125550142", "+15125550143"]) == {"+15125550143"}
    assert verdict.untexted([a_text(accepted=False)], ["+15125550142"]) == {"+15125550142"}


def test_the_judge_sees_what_is_doubled() -> None:
    chat = a_text(vendor="slack", kind="message", blocks=[{"type": "section", "block_id": f"baton:{TOUCH}"}])
    note = a_text(vendor="hubspot", kind="note", body=f"Baton: ada took the lead.<br>[baton {TOUCH}]")
    for entry in (a_text(), chat, note):
        assert len(verdict.doubled([entry, entry])) == 1
        assert verdict.doubled([entry, entry.model_copy(update={"accepted": False})]) == []
    assert verdict.doubled([a_text(), a_text(to="+15125550143"), a_text(body="Hi again"), chat, note]) == []


def test_the_judge_sees_a_text_after_an_opt_out_but_for_one_on_its_way() -> None:
    out = {"+15125550142": NOON}
    assert verdict.after_opt_out([a_text(-1), a_text(0.01)], out) == []
    assert verdict.after_opt_out([a_text(1)], out) == ["+15125550142"]
