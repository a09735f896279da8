"""A stack of its own for each file of phones: leads of other files would ring the same reps at moments of their own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.conftest import running
from tests.e2e.stand import Stand


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def whole_run(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with running(request) as stand:
        yield stand
