"""From a form to a text over the real stack: races, repeats, what operators find by search."""

import asyncio
import json
from collections import Counter

from bench.latency import Load
from bench.outside import eventually, inquiry
from bench.rig import ALWAYS_OPEN
from policy.load import read_policy
from runtime.embedded.temporal import find_binary
from tests.e2e.stand import Stand, texts


async def test_fifty_posts_of_one_person_at_once_are_one_lead_and_one_text(stand: Stand) -> None:
    who = stand.someone()
    area, rest = who.phone[2:5], who.phone[5:]
    spellings = (who.phone, f"({area}) {rest[:3]}-{rest[3:]}", f"{area}.{rest[:3]}.{rest[3:]}", f"1 {area} {rest}")
    bodies = []
    for number in range(50):
        body = inquiry(who)
        body["person"]["phone"] = spellings[number % len(spellings)]
        bodies.append(body)
    answers = await asyncio.gather(*(stand.outside.insist(body) for body in bodies))
    assert len({answer["lead_id"] for answer in answers}) == 1
    assert Counter(answer["status"] for answer in answers) == {"started": 1, "joined": 49}
    await stand.is_texted(who)
    lead_id = answers[0]["lead_id"]
    await all_heard(stand, lead_id, 50)
    assert len(texts(await stand.log_of(who))) == 1
    rows = await stand.ask_database("select state, count(*) from inbox where lead_id = $1 group by state", lead_id)
    assert {row["state"]: row["count"] for row in rows} == {"dispatched": 50}


async def all_heard(stand: Stand, lead_id: str, messages: int) -> None:
    handle = await stand.handle(lead_id)

    async def heard() -> bool:
        return len((await handle.query("lead", result_type=dict))["seen"]) == messages

    await eventually(heard, 60, "the lead heard of every post")


async def test_an_event_delivered_ten_times_is_one_lead_and_one_text(stand: Stand) -> None:
    who = stand.someone()
    event = inquiry(who)
    answers = [await stand.outside.capture(event) for _ in range(5)]
    answers += await asyncio.gather(*(stand.outside.capture(event) for _ in range(5)))
    assert [answer["status"] for answer in answers] == ["started"] + ["duplicate"] * 9
    await stand.is_texted(who)
    assert len({answer["lead_id"] for answer in answers}) == 1
    assert len(texts(await stand.log_of(who))) == 1


async def test_a_lead_handed_to_a_rep_shows_in_slack_in_the_crm_and_in_temporals_search(stand: Stand) -> None:
    who = stand.someone()
    lead_id = await stand.arrives(who, "missed_call")
    row = await stand.reaches(lead_id, stage="waiting_for_contact")
    assert row["owner"] in {rep.handle for rep in read_policy(ALWAYS_OPEN).policy.team}
    await stand.is_texted(who)

    async def offered() -> bool:
        return len(await stand.chat_about(lead_id)) == 1

    await eventually(offered, 30, "the offer is in Slack")
    for query in ("LeadStage = 'waiting_for_contact'", f"LeadOwner = '{row['owner']}' and LeadSource = 'missed_call'"):
        assert f"lead/main/{lead_id}" in await listed(stand, query)
    notes = [entry for entry in await stand.outside.log() if entry.kind == "note"]
    touches = [touch["touch_id"] for touch in (await stand.outside.lead(lead_id))["touches"]]
    assert max(sum(touch in (note.body or "") for note in notes) for touch in touches) == 1


async def listed(stand: Stand, query: str) -> set[str]:
    """Workflow ids that `temporal workflow list` finds."""
    command = (str(find_binary()), "workflow", "list", "--address", str(stand.rig.status().temporal_address))
    process = await asyncio.create_subprocess_exec(
        *command, "--query", query, "--limit", "1000", "--output", "json", stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return {found["execution"]["workflowId"] for found in json.loads(out)}


async def test_a_little_load_loses_nothing_and_doubles_nothing(stand: Stand) -> None:
    first = 7000  # far from the people of other tests
    measured = await Load(stand.outside, rate=8.0, leads=16, first=first).run()
    assert (measured.lost, measured.duplicate_touches) == (0, 0)
    assert measured.ack_ms.p50 <= measured.touch_ms.max
