"""HubSpot's CRM under its real v3 paths (and v4 default associations), with HubSpot's error bodies."""

import json
import secrets
import uuid
from collections.abc import Awaitable, Callable

from pydantic import BaseModel, ConfigDict, JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import hubspot_search
from simulator.clock import EmbeddedClock, iso
from simulator.hubspot_objects import TO_CONTACT, TYPES, CrmObject, CrmObjects, Invalid, Json
from simulator.hubspot_owners import Owners
from simulator.log import DeliveryLog, Reached
from simulator.settings import SimSettings

Handler = Callable[[Request], Awaitable[Response]]
_UNAUTHORISED = "Authentication credentials not found. This API supports OAuth 2.0 authentication"


class HubspotApi:
    """The calls Baton uses, for any of the types in TYPES."""

    def __init__(self, settings: SimSettings, clock: EmbeddedClock, objects: CrmObjects, log: DeliveryLog) -> None:
        self._settings = settings
        self._clock = clock
        self._objects = objects
        self._log = log

    def routes(self, owners: Owners) -> list[Route]:
        stem = "/crm/v3/objects/{kind}"
        link = "/crm/v4/objects/{kind}/{id}/associations/default/{to_kind}/{to_id}"

        async def find_owners(request: Request) -> Response:
            return JSONResponse(owners.page(request.query_params))

        table: list[tuple[str, Handler, str]] = [
            ("/crm/v3/owners/", find_owners, "GET"),
            ("/crm/v3/owners", find_owners, "GET"),
            (f"{stem}/search", self.search, "POST"),
            (f"{stem}/batch/upsert", self.batch_upsert, "POST"),
            (f"{stem}/batch/read", self.batch_read, "POST"),
            (stem, self.create, "POST"),
            (f"{stem}/{{id}}", self.read, "GET"),
            (f"{stem}/{{id}}", self.update, "PATCH"),
            (link, self.associate, "PUT"),
        ]
        return [Route(path, self._guarded(handler), methods=[verb]) for path, handler, verb in table]

    async def create(self, request: Request) -> Response:
        kind, body = _kind(request), await body_of(request)
        made = self._objects.create(kind, _properties(body), body.get("associations"))
        self._note(made, made.properties, kind.removesuffix("s"))
        return JSONResponse(made.as_json(made.properties), status_code=201)

    async def read(self, request: Request) -> Response:
        found = self._found(request)
        answer = found.as_json(_listed(request, "properties"))
        wanted = _listed(request, "associations")
        linked: Json = {kind: {"results": _links_to(found, kind)} for kind in wanted}
        return JSONResponse(answer | ({"associations": linked} if linked else {}))

    async def update(self, request: Request) -> Response:
        found, properties = self._found(request), _properties(await body_of(request))
        changed = self._objects.update(found, properties)
        self._note(changed, properties, f"{changed.type.removesuffix('s')}_update")
        return JSONResponse(changed.as_json(properties))

    async def search(self, request: Request) -> Response:
        wanted = hubspot_search.Search.model_validate(await body_of(request))
        return JSONResponse(hubspot_search.run(wanted, self._objects.all(_kind(request))))

    async def batch_read(self, request: Request) -> Response:
        body = await body_of(request)
        names, id_property = body.get("properties"), body.get("idProperty")
        wanted = [str(name) for name in names] if isinstance(names, list) else []
        ids = [str(each.get("id")) for each in _inputs(body)]
        pairs = [(each, self._objects.find(_kind(request), each, str(id_property or ""))) for each in ids]
        missing: list[JsonValue] = [key for key, found in pairs if found is None]
        return self._batch([found.as_json(wanted) for _, found in pairs if found is not None], missing)

    async def batch_upsert(self, request: Request) -> Response:
        kind, results = _kind(request), []
        for each in _inputs(await body_of(request)):
            id_property, key = str(each.get("idProperty") or ""), str(each.get("id", ""))
            found = self._objects.find(kind, key, id_property)
            properties = _properties(each) | ({id_property: key} if id_property else {})
            changed = self._objects.update(found, properties) if found else self._objects.create(kind, properties)
            self._note(changed, properties, kind.removesuffix("s") + ("_update" if found else ""))
            results.append({**changed.as_json(properties), "new": found is None})
        return self._batch(list(results), [])

    async def associate(self, request: Request) -> Response:
        to_kind, to_id = (str(request.path_params[name]) for name in ("to_kind", "to_id"))
        linked = self._objects.link(self._found(request), to_kind, to_id)
        spec: Json = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TO_CONTACT.get(linked.type, 0)}
        pair: Json = {"from": {"id": linked.id}, "to": {"id": to_id}, "associationSpec": spec}
        return JSONResponse({"status": "COMPLETE", "results": [pair], **self._times()})

    def _batch(self, results: list[Json], missing: list[JsonValue]) -> Response:
        answer: Json = {"status": "COMPLETE", "results": list(results), **self._times()}
        if missing:
            lost: Json = {
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "message": "Could not get some CONTACT objects, they may be deleted or not exist.",
                "context": {"ids": missing},
            }
            answer |= {"numErrors": 1, "errors": [lost]}
        return JSONResponse(answer, status_code=207 if missing else 200)

    def _times(self) -> Json:
        return {"startedAt": iso(self._clock.real_now()), "completedAt": iso(self._clock.real_now())}

    def _found(self, request: Request) -> CrmObject:
        key, kind = str(request.path_params["id"]), _kind(request)
        found = self._objects.find(kind, key, request.query_params.get("idProperty"))
        if found is None:
            raise Invalid(404, "OBJECT_NOT_FOUND", "resource not found")
        return found

    def _note(self, changed: CrmObject, written: dict[str, str] | Json, kind: str) -> None:
        """Log a write: a note's or task's words, else the properties that were written."""
        words = [changed.properties.get(name) for name in ("hs_note_body", "hs_task_subject")]
        body = next((each for each in words if each), None) or json.dumps(written, sort_keys=True)
        to = next((to for _, to, _ in changed.links), changed.id)
        self._log.add(Reached("hubspot", kind, to=to, body=body, vendor_id=changed.id))

    def _guarded(self, handler: Handler) -> Handler:
        """Token first, then the call; every refusal in HubSpot's error body."""

        async def answer(request: Request) -> Response:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not secrets.compare_digest(token.encode(), self._settings.hubspot_token.encode()):
                return error_body(401, "INVALID_AUTHENTICATION", _UNAUTHORISED)
            try:
                return await handler(request)
            except Invalid as invalid:
                return error_body(invalid.status, invalid.category, str(invalid))
            except ValueError as invalid:  # pydantic's included
                return error_body(400, "VALIDATION_ERROR", f"Invalid input: {invalid}")

        return answer


