"""The syntax trees of the whole project are kept for these tests only."""

from collections.abc import Iterator

import pytest

from tests.architecture.source import forget


@pytest.fixture(scope="package", autouse=True)
def trees() -> Iterator[None]:
    yield
    forget()
