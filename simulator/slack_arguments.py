"""How Slack reads a call's arguments, and what it says when they are wrong."""

import json
from urllib.parse import parse_qsl

from pydantic import JsonValue
from starlette.requests import Request

from simulator.slack_blocks import Json, faults_in, with_ids


class Refused(Exception):
    """Slack's error code, and what it adds under response_metadata."""

    def __init__(self, code: str, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages


async def arguments_of(request: Request) -> Json:
    """Query, form and JSON body together, as Slack reads them."""
    arguments: Json = dict(parse_qsl(request.url.query, keep_blank_values=True))
    raw = (await request.body()).decode("utf-8", "replace")
    if not request.headers.get("content-type", "").startswith("application/json"):
        return arguments | dict(parse_qsl(raw, keep_blank_values=True))
    try:
        body = json.loads(raw or "{}")
    except ValueError as error:
        raise Refused("invalid_json") from error
    if not isinstance(body, dict):
        raise Refused("json_not_object")
    return arguments | body


def parsed(value: JsonValue) -> JsonValue:
    """Nested JSON arrives as text in forms and as itself in JSON bodies."""
    if not isinstance(value, str):
        return value
    try:
        nested: JsonValue = json.loads(value)
    except ValueError:
        return value
    return nested


def content_of(arguments: Json) -> tuple[str, list[Json] | None]:
    """The text and the blocks (None: not given) of a message; raises Refused as Slack would."""
    text, blocks = str(arguments.get("text") or ""), parsed(arguments.get("blocks"))
    if blocks is not None and (faults := faults_in(blocks)):
        raise Refused("invalid_blocks", [f"[ERROR] {fault}" for fault in faults])
    kept = with_ids([block for block in blocks if isinstance(block, dict)]) if isinstance(blocks, list) else None
    if not text and not kept:
        raise Refused("no_text")
    if len(text) > 40_000:
        raise Refused("msg_too_long")
    return text, kept
