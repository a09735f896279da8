"""A reply, a stop or a booking against a call, in both orders: whose phone rings, what the rep hears, what the lead
says of it (N14)."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from activities import whispers
from domain.call_facts import CalledOff, Joined, LegMoved, Pressed
from domain.calls import Call, Leg, LegEnd, LegState, Party, Press
from domain.events import Called
from domain.messages import Disposition, RowRef
from domain.replies import ReplyKind
from domain.values import Code, Stage
from tests.fake_phones import MISSES, RINGS_ON, TAKES, Line
from tests.policy import cases
from tests.workflows.theatre import Played, Theatre

ADA, DANA = "+15125550101", "+15125550142"
LISTENS, TALKS = Line(answers=True), Line(talks=timedelta(minutes=4))
AT_ONCE = 10.0
"""Seconds in which it must be quiet, however busy the machine is: the phone itself would ring for longer."""

EVENTS = ("reply", "stop", "booking")
OFF = {"reply": "replied", "stop": "opted_out", "booking": "booked"}


@pytest.fixture
def stage(theatre: Theatre) -> Theatre:
    """A stage on which the phone of one rep rings."""
    theatre.dials = True
    theatre.follow(cases.default())
    theatre.only("ada")
    return theatre


class Ringing:
    """A lead whose call is under way."""

    def __init__(self, stage: Theatre, lead: Played) -> None:
        self.stage, self.lead, self.calls = stage, lead, stage.voice.calls

    @property
    def call(self) -> Call:
        return next(iter(self.calls.rows.values()))

    def leg(self, party: Party) -> Leg | None:
        return next(iter(self.call.of(party)), None) if self.calls.rows else None

    @property
    def rung(self) -> list[str]:
        return [phone for _, phone in self.stage.voice.rung]

    async def until(self, happened: Callable[[], object], limit: float = 20.0) -> None:
        async with asyncio.timeout(limit):
            while not happened():
                await asyncio.sleep(0.01)

    async def happens(self, event: str) -> None:
        """As the API has it: the row in the capture's own transaction, then the lead."""
        now = self.lead.lead.opened_at + timedelta(seconds=5)
        if event == "booking":
            await self.lead.update("disposition", Disposition(code=Code.MEETING_SET, by="ben"))
            return
        self.stage.ledger.last_reply[self.lead.lead.lead_id] = now
        await self.calls.change(self.call.call_id, CalledOff(because=OFF[event]))
        kind = "reply" if event == "reply" else "opted_out"
        said = ReplyKind.QUESTION if event == "reply" else None
        await self.lead.handle.signal("inbox", RowRef(row_id=f"row-{event}", kind=kind, at=now, said=said))

    async def press(self) -> Press | None:
        leg = self.leg(Party.REP)
        assert leg is not None
        call = await self.calls.callback(self.call.call_id, Pressed(leg_id=leg.leg_id, takes=True))
        pressed = call.leg(leg.leg_id)
        press = pressed.press if pressed is not None else None
        if press is Press.IN_VAIN:
            assert self.stage.voice.hung_up == [], "they hear why before the phone is down"
            over = LegMoved(leg_id=leg.leg_id, state=LegState.ENDED, end=LegEnd.COMPLETED)
            await self.calls.callback(self.call.call_id, over)
        return press

    async def joins(self, party: Party) -> None:
        leg = self.leg(party)
        assert leg is not None
        moved = LegMoved(leg_id=leg.leg_id, state=LegState.ANSWERED, answered_by="human")
        await self.calls.callback(self.call.call_id, moved, Joined(leg_id=leg.leg_id, at=datetime.now(UTC), room="CF1"))

    async def over(self) -> Called:
        """What the lead says of the call."""
        found: list[Called] = []
        async with asyncio.timeout(30):
            while not found:
                state = await self.lead.state()
                written = self.stage.records.story.get(self.lead.lead.lead_id, {}).values()
                facts = [entry.fact for entry in (*written, *state.unwritten)]
                found = [fact for fact in facts if isinstance(fact, Called)]
                await asyncio.sleep(0.01)
        return found[0]

    async def silent(self) -> None:
        """The person's phone, which rang, is down in time."""
        await self.until(lambda: DANA in self.stage.voice.silenced, AT_ONCE)


async def ringing(stage: Theatre, rep: Line, person: Line = TALKS) -> Ringing:
    stage.voice.lines = {ADA: rep, DANA: person}
    found = Ringing(stage, await stage.arrives("demo_request"))
    await found.until(lambda: stage.voice.rung)
    return found


@pytest.mark.parametrize("event", EVENTS)
async def test_before_a_rep_picks_up_it_ends_the_call_and_who_picks_up_is_connected_to_nobody(
    stage: Theatre, event: str
) -> None:
    call = await ringing(stage, RINGS_ON)
    await call.happens(event)
    if event == "stop":
        await call.until(lambda: ADA in stage.voice.silenced, AT_ONCE)
    else:
        await call.until(lambda: call.call.off is not None, AT_ONCE)
        assert ADA not in stage.voice.silenced, "whoever picks up hears what has happened"
        assert await call.press() is Press.IN_VAIN
    assert (await call.over()).because == OFF[event]
    assert call.rung == [ADA]


