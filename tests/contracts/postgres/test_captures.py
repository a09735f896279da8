"""Capture: one open lead a person whatever races, nothing lost after the answer, nothing accepted before."""

import asyncio
import json
from collections import Counter
from datetime import datetime, timedelta

import asyncpg
import pytest

from adapters.phones import whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.pool import open_pool
from domain.decisions import Judgement
from domain.errors import BadInput, Unavailable
from domain.facts import Facts, PersonFacts
from domain.lead import Lead
from domain.messages import Person, Signal
from tests.contracts.postgres.builders import REPS, TENANT, RotationJudge, broken_judge, inquiry, judge, person

EMAIL = "dana@example.com"


@pytest.fixture
def captures(pool: asyncpg.Pool) -> PostgresCaptures:
    return PostgresCaptures(pool, whereabouts)


def read(_given: Person) -> PersonFacts:
    return person()


async def count(pool: asyncpg.Pool, table: str, where: str = "true") -> int:
    return int(await pool.fetchval(f"select count(*) from {table} where {where}"))


async def test_a_first_inquiry_starts_a_lead_with_its_decision(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    captured = await captures.capture(TENANT, inquiry(), person(email=EMAIL), judge)
    assert (captured.status, captured.first_motion) == ("started", "text_back")
    assert captured.lead is not None
    assert captured.lead.captured is not None
    assert captured.lead.captured.decision_id == f"{captured.lead_id}:1:triage:0"
    assert captured.ref is not None
    assert (captured.ref.kind, captured.ref.row_id) == ("inquiry", captured.row_id)
    row = await pool.fetchrow("select * from lead")
    assert (row["owner"], row["motion"], row["stage"], row["next_action"]) == ("ana", "text_back", "triage", "text")
    assert await count(pool, "decision", "trace -> 'reasons' -> 0 ->> 'rule' = 'always'") == 1
    assert await count(pool, "identity") == 2


async def test_fifty_posts_at_once_of_one_person_are_one_lead(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    posts = (captures.capture(TENANT, inquiry(f"form-{n}"), person(email=EMAIL), judge) for n in range(50))
    results = await asyncio.gather(*posts)
    assert Counter(result.status for result in results) == {"started": 1, "joined": 49}
    assert len({result.lead_id for result in results}) == 1
    assert await count(pool, "lead") == await count(pool, "person") == await count(pool, "decision") == 1
    assert await count(pool, "inbox", "state = 'captured'") == 50


async def test_fifty_posts_at_once_of_one_event_are_one_row(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    results = await asyncio.gather(*(captures.capture(TENANT, inquiry(), person(), judge) for _ in range(50)))
    assert Counter(result.status for result in results) == {"started": 1, "duplicate": 49}
    assert len({(result.lead_id, result.row_id, result.first_motion) for result in results}) == 1
    assert await count(pool, "inbox") == 1


async def test_the_rotation_is_strict_under_a_rush(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    people = (person(phone=f"+1512555{n:04}") for n in range(30))
    await asyncio.gather(*(captures.capture(TENANT, inquiry(f"f{n}"), one, judge) for n, one in enumerate(people)))
    offered = [row["rep"] for row in await pool.fetch("select rep from assignment order by number")]
    assert offered == list(REPS) * 10


async def test_a_person_is_known_by_phone_first_then_by_email(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    first = await captures.capture(TENANT, inquiry("1"), person(email=EMAIL), judge)
    other = await captures.capture(TENANT, inquiry("2"), person(phone="+15125550999"), judge)
    both = await captures.capture(TENANT, inquiry("3"), person(phone="+15125550999", email=EMAIL), judge)
    mail = await captures.capture(TENANT, inquiry("4"), person(phone=None, email=EMAIL), judge)
    assert (both.lead_id, mail.lead_id) == (other.lead_id, first.lead_id)
    assert await count(pool, "person") == 2
    assert await count(pool, "identity", "value = 'dana@example.com'") == 2


async def test_nobody_is_known_by_nothing(captures: PostgresCaptures) -> None:
    one = await captures.capture(TENANT, inquiry("1"), person(phone=None), judge)
    two = await captures.capture(TENANT, inquiry("2"), person(phone=None), judge)
    assert (one.status, two.status) == ("started", "started")


async def test_tenants_share_nothing(captures: PostgresCaptures) -> None:
    one = await captures.capture("one", inquiry(), person(), judge)
    two = await captures.capture("two", inquiry(), person(), judge)
    assert (one.status, two.status) == ("started", "started")


async def test_the_facts_hold_what_is_known(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    seen: list[Facts] = []

    class Remembering(RotationJudge):
        def triage(self, facts: Facts, now: datetime, decision_id: str) -> Judgement:
            seen.append(facts)
            return super().triage(facts, now, decision_id)

    await captures.signal(
        TENANT, Signal(source_event_id="s1", person=Person(), kind="page_view", page="/pricing"), person(), judge
    )
    await pool.execute("insert into setting values ('kill_switch', 'true')")
    given = inquiry(
        consent={"sms": True, "kind": "express"},
        attribution={"page": "/demo", "campaign": "fall", "referrer_name": "Ann"},
        answers={"timeline": "now"},
        signals=[{"kind": "email_click"}],
        active_deal=True,
        extra={"active_sequence": "true", "crm_owner": "77"},
    )
    await captures.capture(TENANT, given, person(company="Ortiz"), Remembering())
    facts = seen[0]
    assert (facts.page, facts.campaign, facts.referred, facts.answers) == ("/demo", "fall", True, {"timeline": "now"})
    assert (facts.consent.sms, facts.consent.kind, facts.kill_switch) == (True, "express", True)
    assert [one.kind for one in facts.signals] == ["page_view", "email_click"]
    assert (facts.history.active_deal, facts.history.active_sequence, facts.history.crm_owner) == (True, True, "77")
    assert (facts.person.company, bool(facts.person.person_id)) == ("Ortiz", True)


async def test_consent_holds_until_another_is_given(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    await captures.capture(TENANT, inquiry("1", consent={"sms": True, "kind": "written"}), person(), judge)
    await captures.capture(TENANT, inquiry("2"), person(), judge)
    given = json.loads(await pool.fetchval("select consent_of(person_id) from person"))
    assert (given["sms"], given["kind"]) == (True, "written")
    assert await count(pool, "consent") == 1


async def test_the_lead_lives_by_the_stacks_clock(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    await pool.execute("insert into setting values ('clock_offset', '86400')")
    captured = await captures.capture(TENANT, inquiry(), person(), judge)
    assert captured.lead is not None
    assert captured.lead.clock_offset == timedelta(days=1)
    ahead = captured.lead.opened_at - await pool.fetchval("select clock_timestamp()")
    assert timedelta(hours=23) < ahead <= timedelta(days=1)
    await pool.execute("update lead set clock_ahead = '10 days'")
    joined = await captures.capture(TENANT, inquiry("2"), person(), judge)
    assert joined.ref is not None
    assert joined.ref.at - captured.lead.opened_at > timedelta(days=10)


async def test_a_fault_in_judging_keeps_the_row_and_only_the_row(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    captured = await captures.capture(TENANT, inquiry(), person(), broken_judge)
    assert (captured.status, captured.lead_id) == ("undecided", None)
    assert await count(pool, "inbox", "state = 'undecided' and last_error = 'ZeroDivisionError'") == 1
    assert await count(pool, "person") == await count(pool, "lead") == 0
    assert (await captures.left_behind(timedelta(0), 10))[0].status == "undecided"
    again = await captures.recapture(captured.row_id, read, judge)
    assert (again.status, again.row_id) == ("started", captured.row_id)
    assert (await captures.recapture(captured.row_id, read, judge)).status == "duplicate"
    assert (await captures.capture(TENANT, inquiry(), person(), judge)).lead_id == again.lead_id


async def test_two_sweepers_recapture_one_row_once(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    row = (await captures.capture(TENANT, inquiry(), person(), broken_judge)).row_id
    results = await asyncio.gather(*(captures.recapture(row, read, judge) for _ in range(8)))
    assert Counter(result.status for result in results) == {"started": 1, "duplicate": 7}
    assert await count(pool, "lead") == 1


async def test_sweepers_share_out_what_was_left_behind(captures: PostgresCaptures) -> None:
    for n in range(6):
        await captures.capture(TENANT, inquiry(f"f{n}"), person(phone=f"+1512555000{n}"), judge)
    swept = await asyncio.gather(*(captures.left_behind(timedelta(0), 2) for _ in range(3)))
    found = [one for batch in swept for one in batch]
    assert len({one.row_id for one in found}) == 6
    assert all(one.status == "started" and one.lead is not None and one.ref is not None for one in found)
    assert await captures.left_behind(timedelta(minutes=1), 10) == ()
    for one in found:
        await captures.dispatched(one.row_id)
    assert await captures.left_behind(timedelta(0), 10) == ()


async def test_a_sweeper_passes_over_what_another_holds(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    held, free = [
        (await captures.capture(TENANT, inquiry(f"f{n}"), person(phone=f"+1512555000{n}"), judge)).row_id
        for n in range(2)
    ]
    async with pool.acquire() as other, other.transaction():
        await other.execute("select from inbox where row_id = $1 for update", held)
        async with asyncio.timeout(2):
            assert [one.row_id for one in await captures.left_behind(timedelta(0), 10)] == [free]


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
    left = await captures.left_behind(timedelta(0), 10)
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


async def test_a_capture_sees_the_close_it_waited_for(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    first = await captures.capture(TENANT, inquiry("1"), person(), judge)
    async with pool.acquire() as closing, closing.transaction():
        await closing.execute("update lead set closed_at = now()")
        waiting = asyncio.create_task(captures.capture(TENANT, inquiry("2"), person(), judge))
        await asyncio.sleep(0.1)
        assert not waiting.done()
    second = await waiting
    assert (second.status, second.lead_id != first.lead_id) == ("started", True)


async def test_how_a_lead_stands_is_known_from_its_capture_on(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    captured = await captures.capture(TENANT, inquiry(), person(), judge)
    assert captured.lead_id is not None
    standing = await captures.standing(TENANT, captured.lead_id)
    assert standing is not None
    assert (standing.start, standing.ref, standing.state) == (captured.lead, captured.ref, captured.lead)
    assert await captures.standing("other", captured.lead_id) is None
    await pool.execute("update lead set state = jsonb_set(state, '{closed}', '\"won\"')")
    closed = await captures.standing(TENANT, captured.lead_id)
    assert closed is not None
    assert (closed.start, closed.state.is_open) == (captured.lead, False)


async def test_a_raw_webhook_is_kept_once_until_it_is_worked_through(captures: PostgresCaptures) -> None:
    row = await captures.keep(TENANT, "hubspot", "e1" * 4000, '{"a": "\x00"}')
    assert row is not None
    assert await captures.keep(TENANT, "hubspot", "e1" * 4000, "{}") is None
    (kept,) = await captures.unfinished("hubspot", timedelta(0), 10)
    assert (kept.row_id, kept.payload) == (row, '{"a": "\N{REPLACEMENT CHARACTER}"}')
    assert await captures.unfinished("hubspot", timedelta(minutes=1), 10) == ()
    await captures.dispatched(row)
    assert await captures.unfinished("hubspot", timedelta(0), 10) == ()


async def test_each_try_of_a_raw_webhook_waits_longer(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    row = await captures.keep(TENANT, "hubspot", "e1", "{}")
    waits = []
    for _ in range(6):
        for wait in (1, 2, 4, 8, 16, 32):
            since = "coalesce(tried_at, received_at)"
            await pool.execute(
                f"update inbox set tried_at = now() - make_interval(secs => 30 * {wait} + 1) where {since} < now()"
            )
            if await captures.unfinished("hubspot", timedelta(seconds=30), 10):
                waits.append(wait)
                break
    assert (row is not None, waits) == (True, [1, 2, 4, 8, 16, 16])


async def test_a_raw_webhook_refused_for_good_stays_with_its_reason(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    row = await captures.keep(TENANT, "hubspot", "e1", "{}")
    assert row is not None
    await captures.refuse(row, "hubspot: VALIDATION_ERROR")
    assert await captures.unfinished("hubspot", timedelta(0), 10) == ()
    assert await count(pool, "inbox", "state = 'rejected' and last_error = 'hubspot: VALIDATION_ERROR'") == 1
    assert await captures.keep(TENANT, "hubspot", "e1", "{}") is None


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"person": {"name": "a\x00b"}}, "person.name"),
        ({"answers": {"q": "\x00"}}, "answers.q"),
        ({"answers": {"q\x00": "a"}}, "answers.q\N{REPLACEMENT CHARACTER}"),
        ({"more": [{"deep": "\x00"}]}, "more[0].deep"),
        ({"more": [{"deep": "half \ud800"}]}, "more[0].deep"),
        ({"more": {"\udfff": 1}}, "more.\N{REPLACEMENT CHARACTER}"),
    ],
)
async def test_text_that_cannot_be_stored_is_refused_with_its_place(
    captures: PostgresCaptures, pool: asyncpg.Pool, given: dict[str, object], place: str
) -> None:
    with pytest.raises(BadInput) as caught:
        await captures.capture(TENANT, inquiry(**given), person(), judge)  # type: ignore[arg-type]  # no event and no source among them
    assert [where for where, _ in caught.value.problems] == [place]
    assert await count(pool, "inbox") == 0


async def test_hostile_text_is_only_text(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    name = "Robert'); drop table lead; --\\u0000 $1 {0} %s \U0001f600"
    given = inquiry("'; --", person={"name": name}, answers={"long": "x" * 8192, "quote": "\"'\\"}, note="é" * 8192)
    assert (await captures.capture(TENANT, given, person(company=name), judge)).status == "started"
    payload = json.loads(await pool.fetchval("select payload from inbox"))
    assert payload["person"]["name"] == await pool.fetchval("select name from person") == name
    assert (payload["answers"]["long"], payload["note"]) == ("x" * 8192, "é" * 8192)


async def test_no_answer_is_said_so_and_nothing_is_accepted(database_url: str) -> None:
    pool = await open_pool(database_url)
    captures = PostgresCaptures(pool, whereabouts)
    await pool.close()
    with pytest.raises(Unavailable):
        await captures.capture(TENANT, inquiry(), person(), judge)
    with pytest.raises(Unavailable):
        await open_pool("postgresql://baton@127.0.0.1:1/none")


async def test_a_killed_connection_accepts_nothing_and_the_pool_goes_on(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("lock table inbox in exclusive mode")
        waiting = asyncio.create_task(captures.capture(TENANT, inquiry(), person(), judge))
        await asyncio.sleep(0.1)
        await holder.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where wait_event_type = 'Lock' and datname = current_database()"
        )
        with pytest.raises(Unavailable):
            await waiting
    assert await count(pool, "inbox") == await count(pool, "lead") == await count(pool, "person") == 0
    assert (await captures.capture(TENANT, inquiry(), person(), judge)).status == "started"
