"""Recorded histories replay on today's code, under two hash seeds: a running lead survives this deploy.

Replay sees commands, not durations (policy tables do) and not a set's order by itself: hence two seeds and the
resulting state.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from runtime.temporal import CONVERTER, WORKFLOWS, sandbox

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))
REPLAY_ALL = "import asyncio, tests.replay.test_replay as t; asyncio.run(t.replay_all())"


def replayer() -> Replayer:
    return Replayer(workflows=WORKFLOWS, workflow_runner=sandbox(), data_converter=CONVERTER)


def history_of(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(f"lead/main/{path.stem}", path.read_text())


async def replay_all() -> None:
    """Replays everything; raises on the first history that doesn't."""
    for path in HISTORIES:
        await replayer().replay_workflow(history_of(path))


def test_histories_of_every_kind_are_there() -> None:
    names = {path.name.split(".")[0] for path in HISTORIES}
    assert {"untouched", "accepted_and_won", "declined_and_not_now", "texted_replied_stopped"} <= names
    assert {path.name.split(".")[1] for path in HISTORIES} == {"whole", "cut"}


@pytest.mark.parametrize("seed", ["1", "2"])
def test_every_recorded_history_replays_under_this_hash_seed(seed: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", REPLAY_ALL],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]


async def test_a_history_with_a_command_taken_out_does_not_replay() -> None:
    """The guard fires: a changed order of commands is seen."""
    path = next(path for path in HISTORIES if path.name == "accepted_and_won.whole.json")
    events = json.loads(path.read_text())
    scheduled = [e for e in events["events"] if e["eventType"] == "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"]
    names = [e["activityTaskScheduledEventAttributes"]["activityType"] for e in scheduled[:2]]
    scheduled[0]["activityTaskScheduledEventAttributes"]["activityType"] = {"name": "another_activity"}
    tampered = WorkflowHistory.from_json("lead/main/tampered", json.dumps(events))
    result = await replayer().replay_workflow(tampered, raise_on_replay_failure=False)
    assert names
    assert result.replay_failure is not None