class ErrorBody(BaseModel):
    """HubSpot's error JSON."""

    model_config = ConfigDict(frozen=True)

    status: str = "error"
    message: str
    correlationId: str
    category: str


def error_body(status: int, category: str, message: str) -> JSONResponse:
    body = ErrorBody(message=message, correlationId=str(uuid.uuid4()), category=category)
    return JSONResponse(body.model_dump(), status_code=status)


async def body_of(request: Request) -> Json:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise Invalid(400, "VALIDATION_ERROR", "Invalid input JSON") from error
    if not isinstance(body, dict):
        raise Invalid(400, "VALIDATION_ERROR", "Invalid input JSON: not an object")
    return body


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in TYPES:
        raise Invalid(400, "VALIDATION_ERROR", f"Unable to infer object type from: {kind}")
    return kind


def _links_to(found: CrmObject, kind: str) -> list[JsonValue]:
    return [{"id": to, "type": f"{found.type}_to_{type_}"} for type_, to, _ in found.links if type_ == kind]


def _properties(body: Json) -> Json:
    properties = body.get("properties")
    if not isinstance(properties, dict):
        raise Invalid(400, "VALIDATION_ERROR", "properties must be an object")
    return properties


def _inputs(body: Json) -> list[Json]:
    inputs = body.get("inputs")
    found = [each for each in inputs if isinstance(each, dict)] if isinstance(inputs, list) else []
    if not 1 <= len(found) <= 100:
        raise Invalid(400, "VALIDATION_ERROR", "inputs must have 1 to 100 entries")
    return found


def _listed(request: Request, name: str) -> list[str]:
    """Repeated and comma-separated values alike."""
    return [part for value in request.query_params.getlist(name) for part in value.split(",") if part]
