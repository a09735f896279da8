"""The capture transaction judges by the policy that is active at that moment, or not at all."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from activities.capture import Capture
from activities.policies import Policies
from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.policies import PostgresPolicies
from domain.errors import Superseded
from domain.messages import Signal
from policy.load import LoadedPolicy
from tests.contracts.postgres.builders import TENANT, RotationJudge, inquiry, judge, person
from tests.policy import cases
from tests.published import entering


@pytest.fixture
def captures(pool: asyncpg.Pool) -> PostgresCaptures:
    return PostgresCaptures(pool, whereabouts)


@pytest.fixture
def store(pool: asyncpg.Pool) -> PostgresPolicies:
    return PostgresPolicies(pool, TENANT)


def front_of(pool: asyncpg.Pool, captures: PostgresCaptures, policies: Policies) -> Capture:
    return Capture(TENANT, captures, PostgresLedger(pool), person_facts, policies)


def other() -> LoadedPolicy:
    return cases.changed(hops=2)


async def test_a_judge_of_yesterdays_policy_writes_nothing(captures: PostgresCaptures, store: PostgresPolicies) -> None:
    await store.publish(entering(other()))
    with pytest.raises(Superseded):
        await captures.capture(TENANT, inquiry(), person(), judge)
    signal = Signal.model_validate({"source_event_id": "s", "person": {"phone": "+15125550142"}, "kind": "page_view"})
    with pytest.raises(Superseded):
        await captures.signal(TENANT, signal, person(), judge)
    assert await captures.left_behind(TENANT, timedelta(0), 10) == ()
    taken = await captures.capture(TENANT, inquiry(), person(), RotationJudge(other().hash))
    assert taken.status == "started"


async def test_a_lead_is_judged_by_what_was_published_the_moment_before(
    pool: asyncpg.Pool, captures: PostgresCaptures, store: PostgresPolicies
) -> None:
    await store.publish(entering(cases.default(), way="file"))
    policies = Policies(cases.default(), store)
    front = front_of(pool, captures, policies)
    first = await front.inquiry(inquiry("a"))
    await store.publish(entering(other()))  # by another process: nobody tells this one
    second = await front.inquiry(inquiry("b", person={"phone": "+15125550143"}))
    hashes = [each.lead.policy_hash for each in (first, second) if each.lead is not None]
    assert hashes == [cases.default().hash, other().hash]
    assert (await store.in_force()).pinned == tuple(sorted(hashes))
    assert [each.hash for each in policies.loaded] == [other().hash, cases.default().hash]


async def test_captures_amid_publishing_each_follow_the_policy_of_their_place_in_the_row(
    pool: asyncpg.Pool, captures: PostgresCaptures, store: PostgresPolicies
) -> None:
    await store.publish(entering(cases.default()))
    front = front_of(pool, captures, Policies(cases.default(), store))
    await front.inquiry(inquiry("warm", person={"phone": "+15125550199"}))

    async def arrive(number: int) -> str:
        found = await front.inquiry(inquiry(f"n{number}", person={"phone": f"+151255502{number:02d}"}))
        assert found.lead is not None
        return found.lead.policy_hash

    arrivals = [asyncio.create_task(arrive(number)) for number in range(12)]
    await store.publish(entering(other()))
    assert {*await asyncio.gather(*arrivals)} <= {cases.default().hash, other().hash}
    late = await arrive(50)
    assert late == other().hash


async def test_an_active_policy_that_this_build_can_not_read_loses_no_lead(
    pool: asyncpg.Pool, captures: PostgresCaptures, store: PostgresPolicies
) -> None:
    await store.publish(entering(cases.default()))
    policies = Policies(cases.default(), store)
    newer = entering(other()).model_copy(update={"policy_hash": "feedfacefeedface", "text": "name: from_the_future"})
    await store.publish(newer)
    found = await front_of(pool, captures, policies).inquiry(inquiry("a"))
    assert found.lead is not None
    assert found.lead.policy_hash == cases.default().hash
