"""A stack of its own for tests of phones: other tests' leads would ring the same reps whenever their ladders say."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.conftest import running
from tests.e2e.stand import Stand


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def whole_run(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with running(request) as stand:
        yield stand
