"""Buttons that reps press in Slack: verified, answered at once, carried out after that. No response_url is fetched."""

import asyncio
import json
from datetime import timedelta

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api import after, forms, openapi, security
from api.errors import Unreadable
from api.presses import Action, Interaction, Order, order_of
from api.services import Services, services_of
from domain.errors import BatonError, NotFound, Refused, Unavailable

PATIENCE = timedelta(seconds=20)
"""How long a lead may take to answer a press before its rep is told."""

router = APIRouter(prefix="/v1/hooks/slack", tags=["hooks"])
log = structlog.get_logger()


@router.post("/interactions", response_class=Response, **openapi.reads_form("Slack", "payload"))
async def interactions(request: Request) -> Response:
    """A press. Slack waits three seconds, so nothing is done before the answer."""
    form = forms.form_of(await security.signed_body(request, "slack"))
    try:
        interaction = Interaction.model_validate_json(form.get("payload", ""))
    except ValidationError:
        raise Unreadable("The form's payload is no interaction of Slack.") from None
    work = after.starting(request, lambda: _carry_out(services_of(request), interaction), "slack")
    return Response(status_code=200, background=work if interaction.actions else None)


async def _carry_out(services: Services, interaction: Interaction) -> None:
    for action in interaction.actions:
        await _one(services, interaction, action)


async def _one(services: Services, interaction: Interaction, action: Action) -> None:
    order = order_of(action)
    if order is None:
        log.info("slack_ignored", action=action.known_id)
        return
    row_id = await _kept(services, interaction, action)
    if row_id == "":
        return
    rep = services.reps.rep_of(interaction.user.id)
    refusal = await _refusal(services, order, rep, f"slack:{action.action_ts}:{interaction.user.id}")
    if refusal:
        await _whisper(services, interaction, refusal)
    if row_id:
        await services.dispatch.settled(row_id)


async def _kept(services: Services, interaction: Interaction, action: Action) -> str | None:
    """The press's inbox row; "" when it was kept before. Without an inbox the update's id alone tells repeats."""
    kept = json.dumps({"user": interaction.user.id, "action": action.action_id, "value": action.chosen})
    try:
        key = f"{action.action_ts}:{interaction.user.id}:{action.action_id}"[:200]
        row_id = await services.capture.keep("slack", key, kept)
    except Unavailable:
        return None
    return "" if row_id is None else row_id


async def _refusal(services: Services, order: Order, rep: str | None, update_id: str) -> str | None:
    """What the rep must be told; None when the lead took it, which then speaks for itself."""
    if rep is None:
        return "Your Slack id isn't in Baton's rep directory. Ask whoever keeps the policy to add it to your entry."
    message: BaseModel = order.by(rep)
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            answer = await services.gateway.update(order.lead_id, order.name, message, update_id)
    except Refused as error:
        return str(error)
    except NotFound:
        return "There is no such lead."
    except (Unavailable, TimeoutError):
        return "Baton can't reach that lead just now. Press again in a minute; pressing twice does no harm."
    log.info("slack_taken", lead_id=answer.lead_id, update=order.name)
    return None


async def _whisper(services: Services, interaction: Interaction, text: str) -> None:
    try:
        await services.chat.whisper(interaction.where, interaction.user.id, text)
    except BatonError as error:
        log.warning("slack_whisper_failed", error=error.code)
