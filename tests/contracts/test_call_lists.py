"""One suite for both homes of do-not-call lists, the fake and the real one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from adapters.postgres.call_lists import PostgresCallLists
from domain.call_lists import CallLists, Extract, ListedNumber
from domain.errors import BadInput
from domain.values import CallList
from tests.contracts.postgres.builders import TENANT
from tests.fake_lists import FakeCallLists

DAY = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
AUSTIN, DALLAS, LONDON = "+15125550142", "+12145550142", "+442079460958"


@pytest.fixture(params=["fake", "postgres"])
def lists(request: pytest.FixtureRequest, pool: asyncpg.Pool) -> CallLists:
    return PostgresCallLists(pool) if request.param == "postgres" else FakeCallLists()


def extract(kept_by: CallList = CallList.FEDERAL, as_of: date = DAY) -> Extract:
    return Extract(kept_by=kept_by, as_of=as_of, author="dana", file="list.txt")


def numbers(*given: str) -> Iterator[ListedNumber]:
    return (ListedNumber(number) for number in given)


def broken(*given: str) -> Iterator[ListedNumber]:
    yield from numbers(*given)
    raise BadInput("a row can't be read")


async def test_a_federal_extract_lists_its_numbers_and_covers_its_area_codes(lists: CallLists) -> None:
    imported = await lists.take(TENANT, extract(), numbers(AUSTIN, "+15125550143", AUSTIN))
    assert (imported.numbers, imported.duplicates, imported.before, imported.areas) == (2, 1, 0, (512,))
    found = await lists.of_number(TENANT, AUSTIN)
    assert [(one.kept_by, one.since, one.until) for one in found.listings] == [("federal", MIDNIGHT, None)]
    assert found.registry_as_of == MIDNIGHT
    for number, as_of in (("+15125550144", MIDNIGHT), ("+15125559999", MIDNIGHT), (DALLAS, None), (LONDON, None)):
        other = await lists.of_number(TENANT, number)
        assert (other.listings, other.registry_as_of) == ((), as_of)
    assert await lists.of_number("another", AUSTIN) == await lists.of_number("another", DALLAS)


async def test_a_new_extract_takes_the_place_of_the_one_before_for_its_area_codes_alone(lists: CallLists) -> None:
    await lists.take(TENANT, extract(), numbers(AUSTIN, "+15129990000", DALLAS))
    later = await lists.take(TENANT, extract(as_of=DAY + timedelta(days=30)), numbers("+15125550143"))
    assert (later.before, later.areas) == (2, (512,))
    for number, listed in ((AUSTIN, False), ("+15129990000", False), ("+15125550143", True), (DALLAS, True)):
        assert bool((await lists.of_number(TENANT, number)).listings) is listed
    in_force = await lists.in_force(TENANT)
    assert [(one.as_of, one.numbers, one.areas, one.author) for one in in_force] == [
        (DAY + timedelta(days=30), 1, (512,), "dana"),
        (DAY, 1, (214,), "dana"),
    ]


async def test_an_older_extract_is_refused_and_the_same_day_again_is_not(lists: CallLists) -> None:
    await lists.take(TENANT, extract(), numbers(AUSTIN))
    with pytest.raises(BadInput, match="area code 512 is here as of 2026-11-20"):
        await lists.take(TENANT, extract(as_of=DAY - timedelta(days=1)), numbers(DALLAS, "+15125550143"))
    assert (await lists.of_number(TENANT, DALLAS)).registry_as_of is None
    await lists.take(TENANT, extract(), numbers("+15125550143"))
    assert (await lists.of_number(TENANT, AUSTIN)).listings == ()


async def test_an_extract_that_seems_cut_off_is_refused_with_what_there_was_and_is(lists: CallLists) -> None:
    whole = [f"+1512555{number:04d}" for number in range(5)]
    await lists.take(TENANT, extract(), numbers(*whole, DALLAS))
    later = DAY + timedelta(days=30)
    with pytest.raises(BadInput, match="area code 512 had 5 numbers and has 2 here") as caught:
        await lists.take(TENANT, extract(as_of=later), numbers(*whole[:2], DALLAS, "+12125550142"))
    assert caught.value.problems == (("area code 512", "had 5 numbers and has 2 here"),)
    assert (await lists.of_number(TENANT, whole[4])).registry_as_of == MIDNIGHT
    assert (await lists.of_number(TENANT, "+12125550142")).registry_as_of is None
    forced = extract(as_of=later).model_copy(update={"may_shrink": True})
    assert (await lists.take(TENANT, forced, numbers(*whole[:2]))).before == 5
    assert (await lists.of_number(TENANT, whole[4])).listings == ()


@pytest.mark.parametrize("kept_by", CallList)
async def test_nothing_is_half_imported(lists: CallLists, kept_by: CallList) -> None:
    await lists.take(TENANT, extract(kept_by), numbers(AUSTIN))
    before = await lists.in_force(TENANT), await lists.of_number(TENANT, AUSTIN)
    with pytest.raises(BadInput, match="can't be read"):
        await lists.take(TENANT, extract(kept_by), broken("+15125550143", DALLAS))
    assert (await lists.in_force(TENANT), await lists.of_number(TENANT, AUSTIN)) == before
    assert (await lists.of_number(TENANT, DALLAS)).listings == ()


@pytest.mark.parametrize("kept_by", CallList)
async def test_a_rehearsal_says_what_an_import_would_come_to_and_leaves_all_as_it_was(
    lists: CallLists, kept_by: CallList
) -> None:
    await lists.take(TENANT, extract(kept_by), numbers(AUSTIN))
    said = await lists.take(TENANT, extract(kept_by), numbers(AUSTIN, DALLAS, DALLAS), rehearsal=True)
    assert (said.numbers, said.duplicates, said.before) == (2, 1, 1)
    assert (await lists.of_number(TENANT, DALLAS)).listings == ()
    done = await lists.take(TENANT, extract(kept_by), numbers(AUSTIN, DALLAS, DALLAS))
    assert done.model_copy(update={"list_id": 0}) == said.model_copy(update={"list_id": 0})


async def test_our_own_list_grows_and_never_forgets_sooner_than_was_asked(lists: CallLists) -> None:
    soon, late = date(2026, 12, 1), date(2027, 12, 1)
    rows = [
        ListedNumber(AUSTIN, soon, "asked"),
        ListedNumber(DALLAS),
        ListedNumber(LONDON, late),
        ListedNumber(LONDON, soon),
    ]
    imported = await lists.take(TENANT, extract(CallList.OWN), iter(rows))
    assert (imported.numbers, imported.duplicates, imported.before, imported.areas) == (3, 1, 0, ())
    again = await lists.take(
        TENANT,
        extract(CallList.OWN),
        iter([ListedNumber(AUSTIN, late), ListedNumber(DALLAS, soon), ListedNumber(LONDON, soon)]),
    )
    assert again.before == 3
    end = datetime(2027, 12, 2, 12, tzinfo=UTC)  # when the day is over everywhere
    for number, until in ((AUSTIN, end), (DALLAS, None), (LONDON, end)):
        (listing,) = (await lists.of_number(TENANT, number)).listings
        assert (listing.kept_by, listing.since, listing.until) == ("own", MIDNIGHT, until)
    assert [(one.kept_by, one.numbers) for one in await lists.in_force(TENANT)] == [("own", 3)]
