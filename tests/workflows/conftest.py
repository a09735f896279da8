"""The real Temporal server with skipped time; once as it comes, once with a small history cap, so that leads run with
cuts."""

import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from runtime.temporal import CONVERTER
from tests.workflows.theatre import Theatre
from workflows import names

FLAGS = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="100ms"',
    'history.workflowIdReuseMinimalInterval="0s"',
    "history.transferProcessorMaxPollRPS=1000",
    "history.timerProcessorMaxPollRPS=1000",
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    "frontend.WorkflowTimeSkippingMaxSkipPerSession=1000000",
)
SEARCH_ATTRIBUTES = (
    names.STAGE,
    names.OWNER,
    names.TENANT,
    names.SOURCE,
    names.BAND,
    names.MOTION,
    names.OUTCOME,
    names.NEXT_ACTION_AT,
    names.SLA_DUE_AT,
    names.BREACHED,
    names.SCORE,
)
CUT_AT = "limit.historyCount.suggestContinueAsNew=12"


async def start_server(*more: str) -> WorkflowEnvironment:
    flags = [part for flag in (*FLAGS, *more) for part in ("--dynamic-config-value", flag)]
    return await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_log_level="error",
        dev_server_extra_args=flags,
        data_converter=CONVERTER,
        search_attributes=SEARCH_ATTRIBUTES,
        ui=False,
    )


@pytest.fixture(scope="session", params=["whole", "cut"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[WorkflowEnvironment]:
    """A running server; "cut" suggests continuing as new after a dozen events."""
    env = await start_server(*([CUT_AT] if request.param == "cut" else []))
    async with env:
        yield env


@pytest.fixture
async def theatre(server: WorkflowEnvironment) -> AsyncIterator[Theatre]:
    """A stage of its own for each test: workers, policy and an empty world."""
    async with Theatre(server).running() as theatre:
        yield theatre