@pytest.mark.parametrize("event", EVENTS)
async def test_while_a_rep_listens_a_press_of_1_dials_nobody(stage: Theatre, event: str) -> None:
    call = await ringing(stage, LISTENS)
    await call.until(lambda: (leg := call.leg(Party.REP)) and leg.state is LegState.ANSWERED)
    await call.happens(event)
    await call.until(lambda: call.call.off is not None, AT_ONCE)
    if event != "stop":
        assert await call.press() is Press.IN_VAIN
    told = await call.over()
    assert (told.result, told.because, call.rung) == ("called_off", OFF[event], [ADA])
    state = await call.lead.settled()
    has_it = (state.owner, state.accepted_at is not None) == ("ada", True)
    assert has_it is (event == "reply"), "who pressed 1 has a lead that wrote, and no other"


@pytest.mark.parametrize("event", EVENTS)
async def test_before_the_rep_is_in_the_conference_it_dials_nobody(stage: Theatre, event: str) -> None:
    call = await ringing(stage, LISTENS)
    await call.until(lambda: (leg := call.leg(Party.REP)) and leg.state is LegState.ANSWERED)
    assert await call.press() is Press.TOOK
    await call.happens(event)
    await call.until(lambda: call.call.off is not None, AT_ONCE)
    await call.joins(Party.REP)
    told = await call.over()
    assert (told.because, call.rung, stage.sms.told) == (OFF[event], [ADA], [])
    assert told.result == "called_off"


@pytest.mark.parametrize("event", EVENTS)
async def test_while_the_persons_phone_rings_it_falls_silent_at_once_and_the_rep_hears_why(
    stage: Theatre, event: str
) -> None:
    call = await ringing(stage, TAKES, RINGS_ON)
    await call.until(lambda: DANA in call.rung)
    await call.happens(event)
    await call.silent()
    told = await call.over()
    assert (told.result, told.because, told.rep, told.contact) == ("called_off", OFF[event], "ada", False)
    assert [what for _, what in stage.voice.said] == [whispers.outcome(OFF[event]).words]
    assert stage.sms.told == []


async def test_the_calls_own_row_is_enough_to_silence_the_phone(stage: Theatre) -> None:
    call = await ringing(stage, TAKES, RINGS_ON)
    await call.until(lambda: DANA in call.rung)
    await call.calls.callback(call.call.call_id, CalledOff(because="replied"))
    await call.silent()
    assert (await call.over()).because == "replied"


async def test_what_the_vendor_is_slow_to_name_is_silenced_once_it_is_named(stage: Theatre) -> None:
    voice, send = stage.voice, stage.voice.send
    asked = asyncio.Event()

    async def slowly(intent: object) -> object:
        made = await send(intent)  # type: ignore[arg-type]  # passed on as it came
        if DANA in [phone for _, phone in voice.rung]:
            asked.set()
            await asyncio.sleep(0.5)
        return made

    voice.send = slowly  # type: ignore[method-assign,assignment]  # the same, later
    call = await ringing(stage, TAKES, RINGS_ON)
    await asyncio.wait_for(asked.wait(), 20)
    await call.happens("reply")
    await call.until(lambda: DANA in voice.silenced, AT_ONCE)


@pytest.mark.parametrize("event", ["reply", "stop"])
async def test_who_has_picked_up_before_it_and_speaks_with_a_rep_speaks_on(stage: Theatre, event: str) -> None:
    call = await ringing(stage, TAKES, RINGS_ON)
    await call.until(lambda: DANA in call.rung)
    await call.joins(Party.LEAD)
    assert call.call.met
    await call.happens(event)
    await asyncio.sleep(0.5)
    assert (DANA in stage.voice.silenced, call.call.off, stage.voice.hung_up) == (False, None, [])


async def test_who_picks_up_at_the_same_moment_as_their_reply_comes_is_not_hung_up_on(stage: Theatre) -> None:
    call = await ringing(stage, TAKES, RINGS_ON)
    await call.until(lambda: DANA in call.rung)
    leg = call.leg(Party.LEAD)
    assert leg is not None
    answered = LegMoved(leg_id=leg.leg_id, state=LegState.ANSWERED, answered_by="human")
    await call.calls.callback(call.call.call_id, CalledOff(because="replied"), answered)
    await call.joins(Party.LEAD)
    await asyncio.sleep(0.5)
    assert (call.call.met, stage.voice.hung_up) == (True, [])


async def test_a_booking_while_phones_ring_leaves_the_lead_with_whoever_booked(stage: Theatre) -> None:
    call = await ringing(stage, RINGS_ON)
    owner = (await call.lead.state()).owner
    await call.happens("booking")
    await call.until(lambda: call.call.off is not None, AT_ONCE)
    await call.press()
    await call.over()
    state = await call.lead.settled()
    assert (state.owner, state.stage) == (owner, Stage.WORKING)


async def test_a_rep_who_missed_it_leaves_a_person_who_wrote_untexted(stage: Theatre) -> None:
    call = await ringing(stage, Line(end=MISSES.end, after=0.5))
    await call.happens("reply")
    assert (await call.over()).result == "called_off"
    await call.lead.settled()
    assert stage.sms.told == []
