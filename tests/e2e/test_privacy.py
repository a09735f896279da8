"""Nobody's name, number, address or words are in Temporal or in a log, whatever happened to them."""

import base64
import json
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy

from bench.outside import Outside, eventually, inquiry
from bench.people import ENOUGH, Someone, someone
from tests.e2e.canaries import Hit, files_of, found, in_files, in_temporal, of_person, plainly, spellings
from tests.e2e.stand import Stand

WORDS = {
    "reply": "Vexilbrand quotient, ring me on the marmalade line",
    "stop": "Please stop texting me, quoth the zanzimarmot",
    "question": "Is the ombrellaro gutter in stock?",
    "answer": "quinquereme by thursdaynext",
    "campaign": "spratling-hoverfly",
    "referrer": "Ignatzia Querfeldt",
    "extra": "umlautoscope",
}


async def test_no_history_database_or_log_holds_a_person(stand: Stand) -> None:
    who = [stand.someone() for _ in range(8)]
    await live_through_everything(stand, who)
    canaries = [value for each in who for value in of_person(each)] + list(WORDS.values())
    spelled = plainly(stand.used) | spellings(canaries)
    runs, hits = await in_temporal(await stand.client(), spelled)
    assert runs >= 6
    assert hits == []
    files = files_of(stand.rig.folder)
    assert {"temporal.db", "api.log", "worker.log", "temporal.log", "postgres.log", "supervisor.log"} <= {
        file.name for file in files
    }
    assert in_files(files, spelled) == []
    assert await failures(await stand.client()) > 0


async def live_through_everything(stand: Stand, who: list[Someone]) -> None:
    """Leads that are texted, answered, disposed of, stopped, joined and refused, with vendors failing on the way."""
    outside = stand.outside
    leads = []
    for each, (vendor, kind) in zip(who, VENDORS, strict=False):
        await outside.arm(vendor, kind, match="POST")
        told = {"attribution": {"campaign": WORDS["campaign"], "referrer_name": WORDS["referrer"]}}
        answers = {"answers": {"question": WORDS["answer"]}, "comment": WORDS["extra"]}
        leads.append(await stand.arrives(each, "missed_call", **told, **answers))
        await stand.is_texted(each)
    assert await outside.texts_us(who[0].phone, WORDS["reply"]) == 200
    assert await outside.texts_us(who[1].phone, WORDS["stop"]) == 200
    assert await outside.texts_us(who[6].phone, WORDS["question"]) == 200
    await stand.arrives(who[2], "demo_request")
    await outside.tell(leads[3], "disposition", {"code": "no_response", "by": "ada"}, f"private-{leads[3]}")
    await outside.simulate("personas", {"phone": who[7].phone, "kind": "landline"})
    await stand.arrives(who[7])
    await refused_requests(outside, who[6])
    await stand.reaches(leads[0], stage="working")
    await stand.reaches(leads[1], stage="closed")
    await stand.reaches(leads[3], stage="resting")
    await eventually(lambda: rep_was_told(stand, WORDS["reply"]), 60, "the rep has read the reply")


VENDORS = (
    ("twilio", "429"),
    ("twilio", "500_after_accept"),
    ("twilio", "drop_after_accept"),
    ("slack", "500"),
    ("slack", "429"),
    ("hubspot", "500"),
)


async def rep_was_told(stand: Stand, words: str) -> bool:
    return any(words in str(entry.blocks) for entry in await stand.outside.log())


async def refused_requests(outside: Outside, who: Someone) -> None:
    """Each holds a person and is refused, with whatever the API says about it."""
    wrong = inquiry(who, person={"name": who.name, "phone": ["no", who.phone], "email": who.email})
    assert (await outside.post(wrong)).status_code == 422
    assert (await outside.tell(who.email, "disposition", {"code": who.name, "by": "ada"}, "k")).status_code in {
        404,
        422,
    }
    async with httpx2.AsyncClient(trust_env=False) as http:
        for content, headers in (
            (json.dumps(inquiry(who)), {}),
            (f'{{"person": {{"name": "{who.name}", "phone": "{who.phone}"', {"authorization": f"Bearer {who.email}"}),
        ):
            answer = await http.post(f"{outside.api}/v1/inquiries", content=content, headers=headers)
            assert answer.status_code in {401, 403}
        bad_form = {"From": who.phone, "Body": WORDS["question"], "MessageSid": "SM1"}
        assert (await http.post(f"{outside.api}/v1/hooks/twilio/sms", data=bad_form)).status_code in {401, 403}
        await http.get(f"{outside.api}/v1/leads", params={"owner": who.email, "phone": who.phone})


async def failures(client: Client) -> int:
    """Events that tell of a failed attempt: without one, nothing shows that failures are clean."""
    count = 0
    async for execution in client.list_workflows():
        history = await client.get_workflow_handle(execution.id, run_id=execution.run_id).fetch_history()
        count += sum(event.activity_task_started_event_attributes.HasField("last_failure") for event in history.events)
    return count


async def is_listed(client: Client, workflow_id: str) -> bool:
    """A list shows a run a moment after its start was answered."""
    running = f"WorkflowId = '{workflow_id}' AND ExecutionStatus = 'Running'"
    return (await client.count_workflows(running)).count > 0


async def test_the_scan_finds_a_person_who_is_there(stand: Stand, tmp_path: Path) -> None:
    planted = someone(ENOUGH - 1)  # met by no test
    spelled = spellings(of_person(planted))
    client = await stand.client()
    handle = await client.start_workflow(
        "Planted",
        {"to": planted.phone},
        id="planted",
        task_queue="nobody-polls-this",
        memo={"who": planted.email},
        static_summary=planted.first,
        execution_timeout=timedelta(hours=1),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
    try:
        await eventually(lambda: is_listed(client, "planted"), 30, "the planted run is listed")
        _, hits = await in_temporal(client, spelled)
        in_event = {hit.canary for hit in hits if hit.place == "planted event 1"}
        assert in_event >= {planted.phone, planted.email, planted.first}
        assert Hit("planted description", planted.email) in hits
        in_database = [hit for hit in in_files(files_of(stand.rig.folder), spelled) if "temporal.db" in hit.place]
        assert {hit.canary for hit in in_database} >= {planted.phone, planted.email}
    finally:
        await handle.terminate()


@pytest.mark.parametrize(
    "written",
    [
        "sent to (202) 555-0143 at noon",
        "to=%2B12025550143&body=hi",
        'level=INFO "2025550143"',
        "for DANA.QUARTERMASTER",
        "dana.quartermaster%40wendlebury.example",
        json.dumps({"payload": base64.b64encode(b'{"name": "Dana Quartermaster"}').decode()}),
        json.dumps({"payload": base64.b64encode(b'x{"phone": "+12025550143"}').decode()}),
        b"xx+12025550143yy".hex(),
    ],
)
def test_the_scan_knows_how_a_value_may_be_written(written: str) -> None:
    who = Someone("Dana", "Quartermaster", "+12025550143", "dana.quartermaster@wendlebury.example", "Wendlebury Roofs")
    assert found("a log", written.encode(), spellings(of_person(who)))
    assert not found("a log", written.encode(), spellings(of_person(someone(5))))
