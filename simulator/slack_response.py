"""Slack's response_url: for half an hour after a press, five changes to the message or answers beside it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from simulator import slack_workspace as workspace_ids
from simulator.clock import EmbeddedClock
from simulator.settings import SimSettings
from simulator.slack_arguments import Refused, arguments_of, content_of
from simulator.slack_blocks import Json
from simulator.slack_workspace import SlackMessage, Workspace

_LIFE = timedelta(minutes=30)  # docs.slack.dev/interactivity/handling-user-interaction
_USES = 5


@dataclass(slots=True)
class _Issued:
    message: SlackMessage
    rep: str
    at: datetime
    uses: int = 0


class ResponseUrls:
    """Hands out the URLs and acts on what is posted to them."""

    def __init__(self, settings: SimSettings, space: Workspace, show: Callable[[SlackMessage, str], None]) -> None:
        self._settings = settings
        self._space = space
        self._show = show
        self._issued: dict[str, _Issued] = {}

    def routes(self) -> list[Route]:
        return [Route("/actions/{team}/{number}/{secret}", self.respond, methods=["POST"])]

    def issue(self, message: SlackMessage, rep: str) -> str:
        path = f"/actions/{workspace_ids.TEAM}/{secrets.randbelow(10**12)}/{secrets.token_hex(12)}"
        self._issued[path] = _Issued(message, rep, EmbeddedClock.real_now())
        return self._settings.own_url + path

    async def respond(self, request: Request) -> Response:
        issued = self._issued.get(request.url.path)
        if issued is None or EmbeddedClock.real_now() - issued.at > _LIFE:
            return PlainTextResponse("expired_url", status_code=404)
        issued.uses += 1
        if issued.uses > _USES:
            return PlainTextResponse("used_url", status_code=404)
        try:
            self._act(issued, await arguments_of(request))
        except Refused as refused:
            return PlainTextResponse(refused.code, status_code=400)
        return PlainTextResponse("ok")

    def _act(self, issued: _Issued, arguments: Json) -> None:
        message = self._space.message(issued.message.channel, issued.message.ts) or issued.message
        if arguments.get("delete_original"):
            self._space.delete(message)
            return
        text, blocks = content_of(arguments)
        if arguments.get("replace_original"):
            edited = {"text": text, "blocks": blocks or [], "edited_ts": self._space.new_ts()}
            self._show(self._space.save(message.model_copy(update=edited)), "update")
            return
        only_for = None if arguments.get("response_type") == "in_channel" else issued.rep
        ts = self._space.new_ts()
        answer = SlackMessage(channel=message.channel, ts=ts, text=text, blocks=blocks or [], only_for=only_for)
        self._show(self._space.save(answer), "ephemeral" if only_for else "message")
