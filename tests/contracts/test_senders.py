"""Whose turn it is to text from a number: one suite for both stores."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import asyncpg
import pytest
import pytest_asyncio

from adapters.postgres.senders import PostgresSenders
from domain.senders import Asking, Senders
from tests.builders import NOON
from tests.fake_senders import FakeSenders

SENDER, OTHER = "+15125550100", "+13055550100"


@pytest_asyncio.fixture(params=["fake", "postgres"])
async def senders(request: object, pool: asyncpg.Pool) -> AsyncIterator[Senders]:
    yield FakeSenders() if request.param == "fake" else PostgresSenders(pool)  # type: ignore[attr-defined]  # pytest's


def asking(touch: str, **changes: object) -> Asking:
    given = {
        "tenant": "main",
        "touch_id": touch,
        "sender": SENDER,
        "segments": 1,
        "rank": 1,
        "zone": "America/Chicago",
        "per_second": Decimal(1),
        **changes,
    }
    return Asking.model_validate(given)


async def ask(senders: Senders, touch: str, after: float = 0, **changes: object) -> str:
    """What a text hears, so many seconds after noon: go, the seconds to wait, or full."""
    turn = await senders.take(asking(touch, **changes), NOON + timedelta(seconds=after))
    return "go" if turn.granted else "full" if turn.full else f"{turn.wait.total_seconds():g}"


async def test_texts_go_as_fast_as_the_number_may_and_in_the_order_they_asked(senders: Senders) -> None:
    assert [await ask(senders, touch) for touch in "abcd"] == ["go", "1", "2", "3"]
    assert await ask(senders, "c", 1) == "1"
    assert await ask(senders, "b", 1) == "go"
    assert [await ask(senders, touch, 2) for touch in "dc"] == ["1", "go"]
    assert [await ask(senders, touch, 3) for touch in "d"] == ["go"]


async def test_never_more_in_any_second_than_the_number_may(senders: Senders) -> None:
    went: list[float] = []
    back = {f"{number:03}": 0.0 for number in range(40)}
    while back:
        touch = min(back, key=lambda each: (back[each], each))
        heard = await ask(senders, touch, back[touch], per_second=Decimal(8))
        if heard == "go":
            went.append(back.pop(touch))
        else:
            back[touch] += max(float(heard), 0.001)
    assert all(later - earlier >= 1 / 8 - 1e-6 for earlier, later in pairwise(went))
    assert went[-1] <= 39 / 8 + 0.1


async def test_hot_ones_go_before_those_that_asked_before_them(senders: Senders) -> None:
    assert [await ask(senders, touch, rank=2) for touch in "abc"] == ["go", "1", "2"]
    assert await ask(senders, "hot", rank=0) == "1"
    assert await ask(senders, "b", 1, rank=2) == "1"
    assert await ask(senders, "hot", 1, rank=0) == "go"
    assert await ask(senders, "b", 2, rank=2) == "go"


async def test_segments_count_not_texts(senders: Senders) -> None:
    assert [await ask(senders, touch, segments=3) for touch in "ab"] == ["go", "3"]
    assert await ask(senders, "c", 1, segments=1) == "5"


async def test_who_does_not_come_back_stands_in_nobodys_way_for_long(senders: Senders) -> None:
    assert [await ask(senders, touch) for touch in "abc"] == ["go", "1", "2"]
    assert await ask(senders, "c", 2) == "1"
    assert await ask(senders, "c", 6.5) == "go"


async def test_numbers_and_tenants_do_not_wait_for_each_other(senders: Senders) -> None:
    assert await ask(senders, "a") == "go"
    assert await ask(senders, "b", sender=OTHER) == "go"
    assert await ask(senders, "c", tenant="other") == "go"


async def test_without_a_pace_nobody_waits(senders: Senders) -> None:
    assert [await ask(senders, touch, per_second=None) for touch in "abc"] == ["go", "go", "go"]


@pytest.mark.parametrize("limits", [{"per_day": 2}, {"all_per_day": 2}])
async def test_a_days_cap_holds_until_the_next_day_of_its_zone(senders: Senders, limits: dict[str, int]) -> None:
    noon = datetime.fromisoformat("2026-11-24T23:30:00-06:00")
    far = (noon - NOON).total_seconds()
    assert [await ask(senders, touch, far, per_second=None, **limits) for touch in "abc"] == ["go", "go", "full"]
    turn = await senders.take(asking("c", per_second=None, **limits), noon)
    assert (turn.full, turn.wait) == (True, timedelta(minutes=30))
    assert await ask(senders, "c", far + 1800, per_second=None, **limits) == "go"


async def test_one_numbers_cap_is_not_anothers_and_the_brands_is_everybodys(senders: Senders) -> None:
    assert [await ask(senders, touch, per_second=None, per_day=1) for touch in "ab"] == ["go", "full"]
    assert await ask(senders, "b", sender=OTHER, per_second=None, per_day=1) == "go"
    assert await ask(senders, "c", sender=OTHER, per_second=None, all_per_day=2) == "full"
    assert await ask(senders, "c", tenant="other", per_second=None, all_per_day=2) == "go"
