"""Rows of the inbox that wait: taken up once, put back, worked through, refused for good."""

import asyncio
import json
from collections import Counter
from datetime import timedelta

import asyncpg

from adapters.postgres.captures import PostgresCaptures
from domain.lead import Lead
from tests.contracts.postgres.builders import (
    TENANT,
    broken_judge,
    count,
    inquiry,
    judge,
    person,
    read,
)

EMAIL = "dana@example.com"


async def test_two_sweepers_recapture_one_row_once(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    row = (await captures.capture(TENANT, inquiry(), person(), broken_judge)).row_id
    results = await asyncio.gather(*(captures.recapture(row, read, judge) for _ in range(8)))
    assert Counter(result.status for result in results) == {"started": 1, "duplicate": 7}
    assert await count(pool, "lead") == 1


async def test_sweepers_share_out_what_was_left_behind(captures: PostgresCaptures) -> None:
    for n in range(6):
        await captures.capture(TENANT, inquiry(f"f{n}"), person(phone=f"+1512555000{n}"), judge)
    swept = await asyncio.gather(*(captures.left_behind(TENANT, timedelta(0), 2) for _ in range(3)))
    found = [one for batch in swept for one in batch]
    assert len({one.row_id for one in found}) == 6
    assert all(one.status == "started" and one.lead is not None and one.ref is not None for one in found)
    assert await captures.left_behind(TENANT, timedelta(minutes=1), 10) == ()
    for one in found:
        await captures.dispatched(one.row_id)
    assert await captures.left_behind(TENANT, timedelta(0), 10) == ()


async def test_what_another_tenants_sweeper_must_do_is_left_to_it(captures: PostgresCaptures) -> None:
    theirs = await captures.capture("others", inquiry(), person(), judge)
    undecided = await captures.capture("others", inquiry("2"), person(phone="+15125550001"), broken_judge)
    await captures.keep("others", "hubspot", "e1", "{}")
    assert await captures.left_behind(TENANT, timedelta(0), 10) == ()
    assert await captures.unfinished(TENANT, "hubspot", timedelta(0), 10) == ()
    left = await captures.left_behind("others", timedelta(0), 10)
    assert {one.row_id for one in left} == {theirs.row_id, undecided.row_id}
    assert len(await captures.unfinished("others", "hubspot", timedelta(0), 10)) == 1


async def test_a_sweeper_passes_over_what_another_holds(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    held, free = [
        (await captures.capture(TENANT, inquiry(f"f{n}"), person(phone=f"+1512555000{n}"), judge)).row_id
        for n in range(2)
    ]
    async with pool.acquire() as other, other.transaction():
        await other.execute("select from inbox where row_id = $1 for update", held)
        async with asyncio.timeout(2):
            assert [one.row_id for one in await captures.left_behind(TENANT, timedelta(0), 10)] == [free]


async def test_a_row_put_back_is_captured_again(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    first = await captures.capture(TENANT, inquiry("1"), person(), judge)
    joined = await captures.capture(TENANT, inquiry("2"), person(), judge)
    await pool.execute("update lead set closed_at = now()")
    await captures.put_back(joined.row_id, "workflow is over")
    again = await captures.recapture(joined.row_id, read, judge)
    assert (again.status, again.row_id) == ("started", joined.row_id)
    assert again.lead_id != first.lead_id


async def test_a_lead_whose_workflow_died_makes_way_for_the_next(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    first = await captures.capture(TENANT, inquiry("1"), person(), judge)
    await captures.dispatched(first.row_id)
    heard, told, late = [
        (await captures.capture(TENANT, inquiry(f"join-{n}"), person(), judge)).row_id for n in range(3)
    ]
    await pool.execute("update lead set state = jsonb_set(state, '{seen}', $1)", json.dumps([heard]))
    for row in (heard, told):
        await captures.dispatched(row)
    await captures.put_back(late, "the lead has ended")
    lead = await pool.fetchrow("select * from lead")
    assert (lead["outcome"], lead["stage"], lead["closed_at"] is not None) == ("abandoned", "closed", True)
    assert Lead.model_validate_json(lead["state"]).closed == "abandoned"
    left = await captures.left_behind(TENANT, timedelta(0), 10)
    assert [(one.row_id, one.status) for one in left] == [(told, "undecided"), (late, "undecided")]
    again = [await captures.recapture(one.row_id, read, judge) for one in left]
    assert [one.status for one in again] == ["started", "joined"]
    assert first.lead_id not in {one.lead_id for one in again}


async def test_a_lead_that_was_never_started_is_not_taken_for_dead(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    await captures.capture(TENANT, inquiry("1"), person(), judge)
    joined = await captures.capture(TENANT, inquiry("2"), person(), judge)
    await captures.put_back(joined.row_id, "no such lead is running")
    assert await count(pool, "lead", "closed_at is null and outcome is null") == 1


async def test_a_row_its_lead_had_after_all_is_not_put_back(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    first = await captures.capture(TENANT, inquiry("1"), person(), judge)
    joined = await captures.capture(TENANT, inquiry("2"), person(), judge)
    await pool.execute(
        "update lead set closed_at = now(), state = jsonb_set(state, '{seen}', $1)", json.dumps([joined.row_id])
    )
    for row in (first.row_id, joined.row_id):
        await captures.put_back(row, "workflow is over")
    assert await count(pool, "inbox", "state = 'dispatched'") == 2


async def test_a_raw_webhook_is_kept_once_until_it_is_worked_through(captures: PostgresCaptures) -> None:
    row = await captures.keep(TENANT, "hubspot", "e1" * 4000, '{"a": "\x00"}')
    assert row is not None
    assert await captures.keep(TENANT, "hubspot", "e1" * 4000, "{}") is None
    (kept,) = await captures.unfinished(TENANT, "hubspot", timedelta(0), 10)
    assert (kept.row_id, kept.payload) == (row, '{"a": "\N{REPLACEMENT CHARACTER}"}')
    assert await captures.unfinished(TENANT, "hubspot", timedelta(minutes=1), 10) == ()
    await captures.dispatched(row)
    assert await captures.unfinished(TENANT, "hubspot", timedelta(0), 10) == ()


async def test_each_try_of_a_raw_webhook_waits_longer(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    row = await captures.keep(TENANT, "hubspot", "e1", "{}")
    waits = []
    for _ in range(6):
        for wait in (1, 2, 4, 8, 16, 32):
            since = "coalesce(tried_at, received_at)"
            await pool.execute(
                f"update inbox set tried_at = now() - make_interval(secs => 30 * {wait} + 1) where {since} < now()"
            )
            if await captures.unfinished(TENANT, "hubspot", timedelta(seconds=30), 10):
                waits.append(wait)
                break
    assert (row is not None, waits) == (True, [1, 2, 4, 8, 16, 16])


async def test_a_raw_webhook_refused_for_good_stays_with_its_reason(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    row = await captures.keep(TENANT, "hubspot", "e1", "{}")
    assert row is not None
    await captures.refuse(row, "hubspot: VALIDATION_ERROR")
    assert await captures.unfinished(TENANT, "hubspot", timedelta(0), 10) == ()
    assert await count(pool, "inbox", "state = 'rejected' and last_error = 'hubspot: VALIDATION_ERROR'") == 1
    assert await captures.keep(TENANT, "hubspot", "e1", "{}") is None
