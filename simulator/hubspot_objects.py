"""HubSpot's CRM objects in memory: contacts, notes, tasks and their associations, with the checks HubSpot makes itself.

Shapes are those of the Apache-2.0 client's models (hubspot-api-client), not of HubSpot's own specification.
"""

import re
from collections.abc import Iterable, Mapping

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from simulator.clock import EmbeddedClock, iso
from simulator.journal import Journal

Json = dict[str, JsonValue]
# HubSpot-defined association types, from the note, task or call to the contact.
TO_CONTACT = {"notes": 202, "tasks": 204, "calls": 194, "deals": 3, "companies": 280}
TYPES = frozenset({"contacts", *TO_CONTACT})
_REQUIRED = {"notes": "hs_timestamp", "tasks": "hs_timestamp", "calls": "hs_timestamp"}
_SHOWN = {
    "contacts": ("email", "firstname", "lastname"),
    "notes": (),
    "tasks": (),
}
_OPTIONS: dict[str, frozenset[str]] = {
    "hs_lead_status": frozenset(
        ["NEW", "OPEN", "IN_PROGRESS", "OPEN_DEAL", "UNQUALIFIED", "ATTEMPTED_TO_CONTACT", "CONNECTED", "BAD_TIMING"]
    ),
    "lifecyclestage": frozenset(
        [
            "subscriber",
            "lead",
            "marketingqualifiedlead",
            "salesqualifiedlead",
            "opportunity",
            "customer",
            "evangelist",
            "other",
        ]
    ),
    "hs_task_status": frozenset(["NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"]),
    "hs_task_priority": frozenset(["NONE", "LOW", "MEDIUM", "HIGH"]),
    "hs_task_type": frozenset(["EMAIL", "CALL", "TODO"]),
}


class CrmObject(BaseModel):
    """One object; property values are text, as HubSpot's are. `links` holds (type, id, association type id)."""

    model_config = ConfigDict(frozen=True)

    id: str
    type: str
    properties: dict[str, str]
    created: AwareDatetime
    updated: AwareDatetime
    links: tuple[tuple[str, str, int], ...] = ()

    def as_json(self, wanted: Iterable[str] = ()) -> Json:
        """The object with the properties asked for, or the default ones, and those HubSpot always adds."""
        times: Json = {"createdAt": iso(self.created), "updatedAt": iso(self.updated)}
        names = [*(tuple(wanted) or _SHOWN.get(self.type, ())), "createdate", "hs_object_id", "lastmodifieddate"]
        shown: Json = {name: self.value(name) for name in names if name}
        return {"id": self.id, "properties": shown, "archived": False, **times}

    def value(self, name: str) -> str | None:
        own = {
            "createdate": iso(self.created),
            "hs_createdate": iso(self.created),
            "hs_object_id": self.id,
            "lastmodifieddate": iso(self.updated),
            "hs_lastmodifieddate": iso(self.updated),
        }
        if name.startswith("associations."):
            kind = name.removeprefix("associations.").rstrip("s") + "s"
            return ";".join(to for type_, to, _ in self.links if type_ == kind) or None
        return self.properties.get(name) or own.get(name)


