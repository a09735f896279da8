"""Recorded histories replay on today's code, every run of them, under two hash seeds: a running lead survives this
deploy, its continuing as new included, and comes to the same state.

Replay sees commands, not durations (policy tables do) and not a set's order by itself: hence two seeds and the
resulting state.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from domain.lead import Lead
from runtime.temporal import CONVERTER, WORKFLOWS, sandbox

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))
PLAYS = {
    "untouched",
    "accepted_and_won",
    "declined_and_not_now",
    "texted_replied_stopped",
    "nurtured_and_woken",
    "in_trouble",
    "migrated_and_back",
    "put_off_together",
}
REPLAY_ALL = "import asyncio, tests.replay.test_replay as t; asyncio.run(t.replay_all())"


@dataclass
class Watch(Interceptor):
    """Keeps the workflow that was replayed last, to be asked what it came to."""

    seen: list[Any] = field(default_factory=list)  # Any: an instance of the sandbox's own LeadWorkflow

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002 - the name it has there
        seen = self.seen

        class Keeping(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - as it is there
                seen[:] = [workflow.instance()]
                return await super().execute_workflow(input)

        return Keeping


@dataclass
class Run:
    """One recorded run, and the state it came to when it was recorded."""

    name: str
    history: WorkflowHistory
    state: Lead

    @property
    def is_cut(self) -> bool:
        return self.history.events[-1].event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW

    async def replayed(self) -> Lead:
        """The state it comes to today; raises when today's code takes another course."""
        watch = Watch()
        replayer = Replayer(
            workflows=WORKFLOWS, workflow_runner=sandbox(), data_converter=CONVERTER, interceptors=[watch]
        )
        await replayer.replay_workflow(self.history)
        return Lead.model_validate(watch.seen[0].lead)


def runs(path: Path) -> Iterator[Run]:
    for number, kept in enumerate(json.loads(path.read_text()), 1):
        history = WorkflowHistory.from_json(f"lead/main/{path.stem}", kept["history"])
        yield Run(f"{path.name}, run {number}", history, Lead.model_validate(kept["state"]))


async def replay_all() -> None:
    """Replays everything; raises on the first run that doesn't, or that comes to another state."""
    for path in HISTORIES:
        for run in runs(path):
            assert await run.replayed() == run.state, run.name


def test_every_play_is_there_whole_and_cut() -> None:
    assert {path.name for path in HISTORIES} == {f"{play}.{kind}.json" for play in PLAYS for kind in ("whole", "cut")}


@pytest.mark.parametrize("path", HISTORIES, ids=[path.stem for path in HISTORIES])
def test_a_cut_play_is_kept_with_each_of_its_runs(path: Path) -> None:
    cuts = [run.is_cut for run in runs(path)]
    assert cuts == [True] * (len(cuts) - 1) + [False], "all but the last continue as new"
    assert (len(cuts) > 1) == (".cut" in path.name)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_every_recorded_run_comes_to_the_same_state_under_this_hash_seed(seed: str) -> None:
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
    run = recorded("accepted_and_won.whole")
    scheduled = [event for event in run.history.events if event.HasField("activity_task_scheduled_event_attributes")]
    scheduled[0].activity_task_scheduled_event_attributes.activity_type.name = "another_activity"
    with pytest.raises(workflow.NondeterminismError, match="another_activity"):
        await run.replayed()


async def test_an_answer_that_differs_comes_to_another_state() -> None:
    """The guard fires: the state is what this history leads to, not a copy of the recorded one."""
    run = recorded("accepted_and_won.whole")
    for event in run.history.events:
        for payload in event.workflow_execution_update_accepted_event_attributes.accepted_request.input.args.payloads:
            payload.data = payload.data.replace(b"ada", b"eve")
    assert await run.replayed() != run.state


def recorded(stem: str) -> Run:
    """The first run of a play."""
    return next(runs(next(path for path in HISTORIES if path.stem == stem)))
