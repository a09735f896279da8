"""HubSpot on a wire that misbehaves: nothing is written twice, and every fault is told apart."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx2
import pytest

from adapters.crm.hubspot import HubSpotCrm
from domain.errors import Ambiguous, NotAuthorised, NotSent, Rejected, Throttled
from domain.ports import Crm, CrmEntry
from tests.adapters.hubspot_double import HubSpotDouble
from tests.adapters.wire import (
    FAULTS,
    Fault,
    answering_json,
    check,
    cut,
    drop,
    failing,
    hang,
    reset,
    serving,
    told,
    unused_port,
)

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
TOUCH = "0199-t1"
SHORT = httpx2.Timeout(connect=0.5, read=0.4, write=0.5, pool=0.3)
ENTRY = CrmEntry(
    contact_id=None,
    email="dana@example.com",
    phone="+15125550142",
    name="Dana Lee Ortiz",
    company="Ortiz & Sons",
    owner_id="77",
    stage="OPEN",
    note="Dana wrote: <b>call me</b> & soon",
    task="Call Dana Ortiz\nAsk about the roof",
    task_due=NOW,
)
SECRETS = ("Dana", "dana@example.com", "5125550142", "pat-s3cret")
UPSERT = "POST /crm/v3/objects/contacts/batch/upsert"


@asynccontextmanager
async def hubspot(url: str, patience: httpx2.Timeout = SHORT) -> AsyncIterator[HubSpotCrm]:
    adapter = HubSpotCrm("pat-s3cret", url, patience)
    try:
        yield adapter
    finally:
        await adapter.aclose()


@asynccontextmanager
async def working() -> AsyncIterator[tuple[HubSpotDouble, HubSpotCrm]]:
    double = HubSpotDouble()
    async with serving(double.behave) as wire, hubspot(wire.url) as adapter:
        yield double, adapter


async def apply(url: str) -> object:
    async with hubspot(url) as adapter:
        return await adapter.apply(TOUCH, ENTRY)


async def find(url: str) -> object:
    async with hubspot(url) as adapter:
        return await adapter.find(TOUCH, ENTRY)


async def contact(url: str) -> object:
    async with hubspot(url) as adapter:
        return await adapter.contact("101")


# A search's answer is readable without an id: an empty one means that nothing was found.
STRICT = [fault for fault in FAULTS if fault.name != "an object without the id"]


@pytest.mark.parametrize("fault", STRICT, ids=lambda fault: fault.name)
async def test_writing_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, apply), SECRETS)


@pytest.mark.parametrize("fault", STRICT, ids=lambda fault: fault.name)
async def test_looking_up_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, find), SECRETS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_fetching_a_contact_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, contact), SECRETS)


@pytest.mark.parametrize(
    ("status", "body", "detail"),
    [
        (400, {"category": "VALIDATION_ERROR", "message": "Dana dana@example.com"}, "VALIDATION_ERROR"),
        (401, {"category": "INVALID_AUTHENTICATION"}, "INVALID_AUTHENTICATION"),
        (403, {"category": "MISSING_SCOPES"}, "MISSING_SCOPES"),
        (409, {"category": "CONFLICT", "message": "Existing ID: 1"}, "CONFLICT"),
        (400, {"category": "Dana Ortiz is no option"}, "http_400"),
        (400, ["dana@example.com"], "http_400"),
    ],
)
async def test_a_refusal_carries_the_category_and_no_personal_data(status: int, body: object, detail: str) -> None:
    error = await failing(Fault("4xx", answering_json(status, body), Rejected), apply)
    assert (type(error), error.detail) == (NotAuthorised if status in {401, 403} else Rejected, detail)
    assert [secret for secret in SECRETS if secret in told(error)] == []


async def test_being_throttled_names_the_policy() -> None:
    body = {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}
    error = await failing(Fault("429", answering_json(429, body), Throttled), apply)
    assert isinstance(error, Throttled)
    assert (error.detail, error.after) == ("TEN_SECONDLY_ROLLING", None)


async def test_a_fault_is_answered_with_one_request() -> None:
    for behaviour in (answering_json(503, {}), drop, reset, cut):
        async with serving(behaviour) as wire:
            with pytest.raises(Ambiguous):
                await apply(wire.url)
            assert len(wire.requests) == 1


async def test_nobody_listening_is_proven_not_sent() -> None:
    with pytest.raises(NotSent):
        await apply(f"http://127.0.0.1:{unused_port()}")


async def test_a_new_contact_gets_owner_stage_note_and_task() -> None:
    async with working() as (double, adapter):
        held: Crm = adapter
        accepted = await held.apply(TOUCH, ENTRY)
    (contact_id, person), (note_id, note), (task_id, task) = (
        next(iter(double.objects[kind].items())) for kind in ("contacts", "notes", "tasks")
    )
    assert accepted.vendor_id == f"{contact_id}/{note_id}"
    assert person == {
        "email": "dana@example.com",
        "firstname": "Dana",
        "lastname": "Lee Ortiz",
        "phone": "+15125550142",
        "company": "Ortiz & Sons",
        "hubspot_owner_id": "77",
        "hs_lead_status": "OPEN",
    }
    assert note["hs_note_body"] == f"Dana wrote: &lt;b&gt;call me&lt;/b&gt; &amp; soon<br>[baton {TOUCH}]"
    assert task["hs_task_subject"] == "Call Dana Ortiz"
    assert task["hs_task_body"] == f"Call Dana Ortiz<br>Ask about the roof<br>[baton {TOUCH}]"
    assert task["hs_timestamp"] == str(int(NOW.timestamp() * 1000))
    assert (task["hs_task_status"], task["hubspot_owner_id"]) == ("NOT_STARTED", "77")
    assert double.links == [("notes", note_id, contact_id, 202), ("tasks", task_id, contact_id, 204)]
    assert double.calls == [UPSERT, "POST /crm/v3/objects/notes", "POST /crm/v3/objects/tasks"]


async def test_doing_it_twice_writes_nothing_twice() -> None:
    async with working() as (double, adapter):
        first = await adapter.apply(TOUCH, ENTRY)
        assert await adapter.apply(TOUCH, ENTRY) == first
        found = await adapter.find(TOUCH, ENTRY)
        assert found is not None
        assert found.vendor_id == first.vendor_id.partition("/")[2], "the note"
    assert {kind: len(held) for kind, held in double.objects.items()} == {"contacts": 1, "notes": 1, "tasks": 1}


async def test_half_done_is_not_done_and_is_finished_by_the_next_attempt() -> None:
    async with working() as (double, adapter):
        double.fail_next["POST /crm/v3/objects/tasks"] = (500, {})
        with pytest.raises(Ambiguous):
            await adapter.apply(TOUCH, ENTRY)
        assert await adapter.find(TOUCH, ENTRY) is None
        await adapter.apply(TOUCH, ENTRY)
        assert await adapter.find(TOUCH, ENTRY) is not None
    assert (len(double.objects["notes"]), len(double.objects["tasks"])) == (1, 1)


async def test_another_touch_is_not_ours() -> None:
    async with working() as (double, adapter):
        double.put("notes", hs_note_body=f"x [baton {TOUCH}1]")
        assert await adapter.find(TOUCH, ENTRY.model_copy(update={"task": None})) is None


async def test_a_known_contact_keeps_its_own_words() -> None:
    async with working() as (double, adapter):
        known = double.put("contacts", email="d@example.com", firstname="D.")
        await adapter.apply(TOUCH, ENTRY.model_copy(update={"contact_id": known, "note": None, "task": None}))
        assert double.objects["contacts"][known] == {
            "email": "d@example.com",
            "firstname": "D.",
            "hubspot_owner_id": "77",
            "hs_lead_status": "OPEN",
        }
        assert double.calls == [f"PATCH /crm/v3/objects/contacts/{known}"]


@pytest.mark.parametrize("field", ["phone", "mobilephone"])
async def test_without_an_e_mail_the_number_finds_the_contact(field: str) -> None:
    async with working() as (double, adapter):
        known = double.put("contacts", **{field: "+15125550142"})
        entry = ENTRY.model_copy(update={"email": None, "note": None, "task": None})
        assert (await adapter.apply(TOUCH, entry)).vendor_id == known
    assert len(double.objects["contacts"]) == 1


async def test_an_unknown_number_makes_one_contact() -> None:
    async with working() as (double, adapter):
        for _ in range(2):
            await adapter.apply(TOUCH, ENTRY.model_copy(update={"email": None}))
    assert [held["phone"] for held in double.objects["contacts"].values()] == ["+15125550142"]
    assert len(double.objects["notes"]) == 1


THROTTLING = (429, {"status": "error", "category": "RATE_LIMITS", "policyName": "SECONDLY"})


@pytest.mark.parametrize("call", [UPSERT, "POST /crm/v3/objects/notes/search", "POST /crm/v3/objects/notes"])
async def test_throttled_before_anything_was_made_nothing_was_sent(call: str) -> None:
    async with working() as (double, adapter):
        double.put("contacts", email=ENTRY.email or "")
        double.fail_next[call] = THROTTLING
        with pytest.raises(Throttled):
            await adapter.apply(TOUCH, ENTRY)
        await adapter.apply(TOUCH, ENTRY)
    assert [len(double.objects[kind]) for kind in ("contacts", "notes", "tasks")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("call", "known_by"),
    [("POST /crm/v3/objects/tasks", "email"), ("POST /crm/v3/objects/notes", "phone")],
    ids=["the note was made", "the contact was made"],
)
async def test_throttled_half_way_the_touch_is_not_called_unsent(call: str, known_by: str) -> None:
    """HubSpot's search lags behind: a second try at once would make the same again."""
    entry = ENTRY if known_by == "email" else ENTRY.model_copy(update={"email": None})
    async with working() as (double, adapter):
        double.fail_next[call] = THROTTLING
        with pytest.raises(Ambiguous, match="SECONDLY"):
            await adapter.apply(TOUCH, entry)
        assert await adapter.find(TOUCH, entry) is None
        await adapter.apply(TOUCH, entry)
    assert [len(double.objects[kind]) for kind in ("contacts", "notes", "tasks")] == [1, 1, 1]


