"""Calls of a lead: whose phones ring and when, who is connected, what is told when nobody is (R10-R12, N1, N2)."""

import asyncio
from datetime import timedelta

import pytest

from domain.calls import LegEnd
from domain.errors import Ambiguous
from domain.messages import Accept, Disposition, RowRef
from domain.replies import ReplyKind
from domain.values import Action, Code
from tests.fake_phones import MISSES, PASSES, RINGS_ON, TAKES, Line
from tests.policy import cases
from tests.workflows.theatre import Played, Theatre

ADA, BEN, DEV = "+15125550101", "+13125550102", "+13125550104"
DANA = "+15125550142"
TALKS = Line(talks=timedelta(minutes=4))


@pytest.fixture
def stage(theatre: Theatre) -> Theatre:
    """A stage on which phones ring."""
    theatre.dials = True
    theatre.follow(cases.default())
    return theatre


def rung(lead: Played) -> list[tuple[float, str]]:
    """(minutes since arrival, whose phone) of each ring."""
    began = lead.lead.opened_at
    return [(round((at - began).total_seconds() / 15) / 4, phone) for at, phone in lead.theatre.voice.rung]


async def over(lead: Played) -> None:
    """The call is made, and what came of it is recorded."""
    async with asyncio.timeout(30):
        while "called" not in [entry.fact.kind for entry in (await lead.state()).unwritten] + lead.story:
            await asyncio.sleep(0.02)
    await lead.settled()


async def test_the_first_press_of_1_wins_and_the_other_phones_stop_ringing(stage: Theatre) -> None:
    stage.voice.lines = {ADA: RINGS_ON, BEN: TAKES, DEV: RINGS_ON, DANA: TALKS}
    lead = await stage.arrives("demo_request")
    await over(lead)
    state = await lead.state()
    assert sorted(rung(lead)[:3]) == [(0.0, BEN), (0.0, DEV), (0.0, ADA)]
    assert rung(lead)[3:] == [(0.0, DANA)], "theirs rings once a rep waits"
    assert (state.owner, state.accepted_at is not None, state.contacted_at is not None) == ("ben", True, True)
    assert sorted(stage.voice.silenced) == [DEV, ADA]
    assert any("<@U0BEN> has taken" in what for _, _, what in lead.told)
    assert stage.sms.told == [], "who was spoken with is not texted"


async def test_when_no_rep_takes_it_the_person_is_texted_at_once_and_chat_goes_on(stage: Theatre) -> None:
    stage.voice.lines = {ADA: MISSES, BEN: PASSES, DEV: MISSES}
    lead = await stage.arrives("demo_request")
    await over(lead)
    await lead.settled()
    assert DANA not in [phone for _, phone in rung(lead)]
    assert [(told.who, told.at - lead.lead.opened_at < timedelta(seconds=20)) for told in stage.sms.told] == [
        (DANA, True)
    ]
    state = await lead.state()
    assert state.accepted_at is None
    assert any(item.action is Action.REOFFER for item in state.agenda), "further offers go out in chat"


async def test_a_rep_who_accepts_in_chat_is_rung_alone_and_connected(stage: Theatre) -> None:
    stage.voice.lines = {ADA: MISSES, BEN: MISSES, DEV: MISSES}
    lead = await stage.arrives("demo_request")
    await over(lead)
    stage.voice.lines = {DEV: TAKES, DANA: TALKS}
    before = len(rung(lead))
    await lead.update("accept", Accept(rep="dev"))
    async with asyncio.timeout(20):
        while (await lead.state()).contacted_at is None:
            await asyncio.sleep(0.02)
    assert [phone for _, phone in rung(lead)[before:]] == [DEV, DANA]
    assert (await lead.state()).owner == "dev"


