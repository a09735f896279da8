"""A small HubSpot for these tests alone, in memory. Each request is read by the models of HubSpot's own client."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hubspot.crm.contacts import models as contact_models
from hubspot.crm.objects.notes import models as note_models
from hubspot.crm.objects.tasks import models as task_models

from tests.adapters.wire import answering_json

Json = dict[str, Any]  # any: what came over the wire
NOT_FOUND: Json = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "no such object"}


@dataclass
class HubSpotDouble:
    """Objects by kind and id. `calls` says what was asked, `fail_next` answers one call otherwise."""

    objects: dict[str, dict[str, Json]] = field(default_factory=lambda: {"contacts": {}, "notes": {}, "tasks": {}})
    links: list[tuple[str, str, str, int]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    fail_next: dict[str, tuple[int, Json]] = field(default_factory=dict)

    async def behave(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        head, _, raw = request.partition(b"\r\n\r\n")
        method, target, _ = head.decode().split("\r\n")[0].split(" ")
        url = urlsplit(target)
        assert b"authorization: bearer pat-s3cret" in head.lower()
        call = f"{method} {url.path}"
        self.calls.append(call)
        planned = self.fail_next.pop(call) if call in self.fail_next else None
        status, answer = planned or self._route(method, url.path, parse_qs(url.query), json.loads(raw or b"{}"))
        await answering_json(status, answer)(request, writer)

    def put(self, kind: str, **properties: str) -> str:
        object_id = str(100 + sum(map(len, self.objects.values())))
        self.objects[kind][object_id] = dict(properties)
        return object_id

    def _route(self, method: str, path: str, query: dict[str, list[str]], body: Json) -> tuple[int, Json]:
        if path == "/crm/v3/owners":
            owners = [{"id": "77", "email": "rep@example.com"}] if query["email"] == ["rep@example.com"] else []
            return 200, {"results": owners}
        kind, *rest = path.removeprefix("/crm/v3/objects/").split("/")
        if rest == ["search"]:
            return 200, self._search(kind, body)
        if rest == ["batch", "upsert"]:
            return self._upsert(body)
        if method == "POST":
            return self._create(kind, body)
        return self._one(kind, rest[0], method, body)

    def _one(self, kind: str, object_id: str, method: str, body: Json) -> tuple[int, Json]:
        if object_id not in self.objects[kind]:
            return 404, NOT_FOUND
        if method == "PATCH":
            read = contact_models.SimplePublicObjectInput(**known(contact_models.SimplePublicObjectInput, body))
            self.objects[kind][object_id].update(read.properties)
        return 200, self._shown(kind, object_id)

    def _create(self, kind: str, body: Json) -> tuple[int, Json]:
        models = {"contacts": contact_models, "notes": note_models, "tasks": task_models}[kind]
        read = models.SimplePublicObjectInputForCreate(**known(models.SimplePublicObjectInputForCreate, body))
        object_id = self.put(kind, **read.properties)
        for one in read.associations or []:
            linked = models.PublicAssociationsForObject(**known(models.PublicAssociationsForObject, one))
            to = models.PublicObjectId(**known(models.PublicObjectId, linked.to))
            spec = models.AssociationSpec(**known(models.AssociationSpec, linked.types[0]))
            assert spec.association_category == "HUBSPOT_DEFINED"
            assert to.id in self.objects["contacts"]
            self.links.append((kind, object_id, to.id, spec.association_type_id))
        return 201, self._shown(kind, object_id)

    def _upsert(self, body: Json) -> tuple[int, Json]:
        batch = contact_models.BatchInputSimplePublicObjectBatchInputUpsert(**body)
        model = contact_models.SimplePublicObjectBatchInputUpsert
        read = model(**known(model, batch.inputs[0]))
        assert read.id_property == "email"
        same = [key for key, held in self.objects["contacts"].items() if held.get("email") == read.id]
        object_id = same[0] if same else self.put("contacts", email=read.id)
        self.objects["contacts"][object_id].update(read.properties)
        shown = self._shown("contacts", object_id) | {"new": not same}
        contact_models.SimplePublicUpsertObject(**known(contact_models.SimplePublicUpsertObject, shown))
        return 200, {"status": "COMPLETE", "results": [shown], "startedAt": STAMP, "completedAt": STAMP}

    def _search(self, kind: str, body: Json) -> Json:
        model = contact_models.PublicObjectSearchRequest
        given = {"sorts": [], "after": "0", **known(model, body)}
        read = model(**given)
        groups = [contact_models.FilterGroup(**group) for group in read.filter_groups]
        filters = [[contact_models.Filter(**known(contact_models.Filter, one)) for one in g.filters] for g in groups]
        found = [
            self._shown(kind, key)
            for key, held in self.objects[kind].items()
            if any(all(_holds(one, held) for one in group) for group in filters)
        ]
        return {"total": len(found), "results": found[: read.limit]}

    def _shown(self, kind: str, object_id: str) -> Json:
        shown: Json = {"id": object_id, "properties": dict(self.objects[kind][object_id])}
        return shown | {"createdAt": STAMP, "updatedAt": STAMP, "archived": False}


STAMP = "2026-11-24T15:00:00.000Z"


def known(model: Any, given: Json) -> Json:  # any: HubSpot's models are untyped
    """The given JSON under the model's own names; a name the model does not know is an error."""
    names = {wire: name for name, wire in model.attribute_map.items()}
    assert set(given) <= set(names), (model.__name__, set(given) - set(names))
    return {names[wire]: value for wire, value in given.items()}


def _holds(one: Any, held: Json) -> bool:  # any: HubSpot's models are untyped
    value = str(held.get(one.property_name, ""))
    if one.operator == "CONTAINS_TOKEN":
        return str(one.value) in value
    assert one.operator == "EQ"
    return value == str(one.value)
