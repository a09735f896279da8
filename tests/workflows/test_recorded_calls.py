"""Calls that are recorded, and machines that answer: what people hear, what the CRM says of it (N1, contact law)."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.recordings import Recordings
from domain.call_facts import Recorded
from domain.errors import Rejected
from domain.events import Called
from domain.facts import ConsentFacts
from domain.messages import RowRef
from domain.reconciling import Sweep
from policy.loaded import LoadedPolicy
from policy.telephone import Recording
from tests.fake_phones import TAKES, Line, recording_of
from tests.fakes import texan
from tests.policy import cases
from tests.workflows.theatre import Played, Theatre

ADAS = "Ada Reyes"
ADA, DANA = "+15125550101", "+15125550142"
TALKS = Line(talks=timedelta(minutes=4, seconds=5))
MACHINE = Line(machine=True, hears_after=0.3)


def recording(**changes: object) -> LoadedPolicy:
    """The manual's policy, which records calls."""
    loaded = cases.default()
    assert loaded.policy.calls is not None
    calls = loaded.policy.calls.model_copy(update={"record": Recording(), **changes})
    return dataclasses.replace(loaded, policy=loaded.policy.model_copy(update={"calls": calls}))


@pytest.fixture
def stage(theatre: Theatre) -> Theatre:
    theatre.dials = True
    theatre.follow(recording())
    theatre.only("ada")
    theatre.voice.lines = {ADA: TAKES, DANA: TALKS}
    return theatre


async def called(lead: Played) -> Called:
    """What came of the call, once it is over and all that follows is done."""
    async with asyncio.timeout(30):
        while True:
            story = lead.theatre.records.story.get(lead.lead.lead_id, {})
            facts = [entry.fact for entry in [*story.values(), *(await lead.state()).unwritten]]
            if found := [fact for fact in facts if isinstance(fact, Called)]:
                break
            await asyncio.sleep(0.02)
    await lead.settled()
    return found[0]


def notes(stage: Theatre) -> list[str]:
    """What the CRM says of calls."""
    said = [entry.note or "" for entry in stage.crm.entries]
    return [note for note in said if note.startswith(("Baton: call", "Baton: recording"))]


async def test_both_hear_that_it_is_recorded_and_the_crm_has_the_link(stage: Theatre) -> None:
    stage.voice.lines[DANA] = dataclasses.replace(TALKS, records=True, hears_after=0.5)
    fact = await called(await stage.arrives("demo_request"))
    call_id = fact.call_id or ""
    assert [what for _, what in stage.voice.said] == ["recorded"]
    assert fact.recording == f"RE{call_id}"
    assert notes(stage) == [f"Baton: call by {ADAS}, connected 4:05. Recording: {recording_of(f'RE{call_id}')}"]


async def test_a_recording_that_comes_after_the_call_has_a_note_of_its_own(stage: Theatre) -> None:
    lead = await stage.arrives("demo_request")
    fact = await called(lead)
    assert notes(stage) == [f"Baton: call by {ADAS}, connected 4:05."]
    _, ref = await stage.voice.calls.recorded(fact.call_id or "", Recorded(recording="RE9"))
    assert isinstance(ref, RowRef)
    for _ in range(2):
        await lead.handle.signal("inbox", ref)
    await lead.settled()
    assert notes(stage)[1:] == [f"Baton: recording of the call by {ADAS}, 4:05: {recording_of('RE9')}"]


async def test_a_recording_people_could_not_be_told_of_is_no_recording(stage: Theatre) -> None:
    stage.voice.mute = Rejected("twilio", "21220")
    stage.voice.lines[DANA] = dataclasses.replace(TALKS, records=True, hears_after=0.5)
    fact = await called(await stage.arrives("demo_request"))
    assert (fact.result, fact.recording) == ("connected", None)
    assert notes(stage) == [f"Baton: call by {ADAS}, connected 4:05."]
    sweeping = Recordings(stage.voice.calls, stage.voice, stage.policies)
    assert await ActivityEnvironment().run(sweeping.delete, Sweep(tenant="main")) == 1
    assert await ActivityEnvironment().run(sweeping.delete, Sweep(tenant="main")) == 0
    assert stage.voice.deleted == [f"RE{fact.call_id}"]


async def test_a_recording_the_vendor_does_not_delete_stays_for_another_night(stage: Theatre) -> None:
    stage.voice.lines[DANA] = dataclasses.replace(TALKS, records=True, hears_after=0.5)
    fact = await called(await stage.arrives("demo_request"))
    stage.voice.calls.old.append(fact.call_id or "")
    stage.voice.troubles = [Rejected("twilio", "20003")]
    sweeping = Recordings(stage.voice.calls, stage.voice, stage.policies)
    assert [await ActivityEnvironment().run(sweeping.delete, Sweep(tenant="main")) for _ in range(3)] == [0, 1, 0]
    assert not stage.voice.calls.rows[fact.call_id or ""].may_be_heard


async def test_a_machine_is_hung_up_on_at_once_even_where_they_had_met_already(stage: Theatre) -> None:
    stage.voice.lines[DANA] = MACHINE
    fact = await called(await stage.arrives("demo_request"))
    assert (fact.result, fact.contact) == ("voicemail", False)
    said = [what for _, what in stage.voice.said]
    assert said == ["recorded", "That was their voicemail, so we hung up. The lead is yours."]
    assert notes(stage) == [f"Baton: call by {ADAS}, voicemail."]
    assert len(stage.sms.told) == 1, "who was not reached is texted"


async def test_words_are_left_where_consent_is_written_and_the_rep_hears_of_it(stage: Theatre) -> None:
    stage.follow(recording(voicemail="missed_call"))
    stage.only("ada")
    stage.voice.lines[DANA] = MACHINE
    consent = ConsentFacts(kind="written", automated=True, sms=True, call=True)
    fact = await called(await stage.arrives("demo_request", person=texan(), consent=consent))
    assert fact.result == "dropped"
    _, left, heard = [what for _, what in stage.voice.said]
    assert left.startswith("Hi, this is ")
    assert heard == "That was their voicemail, and a message was left. The lead is yours."
    machine = next(sid for sid, phone in stage.voice.numbers.items() if phone == DANA)
    assert machine not in stage.voice.hung_up, "the words were not cut off"
    assert len(stage.voice.staying) == 1, "their leg was taken out of the conference without ending it"


async def test_somebody_taken_for_a_machine_while_they_spoke_is_not_hung_up_on(stage: Theatre) -> None:
    stage.voice.lines[DANA] = dataclasses.replace(TALKS, by="machine_start")
    fact = await called(await stage.arrives("demo_request"))
    assert (fact.result, fact.contact) == ("connected", True)