@pytest.mark.parametrize(
    ("person", "result"),
    [
        (Line(), "no_answer"),
        (Line(end=LegEnd.BUSY), "busy"),
        (Line(machine=True), "voicemail"),
        (Line(talks=timedelta(seconds=20)), "connected"),
    ],
)
async def test_what_is_no_contact_leaves_the_lead_with_its_rep_and_asks_for_more(
    stage: Theatre, person: Line, result: str
) -> None:
    stage.voice.lines = {ADA: TAKES, DANA: person}
    stage.only("ada")
    lead = await stage.arrives("demo_request")
    await over(lead)
    state = await lead.state()
    facts = [entry.fact for entry in stage.records.story[lead.lead.lead_id].values()]
    called = [fact for fact in [*facts, *(each.fact for each in state.unwritten)] if fact.kind == "called"]
    assert [(fact.result, fact.rep, fact.contact) for fact in called] == [(result, "ada", False)]
    assert (state.owner, state.contacted_at) == ("ada", None), "a machine or 20 seconds are no contact (N1)"
    assert len(stage.sms.told) == (0 if result == "connected" else 1), "who was not reached gets a text"


async def test_a_reply_while_phones_ring_connects_nobody_and_gives_the_rep_the_lead(stage: Theatre) -> None:
    stage.voice.lines = {ADA: Line(takes=True, after=1.5), DANA: TALKS}
    stage.only("ada")
    lead = await stage.arrives("demo_request")
    async with asyncio.timeout(20):
        while not stage.voice.rung:
            await asyncio.sleep(0.02)
    await lead.handle.signal("inbox", row(lead, said=ReplyKind.QUESTION))
    await over(lead)
    assert DANA not in [phone for _, phone in rung(lead)]
    state = await lead.state()
    assert (state.owner, state.accepted_at is not None) == ("ada", True), "the call turned into context for them"


async def test_a_disposition_while_phones_ring_stops_them(stage: Theatre) -> None:
    stage.voice.lines = {ADA: RINGS_ON}
    stage.only("ada")
    lead = await stage.arrives("demo_request")
    async with asyncio.timeout(20):
        while not stage.voice.rung:
            await asyncio.sleep(0.02)
    await lead.update("disposition", Disposition(code=Code.NOT_NOW, by="ada"))
    async with asyncio.timeout(20):
        while not stage.voice.hung_up:
            await asyncio.sleep(0.02)
    assert [phone for _, phone in rung(lead)] == [ADA]
    await lead.settled()


async def test_a_call_they_asked_for_in_writing_is_made_though_they_write_once_more(stage: Theatre) -> None:
    stage.voice.lines = {ADA: Line(takes=True, after=1.0), BEN: RINGS_ON, DEV: RINGS_ON, DANA: TALKS}
    lead = await stage.arrives("paid_lead_form")
    await lead.settled()
    await lead.handle.signal("inbox", row(lead, said=ReplyKind.BUYING_SIGNAL))
    async with asyncio.timeout(20):
        while not stage.voice.rung:
            await asyncio.sleep(0.02)
    await lead.handle.signal("inbox", row(lead, said=ReplyKind.OTHER))
    async with asyncio.timeout(30):
        while DANA not in [phone for _, phone in stage.voice.rung]:
            await asyncio.sleep(0.05)
    await over(lead)
    assert [phone for _, phone in stage.voice.rung].count(DANA) == 1


async def test_when_nobody_knows_whether_the_persons_phone_rang_our_people_are_asked(stage: Theatre) -> None:
    stage.voice.lines = {ADA: TAKES, DANA: TALKS}
    stage.voice.troubles = [None, Ambiguous("twilio", "ReadTimeout")]
    stage.only("ada")
    lead = await stage.arrives("demo_request")
    await over(lead)
    await lead.settled()
    assert [phone for _, phone in rung(lead)] == [ADA]
    assert any("nobody knows whether a touch of Dana Ortiz" in what for _, _, what in lead.told)
    assert (await lead.state()).owner == "ada"


def row(lead: Played, **more: object) -> RowRef:
    """A reply, as the inbox tells of it."""
    lead.rows += 1
    now = lead.lead.opened_at + timedelta(seconds=5)
    lead.theatre.ledger.last_reply[lead.lead.lead_id] = now
    return RowRef.model_validate({"row_id": f"reply-{lead.rows}", "kind": "reply", "at": now, **more})
