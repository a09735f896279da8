"""A tenant's own history as a simulation takes it: each beginning with the facts of its moment and what was written
next."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from adapters.postgres import arrivals
from adapters.postgres.arrivals import PastArrival, PastArrivals
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from domain.decisions import DecisionKind, Followup
from domain.replies import ReplyKind
from policy import judgements
from policy.at_capture import AtCapture
from policy.load import read_policy
from policy.whatif.simulation import Scenario, Simulation
from runtime.cli.arrivals import of_history
from tests.contracts.postgres.builders import TENANT, inquiry, person
from tests.policy import cases

EVER = datetime(2000, 1, 1, tzinfo=UTC)
OPEN = read_policy(cases.POLICIES / "always_open.yaml")  # captures have the database's clock, at any hour of any day


async def history(pool: asyncpg.Pool, since: datetime = EVER, tenant: str = TENANT) -> list[PastArrival]:
    return [each async for each in PastArrivals(pool).since(tenant, since)]


async def captured(captures: PostgresCaptures, number: int, source: str = "paid_lead_form") -> str:
    phone = f"+1512555{number:04d}"
    named = {"name": f"Dana {number}", "phone": phone}
    came = inquiry(f"event-{number}", source, person=named, consent={"sms": True, "kind": "express"})
    who = person(phone=phone, email=None, email_domain=None)
    lead = (await captures.capture(TENANT, came, who, AtCapture(OPEN))).lead
    assert lead is not None
    return lead.lead_id


async def test_each_beginning_is_read_once_page_by_page(
    pool: asyncpg.Pool, captures: PostgresCaptures, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await captured(captures, number)
    for page in (500, 2, 1):
        monkeypatch.setattr(arrivals, "PAGE", page)
        told = [(each.source_event_id, each.name) for each in await history(pool)]
        assert told == [(f"event-{number}", f"Dana {number}") for number in range(5)]
    assert await history(pool, datetime.now(UTC) + timedelta(minutes=1)) == []
    assert await history(pool, tenant="another") == []


async def test_a_simulation_of_history_hears_what_people_really_wrote(
    pool: asyncpg.Pool, captures: PostgresCaptures
) -> None:
    """Two paid leads were texted; one of them answered with a buying signal: one dial, not an assumed share."""
    answered = await captured(captures, 1)
    await captured(captures, 2)
    decisions = PostgresDecisions(pool)
    at = datetime.now(UTC) + timedelta(days=1)
    facts = await decisions.facts(TENANT, answered, at)
    asked = Followup(
        kind=DecisionKind.REPLY, decision_id=f"{answered}:1:reply:1", said=ReplyKind.BUYING_SIGNAL, since=at
    )
    judgement = judgements.of(facts, asked, OPEN, at, asked.decision_id)
    await decisions.store(facts, asked, judgement)

    past = await history(pool)
    run = Simulation(OPEN, Scenario(is_history=True))
    run.run(of_history(past))

    assert [[reply.said for reply in each.replies] for each in past] == [[ReplyKind.BUYING_SIGNAL], []]
    assert (run.tally.all.leads, run.tally.all.texts, run.tally.all.dials) == (2, 2, 1)
