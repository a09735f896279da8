"""What operators' machines ask: is the process there, is it ready, how busy is it. Shows nothing of any lead."""

import asyncio

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from api import after, metrics
from api.services import Services, services_of
from domain.errors import BatonError

READY_WITHIN = 3.0
"""Seconds; a part that takes longer to answer is not ready."""

PARTS = ("database", "temporal", "worker")

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process answers."""

    status: str = "ok"


class Readiness(BaseModel):
    """Whether everything a new lead needs is there; `parts` says which part is not."""

    ready: bool
    parts: dict[str, bool]


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def healthz() -> Health:
    """The process is up; it says nothing of its neighbours."""
    return Health()


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
async def readyz(request: Request) -> Response:
    """The database, Temporal and a polling worker."""
    parts = await _parts(services_of(request))
    ready = Readiness(ready=all(parts.values()), parts=parts)
    return JSONResponse(ready.model_dump(), status_code=200 if ready.ready else 503)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def prometheus(request: Request) -> Response:
    """Counts and times in Prometheus' text format."""
    metrics.BACKGROUND.set(after.background_of(request).running)
    metrics.WEBHOOKS_REFUSED.set(services_of(request).webhooks.refused)
    text, content_type = metrics.text()
    return Response(text, headers={"Content-Type": content_type})


async def _parts(services: Services) -> dict[str, bool]:
    try:
        async with asyncio.timeout(READY_WITHIN):
            return await services.ready()
    except (BatonError, OSError, TimeoutError):
        return dict.fromkeys(PARTS, False)
