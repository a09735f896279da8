"""HubSpot's app webhooks: keep the events, answer, and only then ask HubSpot who it is about.

A fault of ours is never a 4xx: the events would not come again.
"""

import json
from collections import defaultdict

import structlog
from fastapi import APIRouter, Request
from pydantic import JsonValue, ValidationError
from starlette.responses import Response

from activities import hubspot_intake
from api import after, forms, openapi, security
from api.services import Services, services_of
from domain.errors import BadInput, BatonError

MOST_EVENTS = 100

router = APIRouter(prefix="/v1/hooks", tags=["hooks"])
log = structlog.get_logger()


@router.post("/hubspot", status_code=204, **openapi.reads("HubSpotEvents", [{"HubSpot": []}], 413, 415, 503))
async def hubspot(request: Request) -> Response:
    """Take a batch of events about contacts."""
    body = await security.signed_body(request, "hubspot")
    payload = forms.json_of(request.headers.get("content-type", ""), body)
    if not isinstance(payload, list) or len(payload) > MOST_EVENTS:
        raise BadInput(f"The body must be a list of at most {MOST_EVENTS} events.", (("", "must be a list"),))
    fresh: dict[str, dict[str, str]] = defaultdict(dict)
    for event, raw in zip(_events(payload), payload, strict=True):
        kept = json.dumps(raw)
        row_id = await services_of(request).capture.keep(hubspot_intake.CHANNEL, event.key, kept)
        if row_id is not None:
            fresh[event.objectId][row_id] = kept
    work = after.starting(request, lambda: _take(services_of(request), list(fresh.values())), "hubspot")
    return Response(status_code=204, background=work if fresh else None)


def _events(payload: list[JsonValue]) -> tuple[hubspot_intake.Event, ...]:
    try:
        return hubspot_intake.events_of(payload)
    except ValidationError:
        raise BadInput("These are no events of HubSpot.", (("", "each needs an objectId"),)) from None


async def _take(services: Services, contacts: list[dict[str, str]]) -> None:
    """Work through what was kept, contact by contact; what fails stays kept for the sweeper."""
    for rows in contacts:
        try:
            captured = await hubspot_intake.take(f"[{','.join(rows.values())}]", services.crm, services.capture)
        except BatonError as error:
            log.warning("hubspot_later", rows=len(rows), error=error.code)
            continue
        for each in captured:
            await services.dispatch.send(each)
        for row_id in rows:
            await services.dispatch.settled(row_id)
