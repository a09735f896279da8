"""Reports for operators: how fast leads are served, and who was offered them. API key only."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import openapi, security
from api.services import services_of
from domain.costs import CostReport
from domain.errors import BadInput
from domain.fairness import FairnessReport
from domain.speeds import SpeedReport

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=366)


async def _keyed(request: Request) -> None:
    security.require_key(request)


router = APIRouter(prefix="/v1/reports", tags=["reports"], dependencies=[Depends(_keyed)])


class Asked(BaseModel):
    """Which leads, and how they are grouped."""

    model_config = ConfigDict(extra="forbid")

    since: str = Field(default="7d", max_length=40, description="90m, 12h, 7d, or a moment: 2026-11-24T15:00:00Z")
    by: Literal["source", "segment", "band", "owner"] | None = None


@router.get("/speed", **openapi.guarded(422, 503))
async def speed(request: Request, asked: Annotated[Asked, Query()]) -> SpeedReport:
    """The four speeds, each by itself: median, p90, p99, and the share within its target; of all leads and by group."""
    return await services_of(request).reports.speed(_since(asked.since), asked.by)


class AskedWhatItCost(BaseModel):
    """Which leads, and how they are grouped."""

    model_config = ConfigDict(extra="forbid")

    since: str = Field(default="7d", max_length=40, description="90m, 12h, 7d, or a moment: 2026-11-24T15:00:00Z")
    by: Literal["source", "motion", "outcome"] | None = None


@router.get("/cost", **openapi.guarded(422, 503))
async def cost(request: Request, asked: Annotated[AskedWhatItCost, Query()]) -> CostReport:
    """What leads have cost, each touch by the vendor's price where it is known; all of them, then by group."""
    return await services_of(request).reports.cost(_since(asked.since), asked.by)


class AskedWhy(BaseModel):
    """Since when, and about which rep or lead."""

    model_config = ConfigDict(extra="forbid")

    since: str = Field(default="7d", max_length=40, description="90m, 12h, 7d, or a moment: 2026-11-24T15:00:00Z")
    rep: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")
    lead: UUID | None = None


@router.get("/fairness", **openapi.guarded(404, 422, 503))
async def fairness(request: Request, asked: Annotated[AskedWhy, Query()]) -> FairnessReport:
    """Who was offered how much, beside what was due; of a rep or a lead also who was passed over, and why."""
    lead_id = str(asked.lead) if asked.lead else None
    return await services_of(request).reports.fairness(_since(asked.since), asked.rep, lead_id)


def _since(text: str) -> datetime | timedelta:
    if found := re.fullmatch(r"([0-9]{1,9})([smhd])", text):
        length = timedelta(**{_UNITS[found[2]]: int(found[1])})
        if length > LONGEST:
            raise _unreadable(f"must be {LONGEST.days}d at most")
        return length
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _unreadable("must be a length of time such as 7d, or a moment such as 2026-11-24T15:00:00Z") from None
    if datetime.now(UTC) - moment > LONGEST:
        raise _unreadable(f"must be {LONGEST.days} days ago at most")
    return moment


def _unreadable(said: str) -> BadInput:
    return BadInput("The report can't begin there.", (("query.since", said),))
