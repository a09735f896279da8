"""Reading back: pages of a channel's history and of a thread, with Slack's bounds and cursors."""

import base64
import binascii
from dataclasses import dataclass

from pydantic import JsonValue

from simulator.slack_arguments import Refused
from simulator.slack_blocks import Json
from simulator.slack_workspace import SlackMessage


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Moments as ts numbers; the cursor is the ts of the last message shown."""

    oldest: float
    latest: float
    inclusive: bool
    cursor: str
    limit: int

    def hold(self, ts: str) -> bool:
        moment = float(ts)
        return self.oldest <= moment <= self.latest if self.inclusive else self.oldest < moment < self.latest


def page(newest_first: list[SlackMessage], channel: str, arguments: Json) -> Json:
    """conversations.history: newest first, without ephemeral messages and answers in threads."""
    bounds = _bounds(arguments)
    seen = [each for each in newest_first if each.channel == channel and each.only_for is None]
    top = [each for each in seen if each.thread_ts in (None, each.ts) and bounds.hold(each.ts)]
    left = [each for each in top if not bounds.cursor or each.ts < bounds.cursor]
    extra: Json = {"pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}
    return _shown(left, bounds.limit) | extra


def replies(newest_first: list[SlackMessage], channel: str, arguments: Json) -> Json:
    """conversations.replies: the parent, whatever the bounds, then its answers, oldest first."""
    bounds, parent = _bounds(arguments), str(arguments.get("ts", ""))
    seen = [each for each in reversed(newest_first) if each.channel == channel and each.only_for is None]
    thread = [each for each in seen if each.ts == parent or (each.thread_ts == parent and bounds.hold(each.ts))]
    return _shown([each for each in thread if not bounds.cursor or each.ts > bounds.cursor], bounds.limit)


def _shown(left: list[SlackMessage], limit: int) -> Json:
    shown = left[:limit]
    messages: list[JsonValue] = [each.as_json() for each in shown]
    answer: Json = {"messages": messages, "has_more": len(left) > limit}
    if len(left) > limit:
        cursor = base64.b64encode(f"next_ts:{shown[-1].ts}".encode()).decode()
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _bounds(arguments: Json) -> _Bounds:
    limit = str(arguments.get("limit") or "")
    try:
        return _Bounds(
            oldest=float(str(arguments.get("oldest") or "-inf")),
            latest=float(str(arguments.get("latest") or "inf")),
            inclusive=str(arguments.get("inclusive", "")).lower() in ("1", "true"),
            cursor=base64.b64decode(str(arguments.get("cursor") or "")).decode().removeprefix("next_ts:"),
            limit=min(max(int(limit), 1), 999) if limit.isdigit() else 100,
        )
    except (binascii.Error, ValueError) as error:
        raise Refused("invalid_arguments", ["[ERROR] oldest, latest or cursor can't be read"]) from error
