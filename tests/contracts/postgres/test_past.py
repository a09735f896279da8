"""A tenant's stored decisions put to policy again: read in pages, each by its own policy, counted by build and by
place."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from adapters.postgres import past
from adapters.postgres.build import build
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.past import Past, Span
from adapters.postgres.policies import PostgresPolicies
from domain.decisions import DecisionKind, Followup
from domain.publications import Entering
from policy import judgements
from policy.at_capture import AtCapture
from runtime.cli.main import app
from runtime.replay import Report, Shelf, Tally, replayed
from tests.contracts.postgres.builders import TENANT, inquiry, person
from tests.policy import cases

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ALL = Span(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
LATER = 11


@pytest_asyncio.fixture
async def lead_id(pool: asyncpg.Pool, captures: PostgresCaptures) -> str:
    """A lead with a triage and eleven later decisions by the default policy."""
    policy = cases.default()
    await PostgresPolicies(pool, TENANT).publish(
        Entering(policy_hash=policy.hash, name="default", text=policy.text, packs=dict(policy.packs), author="test")
    )
    lead = (await captures.capture(TENANT, inquiry(), person(), AtCapture(policy, active=policy.hash))).lead
    assert lead is not None
    decisions = PostgresDecisions(pool)
    facts = await decisions.facts(TENANT, lead.lead_id, NOW)
    for number in range(LATER):
        asked = Followup(kind=DecisionKind.WORK, decision_id=f"{lead.lead_id}:1:work:{number}", owner="ada")
        await decisions.store(facts, asked, judgements.of(facts, asked, policy, NOW, asked.decision_id))
    return lead.lead_id


async def report(pool: asyncpg.Pool, span: Span = ALL, tenant: str = TENANT, most: int = 2) -> Report:
    tally, shelf = Tally(most), Shelf(PostgresPolicies(pool, TENANT))
    async for number in replayed(Past(pool).decisions(tenant, span), shelf, tally):
        assert number == tally.told().decisions
    return tally.told()


async def test_all_decisions_come_out_as_they_were_page_by_page(
    pool: asyncpg.Pool, lead_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in (200, 5, 4, 1):
        monkeypatch.setattr(past, "PAGE", page)
        read = await report(pool)
        assert (read.decisions, read.same, read.differ, read.policies) == (LATER + 1, LATER + 1, 0, 1)
    told = await report(pool)
    assert [(made.engine, made.decisions, made.differ) for made in told.by_build] == [(build(), LATER + 1, 0)]


async def test_decisions_of_one_moment_are_each_read_once(
    pool: asyncpg.Pool, lead_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pool.execute("update decision set recorded_at = $1", NOW)
    monkeypatch.setattr(past, "PAGE", 5)
    found = [kept.decision_id async for kept in Past(pool).decisions(TENANT, ALL)]
    assert found == sorted(set(found))
    assert len(found) == LATER + 1


async def test_which_decisions_is_for_the_span_to_say(pool: asyncpg.Pool, lead_id: str) -> None:
    await pool.execute("update decision set recorded_at = $1 where kind = 'triage'", NOW - timedelta(days=40))
    assert (await report(pool, Span(NOW - timedelta(days=30), ALL.until))).decisions == LATER
    assert (await report(pool, Span(NOW - timedelta(days=50), NOW - timedelta(days=40)))).decisions == 0
    assert (await report(pool, Span(ALL.since, ALL.until, lead_id))).decisions == LATER + 1
    assert (await report(pool, Span(ALL.since, ALL.until, "another"))).decisions == 0
    assert (await report(pool, tenant="another")).decisions == 0


async def test_what_differs_is_counted_by_place_and_by_build_and_the_first_are_shown(
    pool: asyncpg.Pool, lead_id: str
) -> None:
    await pool.execute(
        """update decision set trace = jsonb_set(trace, '{reasons,0,because}', '"for no reason"'), engine = '0.0.9+old'
        where decision_id ~ ':work:[0-2]$'"""
    )
    told = await report(pool)
    assert (told.differ, told.same) == (3, LATER - 2)
    assert told.by_place == {"trace.reasons[].because": 3}
    assert {made.engine: (made.decisions, made.differ) for made in told.by_build} == {
        build(): (LATER - 2, 0),
        "0.0.9+old": (3, 3),
    }
    assert [each.decision_id for each in told.first] == [f"{lead_id}:1:work:{number}" for number in (0, 1)]
    (place,) = told.first[0].differences
    assert (place.place, json.loads(place.stored)) == ("trace.reasons[0].because", "for no reason")


async def test_a_policy_that_is_gone_or_fails_its_checks_is_told(pool: asyncpg.Pool, lead_id: str) -> None:
    await pool.execute("update policy set text = 'name: half'")
    told = await report(pool)
    assert (told.differ, told.by_place) == (LATER + 1, {"policy": LATER + 1})
    assert "no longer passes its checks" in told.first[0].differences[0].now
    await pool.execute("update decision set policy_hash = 'none'")
    assert (await report(pool)).first[0].differences[0].now == "was never published here"


async def test_a_later_decision_without_its_question_is_counted_apart(pool: asyncpg.Pool, lead_id: str) -> None:
    await pool.execute("update decision set asked = null where decision_id ~ ':work:1'")
    told = await report(pool)
    assert (told.unaskable, told.differ, told.same) == (2, 0, LATER - 1)


@pytest.mark.parametrize(
    ("changes", "differ"),
    [
        ({"name": "other"}, 0),
        ({"name": "other", "hops": 9}, 0),
        ({"sla": {"work": {"ladder": [{"at": "5h", "do": "remind"}]}}}, LATER),
    ],
)
async def test_another_policy_judges_all_and_its_name_alone_is_no_difference(
    pool: asyncpg.Pool, lead_id: str, changes: dict[str, object], differ: int
) -> None:
    tally, instead = Tally(1), cases.changed(**changes)
    assert instead.hash != cases.default().hash
    async for _ in replayed(Past(pool).decisions(TENANT, ALL), Shelf(PostgresPolicies(pool, TENANT)), tally, instead):
        pass
    assert tally.told().differ == differ


async def command(*words: str) -> Result:
    """`baton policy replay` in a thread of its own, for it runs a loop."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["policy", "replay", *words])


async def test_the_command_says_what_differs_and_its_exit_status_does(
    pool: asyncpg.Pool, lead_id: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", database_url)
    monkeypatch.setenv("BATON_TENANT", TENANT)
    fine = await command("--since", "1d", "--lead", lead_id)
    assert (fine.exit_code, fine.output.splitlines()[-1]) == (0, "Nothing comes out otherwise.")
    await pool.execute("update decision set trace = trace || '{\"mood\": \"\\u001b[2J\"}' where kind = 'triage'")
    wrong = await command()
    assert wrong.exit_code == 1
    assert f"{lead_id}:1:triage:0" in wrong.output
    assert 'trace.mood: was "\\u001b[2J", is absent' in wrong.output, "as JSON, and no control character"
    told = await command("--json", "--first", "0")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["by_place"] == {"trace.mood": 1}
    assert json.loads(told.stdout)["first"] == []
    nothing = await command("--lead", "00000000-0000-0000-0000-000000000000")
    assert (nothing.exit_code, nothing.output.splitlines()[-1]) == (0, "There is nothing to compare.")
