"""An app over fakes, and a client that speaks HTTP to it in the test's own loop."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI

from api.app import build
from api.background import Background
from tests.api.fakes import PUBLIC, FakeServices


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def app(services: FakeServices) -> FastAPI:
    return build(services)


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=PUBLIC) as client:
        yield client
        await after(app)


async def after(app: FastAPI, patience: float = 2.0) -> None:
    """Let what goes on after the answers end."""
    background: Background = app.state.background
    await background.drain(timedelta(seconds=patience))
