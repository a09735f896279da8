"""Rows of calls in the real database: the first press wins, a text calls off, a rep on the phone is known (0024)."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from adapters.phones import whereabouts
from adapters.postgres.calls import PostgresCalls
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.views import Views
from domain.abandonment import Abandonment
from domain.call_facts import Abandoned, Announced, Joined, LegMoved, Pressed, Recorded, RecordingDeleted
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


def where(recording: str) -> str:
    return f"https://recordings.example.com/{recording}"


async def test_a_recording_of_a_call_under_way_is_its_own_and_of_one_that_is_over_the_leads_too_once(
    pool: asyncpg.Pool,
) -> None:
    calls, lead_id = await begun(pool)
    known, ref = await calls.recorded("call-1", Recorded(recording="RE1"))
    assert (known.recording, ref) == ("RE1", None)
    await calls.begin(Call(call_id="call-2", tenant=TENANT, lead_id=lead_id, asked_at=NOON))
    await calls.end("call-2")
    told = [(await calls.recorded("call-2", Recorded(recording="RE2")))[1] for _ in range(2)]
    assert [ref and (ref.kind, ref.source) for ref in told] == [("recording", "call-2"), None]
    rows = await pool.fetch("select state, lead_id from inbox where channel = 'call'")
    assert [tuple(row) for row in rows] == [("captured", lead_id)]
    await pool.execute("update lead set closed_at = now()")
    await calls.begin(Call(call_id="call-3", tenant=TENANT, lead_id=lead_id, asked_at=NOON))
    await calls.end("call-3")
    assert (await calls.recorded("call-3", Recorded(recording="RE3")))[1] is None, "a closed lead hears of nothing"


async def test_recordings_that_are_too_old_or_that_nobody_was_told_of_have_to_go(pool: asyncpg.Pool) -> None:
    calls, lead_id = await begun(pool)
    for name, told in (("old", True), ("new", True), ("untold", False)):
        await calls.begin(Call(call_id=name, tenant=TENANT, lead_id=lead_id, asked_at=NOON))
        await calls.change(name, Recorded(recording=f"RE{name}"), *((Announced(),) if told else ()))
        await calls.end(name)
    await pool.execute("update call set created_at = created_at - interval '91 days' where call_id = 'old'")
    keep = timedelta(days=90)
    assert {call.call_id for call in await calls.outdated(TENANT, keep, 10)} == {"old", "untold"}
    assert await calls.outdated("another", keep, 10) == ()
    for name in ("old", "untold"):
        await calls.change(name, RecordingDeleted())
    assert await calls.outdated(TENANT, keep, 10) == ()


async def test_calls_are_seen_as_they_stand_with_the_link_where_there_is_something_to_hear(pool: asyncpg.Pool) -> None:
    _, lead_id = await begun(pool)
    calls = PostgresCalls(pool, where)
    await calls.change("call-1", Recorded(recording="RE1"), Announced())
    await calls.begin(Call(call_id="call-2", tenant=TENANT, lead_id=lead_id, asked_at=NOON))
    await calls.end("call-2")
    seen = await calls.listed(TENANT, None, live=True, limit=10)
    assert [(call.call_id, call.stands, call.recording) for call in seen] == [("call-1", "rings", where("RE1"))]
    assert [call.call_id for call in await calls.listed(TENANT, lead_id, live=False, limit=10)] == ["call-2", "call-1"]
    assert (await Views(pool, where).lead_detail(TENANT, lead_id)).calls[1].recording == where("RE1")
    assert await calls.view("another", "call-1") is None
    one = await calls.view(TENANT, "call-2")
    assert one is not None
    assert one.stands == "over"


async def test_words_that_go_with_a_call_are_kept_once_and_go_with_it(pool: asyncpg.Pool) -> None:
    calls, _ = await begun(pool)
    await calls.keep_note("call-1", "0a", "Dana wants\0 the price")
    await calls.keep_note("call-1", "0a", "other words")
    assert (await calls.note("call-1", "0a") or "").startswith("Dana wants")
    assert await calls.note("call-1", "0b") is None
    await calls.keep_note("no-call", "0a", "of no call")
    assert await pool.fetchval("select count(*) from call_note") == 1
    await pool.execute("delete from call")
    assert await pool.fetchval("select count(*) from call_note") == 0


async def test_answered_and_abandoned_calls_are_counted_once_for_thirty_days_by_source(pool: asyncpg.Pool) -> None:
    calls, lead_id = await begun(pool)
    await calls.change("call-1", Abandoned())
    for _ in range(3):
        await calls.end("call-1")
    await calls.begin(Call(call_id="call-2", tenant=TENANT, lead_id=lead_id, asked_at=NOON, legs=(*REPS, DANA)))
    await calls.end("call-2")  # nobody answered
    assert await calls.abandonment(TENANT) == {"demo_request": Abandonment(answered=1, abandoned=1)}
    facts = await PostgresDecisions(pool).facts(TENANT, lead_id, NOON)
    assert facts.abandonment == Abandonment(answered=1, abandoned=1)
    await pool.execute("update call_day set day = day - 30")
    assert (await PostgresDecisions(pool).facts(TENANT, lead_id, NOON)).abandonment == Abandonment()
