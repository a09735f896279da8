"""How it went, told in every way there is: HTTP, command, Slack, a signal typed in the Temporal CLI."""

import asyncio
import json
from pathlib import Path

import pytest

from bench.outside import Json, eventually
from bench.rig import PROGRAM, ROOT
from policy.load import read_policy
from runtime.embedded.temporal import find_binary
from tests.e2e.stand import Stand


async def run(*command: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def dispositions(stand: Stand, lead_id: str) -> list[Json]:
    """What the lead's story says of how it went."""
    return [entry["data"] for entry in (await stand.outside.lead(lead_id))["story"] if entry["kind"] == "disposed"]


async def waiting(stand: Stand, source: str = "missed_call") -> str:
    """A lead that waits for a person of ours."""
    lead_id = await stand.arrives(stand.someone(), source)
    await stand.reaches(lead_id, stage="waiting_for_contact")
    return lead_id


async def test_over_http_the_same_key_counts_once(stand: Stand) -> None:
    lead_id = await waiting(stand)
    message = {"code": "no_response", "by": "ada"}
    answers = [await stand.outside.tell(lead_id, "disposition", message, f"key-{lead_id}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].json()["said"] == "disposition no_response recorded"
    await stand.reaches(lead_id, stage="resting")
    assert [(each["code"], each["by"]) for each in await dispositions(stand, lead_id)] == [("no_response", "ada")]


async def test_a_lead_can_be_told_as_soon_as_it_is_captured(stand: Stand) -> None:
    lead_id = await stand.arrives(stand.someone(), "contact_sales")
    answer = await stand.outside.tell(lead_id, "accept", {"rep": "cleo"}, f"at-once-{lead_id}")
    assert (answer.status_code, answer.json()["owner"]) == (200, "cleo")
    await stand.reaches(lead_id, stage="waiting_for_contact", owner="cleo")


async def test_a_closed_lead_takes_no_second_word_and_repeats_of_the_first_are_fine(stand: Stand) -> None:
    lead_id = await waiting(stand)
    won = {"code": "won", "by": "ada"}
    assert (await stand.outside.tell(lead_id, "disposition", won, f"won-{lead_id}")).status_code == 200
    await stand.reaches(lead_id, stage="closed", outcome="won")
    again = await stand.outside.tell(lead_id, "disposition", {"code": "lost", "by": "ben"}, f"lost-{lead_id}")
    assert again.status_code == 409
    assert again.json()["detail"].startswith("The lead is closed (won)")
    assert (await stand.outside.tell(lead_id, "disposition", won, f"won-{lead_id}")).status_code == 200
    assert (await stand.reaches(lead_id, stage="closed"))["outcome"] == "won"


async def test_by_command(stand: Stand) -> None:
    lead_id = await waiting(stand)
    command = (*PROGRAM, "lead", "dispose", lead_id, "--reason", "not_icp", "--by", "cleo")
    code, said = await run(*command, "--data", str(stand.rig.folder))
    assert (code, said.strip()) == (0, "disposition not_icp recorded")
    await stand.reaches(lead_id, stage="closed", outcome="not_icp")


async def test_by_a_press_in_slack(stand: Stand) -> None:
    lead_id = await waiting(stand)
    team = {rep.handle: rep.slack for rep in read_policy(stand.rig.policy).policy.team}
    owner = (await stand.reaches(lead_id))["owner"]

    async def pressed(action: str, value: str) -> bool:
        press = {"rep": team[owner], "action_id": action, "value": f"{lead_id}:{value}"}
        return (await stand.outside.simulate("press", press)).status_code == 202

    await eventually(lambda: pressed("accept", "1"), 30, "the offer can be accepted")
    await eventually(lambda: has_heard(stand, lead_id, "accepted"), 30, "the lead is accepted")
    assert await pressed("dispose", "not_now")
    await stand.reaches(lead_id, stage="resting", owner=owner)
    assert [(each["code"], each["by"]) for each in await dispositions(stand, lead_id)] == [("not_now", owner)]


async def has_heard(stand: Stand, lead_id: str, kind: str) -> bool:
    return any(entry["kind"] == kind for entry in (await stand.outside.lead(lead_id))["story"])


@pytest.mark.parametrize("typed", ['{"code": "competitor", "by": "dev"}', '"competitor"'])
async def test_by_a_signal_from_the_temporal_cli(stand: Stand, typed: str) -> None:
    lead_id = await waiting(stand)
    await signal(stand, lead_id, typed)
    await stand.reaches(lead_id, stage="closed", outcome="lost")
    assert [each["code"] for each in await dispositions(stand, lead_id)] == ["competitor"]


async def test_a_signal_that_makes_no_sense_is_kept_as_a_dead_letter_and_shown(stand: Stand) -> None:
    lead_id = await waiting(stand)
    await signal(stand, lead_id, '{"code": "went fishing"}')
    await eventually(lambda: has_heard(stand, lead_id, "dead_letter"), 30, "the dead letter is in the lead's story")
    assert (await stand.reaches(lead_id, stage="waiting_for_contact"))["outcome"] is None


async def signal(stand: Stand, lead_id: str, typed: str) -> None:
    address = str(stand.rig.status().temporal_address)
    command = (str(find_binary()), "workflow", "signal", "--address", address, "--workflow-id", f"lead/main/{lead_id}")
    code, said = await run(*command, "--name", "record_disposition", "--input", typed)
    assert code == 0, said


async def test_a_file_captured_by_command_takes_the_same_way(stand: Stand, tmp_path: Path) -> None:
    who = stand.someone()
    file = tmp_path / "lead.json"
    body = {"source": "paid_lead_form", "source_event_id": f"file-{who.email}", "consent": {"sms": True}}
    file.write_text(json.dumps(body | {"person": {"name": who.name, "phone": who.phone}}))
    code, said = await run(*PROGRAM, "lead", "capture", str(file), "--json", "--data", str(stand.rig.folder))
    assert code == 0, said
    assert json.loads(said)["first_motion"] == "text_back"
    assert len(await stand.is_texted(who)) == 1
