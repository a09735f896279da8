"""Running leads by the policy they follow, from the real database: pages, selections, and no other tenant's."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from activities.capture import Capture
from activities.policies import Policies
from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.cohorts import PostgresCohorts
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.policies import PostgresPolicies
from adapters.postgres.records import PostgresRecords
from domain.cohorts import MigrationRow, Selection, Wanted
from domain.lead import Lead
from domain.values import ClosedReason
from policy import preview
from tests.contracts.postgres.builders import TENANT, inquiry
from tests.policy import cases
from tests.published import entering

OTHER = cases.changed(hops=2)
ANY = Selection()


@pytest.fixture
async def leads(pool: asyncpg.Pool) -> list[Lead]:
    """Four open leads under the default policy, captured as they really are; the last asked for something else."""
    store = PostgresPolicies(pool, TENANT)
    for each in (OTHER, cases.default()):
        await store.publish(entering(each))
    policies = Policies(cases.default(), store)
    front = Capture(TENANT, PostgresCaptures(pool, whereabouts), PostgresLedger(pool), person_facts, policies)
    found = []
    for number, source in enumerate(("demo_request", "demo_request", "demo_request", "content_download")):
        asked = inquiry(f"e{number}", source, person={"phone": f"+151255501{number:02d}", "name": "Dana"})
        captured = await front.inquiry(asked)
        assert captured.lead is not None
        found.append(captured.lead)
    return found


def wanted(selection: Selection = ANY, limit: int = 10, cursor: str | None = None) -> Wanted:
    return Wanted(to=OTHER.hash, selection=selection, limit=limit, cursor=cursor)


async def test_leads_that_follow_another_policy_are_read_with_what_was_answered(
    pool: asyncpg.Pool, leads: list[Lead]
) -> None:
    now = datetime.now(UTC)
    page = await PostgresCohorts(pool, TENANT).page(wanted(), now)
    assert [each.lead.lead_id for each in page.leads] == [each.lead_id for each in leads]
    assert page.cursor is None
    first = page.leads[0]
    assert [(each.decision, each.asked) for each in first.answers] == [(leads[0].captured, None)]
    assert first.answers[0].facts.source == "demo_request"
    assert first.now == now
    assert [preview.of(each, cases.default()) for each in page.leads] == [None] * 4
    answers = await PostgresDecisions(pool).cycle(TENANT, leads[0].lead_id, 1)
    assert answers == first.answers
    assert await PostgresDecisions(pool).cycle(TENANT, leads[0].lead_id, 2) == ()
    assert await PostgresDecisions(pool).cycle("other", leads[0].lead_id, 1) == ()


async def test_pages_go_on_where_the_one_before_ended(pool: asyncpg.Pool, leads: list[Lead]) -> None:
    cohorts, found, cursor = PostgresCohorts(pool, TENANT), list[str](), None
    for _ in range(2):
        page = await cohorts.page(wanted(limit=2, cursor=cursor), datetime.now(UTC))
        found += [each.lead.lead_id for each in page.leads]
        cursor = page.cursor
    assert (found, cursor) == ([each.lead_id for each in leads], None)


async def test_a_selection_a_closed_lead_and_another_tenant_are_left_out(pool: asyncpg.Pool, leads: list[Lead]) -> None:
    cohorts, now = PostgresCohorts(pool, TENANT), datetime.now(UTC)
    only = await cohorts.page(wanted(Selection(source="content_download")), now)
    assert [each.lead.lead_id for each in only.leads] == [leads[3].lead_id]
    one = await cohorts.page(wanted(Selection(lead=leads[1].lead_id)), now)
    assert [each.lead.lead_id for each in one.leads] == [leads[1].lead_id]
    closed = leads[0].model_copy(update={"closed": ClosedReason.WON, "seq": 5})
    await PostgresRecords(pool, person_facts, whereabouts).close(closed, now)
    await PostgresRecords(pool, person_facts, whereabouts).write(
        leads[1].model_copy(update={"pinned": OTHER.hash, "seq": 5}), now
    )
    left = await cohorts.page(wanted(), now)
    assert [each.lead.lead_id for each in left.leads] == [each.lead_id for each in leads[2:]]
    assert (await PostgresCohorts(pool, "other").page(wanted(), now)).leads == ()


async def test_a_leads_own_clock_counts(pool: asyncpg.Pool, leads: list[Lead]) -> None:
    ahead = timedelta(days=3)
    await pool.execute("update lead set clock_ahead = $1 where lead_id = $2", ahead, leads[0].lead_id)
    now = datetime.now(UTC)
    page = await PostgresCohorts(pool, TENANT).page(wanted(limit=2), now)
    assert [each.now - now for each in page.leads] == [ahead, timedelta(0)]


async def test_the_log_of_migrations_is_kept_and_not_rewritten(pool: asyncpg.Pool, leads: list[Lead]) -> None:
    counts = {"adopted": 3, "refused": 1, "unreachable": 0}
    row = MigrationRow(key="m-1", to_hash=OTHER.hash, by="kim", note="softer", selection=ANY, **counts)
    await PostgresCohorts(pool, TENANT).log(row)
    kept = await pool.fetchrow("select tenant, key, to_hash, by, note, adopted, refused from policy_migration")
    assert tuple(kept) == (TENANT, "m-1", OTHER.hash, "kim", "softer", 3, 1)
    with pytest.raises(asyncpg.RestrictViolationError, match="policy_migration is append-only"):
        await pool.execute("delete from policy_migration")
