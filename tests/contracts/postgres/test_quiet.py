"""In the real database: who stops, talks or has booked, against calls and texts of theirs, in both orders (N14)."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from adapters.phones import person_facts, whereabouts
from adapters.postgres.calls import PostgresCalls
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.opt_outs import PostgresOptOuts
from adapters.postgres.recalls import PostgresRecalls
from adapters.postgres.records import PostgresRecords
from domain import events
from domain.call_facts import Joined, Pressed
from domain.calls import Call, Leg, Party
from domain.decisions import Item
from domain.messages import InboundText, Person
from domain.opt_outs import OptOut
from domain.replies import ReplyKind
from domain.transitions import apply
from domain.values import Action, Code
from tests.builders import NOON
from tests.contracts.postgres.builders import PHONE, TENANT, inquiry, intent, judge, person

LIMIT, LATER = timedelta(seconds=15), NOON + timedelta(minutes=5)
ADA, DANA = Leg(leg_id="leg-ada", party=Party.REP, rep="ada"), Leg(leg_id="leg-dana", party=Party.LEAD)
MET = (
    Pressed(leg_id="leg-ada", takes=True),
    Joined(leg_id="leg-ada", at=NOON, room="CF1"),
    Joined(leg_id="leg-dana", at=NOON, room="CF1"),
)


class Scene:
    """One lead with a call under way, and the ledger."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool, self.calls, self.ledger = pool, PostgresCalls(pool), PostgresLedger(pool)
        self.captures = PostgresCaptures(pool, whereabouts)

    async def opens(self, event: str = "1", phone: str = PHONE, email: str = "dana@example.com") -> str:
        asked = inquiry(event, "demo_request").model_copy(update={"person": Person(phone=phone, email=email)})
        captured = await self.captures.capture(TENANT, asked, person_facts(asked.person), judge)
        assert captured.lead_id is not None
        return captured.lead_id

    async def calls_them(self, lead_id: str, call_id: str = "call-1") -> None:
        await self.calls.begin(Call(call_id=call_id, tenant=TENANT, lead_id=lead_id, asked_at=NOON, legs=(ADA, DANA)))

    async def claims(self, lead_id: str, key: str = "text", judged: datetime = NOON) -> str:
        who = await self.pool.fetchval("select person_id from lead where lead_id = $1", lead_id)
        text = intent(lead_id, who).model_copy(update={"key": key, "touch_id": f"touch-{key}", "lead_now": judged})
        await self.ledger.claim(text, "a:1")
        return text.touch_id

    async def begins(self, touch_id: str) -> str | None:
        return await self.ledger.begin(touch_id, "a:1", LIMIT)

    async def is_sent(self, touch_id: str) -> None:
        assert await self.begins(touch_id) is None
        await self.ledger.settle(touch_id, "sent", "SM-held", None)

    async def state(self, touch_id: str) -> tuple[str, str | None]:
        row = await self.pool.fetchrow("select state, because from touch where touch_id = $1", touch_id)
        return row["state"], row["because"]

    async def books(self, lead_id: str) -> None:
        await self._record(lead_id, events.Disposed(at=LATER, code=Code.MEETING_SET, by="ada"))

    async def has_talked(self, lead_id: str, contact: bool) -> None:
        item = Item(key="call-1", at=NOON, action=Action.CALL)
        await self._record(lead_id, events.Called(at=LATER, item=item, result="connected", contact=contact))

    async def _record(self, lead_id: str, fact: events.AnyFact) -> None:
        standing = await self.captures.standing(TENANT, lead_id)
        assert standing is not None
        await PostgresRecords(self.pool, person_facts, whereabouts).write(apply(standing.start, fact), LATER)

    async def happens(self, cause: str, lead_id: str) -> None:
        if cause == "talk":
            await self.calls.change("call-1", *MET)
        elif cause == "booking":
            await self.books(lead_id)
        else:
            await self.writes(cause)

    async def writes(self, meaning: str = "stop", sender: str = PHONE) -> str:
        said = None if meaning == "stop" else ReplyKind.QUESTION
        text = InboundText(vendor_id="SM1", sender=sender, recipient="+15125550100", body="Hello", said=said)
        return (await self.captures.text(TENANT, text, meaning, person(sender), judge)).row_id


@pytest.fixture
def scene(pool: asyncpg.Pool) -> Scene:
    return Scene(pool)


