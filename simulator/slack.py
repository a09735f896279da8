"""Slack's Web API under its real paths: a bearer token, and HTTP 200 with ok false for refusals."""

import secrets
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import slack_history
from simulator import slack_workspace as workspace_ids
from simulator.log import DeliveryLog, Reached
from simulator.personas import Personas
from simulator.settings import SimSettings
from simulator.slack_arguments import Refused, arguments_of, content_of, parsed
from simulator.slack_blocks import Json
from simulator.slack_interactions import Triggers
from simulator.slack_workspace import SlackMessage, SlackUser, Workspace


class SlackApi:
    """The methods Baton uses."""

    def __init__(self, settings: SimSettings, space: Workspace, log: DeliveryLog, personas: Personas) -> None:
        self._settings = settings
        self._space = space
        self._log = log
        self._personas = personas
        self.triggers = Triggers()
        self._methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "chat.postEphemeral": self._post_ephemeral,
            "conversations.open": self._open,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "users.lookupByEmail": self._lookup_by_email,
            "users.info": self._user_info,
            "views.open": self._open_view,
        }

    def routes(self) -> list[Route]:
        return [Route("/api/{method}", self.call, methods=["GET", "POST"])]

    async def call(self, request: Request) -> Response:
        try:
            arguments = await arguments_of(request)
            self._check_token(request, arguments)
            method = self._methods.get(str(request.path_params["method"]))
            if method is None:
                raise Refused("unknown_method")
            return JSONResponse({"ok": True, **method(arguments)})
        except Refused as refused:
            extra: Json = {"response_metadata": {"messages": list(refused.messages)}} if refused.messages else {}
            return JSONResponse({"ok": False, "error": refused.code, **extra})

    def show(self, message: SlackMessage, kind: str) -> None:
        """Log what is now on people's screens and let those who see it react."""
        addressee = message.only_for or self._space.dm_of(message.channel)
        self._log.add(
            Reached(
                "slack",
                kind,
                to=addressee or message.channel,
                sender=workspace_ids.BOT_USER,
                body=message.text,
                vendor_id=message.ts,
                channel=message.channel,
                blocks=list(message.blocks),
            )
        )
        self._personas.meet_message(self._space.buttons(message))

    def _check_token(self, request: Request, arguments: Json) -> None:
        header = request.headers.get("authorization", "")
        token = header.removeprefix("Bearer ") if header else str(arguments.get("token") or "")
        if not token:
            raise Refused("not_authed")
        if not secrets.compare_digest(token.encode(), self._settings.slack_token.encode()):
            raise Refused("invalid_auth")

    def _auth_test(self, _: Json) -> Json:
        return {
            "url": f"https://{workspace_ids.DOMAIN}.slack.com/",
            "team": workspace_ids.TEAM_NAME,
            "user": workspace_ids.BOT_NAME,
            "team_id": workspace_ids.TEAM,
            "user_id": workspace_ids.BOT_USER,
            "bot_id": workspace_ids.BOT,
            "is_enterprise_install": False,
        }

    def _post_message(self, arguments: Json) -> Json:
        text, blocks = content_of(arguments)
        channel = self._channel(arguments)
        thread = arguments.get("thread_ts")
        message = self._space.save(
            SlackMessage(
                channel=channel,
                ts=self._space.new_ts(),
                text=text,
                blocks=blocks or [],
                thread_ts=str(thread) if thread else None,
                metadata=parsed(arguments.get("metadata")),
            )
        )
        self.show(message, "message")
        return {"channel": channel, "ts": message.ts, "message": message.as_json()}

    def _update(self, arguments: Json) -> Json:
        channel = self._channel(arguments)
        message = self._space.message(channel, str(arguments.get("ts", "")))
        if message is None or message.only_for:
            raise Refused("message_not_found")
        text, blocks = content_of(arguments)
        # Slack keeps the old blocks when none are given; an empty array removes them.
        kept = message.blocks if blocks is None else blocks
        update = {"text": text, "blocks": kept, "edited_ts": self._space.new_ts()}
        message = self._space.save(message.model_copy(update=update))
        self.show(message, "update")
        return {"channel": channel, "ts": message.ts, "text": message.text, "message": message.as_json()}

    def _post_ephemeral(self, arguments: Json) -> Json:
        text, blocks = content_of(arguments)
        channel = self._channel(arguments)
        user = self._space.user(str(arguments.get("user", "")))
        if user is None:
            raise Refused("user_not_in_channel")
        ts = self._space.new_ts()
        message = SlackMessage(channel=channel, ts=ts, text=text, blocks=blocks or [], only_for=user.id)
        self.show(self._space.save(message), "ephemeral")
        return {"message_ts": ts}

    def _open(self, arguments: Json) -> Json:
        given = arguments.get("users")
        users = [str(each) for each in given] if isinstance(given, list) else str(given or "").split(",")
        if arguments.get("channel"):
            return {"channel": {"id": self._channel(arguments)}}
        if users == [""]:
            raise Refused("users_list_not_supplied")
        if len(users) > 1:
            raise Refused("method_not_supported_for_channel_type")
        if self._space.user(users[0]) is None:
            raise Refused("user_not_found")
        channel, known = self._space.open_dm(users[0])
        answer: Json = {"channel": {"id": channel}}
        return {**answer, "no_op": True, "already_open": True} if known else answer

    def _history(self, arguments: Json) -> Json:
        return slack_history.page(self._space.newest_first(), self._channel(arguments), arguments)

    def _replies(self, arguments: Json) -> Json:
        channel, ts = self._channel(arguments), str(arguments.get("ts", ""))
        if self._space.message(channel, ts) is None:
            raise Refused("thread_not_found")
        return slack_history.replies(self._space.newest_first(), channel, arguments)

    def _lookup_by_email(self, arguments: Json) -> Json:
        user = self._space.user_by_email(str(arguments.get("email", "")))
        if user is None:
            raise Refused("users_not_found")
        return {"user": _user_json(user)}

    def _user_info(self, arguments: Json) -> Json:
        user = self._space.user(str(arguments.get("user", "")))
        if user is None:
            raise Refused("user_not_found")
        return {"user": _user_json(user)}

    def _open_view(self, arguments: Json) -> Json:
        rep = self.triggers.redeem(str(arguments.get("trigger_id", "")))
        if isinstance(rep, LookupError):
            raise Refused(str(rep))
        view = parsed(arguments.get("view"))
        if not isinstance(view, dict) or view.get("type") != "modal":
            raise Refused("invalid_arguments", ["[ERROR] view must be a modal"])
        view_id = f"V{self._space.new_ts().replace('.', '')}"
        self._log.add(Reached("slack", "view", to=rep, sender=workspace_ids.BOT_USER, vendor_id=view_id, blocks=view))
        return {"view": {**view, "id": view_id, "team_id": workspace_ids.TEAM, "app_id": workspace_ids.APP}}

    def _channel(self, arguments: Json) -> str:
        try:
            return self._space.resolve(str(arguments.get("channel") or ""))
        except LookupError as missing:
            raise Refused(str(missing)) from missing


def _user_json(user: SlackUser) -> Json:
    name = user.username
    profile: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": name,
        "real_name_normalized": name,
        "display_name": name,
        "display_name_normalized": name,
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": "0" * 12,
        "fields": None,
        "team": workspace_ids.TEAM,
    }
    return {
        "id": user.id,
        "team_id": workspace_ids.TEAM,
        "name": name,
        "deleted": False,
        "real_name": name,
        "tz": "America/Chicago",
        "profile": profile | ({"email": user.email} if user.email else {}),
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }
