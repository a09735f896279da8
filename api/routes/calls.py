"""Calls for other systems: those under way, one of them, what people of ours may have done to it. API key only."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import forms, openapi, security
from api.routes.leads import IdempotencyKey
from api.services import services_of
from domain.call_orders import CallAnswer, CallAsk, What
from domain.call_views import CallView


async def _keyed(request: Request) -> None:
    security.require_key(request)


router = APIRouter(prefix="/v1/calls", tags=["calls"], dependencies=[Depends(_keyed)])

CallId = Annotated[str, Path(pattern=r"^[\w.-]{1,128}$", description="The call's id, as the list of calls has it")]
_ASKED = openapi.reads("CallAsk", openapi.KEYED, 404, 409, 413, 415, 503)


class CallList(BaseModel):
    """Calls, newest first."""

    calls: tuple[CallView, ...]


class Wanted(BaseModel):
    """Which calls: those under way alone, those of one lead."""

    model_config = ConfigDict(extra="forbid")

    live: bool = False
    lead_id: str | None = Field(default=None, pattern=r"^[\w-]{1,64}$")
    limit: int = Field(default=50, ge=1, le=200)


@router.get("", **openapi.guarded(422, 503))
async def calls(request: Request, wanted: Annotated[Wanted, Query()]) -> CallList:
    """Calls, newest first; `live`: only those under way."""
    found = await services_of(request).calling.listed(wanted.lead_id, wanted.live, wanted.limit)
    return CallList(calls=found)


@router.get("/{call_id}", **openapi.guarded(404, 422, 503))
async def call(request: Request, call_id: CallId) -> CallView:
    """A call as it stands: who is on the phone, who had what done."""
    return await services_of(request).calling.shown(call_id)


@router.post("/{call_id}/hold", **_ASKED)
async def hold(request: Request, call_id: CallId, key: IdempotencyKey) -> CallAnswer:
    """The person waits, and hears that they do."""
    return await _ask(request, call_id, What.HOLD, key)


@router.post("/{call_id}/resume", **_ASKED)
async def resume(request: Request, call_id: CallId, key: IdempotencyKey) -> CallAnswer:
    """The person is back."""
    return await _ask(request, call_id, What.RESUME, key)


@router.post("/{call_id}/transfer", **_ASKED)
async def transfer(request: Request, call_id: CallId, key: IdempotencyKey) -> CallAnswer:
    """A warm transfer to the rep `to`: the person is on hold while they are rung and the two reps speak."""
    return await _ask(request, call_id, What.TRANSFER, key)


@router.post("/{call_id}/complete", **_ASKED)
async def complete(request: Request, call_id: CallId, key: IdempotencyKey) -> CallAnswer:
    """The two reps have spoken: the person is back, and the first rep is let go."""
    return await _ask(request, call_id, What.COMPLETE, key)


@router.post("/{call_id}/barge", **_ASKED)
async def barge(request: Request, call_id: CallId, key: IdempotencyKey) -> CallAnswer:
    """A manager is rung and joins, heard by everybody."""
    return await _ask(request, call_id, What.BARGE, key)


@router.post("/{call_id}/coach", **_ASKED)
async def coach(request: Request, call_id: CallId, key: IdempotencyKey) -> CallAnswer:
    """A manager is rung and joins: hears both, heard by the rep alone."""
    return await _ask(request, call_id, What.COACH, key)


@router.post("/{call_id}/hang-up", **_ASKED)
async def hang_up(request: Request, call_id: CallId, key: IdempotencyKey) -> CallAnswer:
    """Every phone of the call is put down."""
    return await _ask(request, call_id, What.HANG_UP, key)


async def _ask(request: Request, call_id: str, what: What, key: str) -> CallAnswer:
    body = await security.raw_body(request)
    asked = forms.model_of(CallAsk, forms.json_of(request.headers.get("content-type", ""), body))
    return await services_of(request).calling.control(call_id, what, asked, f"http:{key}")
