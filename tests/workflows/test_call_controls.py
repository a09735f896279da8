"""What people of ours have done to a call that goes on: hold, warm transfer, managers, the phone down (R24, R27)."""

import asyncio
import contextlib
import uuid
from collections.abc import Callable

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError

from domain.call_orders import CallAnswer, CallControl, What
from domain.calls import Call, Party
from domain.events import Called
from tests.fake_phones import MISSES, PASSES, RINGS_ON, TAKES, Line
from tests.policy import cases
from tests.workflows.theatre import Played, Theatre
from workflows import names

ADA, BEN, DANA = "+15125550101", "+13125550102", "+15125550142"
TALKS_ON = Line(stays=True)


@pytest.fixture
def stage(theatre: Theatre) -> Theatre:
    """A stage on which ada takes every call, and the person stays on the phone."""
    theatre.dials = True
    theatre.follow(cases.default())
    theatre.voice.lines = {ADA: TAKES, DANA: TALKS_ON}
    return theatre


class Phone:
    """A call under way."""

    def __init__(self, lead: Played, call_id: str) -> None:
        self.lead, self.call_id, self.voice = lead, call_id, lead.theatre.voice

    @property
    def row(self) -> Call:
        return self.voice.calls.rows[self.call_id]

    @property
    def handle(self) -> WorkflowHandle[object, object]:
        return self.lead.theatre.env.client.get_workflow_handle(names.call_workflow_id("main", self.call_id))

    async def ask(self, what: What, to: str | None = None, key: str | None = None, note: str | None = None) -> str:
        await self._heard()
        order = CallControl(what=what, by="ada", rings=to, note_id=note)
        update_id = f"{key or uuid.uuid4().hex}#{what}{to}"
        answer = await self.handle.execute_update("control", order, id=update_id, result_type=CallAnswer)
        return CallAnswer.model_validate(answer).said

    async def _heard(self) -> None:
        """Once the workflow knows what the row shows: it reads it a moment later."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                while Call.model_validate(await self.handle.query("call")).legs != self.row.legs:
                    await asyncio.sleep(0.02)

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not happened():
                await asyncio.sleep(0.02)

    async def hangs_up(self, number: str) -> None:
        await self.voice.hang_up(next(sid for sid, phone in self.voice.numbers.items() if phone == number))

    async def over(self) -> Called:
        async with asyncio.timeout(20):
            while not (found := [fact for fact in await self._facts() if isinstance(fact, Called)]):
                await asyncio.sleep(0.02)
        await self.lead.settled()
        return found[0]

    async def _facts(self) -> list[object]:
        story = self.lead.theatre.records.story.get(self.lead.lead.lead_id, {})
        return [entry.fact for entry in [*story.values(), *(await self.lead.state()).unwritten]]


async def talking(stage: Theatre) -> Phone:
    """Ada speaks with Dana."""
    stage.only("ada", "ben")
    stage.voice.lines.setdefault(BEN, RINGS_ON)
    lead = await stage.arrives("demo_request")
    async with asyncio.timeout(20):
        while not any(call.met for call in stage.voice.calls.rows.values()):
            await asyncio.sleep(0.02)
    return Phone(lead, next(iter(stage.voice.calls.rows)))


async def test_the_person_waits_and_is_back_and_the_story_says_who_had_it_done(stage: Theatre) -> None:
    phone = await talking(stage)
    assert await phone.ask(What.HOLD, key="k1") == "the person is put on hold"
    await phone.until(lambda: phone.row.person is not None and phone.row.person.held)
    assert await phone.ask(What.HOLD, key="k1") == "the person is put on hold", "a repeat of the same key"
    await phone.ask(What.RESUME)
    await phone.until(lambda: phone.row.person is not None and not phone.row.person.held)
    assert stage.voice.waits == [(DANA, True), (DANA, False)]
    await phone.ask(What.HANG_UP)
    called = await phone.over()
    assert [(act.what, act.by) for act in called.acts] == [("hold", "ada"), ("resume", "ada"), ("hang_up", "ada")]
    assert called.result == "connected"


async def test_a_warm_transfer_gives_the_lead_to_who_takes_over_and_the_person_is_alone_only_while_they_speak(
    stage: Theatre,
) -> None:
    phone = await talking(stage)
    stage.voice.lines[BEN] = TAKES
    said = await phone.ask(What.TRANSFER, to="ben", note="0a")
    assert said == "ben is rung; the person is on hold until they have spoken"
    await phone.until(lambda: any(leg.rep == "ben" and leg.is_in for leg in phone.row.legs))
    assert stage.voice.waits == [(DANA, True)]
    await phone.ask(What.COMPLETE)
    await phone.until(lambda: phone.row.taker is not None and phone.row.taker.rep == "ben")
    await phone.until(lambda: stage.voice.waits == [(DANA, True), (DANA, False)])
    async with asyncio.timeout(20):
        while (await phone.lead.state()).owner != "ben":
            await asyncio.sleep(0.02)
    assert not phone.row.room_closed, "the call goes on with who took it over"
    await phone.until(lambda: phone.row.taken_by not in stage.voice.staying)
    await phone.hangs_up(DANA)
    called = await phone.over()
    assert (called.rep, called.result) == ("ben", "connected")
    assert sorted(called.rang) == ["ada", "ben"], "who rang to take the call, once each"
    assert (await phone.lead.state()).owner == "ben"


async def test_the_first_rep_may_just_go_once_the_other_is_there(stage: Theatre) -> None:
    phone = await talking(stage)
    stage.voice.lines[BEN] = TAKES
    await phone.ask(What.TRANSFER, to="ben")
    await phone.until(lambda: any(leg.rep == "ben" and leg.is_in for leg in phone.row.legs))
    await phone.until(lambda: len(stage.voice.staying) == 2)
    await phone.hangs_up(ADA)
    await phone.until(lambda: stage.voice.waits == [(DANA, True), (DANA, False)])
    taker = phone.row.taker
    assert taker is not None
    assert (taker.rep, phone.row.room_closed) == ("ben", False)
    await phone.hangs_up(DANA)
    assert (await phone.over()).rep == "ben"


@pytest.mark.parametrize("line", [PASSES, MISSES])
async def test_where_the_other_rep_is_not_free_the_person_is_back_at_once(stage: Theatre, line: Line) -> None:
    phone = await talking(stage)
    stage.voice.lines[BEN] = line
    await phone.ask(What.TRANSFER, to="ben")
    await phone.until(lambda: stage.voice.waits == [(DANA, True), (DANA, False)])
    await phone.until(lambda: "not_free" in [what for _, what in stage.voice.said])
    taker = phone.row.taker
    assert taker is not None
    assert (taker.rep, (await phone.lead.state()).owner) == ("ada", "ada")
    await phone.hangs_up(DANA)
    assert (await phone.over()).rep == "ada"


@pytest.mark.parametrize(("what", "coaches"), [(What.BARGE, False), (What.COACH, True)])
async def test_a_manager_joins_and_in_going_ends_nothing(stage: Theatre, what: What, coaches: bool) -> None:
    phone = await talking(stage)
    stage.voice.lines[BEN] = TAKES
    await phone.ask(what, to="ben")
    await phone.until(lambda: any(leg.is_in for leg in phone.row.of(Party.MANAGER)))
    (manager,) = phone.row.of(Party.MANAGER)
    taker = phone.row.taker
    assert taker is not None
    assert (manager.rep, manager.coaches, taker.rep) == ("ben", coaches, "ada")
    keys = [row.intent.key for row in stage.ledger.rows.values() if row.intent.touch_id == manager.leg_id]
    assert len(keys) == 1, "a touch of the ledger like every other"
    await stage.voice.hang_up(manager.vendor_id or "")
    assert not phone.row.room_closed
    await phone.hangs_up(DANA)
    assert (await phone.over()).rep == "ada"


async def test_what_cannot_be_done_is_refused_in_words(stage: Theatre) -> None:
    phone = await talking(stage)
    stage.voice.lines[BEN] = RINGS_ON
    refusals = [
        (What.COMPLETE, None, "There is nobody in the call to whom it could be handed over."),
        (What.TRANSFER, None, "Say whose phone is to ring."),
        (What.HOLD, "ben", "Nobody's phone rings for this: leave out `to`."),
        (What.TRANSFER, "ada", "ada is in the call already."),
    ]
    for what, to, words in refusals:
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await phone.ask(what, to)
        assert words in str(refused.value.cause)
    await phone.ask(What.TRANSFER, to="ben", key="k2")
    for what, to, key in ((What.TRANSFER, "dev", "k3"), (What.HOLD, None, "k2")):
        with pytest.raises(WorkflowUpdateFailedError):
            await phone.ask(what, to, key)
    await phone.ask(What.HANG_UP)
    assert (await phone.over()).result == "connected"


async def test_hanging_up_while_phones_ring_connects_nobody(stage: Theatre) -> None:
    stage.only("ada")
    stage.voice.lines = {ADA: RINGS_ON}
    lead = await stage.arrives("demo_request")
    async with asyncio.timeout(20):
        while not stage.voice.rung:
            await asyncio.sleep(0.02)
    phone = Phone(lead, next(iter(stage.voice.calls.rows)))
    await phone.ask(What.HANG_UP)
    called = await phone.over()
    assert (called.result, called.because) == ("called_off", "hung_up")
    assert [number for _, number in stage.voice.rung] == [ADA]
