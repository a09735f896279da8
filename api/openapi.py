"""What /openapi.json says of bodies that routes read themselves, of credentials and of problems. It changes no
behaviour."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.errors import Problem
from domain.call_orders import CallAsk
from domain.cohorts import Moving, Previewing
from domain.messages import Accept, Decline, Disposition, Inquiry, Signal
from domain.opt_outs import OptOut
from domain.presence import PresenceChange
from domain.publications import Draft, Rollback
from domain.reconciling import Reconcile
from domain.settling import Settlement
from domain.switches import Throw

READ = (
    Inquiry,
    Signal,
    Accept,
    CallAsk,
    Decline,
    Disposition,
    Draft,
    OptOut,
    PresenceChange,
    Rollback,
    Previewing,
    Moving,
    Reconcile,
    Settlement,
    Throw,
    Problem,
)
"""Models of bodies that routes read themselves."""

Json = dict[str, Any]  # Any: an OpenAPI document is open-ended JSON

SIGNED: list[dict[str, list[str]]] = [{"ApiKey": []}, {"StandardWebhooks": []}]
KEYED: list[dict[str, list[str]]] = [{"ApiKey": []}]

_REF = "#/components/schemas/{model}"
_PROBLEM: Json = {
    "description": "Problem details (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}},
}
_EVENT: Json = {
    "type": "object",
    "required": ["objectId"],
    "properties": {name: {"type": ["integer", "string"]} for name in ("objectId", "eventId", "occurredAt")},
}
_HELD_IN_HEADERS = {
    "StandardWebhooks": ("webhook-signature", "Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature"),
    "Twilio": ("x-twilio-signature", "Twilio's request signature"),
    "Slack": ("x-slack-signature", "Slack's request signature, with x-slack-request-timestamp"),
    "HubSpot": ("x-hubspot-signature-v3", "HubSpot's v3 signature, with x-hubspot-request-timestamp"),
}


def reads(schema: str, security: list[dict[str, list[str]]], *refusals: int) -> Json:
    """Keywords for a route that reads a JSON body of `schema` by itself."""
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": _REF.format(model=schema)}}}}
    return {
        "openapi_extra": {"security": security, "requestBody": body},
        "responses": problems(400, 401, 403, 408, 422, *refusals),
    }


def reads_form(scheme: str, *fields: str) -> Json:
    """Keywords for a vendor's hook that posts a form."""
    shape = {"type": "object", "properties": {name: {"type": "string"} for name in fields}, "required": list(fields)}
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": shape}}}
    return {
        "openapi_extra": {"security": [{scheme: []}], "requestBody": body},
        "responses": problems(400, 401, 403, 408, 413, 422, 503),
    }


def guarded(*refusals: int) -> Json:
    """Keywords for a route without a body that wants an API key."""
    return {"openapi_extra": {"security": KEYED}, "responses": problems(401, 403, *refusals)}


def problems(*statuses: int) -> dict[int | str, Json]:
    """Responses that are problem details."""
    return {status: dict(_PROBLEM) for status in sorted(set(statuses))}


def install(app: FastAPI) -> None:
    """Give `app` its document: what FastAPI derives, and what only we know."""

    def document() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(
                get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            )
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _completed(document: Json) -> Json:
    models = [(kind, "validation") for kind in READ]
    _, shapes = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type]  # pairs of a model and a mode
    components = document.setdefault("components", {})
    schemas: Json = components.setdefault("schemas", {})
    schemas.update(shapes["$defs"])
    many = {"type": "array", "minItems": 1, "maxItems": 100, "items": {"$ref": _REF.format(model="Inquiry")}}
    schemas["InquiryBatch"] = many
    schemas["HubSpotEvents"] = {"type": "array", "maxItems": 100, "items": _EVENT}
    components["securitySchemes"] = {"ApiKey": {"type": "http", "scheme": "bearer"}} | {
        name: {"type": "apiKey", "in": "header", "name": header, "description": says}
        for name, (header, says) in _HELD_IN_HEADERS.items()
    }
    return document
