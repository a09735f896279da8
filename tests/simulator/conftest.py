"""One simulator and one receiver for the whole folder, emptied before each test."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from twilio.rest import Client

from tests.simulator.client import client_of
from tests.simulator.phone import Voice
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


@pytest.fixture
async def client(sim: Sim) -> AsyncIterator[Client]:
    async with httpx2.AsyncClient() as http:
        yield client_of(sim, http)


@pytest.fixture
def voice(sim: Sim, receiver: Receiver, client: Client) -> Voice:
    return Voice(sim, receiver, client)
