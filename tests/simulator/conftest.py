"""One simulator and one receiver for the whole folder, emptied before each test."""

from collections.abc import Iterator

import pytest

from tests.simulator.stand import Receiver, Sim, receiving, simulating


@pytest.fixture(scope="session")
def _receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def _sim(_receiver: Receiver) -> Iterator[Sim]:
    with simulating(_receiver.url) as sim:
        yield sim


@pytest.fixture
def sim(_sim: Sim, receiver: Receiver) -> Sim:
    _sim.get("/sim/reset")
    _sim.post("/sim/clock", {"offset": 0})
    receiver.reset()
    return _sim


@pytest.fixture
def receiver(_receiver: Receiver) -> Receiver:
    return _receiver
