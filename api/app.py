"""Puts the routes together over the services it is given. Builds no adapter and reads no setting of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI

from api import errors, openapi
from api.background import Background
from api.observe import Observe
from api.routes import (
    calls,
    capture,
    health,
    home,
    hubspot,
    leads,
    people,
    policies,
    reports,
    reps,
    slack,
    tenant,
    touches,
    twilio_inbound,
    twilio_sms,
    twilio_voice,
)
from api.services import Services

ROUTES = (
    capture,
    hubspot,
    twilio_sms,
    twilio_inbound,
    twilio_voice,
    slack,
    leads,
    calls,
    reps,
    people,
    policies,
    reports,
    tenant,
    touches,
    health,
    home,
)

DRAIN = timedelta(seconds=3)
"""How long work that goes on after its answer is waited for at shutdown; the sweeper has the rest."""


def build(services: Services) -> FastAPI:
    """The app, ready to serve."""
    background = Background()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await background.drain(DRAIN)

    app = FastAPI(
        title="Baton",
        description="Capture leads, tell them what happened, ask where they stand.",
        version=_version(),
        lifespan=lifespan,
        docs_url=None,  # its page would load scripts from a stranger's server
        redoc_url=None,
        redirect_slashes=False,  # its Location would be made from the caller's own Host
    )
    app.state.services = services
    app.state.background = background
    errors.install(app)
    openapi.install(app)
    for routes in ROUTES:
        app.include_router(routes.router)
    app.add_middleware(Observe)
    return app


def _version() -> str:
    try:
        return version("baton-leads")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"
