"""No clock is moved on under a call: a lead's is waited for, and said no to when it takes too long."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
import pytest_asyncio
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from adapters.postgres.views import Views
from domain.lead import Lead
from runtime.embedded import ports
from runtime.embedded.skipping import Skipping
from runtime.embedded.state import DataDirectory
from runtime.embedded.supervisor import Supervisor
from runtime.embedded.temporal import NAMESPACE, EmbeddedTemporal
from runtime.temporal import CONVERTER
from tests.builders import a_lead
from workflows import names


@workflow.defn(name="Call")
class Talk:
    """A call that goes on until it is told that it is over; its rings are timers."""

    def __init__(self) -> None:
        self._is_over = False

    @workflow.run
    async def run(self) -> None:
        try:
            await workflow.wait_condition(lambda: self._is_over, timeout=timedelta(hours=1))
        except TimeoutError:
            raise AssertionError("an hour passed in which people talked") from None

    @workflow.signal
    def hang_up(self) -> None:
        self._is_over = True


@workflow.defn(name="Lead")
class OnTheHour:
    """A lead that makes one call after an hour, and rests for a day after it."""

    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(timedelta(hours=1))
        await workflow.execute_child_workflow(Talk.run, id="call/main/1")
        await workflow.sleep(timedelta(days=1))

    @workflow.query(name="lead")
    def lead(self) -> Lead:
        return a_lead(opened_at=datetime(2026, 11, 24, 15, tzinfo=UTC))


class NoViews:
    """Keeps no clock."""

    async def set_clock_ahead(self, tenant: str, lead_id: str, ahead: timedelta) -> None:
        return None


@pytest_asyncio.fixture
async def client(data: DataDirectory) -> AsyncIterator[Client]:
    temporal, supervisor = EmbeddedTemporal(data, ports.free()), Supervisor(data.logs)
    try:
        await supervisor.start([temporal.spec()])
        yield await Client.connect(temporal.address, namespace=NAMESPACE, data_converter=CONVERTER)
    finally:
        await supervisor.stop()


async def _begun(client: Client) -> WorkflowHandle[Any, Any]:
    return await client.start_workflow(
        OnTheHour.run, id=names.lead_workflow_id("main", "lead-1"), task_queue=names.LEADS
    )


async def test_a_lead_on_a_call_is_waited_for_and_its_clock_stands_still(client: Client) -> None:
    skipping = Skipping(client, cast(Views, NoViews()), "main")
    async with Worker(
        client, task_queue=names.LEADS, workflows=[OnTheHour, Talk], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        await _begun(client)
        lead = await skipping.settled("lead-1")
        begun = await skipping.now(lead)
        moving = asyncio.create_task(skipping.to("lead-1", begun + timedelta(hours=3)))
        call = client.get_workflow_handle("call/main/1")
        async with asyncio.timeout(10):
            while not (
                await client.get_workflow_handle("lead/main/lead-1").describe()
            ).raw_description.pending_children:
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        assert not moving.done()
        await call.signal("hang_up")
        await asyncio.wait_for(moving, 10)
        assert await skipping.now(lead) >= begun + timedelta(hours=3)
        await call.result()


async def test_a_call_that_goes_on_for_longer_than_one_waits_is_said(client: Client) -> None:
    skipping = Skipping(client, cast(Views, NoViews()), "main")
    skipping.call_limit = 1.0
    async with Worker(
        client, task_queue=names.LEADS, workflows=[OnTheHour, Talk], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        await _begun(client)
        lead = await skipping.settled("lead-1")
        with pytest.raises(TimeoutError):
            await skipping.to("lead-1", await skipping.now(lead) + timedelta(hours=3))
        assert "lead lead-1 is on a call that has not ended within 1 s" in await skipping.why_not_settled("lead-1")
