"""Policies: which were published, which is active, and publishing another. API key only: it is the operators'."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel

from api import forms, openapi, security
from api.services import services_of
from domain.cohorts import Migrated, Moving, Preview, Previewing
from domain.messages import HASH
from domain.publications import Draft, PolicyText, Published, Rollback, Versions


async def _keyed(request: Request) -> None:
    security.require_key(request)


router = APIRouter(prefix="/v1/policies", tags=["policies"], dependencies=[Depends(_keyed)])

Model = TypeVar("Model", bound=BaseModel)
PolicyHash = Annotated[str, Path(pattern=HASH, description="A policy's hash, as the list names it")]


@router.get("", **openapi.guarded(503))
async def policies(request: Request) -> Versions:
    """Every version, newest first, and the newest of the log."""
    return await services_of(request).publishing.listed()


@router.get("/{policy_hash}", **openapi.guarded(404, 422, 503))
async def policy(request: Request, policy_hash: PolicyHash) -> PolicyText:
    """One version as it was written, with its contact rules."""
    return await services_of(request).publishing.shown(policy_hash)


@router.post("", **openapi.reads("Draft", openapi.KEYED, 409, 413, 415, 503))
async def publish(request: Request) -> Published:
    """Make a policy the active one, for new leads, at once. 422 names every mistake; running leads keep theirs."""
    return await services_of(request).publishing.publish(await _read(request, Draft))


@router.post("/rollback", **openapi.reads("Rollback", openapi.KEYED, 404, 409, 413, 415, 503))
async def rollback(request: Request) -> Published:
    """Make an earlier policy active again."""
    return await services_of(request).publishing.rollback(await _read(request, Rollback))


@router.post("/preview", **openapi.reads("Previewing", openapi.KEYED, 404, 413, 415, 503))
async def preview(request: Request) -> Preview:
    """What would change for running leads that don't follow a policy yet: their next action, what would fire."""
    return await services_of(request).migrating.preview(await _read(request, Previewing))


@router.post("/migrate", **openapi.reads("Moving", openapi.KEYED, 404, 413, 415, 503))
async def migrate(request: Request) -> Migrated:
    """Tell running leads to follow a published policy, a page at a time: go on with the cursor."""
    return await services_of(request).migrating.migrate(await _read(request, Moving))


async def _read(request: Request, kind: type[Model]) -> Model:
    body = await security.raw_body(request)
    return forms.model_of(kind, forms.json_of(request.headers.get("content-type", ""), body))
