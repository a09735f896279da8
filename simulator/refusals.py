"""Names a request that a vendor refused, for the log: which person or record it would have reached."""

import json
from urllib.parse import parse_qsl

from pydantic import JsonValue

from simulator.log import Reached, Vendor

_SLACK_KINDS = {
    "chat.postMessage": "message",
    "chat.update": "update",
    "chat.postEphemeral": "ephemeral",
    "views.open": "view",
}
_ENTRANCES: dict[str, Vendor] = {
    "/2010-04-01/": "twilio",
    "/v2/PhoneNumbers/": "twilio",
    "/api/": "slack",
    "/crm/": "hubspot",
    "/enrichment/": "enrichment",
}


def vendor_of(path: str) -> Vendor | None:
    return next((vendor for stem, vendor in _ENTRANCES.items() if path.startswith(stem)), None)


def writes(vendor: Vendor, method: str, path: str) -> bool:
    """Whether the request would reach a person or change a record."""
    if vendor == "slack":
        return path.removeprefix("/api/") in _SLACK_KINDS
    if vendor == "hubspot" and path.endswith(("/search", "/batch/read")):
        return False
    return method != "GET"


def accepted(vendor: Vendor, status: int, body: bytes) -> bool:
    """Whether this answer of the vendor's says yes; Slack says no with HTTP 200."""
    return status < 400 and not (vendor == "slack" and body.startswith(b'{"ok":false'))


def refused(vendor: Vendor, path: str, raw: bytes, why: str) -> Reached:
    """The log's line for a write that was refused; personal data as it came, like every line of this log."""
    text = raw.decode("utf-8", "replace")
    fields = _fields(text)
    if vendor == "twilio":
        return _line(vendor, _twilio_kind(path), fields, ("To", "From", "Body"), why)
    if vendor == "slack":
        kind = _SLACK_KINDS.get(path.removeprefix("/api/"), "message")
        return _line(vendor, kind, fields, ("channel", "bot", "text"), why)
    parts = path.split("/")
    kind = parts[4].removesuffix("s") if len(parts) > 4 else "object"
    return Reached(vendor, kind, to=parts[5] if len(parts) > 5 else None, body=text, accepted=False, detail=why)


def _twilio_kind(path: str) -> str:
    """What would have reached somebody: a text, or a phone that rings; other writes change a call or a conference."""
    if path.endswith(("/Calls.json", "/Participants.json")):
        return "call_leg"
    return "sms" if "/Messages" in path else "call_change"


def _line(vendor: Vendor, kind: str, fields: dict[str, JsonValue], names: tuple[str, str, str], why: str) -> Reached:
    to, sender, body = (str(fields[name]) if name in fields else None for name in names)
    return Reached(vendor, kind, to=to, sender=sender, body=body, accepted=False, detail=why)


def _fields(text: str) -> dict[str, JsonValue]:
    try:
        parsed: JsonValue = json.loads(text)
    except ValueError:
        return dict(parse_qsl(text, keep_blank_values=True))
    return parsed if isinstance(parsed, dict) else {}
