"""Touches of unknown outcome: settled by whoever looked, or compared with the vendors' lists. API key only."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from api import after, forms, openapi, security
from api.routes.leads import IdempotencyKey
from api.services import services_of
from domain.reconciling import Reconcile, Reconciled
from domain.settling import Settled, Settlement

PATIENCE = 5
"""Seconds that who asked should wait before they ask again."""


async def _keyed(request: Request) -> None:
    security.require_key(request)


GOES_ON = openapi.reads("Reconcile", openapi.KEYED, 413, 415, 503)
GOES_ON["responses"][202] = {"model": Reconciled, "description": "It goes on: ask again with the same key"}

router = APIRouter(prefix="/v1", tags=["touches"], dependencies=[Depends(_keyed)])

TouchId = Annotated[str, Path(pattern=r"^[\w:.-]{1,200}$", description="The touch's id, as a lead's touches have it")]


@router.post(
    "/touches/{touch_id}/settle",
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


@router.post(
    "/reconcile",
    response_model=Reconciled,
    **GOES_ON,
)
async def reconcile(request: Request, key: IdempotencyKey) -> Response:
    """Compare the ledger with the vendors' own lists now. 202 while it goes on: ask again with the same key."""
    body = await security.raw_body(request)
    asked = forms.model_of(Reconcile, forms.json_of(request.headers.get("content-type", ""), body))
    found = await services_of(request).reconciling.now(key, asked.window)
    running = found.status == "running"
    headers = {"Retry-After": str(PATIENCE)} if running else {}
    return after.json_answer(found.model_dump(mode="json"), 202 if running else 200, headers, None)
