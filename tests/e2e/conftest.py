"""One stack for all end-to-end tests but those of calls/, on the policy without contact windows."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from bench.outside import Outside
from bench.rig import Rig
from tests.e2e.stand import Stand


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@asynccontextmanager
async def running(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    """A stack until the end; its folder stays where a test failed."""
    folder = Path(tempfile.mkdtemp(prefix="baton-e2e-"))
    rig = Rig(folder / "data")
    try:
        await rig.start()
        async with Outside(rig) as outside:
            yield Stand(rig, outside)
    finally:
        await rig.stop()
    if not request.session.testsfailed:  # else its logs are worth reading
        shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole_run(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with running(request) as stand:
        yield stand


@pytest_asyncio.fixture(loop_scope="session")
async def stand(whole_run: Stand) -> Stand:
    """The stack, whole, whatever the test before did to it."""
    await whole_run.whole()
    return whole_run
