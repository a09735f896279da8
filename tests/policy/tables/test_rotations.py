"""Whose turn it is: shares over a thousand offers, absences, turns given back, and the words a manager reads (N5)."""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assignments import Rotation
from domain.facts import RepLoad, Turn
from policy import rotation
from policy.roster import Rep
from policy.rotation import Runner
from tests.policy.cases import default

NAMES = ("ada", "ben", "cleo", "dev")
Absent = Callable[[int, str], bool]


class Line:
    """A line as the directory keeps it: each offer is counted as the store counts it."""

    def __init__(self, weights: Sequence[int], kind: Rotation) -> None:
        template = default().policy.team[0]
        self.kind = kind
        self.reps: dict[str, Rep] = {
            name: template.model_copy(update={"handle": name, "weight": weight})
            for name, weight in zip(NAMES, weights, strict=False)
        }
        self.loads = {name: RepLoad(rep=name, turns=(Turn(line="l"),)) for name in self.reps}
        self.given: list[str] = []

    def runners(self) -> list[Runner]:
        return [rotation.runner(rep, self.loads[name], "l") for name, rep in self.reps.items()]

    def next(self, absent: Absent = lambda _number, _name: False) -> str:
        number = len(self.given) + 1
        line = self.runners()
        able = [each for each in line if not absent(number, each.rep.handle)]
        found = rotation.next_of(able, line, self.kind)
        first = found.order[0]
        name, turn, load = first.rep.handle, first.turn, first.load
        moved = turn.model_copy(
            update={
                "last": turn.last if found.makes_up else number,
                "offers": turn.offers + 1,
                "owed": turn.owed - found.makes_up,
                "position": max(turn.position, found.base) + found.step,
            }
        )
        known = {"last_offered": number, "open_leads": load.open_leads + 1, "turns": (moved,)}
        self.loads[name] = load.model_copy(update=known)
        self.given.append(name)
        return name

    def offer(self, times: int, absent: Absent = lambda _number, _name: False) -> list[str]:
        return [self.next(absent) for _ in range(times)]

    def give_back(self, name: str) -> None:
        turn = self.loads[name].turns[0]
        owed = turn.model_copy(update={"owed": turn.owed + 1})
        self.loads[name] = self.loads[name].model_copy(update={"turns": (owed,)})


@pytest.mark.parametrize("kind", [Rotation.WEIGHTED, Rotation.LEAST_LOADED])
@pytest.mark.parametrize("weights", [(1, 1, 1, 1), (1, 2), (3, 1), (10, 1), (5, 3, 2), (7, 7, 1, 1), (10, 9, 8, 7)])
def test_over_a_thousand_offers_shares_are_within_one_of_the_weights(kind: Rotation, weights: tuple[int, ...]) -> None:
    line = Line(weights, kind)
    for number in range(1, 1001):
        line.next()
        counted = Counter(line.given)
        for name, weight in zip(NAMES, weights, strict=False):
            assert abs(counted[name] - number * weight / sum(weights)) < 2
    counted = Counter(line.given)
    assert all(abs(counted[n] - 1000 * w / sum(weights)) <= 1 for n, w in zip(NAMES, weights, strict=False)), counted


def test_weights_are_spread_and_not_given_in_a_row() -> None:
    assert Line((3, 1), Rotation.WEIGHTED).offer(8).count("ben") == 2
    assert all("ben" in found for found in windows(Line((3, 1), Rotation.WEIGHTED).offer(400), 5))


def windows(given: Sequence[str], size: int) -> list[Sequence[str]]:
    return [given[start : start + size] for start in range(len(given) - size + 1)]


def test_a_strict_rotation_keeps_its_order_whatever_the_weights_and_loads() -> None:
    line = Line((1, 9, 1), Rotation.STRICT)
    assert line.offer(7) == ["ada", "ben", "cleo", "ada", "ben", "cleo", "ada"]


def test_in_a_strict_rotation_who_is_away_has_had_their_turn() -> None:
    line = Line((1, 1, 1), Rotation.STRICT)
    assert line.offer(5, lambda number, name: name == "ben" and number < 5) == ["ada", "cleo", "ada", "cleo", "ada"]
    assert line.offer(3) == ["ben", "cleo", "ada"]


@pytest.mark.parametrize("kind", [Rotation.WEIGHTED])
def test_who_comes_back_goes_on_where_the_others_are(kind: Rotation) -> None:
    line = Line((1, 1, 1), kind)
    line.offer(300, lambda _number, name: name == "ben")
    after = Counter(line.offer(300))
    assert all(abs(after[name] - 100) <= 1 for name in ("ada", "ben", "cleo")), after


def test_who_is_new_is_owed_nothing_either() -> None:
    line = Line((1, 1), Rotation.WEIGHTED)
    line.offer(100)
    line.reps["cleo"] = line.reps["ada"].model_copy(update={"handle": "cleo"})
    line.loads["cleo"] = RepLoad(rep="cleo")
    assert Counter(line.offer(30)) == {"ada": 10, "ben": 10, "cleo": 10}


@pytest.mark.parametrize("kind", [Rotation.WEIGHTED, Rotation.STRICT])
def test_a_turn_given_back_is_made_up_at_once_and_once(kind: Rotation) -> None:
    line, untouched = Line((1, 1, 1), kind), Line((1, 1, 1), kind)
    assert line.offer(4) == untouched.offer(4)
    line.give_back("ada")
    assert line.next() == "ada"
    assert line.offer(9) == untouched.offer(9)  # then everything goes on as if it had not been


@pytest.mark.parametrize("kind", [Rotation.WEIGHTED, Rotation.STRICT])
def test_a_turn_given_back_waits_for_who_is_away(kind: Rotation) -> None:
    line = Line((1, 1, 1), kind)
    line.offer(3)
    line.give_back("cleo")
    assert "cleo" not in line.offer(20, lambda _number, name: name == "cleo")
    assert line.next() == "cleo"
    assert Counter(line.offer(30)) == {"ada": 10, "ben": 10, "cleo": 10}


def test_the_least_loaded_is_by_open_leads_for_the_weight() -> None:
    line = Line((2, 1), Rotation.LEAST_LOADED)
    line.loads = {"ada": RepLoad(rep="ada", open_leads=5), "ben": RepLoad(rep="ben", open_leads=3)}
    assert line.next() == "ada"  # 2.5 a share beside 3
    assert line.next() == "ben"  # now as much as ada, and offered longer ago
    assert line.next() == "ada"


def test_a_tie_goes_to_the_last_offer_longest_ago_and_then_by_handle() -> None:
    line = Line((1, 1, 1), Rotation.WEIGHTED)
    assert line.next() == "ada"
    line.loads = {name: RepLoad(rep=name, last_offered=7 if name == "ada" else 5) for name in line.reps}
    assert line.next() == "ben"


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(
    weights=st.lists(st.integers(1, 10), min_size=1, max_size=4),
    kind=st.sampled_from(Rotation),
    happens=st.lists(st.tuples(st.sets(st.sampled_from(NAMES[1:])), st.none() | st.integers(0, 3)), max_size=40),
)
def test_whoever_is_there_the_line_always_has_a_next_who_is(
    weights: list[int], kind: Rotation, happens: list[tuple[set[str], int | None]]
) -> None:
    line = Line(weights, kind)
    for away, back in happens:
        name = line.next(lambda _number, each, away=away: each in away)  # type: ignore[misc]  # bound at once
        assert name not in away
        if back is not None and back < len(weights):
            line.give_back(NAMES[back])
    assert all(load.turns[0].owed >= 0 for load in line.loads.values())
