"""Behaviour: it joins the person's open lead, opens one where policy says so, or is kept."""

import json
from datetime import datetime

import asyncpg
import pytest

from adapters.postgres.captures import PostgresCaptures
from domain.facts import PersonFacts, SignalFact
from domain.messages import Person, Signal
from tests.contracts.postgres.builders import TENANT, RotationJudge, broken_judge, inquiry, judge, person

EMAIL = "dana@example.com"


def read(_given: Person) -> PersonFacts:
    return person()


async def count(pool: asyncpg.Pool, table: str) -> int:
    return int(await pool.fetchval(f"select count(*) from {table}"))


async def test_behaviour_joins_the_open_lead_or_is_kept(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    def view(n: int, kind: str = "page_view") -> Signal:
        return Signal(source_event_id=f"s{n}", person=Person(), kind=kind, page="/pricing")

    asked: list[tuple[int, str]] = []

    class Remembering(RotationJudge):
        def is_strong(self, seen: SignalFact, before: tuple[SignalFact, ...], now: datetime) -> bool:
            asked.append((len(before), seen.kind))
            return super().is_strong(seen, before, now)

    assert (await captures.signal(TENANT, view(1), person(), judge)).status == "kept"
    await captures.capture(TENANT, inquiry(), person(), judge)
    second = await captures.signal(TENANT, view(2), person(), Remembering())
    meeting = await captures.signal(TENANT, view(3, "meeting_request"), person(), Remembering())
    assert (await captures.signal(TENANT, view(3), person(), judge)).status == "duplicate"
    assert asked == [(1, "page_view"), (2, "meeting_request")]
    assert [one.ref and one.ref.strong for one in (second, meeting)] == [False, True]
    assert {one.ref and one.ref.kind for one in (second, meeting)} == {"behaviour"}
    assert {one.status for one in (second, meeting)} == {"joined"}
    assert await count(pool, "behaviour") == 3


@pytest.mark.parametrize("who", [{}, {"email": EMAIL}])
async def test_behaviour_that_policy_names_opens_a_lead_where_there_is_none(
    captures: PostgresCaptures, pool: asyncpg.Pool, who: dict[str, str]
) -> None:
    asks = Signal(source_event_id="s2", person=Person(), kind="meeting_request")
    look = Signal(source_event_id="s1", person=Person(), kind="page_view", page="/demo")
    assert (await captures.signal(TENANT, look, person(**who), judge)).status == "kept"
    opened = await captures.signal(TENANT, asks, person(**who), judge)
    assert (opened.status, opened.first_motion) == ("started", "text_back")
    assert opened.ref is not None
    assert (opened.ref.kind, opened.ref.source) == ("inquiry", "contact_sales")
    assert opened.lead is not None
    assert (opened.lead.lead_id, opened.lead.source) == (opened.lead_id, "contact_sales")
    facts = json.loads(await pool.fetchval("select facts from decision"))
    assert [one["kind"] for one in facts["signals"]] == ["page_view", "meeting_request"]
    assert (await captures.signal(TENANT, asks, person(**who), judge)).status == "duplicate"
    again = asks.model_copy(update={"source_event_id": "s3"})
    assert (await captures.signal(TENANT, again, person(**who), judge)).status == "joined"
    assert (await count(pool, "lead"), await count(pool, "behaviour")) == (1, 3)


async def test_behaviour_that_could_not_be_decided_on_is_kept_and_opens_its_lead_later(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    asks = Signal(source_event_id="s1", person=Person(), kind="meeting_request")
    left = await captures.signal(TENANT, asks, person(), broken_judge)
    assert (left.status, left.lead_id) == ("undecided", None)
    again = await captures.recapture(left.row_id, read, judge)
    assert (again.status, await count(pool, "behaviour")) == ("started", 1)
