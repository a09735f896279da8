"""Which leads conditions take, as far as it can be told without a lead: whether one can ever be true, and whether those
above it leave it any lead at all.

A condition becomes a choice of terms, each saying of some facts which values it allows. What isn't understood (a
function, a lookup) is a fact of its own that is true, false or an error, so nothing is called unreachable that isn't.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from policy.condition_shapes import Either, Shape, Test, shape_of
from policy.conditions import ROUTE_FACTS

Point = str | int
Term = Mapping[str, frozenset[Point]]
"""For each fact it speaks of, the values that a term allows."""

_ELSE = "\0"
"""Any other text than those that some condition names."""

_CLOSED: Mapping[str, tuple[Point, ...]] = {fact.name: fact.values for fact in ROUTE_FACTS if fact.values}
_MOST_TESTS = 500
_MOST_TERMS = 64
_DEEPEST = 100
_PATIENCE = 200_000
"""Terms looked at, after which every question is answered with no: nothing is called unreachable on a guess."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Conditions in their order, understood together. `terms` has None for one that is too complicated."""

    terms: tuple[tuple[Term, ...] | None, ...]
    domains: Mapping[str, frozenset[Point]]
    patience: list[int] = field(default_factory=lambda: [_PATIENCE])

    def is_never(self, at: int) -> bool:
        """Whether no lead can make the condition true."""
        return self.terms[at] == ()

    def takers(self, at: int) -> list[int] | None:
        """Which conditions above take every lead of this one: a single one where that is enough; None when not all."""
        mine = self.terms[at]
        if not mine or self._is_weary:
            return None
        above = list(range(at))
        for one in above:
            if self._all_taken(mine, [one]):
                return [one]
        return above if self._all_taken(mine, above) else None

    def takes(self, at: int, fact: str, value: str) -> bool:
        """Whether a lead with this value of a fact may come to a condition that those above leave it to. Of one that
        is too complicated: no."""
        mine = [both for term in self.terms[at] or () if (both := _both(term, {fact: frozenset([value])})) is not None]
        return bool(mine) and not self._all_taken(mine, range(at))

    def twin(self, at: int) -> int | None:
        """The first condition above that takes the very same leads."""
        return next((one for one in range(at) if self._is_within(at, one) and self._is_within(one, at)), None)

    def _is_within(self, one: int, other: int) -> bool:
        return bool(self.terms[one]) and self._all_taken(self.terms[one] or (), [other])

    def leaves(self, fact: str, value: str) -> bool:
        """Whether some lead with this value of a fact is taken by no condition."""
        taken = self._all_taken(({fact: frozenset([value])},), range(len(self.terms)))
        return not (taken or self._is_weary or None in self.terms)

    @property
    def _is_weary(self) -> bool:
        return self.patience[0] < 0

    def _all_taken(self, mine: Sequence[Term], by: Sequence[int]) -> bool:
        theirs = [term for one in by for term in self.terms[one] or ()]
        return all(self._taken(term, theirs, _DEEPEST) for term in mine)

    def _taken(self, mine: Term, theirs: Sequence[Term], deep: int) -> bool:
        """Whether each lead of a term is one of some other's: split until it lies within one, or beside all."""
        while True:
            self.patience[0] -= len(theirs)
            theirs = [term for term in theirs if all(self._of(mine, fact) & values for fact, values in term.items())]
            if not theirs or deep <= 0 or self._is_weary:
                return False
            closest = min(theirs, key=lambda term: len(self._beyond(mine, term)))
            if not (beyond := self._beyond(mine, closest)):
                return True
            fact, values = beyond[0], self._of(mine, beyond[0])
            if not self._taken({**mine, fact: values & closest[fact]}, theirs, deep - 1):
                return False
            mine = {**mine, fact: values - closest[fact]}

    def _of(self, term: Term, fact: str) -> frozenset[Point]:
        return term.get(fact, self.domains[fact])

    def _beyond(self, mine: Term, other: Term) -> list[str]:
        return [fact for fact, allowed in other.items() if not self._of(mine, fact) <= allowed]


def of(conditions: Sequence[str | None], kinds: Mapping[str, str], sources: Sequence[str] = ()) -> Coverage:
    """The coverage of conditions; None is one that can't be used. `sources` are told apart though none names them."""
    shapes = [None if each is None else shape_of(each, kinds) for each in conditions]
    named: dict[str, list[Test]] = {}
    for shape in shapes:
        for test in _tests(shape):
            named.setdefault(test.fact, []).append(test)
    if sum(map(len, named.values())) > _MOST_TESTS:
        return Coverage((None,) * len(shapes), {"source": frozenset()})
    domains = {fact: frozenset(_domain(fact, tests, sources)) for fact, tests in named.items()}
    domains.setdefault("source", frozenset([*sources, _ELSE]))
    return Coverage(tuple(None if shape is None else _terms(shape, domains) for shape in shapes), domains)


def _tests(shape: Shape | None) -> Iterator[Test]:
    if isinstance(shape, Test):
        yield shape
    elif shape is not None:
        for each in shape.parts:
            yield from _tests(each)


def _domain(fact: str, tests: Sequence[Test], sources: Sequence[str]) -> Iterator[Point]:
    """Enough values of a fact to tell its tests apart."""
    values = [value for test in tests for value in test.values]
    if fact in _CLOSED:
        yield from _CLOSED[fact]
    elif tests[0].is_number:
        yield from (value + near for value in values if isinstance(value, int) for near in (-1, 0, 1))
    elif tests[0].is_text:
        yield from (*values, *(sources if fact == "source" else ()), _ELSE)
    else:
        yield from ("true", "false", *(() if tests[0].is_plain else ("error",)))


def _terms(shape: Shape, domains: Mapping[str, frozenset[Point]]) -> tuple[Term, ...] | None:
    if isinstance(shape, Test):
        allowed = frozenset(point for point in sorted(domains[shape.fact], key=str) if shape.allows(point))
        return ({shape.fact: allowed},) if allowed else ()
    below = [_terms(each, domains) for each in shape.parts]
    if isinstance(shape, Either):
        return None if None in below else _few([term for each in below for term in each or ()])
    return _every(below)


def _every(below: Sequence[tuple[Term, ...] | None]) -> tuple[Term, ...] | None:
    if () in below:
        return ()
    if None in below:
        return None
    found: list[Term] = [{}]
    for each in below:
        found = [both for one, other in product(found, each or ()) if (both := _both(one, other)) is not None]
        if len(found) > _MOST_TERMS:
            return None
    return tuple(found)


def _few(found: list[Term]) -> tuple[Term, ...] | None:
    return tuple(found) if len(found) <= _MOST_TERMS else None


def _both(one: Term, other: Term) -> Term | None:
    """What both terms allow; None when that is nothing."""
    merged = dict(one)
    for fact, allowed in other.items():
        merged[fact] = merged[fact] & allowed if fact in merged else allowed
    return merged if all(merged.values()) else None
