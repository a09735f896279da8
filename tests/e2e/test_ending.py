"""Ctrl-C on the whole stack, with leads under way: everything ends by itself, and nothing is left."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bench.outside import Outside
from bench.rig import Rig, below
from runtime.embedded import procfs
from tests.e2e.stand import Stand

LIMIT = 15.0
"""Seconds; three times what is promised, since other tests' processes may be at work beside it."""

LEADS = 10


@pytest_asyncio.fixture(loop_scope="session")
async def own(tmp_path: Path) -> AsyncIterator[Stand]:
    """A stack of this test's own, to be ended."""
    rig = Rig(tmp_path / "data")
    try:
        await rig.start()
        async with Outside(rig) as outside:
            yield Stand(rig, outside)
    finally:
        await rig.stop()


@pytest.mark.parametrize("hung", [False, True], ids=["quick vendors", "hanging vendors"])
async def test_ctrl_c_with_leads_under_way_ends_all_and_leaves_nothing(own: Stand, hung: bool) -> None:
    supervisor, everybody = own.rig.pid("supervisor"), below(own.rig.pid("supervisor"))
    names = own.rig.status().processes
    assert {"temporal", "postgres", "simulator", "api", "worker"} <= set(names)
    assert {pid for pid in names.values() if pid is not None} <= {*everybody}
    if hung:
        own.rig.pause("simulator")
    await asyncio.gather(*(own.arrives(own.someone()) for _ in range(LEADS)))
    began = time.monotonic()
    procfs.send(supervisor, signal.SIGINT)
    while procfs.started(supervisor) is not None and time.monotonic() - began < LIMIT:
        await asyncio.sleep(0.02)
    assert [pid for pid in (supervisor, *everybody) if procfs.started(pid) is not None] == []
    assert own.rig.status().state == "down"
