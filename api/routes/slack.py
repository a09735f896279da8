"""Buttons that reps press in Slack: verified, kept, answered, carried out after that. No response_url is fetched."""

import asyncio
from datetime import timedelta

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from activities import slack_presses
from activities.slack_presses import Interaction, Press
from api import after, forms, openapi, security
from api.errors import Unreadable
from api.services import Services, services_of
from domain.errors import Unavailable

KEEP_WITHIN = timedelta(seconds=2)
"""Slack waits three seconds; what it is not told in time it shows the rep as failed."""

KEPT = "Baton can't reach that lead just now. Your press is kept and carried out as soon as it can."

router = APIRouter(prefix="/v1/hooks/slack", tags=["hooks"])


@router.post("/interactions", response_class=Response, **openapi.reads_form("Slack", "payload"))
async def interactions(request: Request) -> Response:
    """A press: it is kept when this answers."""
    form = forms.form_of(await security.signed_body(request, "slack"))
    try:
        interaction = Interaction.model_validate_json(form.get("payload", ""))
    except ValidationError:
        raise Unreadable("The form's payload is no interaction of Slack.") from None
    services = services_of(request)
    rows = await _kept(services, slack_presses.presses_of(interaction))
    work = after.starting(request, lambda: _carry_out(services, rows), "slack")
    return Response(status_code=200, background=work if rows else None)


async def _kept(services: Services, presses: tuple[Press, ...]) -> dict[str, Press]:
    """The rows of presses that were not kept before. Raises Unavailable: the rep has to press again."""
    rows: dict[str, Press] = {}
    try:
        async with asyncio.timeout(KEEP_WITHIN.total_seconds()):
            for press in presses:
                row_id = await services.capture.keep(slack_presses.CHANNEL, press.key, press.model_dump_json())
                if row_id is not None:
                    rows[row_id] = press
    except TimeoutError:
        raise Unavailable("The inbox can't be written just now; press again.") from None
    return rows


async def _carry_out(services: Services, rows: dict[str, Press]) -> None:
    for row_id, press in rows.items():
        if not await services.webhooks.take(slack_presses.CHANNEL, {row_id: press.model_dump_json()}):
            await slack_presses.whisper(press, services.chat, KEPT)
