"""A stack of its own for each file of phones: leads of other files would ring the same reps at moments of their own.
Everybody lives in Texas, whose leads may ring Ada as well as the rest of the team (policies/default.yaml)."""

import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bench.people import AREAS, TEXAN
from tests.e2e.conftest import running
from tests.e2e.stand import Stand


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def whole_run(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with running(request) as stand:
        stand.people = (number for number in itertools.count() if number % len(AREAS) < TEXAN)
        yield stand
