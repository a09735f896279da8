"""HubSpot's app webhooks: keep the events, answer, and only then ask HubSpot who it is about.

A fault of ours is never a 4xx: the events would not come again.
"""

from collections import defaultdict

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from activities import hubspot_intake
from api import after, forms, metrics, openapi, security
from api.services import Services, services_of
from domain.errors import BadInput

MOST_EVENTS = 100
"""HubSpot's own limit of a batch."""

router = APIRouter(prefix="/v1/hooks", tags=["hooks"])
log = structlog.get_logger()


@router.post("/hubspot", status_code=204, **openapi.reads("HubSpotEvents", [{"HubSpot": []}], 413, 415, 503))
async def hubspot(request: Request) -> Response:
    """Take a batch of events about contacts, each by itself: one that can't be read costs no other."""
    body = await security.signed_body(request, "hubspot")
    payload = forms.json_of(request.headers.get("content-type", ""), body, whole=False)
    if not isinstance(payload, list) or len(payload) > MOST_EVENTS:
        raise BadInput(f"The body must be a list of at most {MOST_EVENTS} events.", (("", "must be a list"),))
    events = hubspot_intake.events_of(payload)
    if len(events) < len(payload):
        metrics.UNREADABLE.labels(hubspot_intake.CHANNEL).inc(len(payload) - len(events))
        log.warning("hubspot_events_unreadable", events=len(payload) - len(events), of=len(payload))
    fresh: dict[str, dict[str, str]] = defaultdict(dict)
    for event in events:
        kept = event.model_dump_json()
        row_id = await services_of(request).capture.keep(hubspot_intake.CHANNEL, event.key, kept)
        if row_id is not None:
            fresh[event.objectId][row_id] = kept
    work = after.starting(request, lambda: _take(services_of(request), list(fresh.values())), "hubspot")
    return Response(status_code=204, background=work if fresh else None)


async def _take(services: Services, contacts: list[dict[str, str]]) -> None:
    """Work through what was kept, contact by contact; what fails stays kept for the sweeper."""
    for rows in contacts:
        await services.webhooks.take(hubspot_intake.CHANNEL, rows)
