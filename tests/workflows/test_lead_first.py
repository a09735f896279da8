"""The person's phone first, within the limits of N24: rung once a rep has picked up, connected in time or told why."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest

from domain.abandonment import Abandonment
from domain.decisions import Opening
from domain.replies import ReplyKind
from policy.loaded import LoadedPolicy
from tests.fake_phones import MISSES, RINGS_ON, Line
from tests.policy import cases
from tests.workflows.test_calls import row
from tests.workflows.test_recorded_calls import called
from tests.workflows.theatre import Theatre

ADA, DANA = "+15125550101", "+15125550142"
TALKS = Line(talks=timedelta(minutes=4))
SEASONED = Abandonment(answered=200)


def person_first() -> LoadedPolicy:
    loaded = cases.default()
    assert loaded.policy.calls is not None
    calls = loaded.policy.calls.model_copy(update={"first": Opening.LEAD})
    return dataclasses.replace(loaded, policy=loaded.policy.model_copy(update={"calls": calls}))


@pytest.fixture
def stage(theatre: Theatre) -> Theatre:
    theatre.dials = True
    theatre.follow(person_first())
    theatre.only("ada")
    return theatre


async def test_their_phone_rings_while_the_rep_makes_up_their_mind_and_both_are_connected(stage: Theatre) -> None:
    stage.voice.lines = {ADA: Line(takes=True, listens=0.4), DANA: dataclasses.replace(TALKS, after=0.8)}
    lead = await stage.arrives("demo_request", abandonment=SEASONED)
    fact = await called(lead)
    assert [phone for _, phone in stage.voice.rung] == [ADA, DANA]
    assert stage.voice.rung_before_press == [DANA]
    assert (fact.result, fact.rep, fact.contact) == ("connected", "ada", True)


async def test_who_picks_up_before_a_rep_is_there_is_told_who_called_and_texted(stage: Theatre) -> None:
    stage.voice.lines = {ADA: Line(takes=True, listens=1.5), DANA: TALKS}
    lead = await stage.arrives("demo_request", abandonment=SEASONED)
    fact = await called(lead)
    assert (fact.result, fact.rep) == ("abandoned", "ada"), "who pressed 1 too late has the lead"
    (call,) = stage.voice.calls.rows.values()
    assert (call.abandoned, call.met) == (True, False)
    assert len(stage.sms.told) == 1
    assert (await lead.state()).owner == "ada"


async def test_while_no_rep_picks_up_nobodys_phone_is_rung(stage: Theatre) -> None:
    stage.voice.lines = {ADA: MISSES, DANA: TALKS}
    fact = await called(await stage.arrives("demo_request", abandonment=SEASONED))
    assert (fact.result, [phone for _, phone in stage.voice.rung]) == ("no_rep", [ADA])


async def test_without_a_history_the_rep_is_rung_first(stage: Theatre) -> None:
    stage.voice.lines = {ADA: Line(takes=True, listens=0.4), DANA: TALKS}
    fact = await called(await stage.arrives("demo_request"))
    assert stage.voice.rung_before_press == []
    assert fact.result == "connected"


async def test_a_reply_while_their_phone_rings_puts_it_down_before_anybody_picks_up(stage: Theatre) -> None:
    stage.voice.lines = {ADA: Line(takes=True, listens=2.0), DANA: RINGS_ON}
    lead = await stage.arrives("demo_request", abandonment=SEASONED)
    async with asyncio.timeout(20):
        while DANA not in [phone for _, phone in stage.voice.rung]:
            await asyncio.sleep(0.02)
    await lead.handle.signal("inbox", row(lead, said=ReplyKind.QUESTION))
    async with asyncio.timeout(20):
        while DANA not in stage.voice.silenced:
            await asyncio.sleep(0.02)
    (call,) = stage.voice.calls.rows.values()
    assert call.taken_by is None, "long before the rep has pressed anything"
    fact = await called(lead)
    assert (fact.result, fact.because, (await lead.state()).owner) == ("called_off", "replied", "ada")
