"""The real Temporal server with skipped time; once as it comes, once with a small history cap, so that leads run with
cuts. The suite plays each play one of the two ways, `make prove` the other way too."""

import sysconfig
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from runtime.embedded.temporal import DYNAMIC_CONFIG
from runtime.temporal import CONVERTER
from tests.workflows.runs import runs_of
from tests.workflows.theatre import Theatre
from workflows import names

FLAGS = tuple(f"{name}={value}" for name, value in DYNAMIC_CONFIG.items())
"""Those of the embedded stack, so that leads are tested on the server they will run on."""

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
CAP = 12
"""Events after which the server suggests continuing as new, where leads are to run with cuts."""

LONGEST = 120
"""Events a run may reach although the cap is small: a turn does much and waits for its effects (69 seen); uncut, a play
comes to hundreds."""


async def start_server(cap: int | None = None) -> WorkflowEnvironment:
    """A server that suggests continuing as new after `cap` events; None: after its own thousands."""
    more = () if cap is None else (f"limit.historyCount.suggestContinueAsNew={cap}",)
    flags = [part for flag in (*FLAGS, *more) for part in ("--dynamic-config-value", flag)]
    return await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_log_level="error",
        dev_server_extra_args=flags,
        data_converter=CONVERTER,
        search_attributes=SEARCH_ATTRIBUTES,
        ui=False,
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """By its name, a play is always played the same way."""
    here = Path(__file__).parent
    for item in items:
        play, _, way = item.nodeid.rpartition("[")
        ways = [known for known in ("whole", "cut") if known in way.rstrip("]").split("-")]
        if here in item.path.parents and ways and ways != [("whole", "cut")[zlib.crc32(play.encode()) % 2]]:
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session", params=[None, CAP], ids=["whole", "cut"])
def cap(request: pytest.FixtureRequest) -> int | None:
    """The history cap of the leads on stage."""
    found: int | None = request.param
    return found


@pytest.fixture(scope="session")
async def server(cap: int | None) -> AsyncIterator[WorkflowEnvironment]:
    """A running server."""
    async with await start_server(cap) as env:
        yield env


@pytest.fixture
async def theatre(server: WorkflowEnvironment, cap: int | None) -> AsyncIterator[Theatre]:
    """A stage of its own for each test: workers, policy and an empty world. With a cap, every lead must have been cut
    wherever it had grown past it."""
    async with Theatre(server).running() as theatre:
        yield theatre
        for lead in theatre.played:
            lengths = [len(run.events) for run in await runs_of(lead)]
            if cap is None:
                assert len(lengths) == 1, f"cut without need: {lengths}"
            else:
                assert max(lengths) <= LONGEST, f"not cut: {lengths}"
