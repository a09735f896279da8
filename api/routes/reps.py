"""Reps: who takes leads now, and saying who is away or back. API key only."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from api import forms, openapi, security
from api.services import services_of
from domain.presence import PresenceChange, RepList


async def _keyed(request: Request) -> None:
    security.require_key(request)


router = APIRouter(prefix="/v1/reps", tags=["reps"], dependencies=[Depends(_keyed)])

Handle = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="The rep's handle in the policy")]


@router.get("", **openapi.guarded(503))
async def reps(request: Request) -> RepList:
    """The team as a lead that comes now would find it, and why somebody takes none."""
    return await services_of(request).reps.listed()


@router.post("/{handle}/presence", **openapi.reads("PresenceChange", openapi.KEYED, 404, 413, 415, 503))
async def presence(request: Request, handle: Handle) -> RepList:
    """A rep goes away, at once or from a moment on, or is back; the next lead heeds it."""
    body = await security.raw_body(request)
    change = forms.model_of(PresenceChange, forms.json_of(request.headers.get("content-type", ""), body))
    await services_of(request).reps.change(handle, change)
    return await services_of(request).reps.listed()
