"""What workflows write and people read: newer beats older, closing makes way for the next lead, all is heard."""

import json
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.records import PostgresRecords
from adapters.postgres.views import Views
from domain import events
from domain.errors import BadInput, NotFound
from domain.lead import Lead
from domain.transitions import apply, remember, written
from domain.values import ClosedReason, Code
from domain.views import LeadFilter
from tests.contracts.postgres.builders import PHONE, TENANT, inquiry, intent, judge, person

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def records(pool: asyncpg.Pool) -> PostgresRecords:
    return PostgresRecords(pool, person_facts, whereabouts)


@pytest.fixture
def views(pool: asyncpg.Pool) -> Views:
    return Views(pool)


@pytest_asyncio.fixture
async def lead(captures: PostgresCaptures) -> Lead:
    """A lead as its workflow has it after triage and the owner's acceptance."""
    captured = (await captures.capture(TENANT, inquiry(), person(), judge)).lead
    assert captured is not None
    assert captured.captured is not None
    later = captured.opened_at + timedelta(minutes=1)  # captures read the real clock: a fixed day would be past one day
    decided = apply(captured, events.Decided(at=later, decision=captured.captured))
    return apply(decided, events.Accepted(at=later, rep="ana"))


async def test_the_row_and_the_story_follow_the_lead(records: PostgresRecords, views: Views, lead: Lead) -> None:
    await records.write(lead, NOW)
    await records.write(lead, NOW)
    detail = await views.lead_detail(TENANT, lead.lead_id)
    assert (detail.lead.owner, detail.lead.stage, detail.lead.policy_hash) == ("ana", "handoff", "p1")
    assert (detail.lead.next_action, detail.lead.next_action_at is not None) == ("text", True)
    assert [line.kind for line in detail.story] == ["decided", "accepted"]
    assert (detail.person.name, detail.person.phone, detail.person.opted_out) == ("Dana Ortiz", PHONE, False)
    assert detail.state == lead


async def test_stale_news_changes_nothing(records: PostgresRecords, views: Views, lead: Lead) -> None:
    newer = apply(written(lead, lead.seq), events.Disposed(at=NOW, code=Code.CONNECTED, by="ana"))
    await records.write(newer, NOW)
    await records.write(lead, NOW)
    detail = await views.lead_detail(TENANT, lead.lead_id)
    assert detail.state == newer
    assert [line.seq for line in detail.story] == [1, 2, 3]


async def test_each_fact_stands_in_its_own_cycle(records: PostgresRecords, views: Views, lead: Lead) -> None:
    again = apply(lead, events.CycleStarted(at=NOW, cycle=2, because="rested"))
    await records.write(apply(again, events.HandedOff(at=NOW)), NOW)
    detail = await views.lead_detail(TENANT, lead.lead_id)
    assert [line.cycle for line in detail.story] == [1, 1, 2, 2]


async def test_a_closed_lead_makes_way_for_the_next(
    records: PostgresRecords, captures: PostgresCaptures, views: Views, lead: Lead
) -> None:
    closed = apply(lead, events.Closed(at=NOW, reason=ClosedReason.WON))
    await records.close(closed, NOW)
    await records.write(closed, NOW)
    detail = await views.lead_detail(TENANT, lead.lead_id)
    assert (detail.lead.outcome, detail.lead.closed_at, detail.lead.stage) == ("won", NOW, "closed")
    following = await captures.capture(TENANT, inquiry("2"), person(), judge)
    assert following.status == "started"
    assert following.lead_id is not None
    history = (await PostgresLedger(captures._pool).dossier(TENANT, following.lead_id, NOW, "k")).facts.history
    assert history.last_owner == "ana"


async def test_what_the_closing_lead_never_heard_is_handed_back(
    records: PostgresRecords, captures: PostgresCaptures, lead: Lead
) -> None:
    heard = await captures.capture(TENANT, inquiry("heard"), person(), judge)
    unheard = await captures.capture(TENANT, inquiry("unheard"), person(), judge)
    for one in (heard, unheard):
        await captures.dispatched(one.row_id)
    closed = apply(remember(lead, heard.row_id), events.Closed(at=NOW, reason=ClosedReason.LOST))
    await records.close(closed, NOW)
    opener = await captures._pool.fetchval("select row_id from lead")
    left = {one.row_id: one.status for one in await captures.left_behind(TENANT, timedelta(0), 10)}
    assert left == {opener: "started", unheard.row_id: "undecided"}
    again = await captures.recapture(unheard.row_id, lambda _given: person(), judge)
    assert again.status == "started"


async def test_a_lead_nobody_captured_is_not_written(records: PostgresRecords, lead: Lead) -> None:
    with pytest.raises(NotFound):
        await records.write(lead.model_copy(update={"lead_id": "none"}), NOW)
    with pytest.raises(NotFound):
        await records.write(lead.model_copy(update={"tenant": "other"}), NOW)


