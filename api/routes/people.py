"""People: what somebody tells us for them. API key only."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api import after, forms, openapi, security
from api.routes.leads import IdempotencyKey
from api.services import services_of
from domain.opt_outs import OptOut


async def _keyed(request: Request) -> None:
    security.require_key(request)


router = APIRouter(prefix="/v1/people", tags=["people"], dependencies=[Depends(_keyed)])

PersonId = Annotated[UUID, Path(description="The person's id, as a lead's details have it")]


class OptedOut(BaseModel):
    """What became of a no. It is in force when this is answered. lead_id: their open lead, which is told and closes."""

    person_id: str
    status: Literal["recorded", "duplicate"]
    channel: Literal["all", "call", "sms"]
    lead_id: str | None = Field(default=None, description="Null when no open lead has to close")


@router.post(
    "/{person_id}/opt-out", response_model=OptedOut, **openapi.reads("OptOut", openapi.KEYED, 404, 409, 413, 415, 503)
)
async def opt_out(request: Request, person_id: PersonId, key: IdempotencyKey) -> Response:
    """Somebody said no: to everything, to calls or to texts, until they take it back; or declined a call."""
    body = await security.raw_body(request)
    message = forms.model_of(OptOut, forms.json_of(request.headers.get("content-type", ""), body))
    services = services_of(request)
    captured = await services.opt_outs.take(services.settings.tenant, str(person_id), message, key)
    status: Literal["recorded", "duplicate"] = "duplicate" if captured.status == "duplicate" else "recorded"
    answer = OptedOut(person_id=str(person_id), status=status, channel=message.channel, lead_id=captured.lead_id)
    return after.json_answer(answer.model_dump(), 200, {}, after.dispatching(request, "opt_out", captured))
