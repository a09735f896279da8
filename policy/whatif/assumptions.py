"""What a policy can't know and a simulation is told: which share of a source's leads does what next.

A share is exact and taken in a stable order: of 400 leads 0.20 are 80, spread evenly, the same ones every time.
"""

import difflib
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from domain.errors import BadInput
from domain.values import Code

REPLIES = {
    "buying_signal": "answers the first text with a buying signal",
    "question": "answers the first text with a question",
    "not_now": "answers the first text with: not now",
    "wrong_person": "answers the first text with: wrong person",
    "out_of_office": "lets a machine answer the first text",
    "other": "answers the first text with something else",
    "opt_out": "answers the first text with STOP",
}
NO_ANSWER = "no_answer"
OUTCOMES = {f"disposed_{code}": f"is given the reason code {code} after it was reached" for code in Code}
BEHAVIOURS = {**REPLIES, NO_ANSWER: "is not reached by a call", **OUTCOMES}
"""What leads may do next, by the name it has in a key."""

_GROUPS: Mapping[str, Container[str]] = {"replies": REPLIES, "calls": (NO_ANSWER,), "outcomes": OUTCOMES}
"""Behaviours of one group exclude each other."""

_KEY = re.compile(r"([a-z0-9_.-]+)\.([a-z_]+)=(.+)")


@dataclass(frozen=True, slots=True)
class Assumption:
    """`rate` of the leads of `source` that could do `behaviour` do it: of those texted, called, or reached."""

    source: str
    behaviour: str
    rate: Fraction

    @property
    def key(self) -> str:
        """As it was given: paid_lead_form.buying_signal."""
        return f"{self.source}.{self.behaviour}"


def read(given: Sequence[str]) -> tuple[Assumption, ...]:
    """Assumptions as people write them: `paid_lead_form.buying_signal=0.20`. Raises BadInput with every problem."""
    found: list[Assumption] = []
    problems: list[tuple[str, str]] = []
    for text in given:
        try:
            found.append(_one(text))
        except ValueError as error:
            problems.append((text, str(error)))
    problems += _too_much(found)
    if problems:
        raise BadInput("\n".join(f"--assume {text}: {said}" for text, said in problems), tuple(problems))
    return tuple(found)


def _one(text: str) -> Assumption:
    parts = _KEY.fullmatch(text.strip())
    if parts is None:
        raise ValueError("write SOURCE.BEHAVIOUR=RATE, such as paid_lead_form.buying_signal=0.20")
    source, behaviour, rate = parts.groups()
    if behaviour not in BEHAVIOURS:
        near = difflib.get_close_matches(behaviour, BEHAVIOURS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(BEHAVIOURS)}"
        raise ValueError(f"there is no behaviour {behaviour}; {hint}")
    return Assumption(source, behaviour, _rate(rate))


def _rate(text: str) -> Fraction:
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?", text.strip()) is None or Fraction(text.strip()) > 1:
        raise ValueError(f"{text[:20]!r} is no share; write a number from 0 to 1, such as 0.20")
    return Fraction(text.strip())


def _too_much(found: Sequence[Assumption]) -> list[tuple[str, str]]:
    problems = []
    for number, one in enumerate(found):
        if any(one.key == other.key for other in found[:number]):
            problems.append((one.key, "is given twice"))
    return problems + [
        (source, f"its shares of {what} come to more than 1")
        for source in dict.fromkeys(one.source for one in found)
        for what, behaviours in _GROUPS.items()
        if sum(one.rate for one in of(found, source, behaviours)) > 1
    ]


def of(found: Sequence[Assumption], source: str, behaviours: Container[str]) -> list[Assumption]:
    """What is assumed of a source, of those behaviours."""
    return [one for one in found if one.source == source and one.behaviour in behaviours]


class Shares:
    """Deals behaviours out to the leads of one source, one after another, each its exact share.

    After any number of leads no behaviour is more than one lead away from its share, and whole shares come out whole
    (Tijdeman's rule for the chairman's turn, 1980: of those that are owed enough, whoever is due first).
    """

    def __init__(self, assumptions: Sequence[Assumption]) -> None:
        self._behaviours = [one.behaviour for one in assumptions]
        rates = [one.rate for one in assumptions]
        rates.append(1 - sum(rates, Fraction()))
        self._whole = lcm(*(rate.denominator for rate in rates))
        self._parts = [int(rate * self._whole) for rate in rates]  # whole numbers: arithmetic of fractions is slow
        self._dealt = [0] * len(rates)
        self.asked = 0

    def next(self) -> str | None:
        """What the next lead does; None for nothing that was assumed."""
        self.asked += 1
        # All in units of a lead over `unit`, in which one lead less half a share for each behaviour is whole too.
        many, unit = 2 * len(self._behaviours), self._whole
        owed = [many * (self.asked * part - dealt * unit) for part, dealt in zip(self._parts, self._dealt, strict=True)]
        due = [
            (Fraction((many - 1) * unit - owed[place], part), place)
            for place, part in enumerate(self._parts)
            if owed[place] >= unit
        ]
        chosen = due[0][1] if len(due) == 1 else min(due)[1]
        self._dealt[chosen] += 1
        return self._behaviours[chosen] if chosen < len(self._behaviours) else None

    def dealt(self, behaviour: str) -> int:
        """How many leads did so."""
        return self._dealt[self._behaviours.index(behaviour)]


class Deals:
    """What each lead does next, by its source. Replies, unanswered calls and outcomes are dealt apart."""

    def __init__(self, assumptions: Sequence[Assumption]) -> None:
        self._shares = {
            (source, what): Shares(found)
            for source in dict.fromkeys(one.source for one in assumptions)
            for what, behaviours in _GROUPS.items()
            if (found := of(assumptions, source, behaviours))
        }

    def reply(self, source: str) -> str | None:
        """How the next lead of the source answers the text it was sent; None for not at all, or not assumed."""
        return self._next(source, "replies")

    def is_unanswered(self, source: str) -> bool:
        """Whether the call to the next lead of the source reaches nobody."""
        return self._next(source, "calls") is not None

    def outcome(self, source: str) -> str | None:
        """The reason code that the next lead of the source is given; None for none, or not assumed."""
        dealt = self._next(source, "outcomes")
        return dealt.removeprefix("disposed_") if dealt else None

    def met(self, assumption: Assumption) -> tuple[int, int]:
        """How many leads did what was assumed, of how many that could."""
        what = next(name for name, behaviours in _GROUPS.items() if assumption.behaviour in behaviours)
        shares = self._shares[assumption.source, what]
        return shares.dealt(assumption.behaviour), shares.asked

    def _next(self, source: str, what: str) -> str | None:
        shares = self._shares.get((source, what))
        return shares.next() if shares is not None else None
