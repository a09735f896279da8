"""A policy is published to a running system, a running lead is taken along and back again, and touches are stopped:
by the commands an operator types."""

import json
import os
from pathlib import Path

import pytest

from bench.outside import Json
from bench.rig import PROGRAM, ROOT
from policy.load import read_policy
from tests.e2e.stand import Stand
from tests.e2e.test_dispositions import run, waiting

BASE = ROOT / "policies" / "always_open.yaml"


@pytest.fixture
def longer(tmp_path: Path) -> Path:
    """The stack's policy, whose supervisor hears of a lead after five hours instead of two."""
    folder = os.path.relpath(BASE.parent, tmp_path)
    own = BASE.read_text().replace("extends: default.yaml", f"extends: {folder}/default.yaml")
    file = tmp_path / "longer.yaml"
    ladder = "[{at: 0m, do: offer}, {at: 5h, do: supervisor}, {at: next_day_end, do: nurture}]"
    file.write_text(f"{own}\nsla:\n  hand_raise:\n    due: 5m\n    ladder: {ladder}\n")
    return file


async def baton(stand: Stand, *words: str) -> Json:
    code, said = await run(*PROGRAM, *words, "--json", "--data", str(stand.rig.folder))
    assert code == 0, said
    found: Json = json.loads(said.splitlines()[-1])  # warnings of the policy come before
    return found


async def left(stand: Stand, lead_id: str) -> list[str]:
    """Keys of what is to come, by their moments."""
    state = (await stand.outside.read(f"/v1/leads/{lead_id}"))["state"]
    planned = [item for item in state["agenda"] if item["rule"] and item["action"] != "crm"]
    return [item["key"] for item in sorted(planned, key=lambda item: str(item["at"]))]


async def test_publish_preview_migrate_and_roll_back_with_a_running_lead(stand: Stand, longer: Path) -> None:
    ours, theirs = read_policy(BASE).hash, read_policy(longer).hash
    lead_id = await waiting(stand, "demo_request")
    await stand.outside.tell(lead_id, "accept", {"rep": "ada"}, f"accept-{lead_id}")
    await stand.reaches(lead_id, owner="ada", next_action="remind")
    before = await left(stand, lead_id)
    try:
        published = await baton(stand, "policy", "publish", str(longer), "--note", "more patience")
        assert (published["policy_hash"], published["before"]) == (theirs, ours)
        late = await waiting(stand, "demo_request")
        assert (await stand.reaches(late))["policy_hash"] == theirs
        assert (await stand.reaches(lead_id))["policy_hash"] == ours, "nothing moves by itself"
        seen = await baton(stand, "policy", "migrate", "--lead", lead_id, "--dry-run")
        assert (seen["in_flight"], [each["lead_id"] for each in seen["leads"]]) == (1, [lead_id])
        told = await baton(stand, "policy", "migrate", "--lead", lead_id, "--yes")
        assert (told["adopted"], told["refused"], told["unreachable"]) == (1, [], [])
        await stand.reaches(lead_id, policy_hash=theirs)
        assert await left(stand, lead_id) == ["1:supervisor-1", "1:nurture-1"]
    finally:
        await baton(stand, "policy", "rollback")
    assert (await baton(stand, "policy", "list"))["log"][0]["to_hash"] == ours
    await baton(stand, "policy", "migrate", "--lead", lead_id, "--yes")
    await stand.reaches(lead_id, policy_hash=ours)
    assert await left(stand, lead_id) == before
    code, traced = await run(*PROGRAM, "lead", "trace", lead_id, "--data", str(stand.rig.folder))
    assert (code, traced.count("Goes on under this policy, for ada.")) == (0, 2), traced
    kinds = [entry["kind"] for entry in (await stand.outside.lead(lead_id))["story"]]
    assert kinds.count("adoption_asked") == 2


async def test_while_touches_are_stopped_nobody_is_texted_and_then_they_are(stand: Stand) -> None:
    await baton(stand, "tenant", "stop", "--because", "a drill")
    try:
        who = stand.someone()
        lead_id = await stand.arrives(who, "paid_lead_form")
        await stand.reaches(lead_id, stage="waiting_for_contact", next_action="text")
        assert await stand.outside.texts(who.phone) == []
        code, said = await run(*PROGRAM, "status", "--data", str(stand.rig.folder))
        assert (code, "touches of people are stopped since" in said) == (0, True), said
    finally:
        await baton(stand, "tenant", "go")
    await stand.is_texted(who)
