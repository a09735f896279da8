"""Which leads conditions take, held against CEL itself: what is called taken by others really is, lead by lead."""

from collections.abc import Mapping, Sequence
from itertools import product

import cel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import coverage
from policy.conditions import ROUTE_FACTS, Value, problem_of

KINDS = {fact.name: fact.kind for fact in ROUTE_FACTS}
TESTS = (
    'source == "a"', '"b" == source', 'source != "a"', 'source in ["a", "b"]', "source in []",
    'band == "A"', 'band in ["A", "B", "C", "D"]', "score > 1", "score <= 1", "2 > score", "score == 2", "score != -1",
    "referred", "referred == false", "open", "true", "false",
    'answers["x"] == "1"', 'answers["y"] == "1"', 'has(answers.x)', 'referred ? open : source == "a"',
)  # fmt: skip
ANSWERS: tuple[dict[str, str], ...] = ({}, {"x": "1"}, {"x": "0", "y": "1"})
LEADS: Sequence[Mapping[str, Value]] = [
    {"source": source, "band": band, "score": score, "referred": referred, "open": is_open, "answers": answers}
    for source, band, score, referred, is_open, answers in product(
        "abc", "AD", range(-1, 4), (True, False), (True, False), ANSWERS
    )
]


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> str:
    """A condition of tests, put together anyhow."""
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return draw(st.sampled_from(TESTS))
    left = draw(conditions(depth - 1))
    if draw(st.integers(0, 4)) == 0:
        return f"!({left})"
    return f"({left}) {draw(st.sampled_from(['&&', '||']))} ({draw(conditions(depth - 1))})"


def taken(condition: str) -> list[bool]:
    """For each lead whether it makes the condition true; one that errors is false."""
    program = cel.compile(condition)
    return [_holds(program, lead) for lead in LEADS]


def _holds(program: cel.Program, lead: Mapping[str, Value]) -> bool:
    try:
        return program.execute(dict(lead)) is True
    except (LookupError, TypeError, ValueError, RuntimeError):
        return False


@settings(max_examples=150, deadline=None)
@given(st.lists(conditions(), min_size=1, max_size=4))
def test_what_is_called_out_of_reach_takes_no_lead_that_is_left(given_: list[str]) -> None:
    found = coverage.of(given_, KINDS)
    held = [taken(condition) for condition in given_]
    for number, mine in enumerate(held):
        if found.is_never(number):
            assert not any(mine), given_[number]
        takers = found.takers(number)
        for lead, is_mine in enumerate(mine):
            assert not (takers and is_mine) or any(held[taker][lead] for taker in takers), (given_, LEADS[lead])
        if (twin := found.twin(number)) is not None:
            assert held[twin] == mine
    for source in ("a", "b"):
        theirs = [lead for lead, facts in enumerate(LEADS) if facts["source"] == source]
        if coverage.of(given_, KINDS, ["a", "b"]).leaves("source", source) is False:
            assert all(any(each[lead] for each in held) for lead in theirs)


@pytest.mark.parametrize(
    ("conditions_", "takers"),
    [
        (["true", "open"], [0]),
        (["open", "true"], None),
        (["open", "!open", "referred"], [0, 1]),
        (['source in ["a", "b"]', 'source == "c"', 'source in ["b", "c"]'], [0, 1]),
        (['source in ["a", "b"]', 'source == "c"', 'source in ["b", "c", "d"]'], None),
        (['source != "a"', 'source == "a" && referred', 'source == "a" && !referred', "open"], [0, 1, 2]),
        (["score > 3", "score >= 4"], [0]),
        (["score >= 4", "score > 3"], [0]),
        (["score > 3", "score >= 3"], None),
        (["score < 3", "score > 3", "score != 3"], [0, 1]),
        (['band in ["A", "B"]', 'band == "C" || band == "D"', "open"], [0, 1]),
        (['consent_kind != "none"', 'consent_kind == "none"', "open"], [0, 1]),
        (['title.matches("x")', 'title.matches("x") && open'], [0]),
        (['answers["a"] == "b"', '!(answers["a"] == "b")', "open"], None),  # there may be no such answer
        (['!(source == "a" || referred)', 'source != "a" && !referred'], [0]),
        (["!(open && referred)", "!open"], [0]),
        ([None, "open"], None),
        (["open ? true : referred", "open"], None),
    ],
)
def test_what_is_above_takes_what_it_says(conditions_: list[str | None], takers: list[int] | None) -> None:
    assert [problem_of(each, ROUTE_FACTS) for each in conditions_ if each] == [None for each in conditions_ if each]
    assert coverage.of(conditions_, KINDS).takers(len(conditions_) - 1) == takers


@pytest.mark.parametrize(
    ("conditions_", "left"),
    [
        (['source == "a"', 'source == "b" && open'], ["b", "c"]),
        (['source == "a"', 'source == "b" && open', '!open && source != "c"'], ["c"]),
        (["open", "!open"], []),
        ([], ["a", "b", "c"]),
        ([None], []),  # who knows
    ],
)
def test_sources_that_some_lead_may_slip_through_with(conditions_: list[str | None], left: list[str]) -> None:
    sources = ["a", "b", "c"]
    found = coverage.of(conditions_, KINDS, sources)
    assert [source for source in sources if found.leaves("source", source)] == left


def test_too_many_conditions_are_left_alone() -> None:
    many = coverage.of([f"score > {number}" for number in range(600)] + ["open"] * 2, KINDS, ["a"])
    assert many.takers(601) is None
    assert not many.leaves("source", "a")
    wide = " || ".join(
        f'(source == "{number}" && score > {number} && answers["a{number}"] == "b")' for number in range(70)
    )
    assert coverage.of([wide, f"({wide}) && open"], KINDS).takers(1) is None
