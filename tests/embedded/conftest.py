"""Data directories for real servers: closed to everybody else (0700), as a person's own folder may be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.embedded.state import DataDirectory


@pytest.fixture
def data(tmp_path: Path) -> Iterator[DataDirectory]:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    directory = DataDirectory(closed / "data")
    directory.lock()
    yield directory
    directory.unlock()
