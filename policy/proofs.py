"""Texts as they would be sent, for whoever writes them: words, encoding, segments and price. It sends nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from liquid.exceptions import LiquidError

from policy import cost, texts
from policy.loaded import LoadedPolicy

LONGEST = {"first_name": 24, "company": 60, "page": 60, "referrer": 60, "source": 64}
"""The most characters of each value that comes from a person: activities/strangers.py lets no more through."""

OUTSIDE = "ł"
"""A letter of many names that is outside of GSM-7."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Words on their way. `places` as texts.places counts them; `beyond` are the characters that make it UCS-2."""

    body: str
    price: Decimal

    @property
    def encoding(self) -> str:
        """GSM-7 or UCS-2."""
        return "GSM-7" if texts.is_gsm(self.body) else "UCS-2"

    @property
    def places(self) -> int:
        """What it takes of its segments."""
        return texts.places(self.body)

    @property
    def segments(self) -> int:
        """SMS segments."""
        return texts.segments(self.body)

    @property
    def beyond(self) -> tuple[str, ...]:
        """The characters that force it into UCS-2."""
        return texts.beyond_gsm(self.body)


@dataclass(frozen=True, slots=True)
class Proof:
    """One text for somebody of `language`; `written_in` is the language it was found in, None of a text for everybody.

    `longest` has values as long as they get, `outside` the same with a letter outside of GSM-7; None where such values
    are too many for Liquid's limits.
    """

    name: str
    language: str
    written_in: str | None
    sent: Sent
    longest: Sent | None
    outside: Sent | None

    @property
    def worst(self) -> Sent:
        """The dearest of the three."""
        return max((each for each in (self.sent, self.longest, self.outside) if each), key=lambda each: each.price)


def of_text(name: str, language: str, loaded: LoadedPolicy, values: Mapping[str, str]) -> Proof:
    """The proof of one text, filled with these values over rather long ones. Raises LiquidError when it can't be."""
    written_in, text = texts.in_language(loaded.policy.texts[name], language)
    given = {**texts.SAMPLE, **_of_business(loaded), **values, "language": language}
    return Proof(
        name=name,
        language=language,
        written_in=written_in,
        sent=_sent(text, given, loaded),
        longest=_if_it_can(text, {**given, **_longest(loaded, "m")}, loaded),
        outside=_if_it_can(text, {**given, **_longest(loaded, OUTSIDE)}, loaded),
    )


def languages(name: str, loaded: LoadedPolicy) -> tuple[str, ...]:
    """Languages in which a text reads differently: those it is written in; else English and what the team speaks, as
    far as the words depend on it."""
    wording = loaded.policy.texts[name]
    if not isinstance(wording, str):
        return tuple(wording)
    spoken = dict.fromkeys([texts.FIRST, *(each for rep in loaded.policy.team for each in rep.languages)])
    return tuple(spoken) if "language" in texts.variables(wording) else (texts.FIRST,)


def _of_business(loaded: LoadedPolicy) -> Mapping[str, str]:
    reps = sorted((rep.name for rep in loaded.policy.team), key=len)
    return {"business": loaded.policy.business.name, "rep": reps[-1] if reps else ""}


def _longest(loaded: LoadedPolicy, letter: str) -> Mapping[str, str]:
    return {**{name: letter * most for name, most in LONGEST.items()}, **_of_business(loaded)}


def _if_it_can(text: str, values: Mapping[str, str], loaded: LoadedPolicy) -> Sent | None:
    try:
        return _sent(text, values, loaded)
    except LiquidError:
        return None


def _sent(text: str, values: Mapping[str, str], loaded: LoadedPolicy) -> Sent:
    body = texts.fill(text, values)
    touches = cost.Touches(texts=1, segments=texts.segments(body))
    return Sent(body, cost.of(touches, loaded.policy.costs).texts)


def all_of(names: tuple[str, ...], language: str | None, loaded: LoadedPolicy) -> Iterator[tuple[str, str]]:
    """Names and languages to prove: of all texts where none is named, of all their languages where none is asked."""
    for name in names or loaded.policy.texts:
        yield from ((name, each) for each in ([language] if language else languages(name, loaded)))
