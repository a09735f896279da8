"""Whose turn it is among reps who can all take a lead. It knows no lead; who can take one is for others to say.

Positions count in parts of a turn: a turn takes a rep on by UNIT / weight, and the one who is least far is next. Who
comes back from an absence, or is new, stands where the others stand: nobody is owed what came while they were away.
A turn that is given back is made up before all others' turns, and stays owed over an absence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from domain.assignments import Rotation
from domain.facts import RepLoad, Turn
from policy.roster import MOST_WEIGHT, Rep

UNIT = 2520
"""Parts of a turn: the least figure that each weight up to MOST_WEIGHT divides, so that no turn is rounded."""

assert all(UNIT % weight == 0 for weight in range(1, MOST_WEIGHT + 1))


@dataclass(frozen=True, slots=True)
class Runner:
    """A rep in a line."""

    rep: Rep
    load: RepLoad
    turn: Turn

    @property
    def step(self) -> int:
        """How far a turn takes them; weight 0 counts as 1 where a lead comes to them all the same."""
        return UNIT // max(self.rep.weight, 1)


@dataclass(frozen=True, slots=True)
class Next:
    """A line in its order. `base` is where the first stands, `step` how far the turn takes them: nowhere when it makes
    up for one."""

    order: tuple[Runner, ...]
    because: str
    makes_up: bool
    base: int
    step: int


def runner(rep: Rep, load: RepLoad, line: str) -> Runner:
    """A rep where they stand in the line of this name."""
    turn = next((turn for turn in load.turns if turn.line == line), None)
    return Runner(rep, load, turn or _first(line))


@lru_cache(maxsize=1024)
def _first(line: str) -> Turn:
    return Turn(line=line)


def next_of(able: Sequence[Runner], line: Sequence[Runner], rotation: Rotation) -> Next:
    """The order of `able` (one at least); `line` are all who belong to it, those who can't take the lead included."""
    if rotation is Rotation.STRICT:
        return _strict(able, line)
    if rotation is Rotation.LEAST_LOADED:
        return _least_loaded(able)
    return _weighted(able)


def _weighted(able: Sequence[Runner]) -> Next:
    floor = max(0, *(each.turn.position - each.step for each in able))

    def place(each: Runner) -> int:
        return max(each.turn.position, floor)

    def key(each: Runner) -> tuple[bool, int, int, str]:
        return each.turn.owed == 0, place(each), each.load.last_offered, each.rep.handle

    order = tuple(sorted(able, key=key))
    first = order[0]
    makes_up = first.turn.owed > 0
    because = _owed(first) if makes_up else "; ".join(_turns(each) for each in order[:3])
    return Next(order, because, makes_up, place(first), 0 if makes_up else first.step)


def _least_loaded(able: Sequence[Runner]) -> Next:
    # A lead that was none is closed and so no load: its turn comes back by itself.
    def key(each: Runner) -> tuple[Fraction, int, str]:
        return Fraction(each.load.open_leads, max(each.rep.weight, 1)), each.load.last_offered, each.rep.handle

    order = tuple(sorted(able, key=key))
    because = "; ".join(_open(each) for each in order[:3])
    return Next(order, because, False, order[0].turn.position, order[0].step)


def _strict(able: Sequence[Runner], line: Sequence[Runner]) -> Next:
    last = max(line, key=lambda each: each.turn.last)
    after = list(line).index(last) + 1 if last.turn.last else 0
    going_round = [each for each in (*line[after:], *line[:after]) if each in able]
    order = tuple(sorted(going_round, key=lambda each: each.turn.owed == 0))
    first = order[0]
    makes_up = first.turn.owed > 0
    said = f"comes after {last.rep.handle}" if last.turn.last else "comes first"
    because = _owed(first) if makes_up else f"{first.rep.handle} {said} in the fixed order"
    return Next(order, because, makes_up, first.turn.position, 0 if makes_up else first.step)


def _owed(each: Runner) -> str:
    return f"{each.rep.handle} is owed {counted(each.turn.owed, 'turn')} for leads that were none"


def _turns(each: Runner) -> str:
    weight = f" at weight {each.rep.weight}" if each.rep.weight != 1 else ""
    return f"{each.rep.handle} has had {counted(each.turn.offers, 'turn')}{weight}"


def _open(each: Runner) -> str:
    weight = f" at weight {each.rep.weight}" if each.rep.weight != 1 else ""
    return f"{each.rep.handle} has {counted(each.load.open_leads, 'open lead')}{weight}"


def counted(number: int, what: str) -> str:
    """1 turn, 2 turns, no turns."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
