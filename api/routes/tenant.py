"""The tenant's kill switch and sandbox. API key only: it is the operators'."""

from fastapi import APIRouter, Depends, Request

from api import forms, openapi, security
from api.services import services_of
from domain.switches import Name, Switches, Throw


async def _keyed(request: Request) -> None:
    security.require_key(request)


router = APIRouter(prefix="/v1", tags=["tenant"], dependencies=[Depends(_keyed)])


@router.get("/tenant", **openapi.guarded(503))
async def tenant(request: Request) -> Switches:
    """How the switches stand."""
    return await services_of(request).switches.standing()


@router.post("/kill-switch", **openapi.reads("Throw", openapi.KEYED, 413, 415, 503))
async def kill_switch(request: Request) -> Switches:
    """Hold every touch of a person, at once, or let them go on. Our own people are told as ever; no lead is lost."""
    return await _throw(request, Name.KILL_SWITCH)


@router.post("/sandbox", **openapi.reads("Throw", openapi.KEYED, 413, 415, 503))
async def sandbox(request: Request) -> Switches:
    """Let nothing leave: leads are judged and planned, and each touch is refused in the ledger."""
    return await _throw(request, Name.SANDBOX)


async def _throw(request: Request, name: Name) -> Switches:
    body = await security.raw_body(request)
    throw = forms.model_of(Throw, forms.json_of(request.headers.get("content-type", ""), body))
    return await services_of(request).switches.throw(name, throw)
