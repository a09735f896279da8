"""What is written to HubSpot, as its API takes it: properties, searches, notes and tasks. It calls nothing."""

import html
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from domain.ports import CrmEntry

# The internal values of lifecyclestage.
LIFECYCLE = {
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
}
# Association types defined by HubSpot (v4 association details).
TO_CONTACT = {"notes": 202, "tasks": 204}
BODY = {"notes": "hs_note_body", "tasks": "hs_task_body"}
SUBJECT = 250


class Sent(BaseModel):
    """Part of a request; HubSpot's names are in camel case."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Filter(Sent):
    property_name: str
    operator: str
    value: str


class FilterGroup(Sent):
    filters: tuple[Filter, ...]


class Search(Sent):
    """Groups are alternatives; the filters of one must all hold."""

    filter_groups: tuple[FilterGroup, ...]
    properties: tuple[str, ...]
    limit: int = 100


class Changes(Sent):
    properties: dict[str, str]


class Upsert(Sent):
    id_property: str
    id: str
    properties: dict[str, str]


class Upserts(Sent):
    inputs: tuple[Upsert, ...]


class ObjectId(Sent):
    id: str


class AssociationType(Sent):
    association_category: str = "HUBSPOT_DEFINED"
    association_type_id: int


class Association(Sent):
    to: ObjectId
    types: tuple[AssociationType, ...]


class Engagement(Sent):
    """A note or a task, made together with its link to the contact."""

    properties: dict[str, str]
    associations: tuple[Association, ...]


def token(touch_id: str) -> str:
    """What is found again in a note or task."""
    return f"[baton {touch_id}]"


def search(kind: str, touch_id: str) -> Search:
    """Notes or tasks that may carry the touch's token; the caller looks at the whole token."""
    carries = Filter(property_name=BODY[kind], operator="CONTAINS_TOKEN", value=touch_id)
    return Search(filter_groups=(FilterGroup(filters=(carries,)),), properties=(BODY[kind],))


def by_phone(phone: str) -> Search:
    """Contacts with this number in either field."""
    names = ("phone", "mobilephone")
    alike = (Filter(property_name=name, operator="EQ", value=phone) for name in names)
    return Search(filter_groups=tuple(FilterGroup(filters=(one,)) for one in alike), properties=names, limit=1)


def standing(entry: CrmEntry, owner_id: str | None) -> dict[str, str]:
    """Owner and stage, which may be set again without harm. The stage is one of lifecyclestage or hs_lead_status."""
    set_to = {"hubspot_owner_id": owner_id} if owner_id else {}
    if entry.stage in LIFECYCLE:
        return set_to | {"lifecyclestage": entry.stage}
    return set_to | ({"hs_lead_status": entry.stage} if entry.stage else {})


def identity(entry: CrmEntry) -> dict[str, str]:
    """Who a new contact is."""
    first, _, last = (entry.name or "").strip().partition(" ")
    given = {
        "firstname": first,
        "lastname": last.strip(),
        "email": entry.email,
        "phone": entry.phone,
        "company": entry.company,
    }
    return {name: value for name, value in given.items() if value}


def note(touch_id: str, text: str, now: datetime) -> dict[str, str]:
    return {"hs_note_body": _body(text, touch_id), "hs_timestamp": _moment(now)}


def task(touch_id: str, text: str, due: datetime) -> dict[str, str]:
    """The first line is the subject."""
    return {
        "hs_task_subject": text.strip().split("\n", 1)[0][:SUBJECT],
        "hs_task_body": _body(text, touch_id),
        "hs_timestamp": _moment(due),
        "hs_task_status": "NOT_STARTED",
        "hs_task_type": "TODO",
    }


def engagement(kind: str, contact_id: str, properties: dict[str, str]) -> Engagement:
    linked = Association(to=ObjectId(id=contact_id), types=(AssociationType(association_type_id=TO_CONTACT[kind]),))
    return Engagement(properties=properties, associations=(linked,))


def _body(text: str, touch_id: str) -> str:
    """Bodies are HTML there, and the text may hold what a person wrote."""
    return html.escape(text.strip()).replace("\n", "<br>") + f"<br>{token(touch_id)}"


def _moment(moment: datetime) -> str:
    """Milliseconds since 1970, which HubSpot takes for every date and time."""
    return str(int(moment.timestamp() * 1000))
