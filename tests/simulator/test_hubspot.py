"""The official HubSpot client against the simulator, and the webhooks it sends."""

import json
import threading
import time
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.contacts import (
    BatchInputSimplePublicObjectBatchInputUpsert,
    BatchReadInputSimplePublicObjectId,
    PublicObjectSearchRequest,
    SimplePublicObjectInput,
    SimplePublicObjectInputForCreate,
)
from hubspot.crm.contacts.exceptions import ApiException
from hubspot.utils.signature import Signature

from tests.simulator.stand import HTTP, SECRETS, Receiver, Sim


@pytest.fixture
def hubspot(sim: Sim) -> Any:  # the client ships no types
    return HubSpot(access_token=SECRETS["BATON_HUBSPOT_TOKEN"], host=sim.url)


def contact(hubspot: Any, **properties: str) -> Any:
    made = SimplePublicObjectInputForCreate(properties=properties, associations=[])
    return hubspot.crm.contacts.basic_api.create(simple_public_object_input_for_create=made)


def test_a_contact_is_made_read_and_changed(sim: Sim, hubspot: Any) -> None:
    made = contact(hubspot, email="dana@example.com", firstname="Dana")
    found = hubspot.crm.contacts.basic_api.get_by_id("Dana@example.com", id_property="email", properties=["firstname"])
    assert (found.id, found.properties["firstname"], found.archived) == (made.id, "Dana", False)
    change = SimplePublicObjectInput(properties={"hs_lead_status": "OPEN", "hubspot_owner_id": "7"})
    hubspot.crm.contacts.basic_api.update(made.id, simple_public_object_input=change)
    names = ["hs_lead_status", "hubspot_owner_id", "phone"]
    again = hubspot.crm.contacts.basic_api.get_by_id(made.id, properties=names)
    assert [again.properties[name] for name in names] == ["OPEN", "7", None]
    assert [(e["kind"], e["to"], e["accepted"]) for e in sim.log()] == [
        ("contact", made.id, True),
        ("contact_update", made.id, True),
    ]


@pytest.mark.parametrize(
    ("properties", "status", "category"),
    [
        ({"email": "DANA@example.com"}, 409, "CONFLICT"),
        ({"email": "not an address"}, 400, "VALIDATION_ERROR"),
        ({"hs_lead_status": "HOT"}, 400, "VALIDATION_ERROR"),
        ({"hubspot_owner_id": "alex@example.com"}, 400, "VALIDATION_ERROR"),
        ({"No Such Name": "x"}, 400, "VALIDATION_ERROR"),
    ],
)
def test_refusals_have_hubspots_shape(
    sim: Sim, hubspot: Any, properties: dict[str, str], status: int, category: str
) -> None:
    contact(hubspot, email="dana@example.com")
    with pytest.raises(ApiException) as refused:
        contact(hubspot, **properties)
    body = json.loads(refused.value.body)
    assert (refused.value.status, body["status"], body["category"]) == (status, "error", category)
    assert body["correlationId"]
    assert sim.log()[-1]["accepted"] is False


def test_a_wrong_token_and_an_unknown_contact(sim: Sim, hubspot: Any) -> None:
    with pytest.raises(ApiException) as unknown:
        hubspot.crm.contacts.basic_api.get_by_id("404")
    assert unknown.value.status == 404
    with pytest.raises(ApiException) as wrong:
        HubSpot(access_token="other", host=sim.url).crm.contacts.basic_api.get_by_id("1")
    assert (wrong.value.status, json.loads(wrong.value.body)["category"]) == (401, "INVALID_AUTHENTICATION")


def test_notes_and_tasks_hang_on_a_contact_and_are_found(sim: Sim, hubspot: Any) -> None:
    person = contact(hubspot, email="dana@example.com")

    def add(kind: str, type_id: int, **properties: str) -> Any:
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]
        made = SimplePublicObjectInputForCreate(
            properties={"hs_timestamp": "2026-11-24T15:00:00Z"} | properties,
            associations=[{"to": {"id": person.id}, "types": types}],
        )
        return getattr(hubspot.crm.objects, kind).basic_api.create(simple_public_object_input_for_create=made)

    note = add("notes", 202, hs_note_body="Text sent. ref touch_01ABC")
    add("notes", 202, hs_note_body="Another. ref touch_01ABD")
    task = add("tasks", 204, hs_task_subject="Call Dana", hs_task_status="NOT_STARTED", hs_task_priority="HIGH")
    assert find(hubspot.crm.objects.notes, "hs_note_body", "CONTAINS_TOKEN", "touch_01abc") == [note.id]
    assert find(hubspot.crm.objects.tasks, "associations.contact", "EQ", person.id) == [task.id]
    with pytest.raises(Exception, match="does not lead from"):
        add("tasks", 202, hs_task_subject="Wrong type id")
    assert [(e["kind"], e["to"], e["body"]) for e in sim.log() if e["accepted"]][1:] == [
        ("note", person.id, "Text sent. ref touch_01ABC"),
        ("note", person.id, "Another. ref touch_01ABD"),
        ("task", person.id, "Call Dana"),
    ]


