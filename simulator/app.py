"""The simulator's ASGI application: vendors behind the door, /sim beside it, people living while it runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.control import Control
from simulator.door import Door
from simulator.settings import SimSettings
from simulator.world import World


def build(settings: SimSettings) -> Door:
    """The application to serve with uvicorn and `protocol_for(door.transports)`; call it inside the event loop."""
    world = World(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        life = asyncio.create_task(world.live())
        yield
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
        await world.close()

    routes = [
        Route("/healthz", _healthy),
        *Control(world).routes(),
        *(route for api in world.twilio_voice for route in api.routes()),
        *world.twilio.routes(),
        *world.slack.routes(),
        *world.response_urls.routes(),
        *world.hubspot.routes(world.owners),
        *world.companies.routes(),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    return Door(app, world.faults, world.log, settings.sim_latency_ms / 1000)


async def _healthy(_: Request) -> Response:
    return JSONResponse({"status": "ok"})
