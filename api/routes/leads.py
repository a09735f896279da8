"""Leads for other systems: lists and details, and what a rep or a CRM may tell a running lead. API key only."""

from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import forms, openapi, security
from api.services import Reps, services_of
from domain.errors import BadInput
from domain.messages import Accept, Answer, Decline, Disposition
from domain.values import Stage
from domain.views import LeadDetail, LeadFilter, LeadPage, TouchView, TracedDecision
from runtime import telling


async def _keyed(request: Request) -> None:
    security.require_key(request)


router = APIRouter(prefix="/v1/leads", tags=["leads"], dependencies=[Depends(_keyed)])

LeadId = Annotated[UUID, Path(description="The lead's id, as capture answered it")]
IdempotencyKey = Annotated[
    str,
    Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,200}$", description="The same key is carried out once"),
]
Message = TypeVar("Message", bound=BaseModel)


class LeadTrace(BaseModel):
    """Every decision on a lead, oldest first."""

    decisions: tuple[TracedDecision, ...]


class LeadTouches(BaseModel):
    """Every touch of a lead, made or not: those nobody knows the outcome of, then all others, oldest first."""

    touches: tuple[TouchView, ...]


class Wanted(BaseModel):
    """Which leads, and where to go on: `cursor` is what the page before answered."""

    model_config = ConfigDict(extra="forbid")

    stage: Stage | None = None
    owner: str | None = Field(default=None, pattern=r"^[\w.@-]{1,64}$")
    source: str | None = Field(default=None, pattern=r"^[a-z0-9_.-]{1,64}$")
    open: bool | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: UUID | None = None


@router.get("", **openapi.guarded(422, 503))
async def leads(request: Request, wanted: Annotated[Wanted, Query()]) -> LeadPage:
    """Leads, newest first."""
    services = services_of(request)
    which = LeadFilter(stage=wanted.stage, owner=wanted.owner, source=wanted.source, open=wanted.open)
    cursor = str(wanted.cursor) if wanted.cursor else None
    return await services.views.list_leads(services.settings.tenant, which, wanted.limit, cursor)


@router.get("/{lead_id}", **openapi.guarded(404, 422, 503))
async def lead(request: Request, lead_id: LeadId) -> LeadDetail:
    """One lead as it stands, its person, and its story."""
    services = services_of(request)
    found = await services.views.lead_detail(services.settings.tenant, str(lead_id))
    return found.model_copy(update={"cost": await services.reports.cost_of(str(lead_id))})


@router.get("/{lead_id}/trace", **openapi.guarded(404, 422, 503))
async def trace(request: Request, lead_id: LeadId) -> LeadTrace:
    """Why everything about this lead was decided as it was, and what became of it."""
    views, tenant = services_of(request).views, services_of(request).settings.tenant
    decisions = await views.lead_trace(tenant, str(lead_id))
    found, made = await views.lead_detail(tenant, str(lead_id)), await views.lead_touches(tenant, str(lead_id))
    return LeadTrace(decisions=telling.told(decisions, found, made))


@router.get("/{lead_id}/touches", **openapi.guarded(404, 422, 503))
async def touches(request: Request, lead_id: LeadId) -> LeadTouches:
    """What was sent, or wasn't and why not."""
    services = services_of(request)
    return LeadTouches(touches=await services.views.lead_touches(services.settings.tenant, str(lead_id)))


@router.post("/{lead_id}/accept", **openapi.reads("Accept", openapi.KEYED, 404, 409, 413, 415, 503))
async def accept(request: Request, lead_id: LeadId, key: IdempotencyKey) -> Answer:
    """A rep takes the lead."""
    return await _update(request, lead_id, "accept", Accept, key)


@router.post("/{lead_id}/decline", **openapi.reads("Decline", openapi.KEYED, 404, 409, 413, 415, 503))
async def decline(request: Request, lead_id: LeadId, key: IdempotencyKey) -> Answer:
    """A rep passes on the offer."""
    return await _update(request, lead_id, "decline", Decline, key)


@router.post("/{lead_id}/disposition", **openapi.reads("Disposition", openapi.KEYED, 404, 409, 413, 415, 503))
async def disposition(request: Request, lead_id: LeadId, key: IdempotencyKey) -> Answer:
    """A reason code, from whoever worked the lead (R53)."""
    return await _update(request, lead_id, "disposition", Disposition, key)


async def _update(request: Request, lead_id: UUID, name: str, kind: type[Message], key: str) -> Answer:
    body = await security.raw_body(request)
    message = forms.model_of(kind, forms.json_of(request.headers.get("content-type", ""), body))
    _refuse_strangers(services_of(request).reps, message)
    return await services_of(request).gateway.update(str(lead_id), name, message, f"http:{key}")


def _refuse_strangers(reps: Reps, message: BaseModel) -> None:
    """A lead that nobody of ours has is a lead that is dropped; and who somebody is must not reach Temporal."""
    if isinstance(message, Accept | Decline) and not reps.knows(message.rep):
        raise BadInput("Nobody has this handle.", (("rep", "must be the handle of a rep in the policy's team"),))
    if isinstance(message, Disposition) and not reps.knows(message.by) and message.by[0].isdigit():
        raise BadInput("Nobody has this handle.", (("by", "must be a rep's handle, or a system's name, as in crm:x"),))
