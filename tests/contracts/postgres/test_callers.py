"""Calls to our number in the real database: an answered call opens or joins a lead once, and what waited is off."""

import asyncpg

from adapters.phones import whereabouts
from adapters.postgres.callers import PostgresCallers
from adapters.postgres.calls import PostgresCalls
from domain.answering import CHANNEL, InboundCall
from domain.call_facts import Pressed
from domain.calls import Call, Direction, Leg, Party
from domain.phones import CallNote, Taken
from tests.builders import NOON
from tests.contracts.postgres.builders import PHONE, TENANT, inquiry, judge, person

DANA = InboundCall(vendor_id="CA1", caller=PHONE, called="+15125550100")
TAKEN = Taken(vendor_id="CA1", caller=PHONE, rep="ben")


async def test_a_call_is_kept_once_and_read_as_it_was_announced(pool: asyncpg.Pool) -> None:
    callers = PostgresCallers(pool, whereabouts)
    for _ in range(2):
        await callers.keep(TENANT, CHANNEL, "CA1", DANA.model_dump_json())
    assert await callers.arrived(TENANT, "CA1") == DANA
    assert await callers.arrived(TENANT, "CA2") is None


async def test_who_calls_is_known_with_their_open_lead_and_whoever_is_on_the_phone(pool: asyncpg.Pool) -> None:
    callers, calls = PostgresCallers(pool, whereabouts), PostgresCalls(pool)
    assert (await callers.meet(TENANT, DANA, person())).person_id is None
    captured = await callers.capture(TENANT, inquiry("1"), person(), judge)
    legs = tuple(Leg(leg_id=name, party=Party.REP, rep=name) for name in ("ada", "ben"))
    to_us = Call(call_id="c", tenant=TENANT, lead_id="", direction=Direction.INBOUND, asked_at=NOON, legs=legs)
    await calls.begin(to_us)
    await calls.change("c", Pressed(leg_id="ben", takes=True))
    found = await callers.meet(TENANT, DANA, person())
    assert (found.lead_id, found.is_open) == (captured.lead_id, True)
    assert found.facts.on_call == ("ben",), "ada's phone only rings"


async def test_an_answered_call_opens_one_lead_and_tells_it_who_spoke(pool: asyncpg.Pool) -> None:
    callers = PostgresCallers(pool, whereabouts)
    first = await callers.answered(TENANT, TAKEN, person(), judge)
    again = await callers.answered(TENANT, TAKEN, person(), judge)
    assert (first.status, again.status, again.lead_id) == ("started", "duplicate", first.lead_id)
    assert first.ref is not None
    assert (first.ref.kind, first.ref.rep, first.ref.source) == ("answered", "ben", "inbound_call")


async def test_an_answered_call_joins_the_open_lead_and_calls_off_the_one_under_way(pool: asyncpg.Pool) -> None:
    callers, calls = PostgresCallers(pool, whereabouts), PostgresCalls(pool)
    captured = await callers.capture(TENANT, inquiry("1"), person(), judge)
    await calls.begin(Call(call_id="out", tenant=TENANT, lead_id=str(captured.lead_id), asked_at=NOON))
    joined = await callers.answered(TENANT, TAKEN, person(), judge)
    assert (joined.status, joined.lead_id) == ("joined", captured.lead_id)
    assert (await calls.read("out")).off == "answered"


async def test_a_message_is_kept_once_for_its_lead(pool: asyncpg.Pool) -> None:
    callers = PostgresCallers(pool, whereabouts)
    captured = await callers.capture(TENANT, inquiry("1", "missed_call"), person(), judge)
    note = CallNote(kind="voicemail", event_id="RE1", at=NOON, recording="https://api.twilio.com/RE1")
    told = await callers.note(TENANT, str(captured.lead_id), note)
    assert told is not None
    assert told.ref is not None
    assert (told.ref.kind, told.ref.row_id, told.lead is not None) == ("voicemail", told.row_id, True)
    assert await callers.note(TENANT, str(captured.lead_id), note) is None
    assert await callers.note(TENANT, "no-lead", note) is None