async def test_leads_at_rest_cost_the_rotation_nothing(pool: asyncpg.Pool, lead: Lead) -> None:
    """Thousands rest for months; each capture asks how many leads a rep has to work."""
    await pool.execute(
        "with p as (insert into person (tenant, facts) select $1, '{}' from generate_series(1, 2000) returning *)"
        " insert into lead (lead_id, tenant, person_id, row_id, source, stage, owner, opened_at, start, state)"
        " select person_id, $1, person_id, '', '', 'resting', 'ana', now(), '{}', '{}' from p",
        TENANT,
    )
    await pool.execute("analyze lead")
    async with pool.acquire() as session, session.transaction():
        loads = json.loads(await session.fetchval("select loads_of($1, $2)", TENANT, NOW))
        read = await session.fetchval(
            "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables where relname = 'lead'"
        )
    assert [(load["rep"], load["open_leads"]) for load in loads] == [("ana", 1)]
    assert read < 10


async def test_lists_are_filtered_and_paged(captures: PostgresCaptures, records: PostgresRecords, views: Views) -> None:
    for n in range(5):
        source = "newsletter" if n == 2 else "demo_request"
        await captures.capture(TENANT, inquiry(f"f{n}", source), person(f"+1512555010{n}"), judge)
    first = await views.list_leads(TENANT, limit=2)
    second = await views.list_leads(TENANT, limit=2, cursor=first.cursor)
    third = await views.list_leads(TENANT, limit=2, cursor=second.cursor)
    leads = [*first.leads, *second.leads, *third.leads]
    assert ([len(page.leads) for page in (first, second, third)], third.cursor) == ([2, 2, 1], None)
    with pytest.raises(BadInput, match="No page has this cursor"):
        await views.list_leads(TENANT, cursor="0199a7c2-0000-7000-8000-00000000ffff")
    with pytest.raises(BadInput):
        await views.list_leads("other", cursor=first.cursor)
    assert leads == sorted(leads, key=lambda one: one.opened_at, reverse=True)
    wanted = LeadFilter(source="newsletter", open=True, stage="triage", owner="cy")
    assert [one.source for one in (await views.list_leads(TENANT, wanted)).leads] == ["newsletter"]
    assert (await views.list_leads(TENANT, LeadFilter(open=False))).leads == ()
    assert (await views.list_leads("other")).leads == ()


async def test_the_numbers_tell_what_is_lost_and_what_was_sent_twice(
    captures: PostgresCaptures, pool: asyncpg.Pool, views: Views, lead: Lead
) -> None:
    ledger = PostgresLedger(pool)
    person_id = await pool.fetchval("select person_id from person")
    before = await views.stats(TENANT)
    assert (before.leads, before.open, before.undispatched, before.lost, before.duplicate_touches) == (1, 1, 1, 1, 0)
    for row in await captures.left_behind(TENANT, timedelta(0), 10):
        await captures.dispatched(row.row_id)
    for key in ("1", "2"):
        one = intent(lead.lead_id, person_id, key)
        await ledger.claim(one, "a")
        await ledger.begin(one.touch_id, "a", timedelta(seconds=5))
        await ledger.settle(one.touch_id, "sent", f"SM{key}", None)
    after = await views.stats(TENANT)
    assert (after.lost, after.duplicate_touches, after.touches) == (0, 1, {"sent": 2})
    (first,) = after.first_touches
    assert (first.lead_id, first.at_once, first.waited > timedelta(0)) == (lead.lead_id, True, True)
    assert [touch.state for touch in await views.lead_touches(TENANT, lead.lead_id)] == ["sent", "sent"]


async def test_clocks_are_kept(views: Views, lead: Lead) -> None:
    assert await views.clock_offset() == timedelta(0)
    await views.set_clock_offset(timedelta(hours=-1.5))
    assert await views.clock_offset() == timedelta(hours=-1.5)
    await views.set_clock_ahead(TENANT, lead.lead_id, timedelta(days=3))
    assert (await views.lead_detail(TENANT, lead.lead_id)).clock_ahead == timedelta(days=3)
    with pytest.raises(NotFound):
        await views.set_clock_ahead("other", lead.lead_id, timedelta(days=3))


async def test_a_lead_of_another_tenant_is_not_found(views: Views, lead: Lead) -> None:
    for ask in (views.lead_detail, views.lead_trace, views.lead_touches):
        with pytest.raises(NotFound):
            await ask("other", lead.lead_id)


async def test_a_rep_who_hears_a_no_opts_the_person_out_for_every_lead(
    records: PostgresRecords, views: Views, lead: Lead, pool: asyncpg.Pool
) -> None:
    await records.write(apply(lead, events.Disposed(at=NOW, code=Code.OPTED_OUT, by="ana")), NOW)
    detail = await views.lead_detail(TENANT, lead.lead_id)
    assert detail.person.opted_out
    planned = intent(lead.lead_id, detail.person.person_id)
    ledger = PostgresLedger(pool)
    await ledger.claim(planned, "a")
    assert await ledger.begin(planned.touch_id, "a", timedelta(seconds=15)) == "opted_out"


async def test_a_number_that_is_bad_is_nobodys_until_it_is_given_again(
    records: PostgresRecords, views: Views, lead: Lead, pool: asyncpg.Pool
) -> None:
    await records.write(apply(lead, events.Disposed(at=NOW, code=Code.BAD_NUMBER, by="ana")), NOW)
    facts = await PostgresDecisions(pool).facts(TENANT, lead.lead_id, NOW)
    assert (facts.person.phone, "invalid_phone" in facts.person.flags) == (None, True)
