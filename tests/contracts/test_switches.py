"""A tenant's switches, fake and real: who turned them when and why; one tenant's are no other's."""

import asyncpg
import pytest

from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.switches import PostgresSwitches
from domain.switches import Name, SwitchBoard, Throw
from tests.builders import NOON
from tests.contracts.postgres.builders import TENANT
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


async def test_a_lead_that_is_not_there_has_no_facts_whatever_the_switches_say(pool: asyncpg.Pool) -> None:
    await PostgresSwitches(pool, TENANT).throw(Name.KILL_SWITCH, turn(True))
    assert await pool.fetchval("select facts_of($1, 'nobody', $2, null)", TENANT, NOON) is None
    assert await PostgresDecisions(pool).find("none") is None


@pytest.mark.parametrize("change", ["update tenant_switch set is_on = false", "delete from tenant_switch"])
async def test_the_log_of_switches_can_not_be_rewritten(pool: asyncpg.Pool, change: str) -> None:
    await PostgresSwitches(pool, TENANT).throw(Name.KILL_SWITCH, turn(True))
    with pytest.raises(asyncpg.RestrictViolationError, match="tenant_switch is append-only"):
        await pool.execute(change)