class Invalid(Exception):
    """A refusal: HTTP status, HubSpot's category and its message."""

    def __init__(self, status: int, category: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.category = category


class CrmObjects:
    """All objects; ids rise across types, as they do there."""

    def __init__(self, clock: EmbeddedClock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        stored = (CrmObject.model_validate(value) for value in journal.read("crm").values())
        self._objects = {(each.type, each.id): each for each in stored}

    def clear(self) -> None:
        self._objects.clear()

    def all(self, kind: str) -> list[CrmObject]:
        return [each for (type_, _), each in self._objects.items() if type_ == kind]

    def find(self, kind: str, key: str, id_property: str | None = None) -> CrmObject | None:
        if id_property in (None, "", "hs_object_id", "id"):
            return self._objects.get((kind, key))
        wanted = key.lower()
        return next((each for each in self.all(kind) if (each.value(id_property or "") or "").lower() == wanted), None)

    def create(self, kind: str, properties: Mapping[str, JsonValue], links: JsonValue = None) -> CrmObject:
        values = self._checked(properties)
        needed = _REQUIRED.get(kind)
        if needed and not values.get(needed):
            raise Invalid(400, "VALIDATION_ERROR", f"Some required properties were not set: {needed}")
        self._unique_email(kind, values, own_id=None)
        now = self._clock.real_now()
        new_id = str(max((int(each.id) for each in self._objects.values()), default=100_000) + 1)
        made = CrmObject(
            id=new_id, type=kind, properties=values, created=now, updated=now, links=self._links(kind, links)
        )
        return self._save(made)

    def update(self, found: CrmObject, properties: Mapping[str, JsonValue]) -> CrmObject:
        values = self._checked(properties)
        self._unique_email(found.type, values, own_id=found.id)
        merged = {name: value for name, value in {**found.properties, **values}.items() if value != ""}
        return self._save(found.model_copy(update={"properties": merged, "updated": self._clock.real_now()}))

    def link(self, found: CrmObject, kind: str, to: str) -> CrmObject:
        """Associate by default; repeating it changes nothing."""
        if (kind, to) not in self._objects:
            raise Invalid(404, "OBJECT_NOT_FOUND", f"No {kind} object with id {to} exists")
        added = (kind, to, TO_CONTACT.get(found.type, 0))
        return self._save(found.model_copy(update={"links": tuple(dict.fromkeys((*found.links, added)))}))

    def _save(self, made: CrmObject) -> CrmObject:
        self._objects[(made.type, made.id)] = made
        self._journal.put("crm", f"{made.type} {made.id}", made)
        return made

    def _checked(self, properties: Mapping[str, JsonValue]) -> dict[str, str]:
        values = {name: "" if value is None else str(value) for name, value in properties.items()}
        for name, value in values.items():
            wrong = self._why_wrong(name, value)
            if wrong:
                raise Invalid(400, "VALIDATION_ERROR", f"Property values were not valid: {name}: {wrong}")
        return values

    @staticmethod
    def _why_wrong(name: str, value: str) -> str | None:
        options = _OPTIONS.get(name)
        checks = (
            (not re.fullmatch(r"[a-z][a-z0-9_]*", name), "Property does not exist"),
            (bool(options and value and value not in options), f"{value} was not one of the allowed options"),
            (name == "email" and bool(value) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value), "INVALID_EMAIL"),
            (name == "hubspot_owner_id" and bool(value) and not value.isdigit(), f"{value} was not a valid owner"),
            (len(value) > 65_536, "The value is longer than 65536 characters"),
        )
        return next((why for wrong, why in checks if wrong), None)

    def _unique_email(self, kind: str, values: Mapping[str, str], own_id: str | None) -> None:
        email = values.get("email")
        other = self.find(kind, email, "email") if kind == "contacts" and email else None
        if other is not None and other.id != own_id:
            raise Invalid(409, "CONFLICT", f"Contact already exists. Existing ID: {other.id}")

    def _links(self, kind: str, given: JsonValue) -> tuple[tuple[str, str, int], ...]:
        """Each association names an existing contact and the type id that this kind of object has towards contacts."""
        links = []
        for each in given if isinstance(given, list) else []:
            to_id, ids = _association(each)
            if ids != [TO_CONTACT.get(kind)]:
                raise Invalid(400, "VALIDATION_ERROR", f"associationTypeId {ids} does not lead from {kind} to contacts")
            if ("contacts", to_id) not in self._objects:
                raise Invalid(404, "OBJECT_NOT_FOUND", f"No contacts object with id {to_id} exists")
            links.append(("contacts", to_id, TO_CONTACT[kind]))
        return tuple(links)


def _association(given: JsonValue) -> tuple[str, list[JsonValue]]:
    """The id of the other end and the association type ids."""
    to, types = (given.get("to"), given.get("types")) if isinstance(given, dict) else (None, None)
    specs = types if isinstance(types, list) else []
    ids = [spec.get("associationTypeId") for spec in specs if isinstance(spec, dict)]
    return str(to.get("id")) if isinstance(to, dict) else "", ids
