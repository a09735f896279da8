"""Presses of buttons: finds the button in what was really posted, sends Slack's signed payload."""

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from simulator import slack_workspace as workspace_ids
from simulator.clock import EmbeddedClock
from simulator.courier import Answer, Courier, Parcel
from simulator.faults import Faults
from simulator.settings import SimSettings
from simulator.signatures import slack_headers
from simulator.slack_blocks import Json, Pressable, pressables
from simulator.slack_response import ResponseUrls
from simulator.slack_workspace import SlackMessage, Workspace
from simulator.webhooks import send_with_faults

_TRIGGER_LIFE = timedelta(seconds=3)  # docs.slack.dev: a trigger_id expires after three seconds
_TIMEOUT = 3.0


class Press(BaseModel):
    """POST /sim/press. Without a value the first button of that action_id; a select's value may be its code alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rep: str
    action_id: str
    value: str | None = None
    message_ts: str | None = None


class Triggers:
    """trigger_ids on their way to views.open; each can be used once, within three seconds of real time."""

    def __init__(self) -> None:
        self._issued: dict[str, tuple[str, datetime]] = {}

    def issue(self, rep: str) -> str:
        trigger = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**11)}.{uuid.uuid4().hex}"
        self._issued[trigger] = (rep, EmbeddedClock.real_now())
        return trigger

    def redeem(self, trigger: str) -> str | LookupError:
        """The rep whose press it was, or Slack's error code."""
        rep, issued = self._issued.pop(trigger, ("", None))
        if issued is None:
            return LookupError("invalid_trigger_id")
        late = EmbeddedClock.real_now() - issued > _TRIGGER_LIFE
        return LookupError("expired_trigger_id") if late else rep


@dataclass(frozen=True, slots=True)
class Desk:
    """What the interactions are wired to."""

    settings: SimSettings
    space: Workspace
    courier: Courier
    faults: Faults
    triggers: Triggers
    response_urls: ResponseUrls


class Interactions:
    """A rep's finger on a button."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, press: Press) -> tuple[SlackMessage, Pressable] | None:
        """The newest message that shows this rep this button."""
        for message in self._desk.space.newest_first():
            wanted = press.message_ts in (None, message.ts) and self._desk.space.can_press(press.rep, message)
            for each in pressables(message.blocks) if wanted else ():
                if each.action_id == press.action_id and _fits(each, press.value):
                    return message, each
        return None

    async def press(self, rep: str, message: SlackMessage, button: Pressable) -> Answer:
        """Send the payload once and return Baton's answer; presses of persona's are repeated by the caller."""
        payload = self._payload(rep, message, button)
        body = urlencode({"payload": json.dumps(payload)})
        url = self._desk.settings.hook("/v1/hooks/slack/interactions")

        async def post() -> Answer:
            headers = slack_headers(self._desk.settings.slack_signing_secret, body, EmbeddedClock.real_now())
            return await self._desk.courier.post(Parcel("slack", url, body, headers, _TIMEOUT))

        return await send_with_faults(self._desk.faults.for_webhook("slack"), post)

    def _payload(self, rep: str, message: SlackMessage, button: Pressable) -> Json:
        user = self._desk.space.user(rep)
        name = user.username if user else rep.lower()
        dm = self._desk.space.dm_of(message.channel)
        chosen = _chosen(button)
        values: Json = {}
        if button.option is not None:
            values = {button.block_id: {button.action_id: {"type": "static_select", "selected_option": button.option}}}
        return {
            "type": "block_actions",
            "user": {"id": rep, "username": name, "name": name, "team_id": workspace_ids.TEAM},
            "api_app_id": workspace_ids.APP,
            "token": "unused-verification-token",
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": message.only_for is not None,
            },
            "trigger_id": self._desk.triggers.issue(rep),
            "team": {"id": workspace_ids.TEAM, "domain": workspace_ids.DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": message.channel, "name": "directmessage" if dm else message.channel.lower()},
            "message": message.as_json(),
            "state": {"values": values},
            "response_url": self._desk.response_urls.issue(message, rep),
            "actions": [chosen | {"action_ts": self._desk.space.new_ts()}],
        }


def _fits(button: Pressable, value: str | None) -> bool:
    if value is None or button.value == value:
        return True
    return button.option is not None and button.value.endswith(f":{value}")


def _chosen(button: Pressable) -> Json:
    """The entry under `actions`: a button's text and value, or a select's chosen option."""
    shared: Json = {"action_id": button.action_id, "block_id": button.block_id}
    if button.option is not None:
        return shared | {"type": "static_select", "selected_option": button.option}
    shown = {name: button.element[name] for name in ("text", "value", "style") if name in button.element}
    return shared | shown | {"type": "button"}