def find(kind: Any, name: str, operator: str, value: str) -> list[str]:
    """Any of the client's modules takes this dictionary as its search request."""
    filters = [{"propertyName": name, "operator": operator, "value": value}]
    wanted = {"filterGroups": [{"filters": filters}], "limit": 5}
    return [each.id for each in kind.search_api.do_search(public_object_search_request=wanted).results]


def test_search_pages_and_compares(hubspot: Any) -> None:
    for number in range(3):
        contact(hubspot, email=f"p{number}@example.com", score=str(number * 5))
    wanted = PublicObjectSearchRequest(
        filter_groups=[{"filters": [{"propertyName": "score", "operator": "GTE", "value": "5"}]}],
        sorts=[{"propertyName": "score", "direction": "DESCENDING"}],
        properties=["score"],
        limit=1,
    )
    page = hubspot.crm.contacts.search_api.do_search(public_object_search_request=wanted)
    assert (page.total, [each.properties["score"] for each in page.results]) == (2, ["10"])
    wanted.after = page.paging.next.after
    assert [e.properties["score"] for e in hubspot.crm.contacts.search_api.do_search(wanted).results] == ["5"]


def test_batches_upsert_and_read(hubspot: Any) -> None:
    entry = {"idProperty": "email", "id": "dana@example.com", "properties": {"firstname": "Dana"}}
    batch = BatchInputSimplePublicObjectBatchInputUpsert(inputs=[entry])
    first = hubspot.crm.contacts.batch_api.upsert(batch)
    second = hubspot.crm.contacts.batch_api.upsert(batch)
    assert [(r.results[0].new, r.results[0].id, r.status) for r in (first, second)] == [
        (True, first.results[0].id, "COMPLETE"),
        (False, first.results[0].id, "COMPLETE"),
    ]
    ids = BatchReadInputSimplePublicObjectId(
        inputs=[{"id": first.results[0].id}, {"id": "1"}], properties=["email"], properties_with_history=[]
    )
    read = hubspot.crm.contacts.batch_api.read(ids)
    assert [each.properties["email"] for each in read.results] == ["dana@example.com"]
    assert (read.num_errors, read.errors[0].context["ids"]) == (1, ["1"])


def test_owners_are_found_by_email_and_associations_made(sim: Sim, hubspot: Any) -> None:
    owner = sim.post("/sim/hubspot/owners", {"email": "alex@example.com", "first_name": "Alex"})["id"]
    sim.post("/sim/hubspot/owners", {"email": "kim@example.com"})
    page = hubspot.crm.owners.owners_api.get_page(email="alex@example.com", limit=10)
    assert [(each.id, each.first_name) for each in page.results] == [(owner, "Alex")]
    person, deal = contact(hubspot, email="dana@example.com"), {"properties": {"dealname": "Roof"}}
    headers = {"Authorization": f"Bearer {SECRETS['BATON_HUBSPOT_TOKEN']}"}
    made = HTTP.post(f"{sim.url}/crm/v3/objects/deals", json=deal, headers=headers).json()
    hubspot.crm.associations.v4.basic_api.create_default("deals", made["id"], "contacts", person.id)
    assert find(hubspot.crm.deals, "associations.contact", "EQ", person.id) == [made["id"]]


def test_a_webhook_announces_what_people_do(sim: Sim, receiver: Receiver) -> None:
    made = sim.post("/sim/hubspot/contacts", {"properties": {"email": "dana@example.com"}}, 202)
    assert made["status"] == 200
    change = {"id": made["id"], "properties": {"lifecyclestage": "opportunity"}}
    sim.post("/sim/hubspot/contacts", change, 202)
    created, changed = receiver.at("/v1/hooks/hubspot")
    stamp = created.headers["x-hubspot-request-timestamp"]
    assert abs(time.time() * 1000 - int(stamp)) < 10_000
    for got in (created, changed):
        stamp, secret = got.headers["x-hubspot-request-timestamp"], SECRETS["BATON_HUBSPOT_CLIENT_SECRET"]
        signature = got.headers["x-hubspot-signature-v3"]
        assert Signature.is_valid(signature, secret, got.body, got.url, "POST", "v3", stamp)
        assert not Signature.is_valid(signature, secret, got.body + " ", got.url, "POST", "v3", stamp)
    [event] = json.loads(created.body)
    assert (event["subscriptionType"], event["objectId"], event["attemptNumber"]) == (
        "contact.creation",
        int(made["id"]),
        0,
    )
    assert {"portalId", "appId", "occurredAt", "eventId"} <= set(event)
    [event] = json.loads(changed.body)
    assert (event["propertyName"], event["propertyValue"]) == ("lifecyclestage", "opportunity")


def test_a_webhook_is_repeated_while_baton_is_down(sim: Sim, receiver: Receiver) -> None:
    receiver.status = 400
    assert sim.post("/sim/hubspot/contacts", {"properties": {}}, 202)["status"] == 400
    assert len(receiver.got) == 1, "a 4xx is final"
    receiver.reset()
    receiver.status = 503

    def recover() -> None:
        while not receiver.got:
            time.sleep(0.01)
        receiver.status = 200

    mender = threading.Thread(target=recover)
    mender.start()
    assert sim.post("/sim/hubspot/contacts", {"properties": {}}, 202)["status"] == 200
    mender.join()
    assert [json.loads(got.body)[0]["attemptNumber"] for got in receiver.got] == [0, 1]
