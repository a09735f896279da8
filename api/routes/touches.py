"""Touches that nobody knows the outcome of, settled by whoever looked. API key only."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from api import after, forms, openapi, security
from api.routes.leads import IdempotencyKey
from api.services import services_of
from domain.settling import Settled, Settlement


async def _keyed(request: Request) -> None:
    security.require_key(request)


router = APIRouter(prefix="/v1/touches", tags=["touches"], dependencies=[Depends(_keyed)])

TouchId = Annotated[str, Path(pattern=r"^[\w:.-]{1,200}$", description="The touch's id, as a lead's touches have it")]


@router.post(
    "/{touch_id}/settle",
    response_model=Settled,
    **openapi.reads("Settlement", openapi.KEYED, 404, 409, 413, 415, 503),
)
async def settle(request: Request, touch_id: TouchId, key: IdempotencyKey) -> Response:
    """It arrived, or it did not; or it did not, and its text is to be sent again."""
    body = await security.raw_body(request)
    settlement = forms.model_of(Settlement, forms.json_of(request.headers.get("content-type", ""), body))
    settling = services_of(request).settling
    settled = await settling.settle(touch_id, settlement, f"http:{key}")
    work = after.starting(request, lambda: settling.follow(settled), "settle")
    return after.json_answer(settled.model_dump(mode="json"), 200, {}, work)