async def test_a_stop_from_a_shared_phone_calls_off_the_calls_of_all_whose_it_is(scene: Scene) -> None:
    first, second = await scene.opens("1"), await scene.opens("2", "+12125550142", "kim@example.com")
    assert await scene.opens("3", PHONE, "kim@example.com") == first, "so that the two are known to be one human"
    await scene.calls_them(first, "call-1")
    await scene.calls_them(second, "call-2")
    row_id = await scene.writes("stop")
    assert [(await scene.calls.read(one)).off for one in ("call-1", "call-2")] == ["opted_out", "opted_out"]
    told = await scene.calls.called_off(row_id)
    assert sorted(call.call_id for call in told) == ["call-1", "call-2"]


async def test_a_no_that_is_told_for_somebody_calls_off_their_call(scene: Scene) -> None:
    lead_id = await scene.opens()
    await scene.calls_them(lead_id)
    who = await scene.pool.fetchval("select person_id from lead")
    captured = await PostgresOptOuts(scene.pool).take(TENANT, str(who), OptOut(by="ops", reason="asked"), "k1")
    assert (await scene.calls.read("call-1")).off == "opted_out"
    assert [call.call_id for call in await scene.calls.called_off(captured.row_id)] == ["call-1"]


async def test_of_a_reply_only_running_calls_that_are_off_are_told(scene: Scene) -> None:
    lead_id = await scene.opens()
    await scene.calls_them(lead_id, "over")
    await scene.calls.end("over")
    await scene.calls_them(lead_id, "met")
    await scene.calls.change("met", *MET)
    await scene.calls_them(lead_id, "rings")
    row_id = await scene.writes("reply")
    assert [(call.call_id, call.off) for call in await scene.calls.called_off(row_id)] == [("rings", "replied")]


async def test_a_text_that_was_claimed_before_they_picked_up_is_cancelled(scene: Scene) -> None:
    lead_id = await scene.opens()
    await scene.calls_them(lead_id)
    touch = await scene.claims(lead_id)
    await scene.calls.change("call-1", *MET)
    assert await scene.state(touch) == ("cancelled", "on_the_phone")
    assert await scene.begins(touch) == "cancelled"


async def test_a_text_that_falls_due_while_they_talk_waits_until_they_have_done(scene: Scene) -> None:
    lead_id = await scene.opens()
    await scene.calls_them(lead_id)
    await scene.calls.change("call-1", *MET)
    touch = await scene.claims(lead_id)
    assert (await scene.begins(touch), await scene.state(touch)) == ("on_the_phone", ("claimed", None))
    await scene.calls.end("call-1")
    assert await scene.begins(touch) is None


@pytest.mark.parametrize("cause", ["talk", "booking"])
async def test_a_text_that_the_vendor_still_has_is_taken_back(scene: Scene, cause: str) -> None:
    lead_id = await scene.opens()
    await scene.calls_them(lead_id)
    touch = await scene.claims(lead_id)
    await scene.is_sent(touch)
    await (scene.calls.change("call-1", *MET) if cause == "talk" else scene.books(lead_id))
    found = await PostgresRecalls(scene.pool).take(TENANT, timedelta(seconds=20), 9)
    assert [recall.touch_id for recall in found] == [touch]


async def test_a_booking_cancels_what_is_not_on_its_way_and_a_later_text_goes(scene: Scene) -> None:
    lead_id = await scene.opens()
    touch = await scene.claims(lead_id)
    await scene.books(lead_id)
    assert await scene.state(touch) == ("cancelled", "booked")
    assert await scene.begins(await scene.claims(lead_id, "waited")) == "booked", "it was judged before"
    assert await scene.begins(await scene.claims(lead_id, "later", LATER)) is None


@pytest.mark.parametrize(("contact", "refused"), [(True, "talked"), (False, None)])
async def test_a_text_judged_before_a_talk_goes_only_where_the_talk_was_no_contact(
    scene: Scene, contact: bool, refused: str | None
) -> None:
    lead_id = await scene.opens()
    await scene.has_talked(lead_id, contact)
    assert await scene.begins(await scene.claims(lead_id, "waited")) == refused


@pytest.mark.parametrize("cause", ["reply", "stop", "talk", "booking"])
async def test_at_one_moment_a_text_is_on_its_way_or_never_goes(scene: Scene, cause: str) -> None:
    lead_id = await scene.opens()
    await scene.calls_them(lead_id)
    touch = await scene.claims(lead_id)
    refused, _ = await asyncio.gather(scene.begins(touch), scene.happens(cause, lead_id))
    state, _ = await scene.state(touch)
    assert (state == "sending") is (refused is None)
    assert state in ("sending", "cancelled") or (state, refused) == ("claimed", "on_the_phone")
