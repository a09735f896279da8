"""The nightly comparison as a workflow: on the real server, page after page, with cuts, and planned once for good."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from temporalio import activity
from temporalio.client import ScheduleOverlapPolicy
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.reconciling import Part, Sweep
from runtime.reconciling import Reconciling
from runtime.temporal import sandbox
from tests.workflows.conftest import start_server
from workflows import names
from workflows.reconcile import ReconcileWorkflow

PAGES = 30


@activity.defn(name="reconcile")
async def a_page(sweep: Sweep) -> Sweep:
    """A night of so many pages, with one unknown touch on each."""
    over = sweep.pages + 1 >= PAGES
    return sweep.model_copy(
        update={
            "pages": sweep.pages + 1,
            "unknown": sweep.unknown + 1,
            "part": Part.OVER if over else Part.STATEMENT,
        }
    )


@activity.defn(name="delete_recordings")
async def no_recordings(sweep: Sweep) -> int:
    """Nothing is old enough."""
    return 0


@pytest.fixture(scope="module")
async def server(cap: int | None) -> AsyncIterator[WorkflowEnvironment]:
    """A server of its own: leads that other tests leave behind would keep its one worker busy, and it knows none."""
    async with await start_server(cap) as env:
        yield env


@asynccontextmanager
async def running(server: WorkflowEnvironment) -> AsyncIterator[None]:
    night = Worker(server.client, task_queue=names.LEADS, workflows=[ReconcileWorkflow], workflow_runner=sandbox())
    pages = Worker(server.client, task_queue=names.RECONCILE, activities=[a_page, no_recordings])
    async with night, pages:
        yield


async def test_it_goes_through_every_page_and_is_cut_where_its_history_grows_long(
    server: WorkflowEnvironment, cap: int | None
) -> None:
    run = f"reconcile/test/{uuid.uuid4().hex}"
    async with running(server):
        handle = await server.client.start_workflow(
            ReconcileWorkflow.run, Sweep(tenant="main"), id=run, task_queue=names.LEADS
        )
        sweep = await handle.result()
    assert (sweep.is_over, sweep.pages, sweep.unknown) == (True, PAGES, PAGES)
    last = await server.client.get_workflow_handle(run).describe()
    assert (last.run_id != handle.first_execution_run_id) is (cap is not None)


async def test_who_asks_with_the_same_key_is_told_of_the_same_one(server: WorkflowEnvironment) -> None:
    reconciling, key = Reconciling(server.client, "main"), uuid.uuid4().hex
    async with running(server):
        answers = [await reconciling.now(key, timedelta(hours=6)) for _ in range(2)]
    assert [answer.status for answer in answers] == ["done", "done"]
    assert answers[0] == answers[1]
    assert answers[0].sweep is not None
    assert answers[0].sweep.window == timedelta(hours=6)


async def test_who_asks_while_it_goes_on_is_told_so(
    server: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.reconciling.WAITED_FOR", timedelta(milliseconds=300))
    reconciling, key = Reconciling(server.client, "main"), uuid.uuid4().hex
    assert (await reconciling.now(key, timedelta(hours=1))).status == "running"  # nobody works on it yet
    async with running(server):
        answer = await reconciling.now(key, timedelta(hours=1))
        while answer.status == "running":
            answer = await reconciling.now(key, timedelta(hours=1))
    assert answer.sweep is not None


async def test_it_is_planned_once_at_night_by_the_businesss_clock_and_a_later_start_brings_it_up_to_date(
    server: WorkflowEnvironment,
) -> None:
    tenant = f"t{uuid.uuid4().hex[:8]}"
    reconciling = Reconciling(server.client, tenant)
    handle = server.client.get_schedule_handle(f"reconcile/{tenant}")
    await reconciling.plan("America/Chicago")
    await handle.pause(note="kim wants it so")
    for _ in range(2):
        await reconciling.plan("Europe/London")
    found = (await handle.describe()).schedule
    (nightly,) = found.spec.calendars
    assert ([each.start for each in nightly.hour], [each.start for each in nightly.minute]) == ([3], [40])
    assert found.spec.time_zone_name == "Europe/London"
    assert found.policy.overlap is ScheduleOverlapPolicy.SKIP
    assert found.policy.catchup_window == timedelta(hours=12)
    assert found.state.paused, "who paused it decides when it goes on"
    await handle.delete()


async def test_a_night_that_is_triggered_runs_to_its_end(server: WorkflowEnvironment) -> None:
    tenant = f"t{uuid.uuid4().hex[:8]}"
    await Reconciling(server.client, tenant).plan("America/Chicago")
    handle = server.client.get_schedule_handle(f"reconcile/{tenant}")
    async with running(server):
        await handle.trigger()
        while not (recent := (await handle.describe()).info.recent_actions):
            await asyncio.sleep(0.1)
        started = recent[0].action
        run_id = started.workflow_id  # type: ignore[attr-defined]  # what a schedule starts here
        run = server.client.get_workflow_handle(run_id, result_type=Sweep)
        assert (await run.result()).is_over
    assert started.workflow_id.startswith(f"reconcile/{tenant}")  # type: ignore[attr-defined]  # as above
    await handle.delete()