async def test_all_calls_of_one_entry_share_a_deadline() -> None:
    async def slow(_: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        await answering_json(200, {"id": "1", "results": [{"id": "1"}]})(_, writer)

    patience = httpx2.Timeout(connect=0.05, read=0.35, write=0.5, pool=0.05)
    async with serving(slow) as wire, hubspot(wire.url, patience) as adapter:
        held: Crm = adapter
        began = asyncio.get_running_loop().time()
        with pytest.raises(Ambiguous, match="TimeoutError"):
            await held.apply(TOUCH, ENTRY)
        assert asyncio.get_running_loop().time() - began < held.deadline.total_seconds() + 0.2


async def test_nobody_to_write_about_is_refused() -> None:
    async with working() as (double, adapter):
        with pytest.raises(Rejected, match="no_identity"):
            await adapter.apply(TOUCH, ENTRY.model_copy(update={"email": None, "phone": None}))
        assert double.calls == []


@pytest.mark.parametrize(
    ("stage", "name", "value"),
    [
        ("IN_PROGRESS", "hs_lead_status", "IN_PROGRESS"),
        ("OUR_OWN_STATUS", "hs_lead_status", "OUR_OWN_STATUS"),
        ("salesqualifiedlead", "lifecyclestage", "salesqualifiedlead"),
    ],
)
async def test_a_stage_is_a_lead_status_or_a_lifecycle_stage(stage: str, name: str, value: str) -> None:
    async with working() as (double, adapter):
        await adapter.apply(TOUCH, ENTRY.model_copy(update={"stage": stage, "note": None, "task": None}))
    assert next(iter(double.objects["contacts"].values()))[name] == value


async def test_an_owner_may_be_known_by_e_mail() -> None:
    async with working() as (double, adapter):
        await adapter.apply(TOUCH, ENTRY.model_copy(update={"owner_id": "rep@example.com"}))
        assert next(iter(double.objects["contacts"].values()))["hubspot_owner_id"] == "77"
        with pytest.raises(Rejected, match="owner_unknown"):
            await adapter.apply(TOUCH, ENTRY.model_copy(update={"owner_id": "who@example.com"}))


async def test_a_contact_is_read_as_a_person() -> None:
    async with working() as (double, adapter):
        given = {"firstname": "Dana", "lastname": "Ortiz", "phone": "512 555 0100", "mobilephone": "512 555 0142"}
        more = {"email": "dana@example.com", "company": "Ortiz", "jobtitle": "Owner", "state": "TX", "zip": "78701"}
        known = double.put("contacts", **given, **more, baton_source="demo_request", hubspot_owner_id="77", country="")
        read = await adapter.contact(known)
    assert read is not None
    assert (read.contact_id, read.source, read.owner_id) == (known, "demo_request", "77")
    assert (read.person.name, read.person.phone, read.person.title) == ("Dana Ortiz", "512 555 0142", "Owner")
    assert read.person.address is not None
    assert (read.person.address.region, read.person.address.postal_code) == ("TX", "78701")
    assert read.properties["phone"] == "512 555 0100"
    assert "country" not in read.properties


@pytest.mark.parametrize("contact_id", ["404", "../owners", "1?x=1", "", "١٢"])
async def test_a_contact_that_is_not_there_is_none(contact_id: str) -> None:
    async with working() as (double, adapter):
        assert await adapter.contact(contact_id) is None
        assert double.calls == (["GET /crm/v3/objects/contacts/404"] if contact_id == "404" else [])


async def test_a_contact_beyond_the_contract_is_cut_to_it() -> None:
    held = {
        "firstname": "Dana" * 3000,
        "lastname": "O" * 9000,
        "company": "x\0" * 9000,
        "hs_analytics_first_url": "/" * 9000,
    }
    async with serving(answering_json(200, {"id": "1", "properties": held})) as wire, hubspot(wire.url) as adapter:
        read = await adapter.contact("1")
    assert read is not None
    assert (len(read.person.name or ""), read.person.company, len(read.page or "")) == (8192, "x" * 8192, 8192)


async def test_an_upsert_that_took_nobody_is_refused() -> None:
    async with working() as (double, adapter):
        double.fail_next[UPSERT] = (207, {"status": "COMPLETE", "results": [], "numErrors": 1})
        with pytest.raises(Rejected, match="upsert_refused"):
            await adapter.apply(TOUCH, ENTRY)


async def test_no_person_reaches_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    async with working() as (_, adapter):
        with caplog.at_level(logging.DEBUG):
            await adapter.apply(TOUCH, ENTRY.model_copy(update={"owner_id": "rep@example.com"}))
    assert [secret for secret in (*SECRETS, "rep@example.com") if secret in caplog.text] == []


async def test_fifty_hanging_requests_starve_nobody() -> None:
    async def mostly_hanging(request: bytes, writer: asyncio.StreamWriter) -> None:
        if b"/contacts/666" in request:
            await hang(request, writer)
        await answering_json(200, {"id": "101"})(request, writer)

    patience = httpx2.Timeout(connect=1.0, read=1.5, write=1.0, pool=1.0)
    async with serving(mostly_hanging) as wire, hubspot(wire.url, patience) as adapter:
        hung = [asyncio.ensure_future(adapter.contact("666")) for _ in range(50)]
        while len(wire.requests) < 50:
            await asyncio.sleep(0.01)
        async with asyncio.timeout(1.0):
            assert await adapter.contact("101") is not None
        assert not any(task.done() for task in hung)
        outcomes = await asyncio.gather(*hung, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Ambiguous}


async def test_bodies_are_json_in_hubspots_own_names() -> None:
    async with serving(answering_json(200, {"results": []})) as wire, hubspot(wire.url) as adapter:
        await adapter.find(TOUCH, ENTRY.model_copy(update={"task": None}))
    assert json.loads(wire.requests[0].partition(b"\r\n\r\n")[2]) == {
        "filterGroups": [{"filters": [{"propertyName": "hs_note_body", "operator": "CONTAINS_TOKEN", "value": TOUCH}]}],
        "properties": ["hs_note_body"],
        "limit": 100,
    }
