"""One suite for both stores of failed conditions; and with the real one, what becomes of a condition that fails on a
lead: false, named in the trace, told to the supervisors once."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest_asyncio

from activities.fault_alerts import FaultAlerts
from activities.policies import Policies
from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.faults import PostgresFaults
from adapters.postgres.policies import PostgresPolicies
from adapters.postgres.switches import PostgresSwitches
from domain.decisions import Judgement, Reason, Trace
from domain.facts import Facts
from domain.faults import Faults
from domain.messages import Inquiry
from policy.at_capture import AtCapture
from policy.triage import triage
from tests.contracts.postgres.builders import TENANT, RotationJudge, inquiry, person
from tests.fake_faults import FakeFaults
from tests.fakes import FakeChat
from tests.policy import cases

AGAIN = timedelta(minutes=1)
BUDGET = {"name": "budget", "when": 'answers["budget"] == "high"', "points": 10, "because": "can pay"}


@dataclass
class Bench:
    """A store, a way to let a lead meet faults, and a way to let an hour, or a minute, pass."""

    faults: Faults
    meet: Callable[..., Awaitable[str]]
    pass_hour: Callable[[], Awaitable[None]]
    pass_minute: Callable[[], Awaitable[None]]


class FaultyJudge(RotationJudge):
    """Meets the faults it is told to."""

    def __init__(self, rules: tuple[str, ...], policy_hash: str) -> None:
        super().__init__(policy_hash)
        self.rules = rules

    def triage(self, facts: Facts, now: datetime, decision_id: str) -> Judgement:
        made = super().triage(facts, now, decision_id)
        faults = tuple(Reason(rule=rule, because="no “Dana Ortiz”") for rule in self.rules)
        decision = made.decision.model_copy(update={"policy_hash": self.active})
        return made.model_copy(update={"decision": decision, "trace": Trace(faults=faults)})


def faked() -> Bench:
    faults = FakeFaults()
    met = iter(range(1000))

    async def meet(*rules: str, policy: str = "p1", tenant: str = TENANT) -> str:
        lead_id = f"lead-{next(met)}"
        for rule in rules:
            faults.note(tenant, policy, rule, lead_id)
        return lead_id

    async def pass_hour() -> None:
        faults.hour += 1

    async def pass_minute() -> None:
        faults.taken = {alert: at - AGAIN for alert, at in faults.taken.items()}

    return Bench(faults, meet, pass_hour, pass_minute)


def real(pool: asyncpg.Pool) -> Bench:
    captures, met = PostgresCaptures(pool, whereabouts), iter(range(1000))

    async def meet(*rules: str, policy: str = "p1", tenant: str = TENANT) -> str:
        number = next(met)
        who = person(phone=f"+151255501{number:02d}")
        captured = await captures.capture(tenant, inquiry(f"form-{number}"), who, FaultyJudge(rules, policy))
        return str(captured.lead_id)

    async def pass_hour() -> None:
        await pool.execute("update condition_fault set recorded_hour = recorded_hour - interval '1 hour'")

    async def pass_minute() -> None:
        await pool.execute("update condition_fault set tried_at = tried_at - interval '1 minute'")

    return Bench(PostgresFaults(pool), meet, pass_hour, pass_minute)


@pytest_asyncio.fixture(params=["fake", "postgres"])
async def bench(request: object, pool: asyncpg.Pool) -> AsyncIterator[Bench]:
    yield faked() if request.param == "fake" else real(pool)  # type: ignore[attr-defined]  # pytest's request


async def taken(bench: Bench, tenant: str = TENANT) -> list[tuple[str, str, str]]:
    found = await bench.faults.take(tenant, AGAIN, 20)
    return sorted((each.policy_hash, each.rule, each.lead_id) for each in found)


async def test_many_leads_that_meet_one_fault_are_one_alert(bench: Bench) -> None:
    first = await bench.meet("score/budget")
    await bench.meet("score/budget")
    await bench.meet()
    assert await taken(bench) == [("p1", "score/budget", first)]


async def test_each_rule_of_each_policy_of_each_tenant_is_told_apart(bench: Bench) -> None:
    both = await bench.meet("score/budget", "route/soon", "score/budget")
    other = await bench.meet("score/budget", policy="p2")
    await bench.meet("score/budget", tenant="other")
    assert await taken(bench) == [
        ("p1", "route/soon", both),
        ("p1", "score/budget", both),
        ("p2", "score/budget", other),
    ]
    assert [rule for _, rule, _ in await taken(bench, "other")] == ["score/budget"]


async def test_an_alert_is_taken_once_and_again_only_while_nobody_was_told(bench: Bench) -> None:
    await bench.meet("score/budget")
    (fault,) = await bench.faults.take(TENANT, AGAIN, 20)
    assert fault.tries == 1
    assert await taken(bench) == []
    await bench.pass_minute()
    (again,) = await bench.faults.take(TENANT, AGAIN, 20)
    assert (again.alert_id, again.tries) == (fault.alert_id, 2)
    await bench.faults.told(fault.alert_id)
    await bench.pass_minute()
    assert await taken(bench) == []


async def test_the_next_hour_brings_another_alert(bench: Bench) -> None:
    await bench.meet("score/budget")
    (fault,) = await bench.faults.take(TENANT, AGAIN, 20)
    await bench.faults.told(fault.alert_id)
    await bench.pass_hour()
    later = await bench.meet("score/budget")
    assert await taken(bench) == [("p1", "score/budget", later)]


async def test_a_condition_that_fails_is_false_is_named_and_is_told_once_for_two_leads(pool: asyncpg.Pool) -> None:
    loaded = cases.changed(score=[BUDGET])
    store = PostgresPolicies(pool, TENANT)
    captures, judge = PostgresCaptures(pool, whereabouts), AtCapture(loaded)
    leads = []
    for number, answers in enumerate(({"timeline": "now"}, {}, {"budget": "high"})):
        asked: Inquiry = inquiry(f"form-{number}", answers=answers, person={"phone": f"+1512555019{number}"})
        captured = await captures.capture(TENANT, asked, person_facts(asked.person), judge)
        assert captured.status == "started"
        leads.append(str(captured.lead_id))
    traces = [json.loads(each[0]) for each in await pool.fetch("select trace from decision order by recorded_at")]
    assert [trace["faults"] for trace in traces] == [
        [{"rule": "score/budget", "because": "the lead gave no “budget”"}],
        [{"rule": "score/budget", "because": "the lead gave no “budget”"}],
        [],
    ]
    assert [len(trace["points"]) for trace in traces] == [0, 0, 1]

    chat, faults = FakeChat(), PostgresFaults(pool)
    alerts = FaultAlerts(TENANT, faults, chat, Policies(loaded, store), PostgresSwitches(pool, TENANT))
    assert await alerts.sweep() == ("score/budget",)
    assert await alerts.sweep() == ()
    ((_, message),) = chat.told
    assert message.channel == loaded.policy.channels.supervisors
    assert "score/budget" in message.text
    assert leads[0] in message.lines[0]


async def test_a_running_lead_that_is_judged_again_is_noted_too(pool: asyncpg.Pool) -> None:
    lead_id = await real(pool).meet()
    loaded, store = cases.changed(score=[BUDGET]), PostgresDecisions(pool)
    now = datetime(2026, 11, 24, 15, tzinfo=UTC)
    facts = await store.facts(TENANT, lead_id, now)
    for _ in range(2):  # the second is a repeat of the first
        await store.store(facts, None, triage(facts, loaded, now, f"{lead_id}:2:triage:0"))
    (fault,) = await PostgresFaults(pool).take(TENANT, AGAIN, 20)
    assert (fault.rule, fault.policy_hash, fault.lead_id) == ("score/budget", loaded.hash, lead_id)
