"""The real Temporal server: attributes, retention, the time-skipping budget, the same leads after a kill and a move."""

import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio import workflow
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.testing import TimeSkipper
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from runtime.embedded import ports
from runtime.embedded.state import DataDirectory
from runtime.embedded.supervisor import Supervisor
from runtime.embedded.temporal import NAMESPACE, SEARCH_ATTRIBUTES, EmbeddedTemporal
from tests.embedded.stand_ins import until


@workflow.defn
class Nap:
    """A lead that rests for a day."""

    @workflow.run
    async def run(self) -> str:
        await workflow.sleep(timedelta(days=1))
        return "rested"


@asynccontextmanager
async def running(data: DataDirectory) -> AsyncIterator[tuple[EmbeddedTemporal, Supervisor]]:
    temporal = EmbeddedTemporal(data, ports.free())
    supervisor = Supervisor(data.logs)
    try:
        await supervisor.start([temporal.spec()])
        yield temporal, supervisor
    finally:
        await supervisor.stop()


async def test_the_namespace_has_the_eleven_attributes_and_keeps_leads_for_90_days(data: DataDirectory) -> None:
    async with running(data) as (temporal, _):
        client = await Client.connect(temporal.address)
        asked = DescribeNamespaceRequest(namespace=NAMESPACE)
        described = await client.workflow_service.describe_namespace(asked)
        assert described.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=90)
        listed = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=NAMESPACE))
        assert set(SEARCH_ATTRIBUTES) <= set(listed.custom_attributes)
        assert len(SEARCH_ATTRIBUTES) == 11


async def test_leads_outlive_a_kill_and_a_move_to_other_ports(data: DataDirectory) -> None:
    async with running(data) as (temporal, supervisor):
        client = await Client.connect(temporal.address)
        await client.start_workflow("Lead", id="lead/main/1", task_queue="leads")
        killed = supervisor.identities()["temporal"]
        assert killed is not None
        began = time.monotonic()
        os.kill(killed.pid, signal.SIGKILL)
        await until(lambda: not supervisor.all_ready(), 2, "the death is noticed")
        await until(supervisor.all_ready, 3, "Temporal answers again")
        assert time.monotonic() - began < 3
    async with running(data) as (moved, _):
        assert moved.address != temporal.address
        client = await Client.connect(moved.address)
        found = await client.get_workflow_handle("lead/main/1").describe()
        assert found.id == "lead/main/1"


async def test_a_fast_forward_may_skip_more_timers_than_the_servers_default_allows(data: DataDirectory) -> None:
    """Its default of 200 makes the 201st skip hang for ever."""
    async with running(data) as (temporal, _):
        client = await Client.connect(temporal.address)
        async with Worker(client, task_queue="leads", workflows=[Nap], workflow_runner=UnsandboxedWorkflowRunner()):
            handle = await client.start_workflow(Nap.run, id="lead/main/2", task_queue="leads")
            await TimeSkipper(client).fast_forward(handle, timedelta(days=2))
            assert await handle.result() == "rested"
        described = (await handle.describe()).raw_description.workflow_extended_info.time_skipping_info
        assert described.effective_config.max_session_skip_count == 1_000_000
