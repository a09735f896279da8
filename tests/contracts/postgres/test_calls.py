"""Rows of calls in the real database: the first press wins, a text calls off, a rep on the phone is known (0024)."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from adapters.phones import whereabouts
from adapters.postgres.calls import PostgresCalls
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from domain.call_facts import Joined, LegMoved, Pressed
from domain.calls import Call, Leg, LegState, Party, Press
from domain.errors import NotFound
from domain.messages import InboundText
from domain.replies import ReplyKind
from tests.builders import NOON
from tests.contracts.postgres.builders import TENANT, inquiry, judge, person

AUSTIN = "+15125550142"
REPS = tuple(Leg(leg_id=f"leg-{name}", party=Party.REP, rep=name) for name in ("ada", "ben", "cleo"))
DANA = Leg(leg_id="leg-dana", party=Party.LEAD)


async def begun(pool: asyncpg.Pool, call_id: str = "call-1") -> tuple[PostgresCalls, str]:
    captures, calls = PostgresCaptures(pool, whereabouts), PostgresCalls(pool)
    captured = await captures.capture(TENANT, inquiry("1", "demo_request"), person(AUSTIN), judge)
    lead_id = str(captured.lead_id)
    call = Call(call_id=call_id, tenant=TENANT, lead_id=lead_id, asked_at=NOON, legs=(*REPS, DANA))
    assert await calls.begin(call) == call
    return calls, lead_id


async def texts(pool: asyncpg.Pool, body: str, meaning: str, said: ReplyKind | None) -> None:
    text = InboundText(vendor_id=f"SM{body}", sender=AUSTIN, recipient="+15125550100", body=body, said=said)
    await PostgresCaptures(pool, whereabouts).text(TENANT, text, meaning, person(AUSTIN), judge)


async def test_of_two_presses_at_one_moment_the_first_takes_the_call(pool: asyncpg.Pool) -> None:
    calls, _ = await begun(pool)
    pressed = [calls.change("call-1", Pressed(leg_id=leg.leg_id, takes=True)) for leg in REPS for _ in range(3)]
    await asyncio.gather(*pressed)
    call = await calls.read("call-1")
    presses = [leg.press for leg in call.of(Party.REP)]
    assert sorted(str(press) for press in presses) == ["late", "late", "took"]
    assert call.taker is not None
    assert (call.taker.press, call.version) == (Press.TOOK, 3)


async def test_a_call_begun_again_is_the_call_as_it_stands(pool: asyncpg.Pool) -> None:
    calls, lead_id = await begun(pool)
    after = await calls.change("call-1", Pressed(leg_id="leg-ada", takes=True))
    again = Call(call_id="call-1", tenant=TENANT, lead_id=lead_id, asked_at=NOON)
    assert await calls.begin(again) == after


async def test_a_call_nobody_knows_is_not_found(pool: asyncpg.Pool) -> None:
    calls = PostgresCalls(pool)
    for asked in (calls.read("no"), calls.change("no", Pressed(leg_id="x", takes=True)), calls.end("no")):
        with pytest.raises(NotFound):
            await asked


@pytest.mark.parametrize(
    ("body", "meaning", "said", "off"),
    [
        ("yes please", "reply", ReplyKind.BUYING_SIGNAL, "replied"),
        ("STOP", "stop", None, "opted_out"),
        ("I am out of office", "reply", ReplyKind.OUT_OF_OFFICE, None),
    ],
)
async def test_a_text_calls_off_in_its_own_transaction(
    pool: asyncpg.Pool, body: str, meaning: str, said: ReplyKind | None, off: str | None
) -> None:
    calls, _ = await begun(pool)
    await texts(pool, body, meaning, said)
    call = await calls.read("call-1")
    assert (call.off, call.version) == (off, 1 if off else 0)


async def test_those_who_have_met_and_calls_that_are_over_are_left_alone(pool: asyncpg.Pool) -> None:
    calls, lead_id = await begun(pool)
    took = (Pressed(leg_id="leg-ada", takes=True), Joined(leg_id="leg-ada", at=NOON, room="CF1"))
    await calls.change("call-1", *took, Joined(leg_id="leg-dana", at=NOON, room="CF1"))
    await calls.begin(Call(call_id="call-0", tenant=TENANT, lead_id=lead_id, asked_at=NOON))
    await calls.end("call-0")
    await texts(pool, "hi", "reply", ReplyKind.OTHER)
    assert [(await calls.read(one)).off for one in ("call-1", "call-0")] == [None, None]


async def test_reps_on_the_phone_are_facts_until_their_phone_or_the_call_is_over(pool: asyncpg.Pool) -> None:
    calls, lead_id = await begun(pool)
    decisions = PostgresDecisions(pool)

    async def on_call() -> tuple[str, ...]:
        return (await decisions.facts(TENANT, lead_id, NOON + timedelta(minutes=1))).on_call

    assert await on_call() == ("ada", "ben", "cleo")
    await calls.change("call-1", LegMoved(leg_id="leg-ben", state=LegState.ENDED))
    assert await on_call() == ("ada", "cleo")
    await calls.end("call-1")
    assert await on_call() == ()
