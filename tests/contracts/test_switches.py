"""A tenant's switches, fake and real: who turned them when and why; one tenant's are no other's."""

import asyncio
from datetime import timedelta
from importlib import resources

import asyncpg
import pytest

from adapters.phones import whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.switches import PostgresSwitches
from domain.switches import Name, SwitchBoard, Throw
from tests.builders import NOON
from tests.contracts.postgres.builders import TENANT, inquiry, intent, judge, person
from tests.published import FakeSwitches


@pytest.fixture(params=["fake", "real"])
def board(request: pytest.FixtureRequest) -> SwitchBoard:
    return FakeSwitches() if request.param == "fake" else PostgresSwitches(request.getfixturevalue("pool"), TENANT)


def turn(on: bool, because: str = "a flood") -> Throw:
    return Throw(on=on, by="kim", because=because)


async def test_a_switch_stands_as_it_was_last_turned_and_says_by_whom(board: SwitchBoard) -> None:
    assert (await board.standing()).kill_switch is None
    found = (await board.throw(Name.KILL_SWITCH, turn(True))).kill_switch
    assert found is not None
    assert (found.is_on, found.by, found.because) == (True, "kim", "a flood")
    await board.throw(Name.SANDBOX, turn(True, "new here"))
    found = (await board.throw(Name.KILL_SWITCH, turn(False, "dry again"))).kill_switch
    assert found is not None
    assert (found.is_on, found.because) == (False, "dry again")
    standing = await board.standing()
    assert (standing.kill_switch, standing.sandbox is not None and standing.sandbox.is_on) == (found, True)


async def test_turning_it_to_where_it_stands_keeps_the_first_word(board: SwitchBoard) -> None:
    await board.throw(Name.KILL_SWITCH, turn(True, "the first word"))
    found = (await board.throw(Name.KILL_SWITCH, turn(True, "another"))).kill_switch
    assert found is not None
    assert found.because == "the first word"


async def test_what_stands_is_told_in_words_while_it_is_on(board: SwitchBoard) -> None:
    assert (await board.standing()).in_words == ()
    found = await board.throw(Name.KILL_SWITCH, turn(True))
    assert [line.partition(" since ")[0] for line in found.in_words] == ["touches of people are stopped"]
    assert found.in_words[0].endswith("by kim: a flood")
    assert (await board.throw(Name.KILL_SWITCH, turn(False))).in_words == ()


async def test_one_tenants_switch_stops_no_other(pool: asyncpg.Pool) -> None:
    await PostgresSwitches(pool, "other").throw(Name.KILL_SWITCH, turn(True))
    assert (await PostgresSwitches(pool, TENANT).standing()).kill_switch is None
    on = [await pool.fetchval("select is_switched_on($1, 'kill_switch')", each) for each in ("other", TENANT)]
    assert on == [True, False]


async def test_a_judgement_reads_how_the_switches_stand(pool: asyncpg.Pool) -> None:
    captured = await PostgresCaptures(pool, whereabouts).capture(TENANT, inquiry(), person(), judge)
    decisions, board = PostgresDecisions(pool), PostgresSwitches(pool, TENANT)
    seen = []
    for name, on in ((Name.KILL_SWITCH, True), (Name.SANDBOX, True), (Name.KILL_SWITCH, False), (Name.SANDBOX, False)):
        await board.throw(name, turn(on))
        facts = await decisions.facts(TENANT, str(captured.lead_id), NOON)
        seen.append((facts.kill_switch, facts.sandbox))
    assert seen == [(True, False), (True, True), (False, True), (False, False)]


async def test_what_is_stopped_while_a_touch_waits_for_the_person_is_not_begun(pool: asyncpg.Pool) -> None:
    captured = await PostgresCaptures(pool, whereabouts).capture(TENANT, inquiry(), person(), judge)
    person_id = await pool.fetchval("select person_id from person")
    ledger, touch = PostgresLedger(pool), intent(str(captured.lead_id), person_id)
    await ledger.claim(touch, "a")
    async with pool.acquire() as other:
        async with other.transaction():
            await other.execute("select from person where person_id = $1 for update", person_id)
            begun = asyncio.create_task(ledger.begin(touch.touch_id, "a", timedelta(seconds=15)))
            while not await pool.fetchval("select exists (select from pg_locks where not granted)"):
                await asyncio.sleep(0.01)
            await PostgresSwitches(pool, TENANT).throw(Name.KILL_SWITCH, turn(True))
        assert await begun == "kill_switch"


async def test_going_back_to_one_switch_for_all_keeps_a_stop(pool: asyncpg.Pool) -> None:
    await PostgresSwitches(pool, TENANT).throw(Name.KILL_SWITCH, turn(True))
    folder = resources.files("adapters.postgres").joinpath("migrations")
    (file,) = (each for each in folder.iterdir() if each.name.endswith("_switches.sql"))
    await pool.execute(file.read_text(encoding="utf-8").split("-- migrate:down")[1])
    assert await pool.fetchval("select value from setting where key = 'kill_switch'") == "true"


async def test_a_lead_that_is_not_there_has_no_facts_whatever_the_switches_say(pool: asyncpg.Pool) -> None:
    await PostgresSwitches(pool, TENANT).throw(Name.KILL_SWITCH, turn(True))
    assert await pool.fetchval("select facts_of($1, 'nobody', $2, null)", TENANT, NOON) is None
    assert await PostgresDecisions(pool).find("none") is None


@pytest.mark.parametrize("change", ["update tenant_switch set is_on = false", "delete from tenant_switch"])
async def test_the_log_of_switches_can_not_be_rewritten(pool: asyncpg.Pool, change: str) -> None:
    await PostgresSwitches(pool, TENANT).throw(Name.KILL_SWITCH, turn(True))
    with pytest.raises(asyncpg.RestrictViolationError, match="tenant_switch is append-only"):
        await pool.execute(change)
