"""Inquiries and behaviour from forms and other systems: one, many, and signals. It judges nothing."""

import re
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field, JsonValue
from starlette.responses import Response

from api import after, forms, openapi, security
from api.errors import FieldError
from api.services import services_of
from domain.errors import BadInput, Unavailable
from domain.messages import Inquiry, Signal
from domain.ports import Captured

MOST_IN_A_BATCH = 100

router = APIRouter(tags=["capture"])
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*(\"?)(\d{1,4})\1\s*(?=$|[,;])", re.IGNORECASE | re.ASCII)

Status = Literal["started", "joined", "duplicate", "kept", "accepted"]


class Taken(BaseModel):
    """What an inquiry or signal came to.

    started: a new lead. joined: news for the person's open lead. duplicate: this source_event_id was taken before.
    kept: noted, no lead is concerned. accepted: it is safe, its lead is decided on shortly (lead_id may be null).
    """

    lead_id: str | None
    status: Status
    first_motion: str | None = Field(default=None, description="Only with `Prefer: wait=N`, once it is decided")


class ItemTaken(BaseModel):
    """One item of a batch. refused: `errors` says why; unavailable: send it again."""

    index: int
    status: Literal[Status, "refused", "unavailable"]
    lead_id: str | None = None
    errors: list[FieldError] = []


class BatchTaken(BaseModel):
    """Results in the order of the batch."""

    results: list[ItemTaken]


Prefer = Annotated[str, Header(description="`wait=2`: the first motion too, when it is decided within 2 s")]


@router.post(
    "/v1/inquiries", status_code=202, response_model=Taken, **openapi.reads("Inquiry", openapi.SIGNED, 413, 415, 503)
)
async def inquiry(request: Request, prefer: Prefer = "") -> Response:
    """Take one inquiry. `source_event_id` is its idempotency key; unknown fields are kept."""
    body = await security.inquiry_body(request)
    wanted = forms.model_of(Inquiry, forms.json_of(request.headers.get("content-type", ""), body))
    captured = await services_of(request).capture.inquiry(wanted)
    return _answer(request, "inquiry", captured, prefer)


@router.post(
    "/v1/signals", status_code=202, response_model=Taken, **openapi.reads("Signal", openapi.SIGNED, 413, 415, 503)
)
async def signal(request: Request) -> Response:
    """Take a piece of behaviour: it joins the person's open lead, or is kept; policy may open one."""
    body = await security.inquiry_body(request)
    wanted = forms.model_of(Signal, forms.json_of(request.headers.get("content-type", ""), body))
    return _answer(request, "signal", await services_of(request).capture.signal(wanted), "")


@router.post(
    "/v1/inquiries/batch",
    status_code=202,
    response_model=BatchTaken,
    **openapi.reads("InquiryBatch", openapi.SIGNED, 413, 415, 503),
)
async def batch(request: Request) -> Response:
    """Take up to 100 inquiries, each by itself: a bad one is refused and named, the others are taken."""
    body = await security.inquiry_body(request)
    items = forms.json_of(request.headers.get("content-type", ""), body)
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_IN_A_BATCH:
        raise BadInput(f"The body must be a list of 1 to {MOST_IN_A_BATCH} inquiries.", (("", "must be a list"),))
    results: list[ItemTaken] = []
    taken: list[Captured] = []
    for index, item in enumerate(items):
        result, captured = await _item(request, index, item)
        results.append(result)
        taken += [captured] if captured else []
    if not taken:
        _refuse_all(results)
    answer = BatchTaken(results=results).model_dump(mode="json")
    return after.json_answer(answer, HTTPStatus.ACCEPTED, {}, after.dispatching(request, "inquiry", *taken))


async def _item(request: Request, index: int, item: JsonValue) -> tuple[ItemTaken, Captured | None]:
    try:
        captured = await services_of(request).capture.inquiry(forms.model_of(Inquiry, item))
    except BadInput as error:
        errors = [FieldError(field=field, message=message) for field, message in error.problems]
        return ItemTaken(index=index, status="refused", errors=errors), None
    except Unavailable:
        return ItemTaken(index=index, status="unavailable"), None
    return ItemTaken(index=index, status=_status(captured), lead_id=captured.lead_id), captured


def _refuse_all(results: list[ItemTaken]) -> None:
    if any(result.status == "unavailable" for result in results):
        raise Unavailable("The inbox can't be written just now; nothing was accepted.")
    problems = [(f"{result.index}.{bad.field}", bad.message) for result in results for bad in result.errors]
    raise BadInput("None of the inquiries can be read.", tuple(problems))


def _answer(request: Request, channel: str, captured: Captured, prefer: str) -> Response:
    taken = Taken(lead_id=captured.lead_id, status=_status(captured))
    wait = _WAIT.search(prefer)
    content = taken.model_dump(exclude={"first_motion"})
    if wait and captured.first_motion:
        content["first_motion"] = captured.first_motion
    headers = {"Preference-Applied": f"wait={wait[2]}"} if wait else {}
    return after.json_answer(content, HTTPStatus.ACCEPTED, headers, after.dispatching(request, channel, captured))


def _status(captured: Captured) -> Status:
    known: dict[str, Status] = {"started": "started", "joined": "joined", "duplicate": "duplicate", "kept": "kept"}
    return known.get(captured.status, "accepted")
