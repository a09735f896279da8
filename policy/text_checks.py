"""Whether a policy's texts can be sent to whom they are for: in every language, within a segment, and so that people
know who writes and how to stop it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from liquid.exceptions import LiquidError

from domain.values import Purpose, Source
from policy import templates, texts
from policy.conditions import ROUTE_FACTS
from policy.problems import Place
from policy.raw import Found, Raw, items, mapping, texts_in
from policy.reach import covered

_STOP = re.compile(r"\bstop\b", re.IGNORECASE)
_FIRST = ("text", "slots_text")
"""Keys of a route under which its first text stands."""


@dataclass(frozen=True, slots=True)
class _Variant:
    """A text as those of its languages get it; `place` is where it was written."""

    name: str
    place: Place
    text: str
    languages: tuple[str, ...]

    def fillings(self, business: str) -> list[str]:
        """What it says in every way, in its languages. Raises LiquidError."""
        return [
            filled
            for language in self.languages
            for filled in templates.fillings(self.text, _sample(business, language))
        ]


def _sample(business: str, language: str) -> Mapping[str, str]:
    return {**texts.SAMPLE, "business": business, "language": language}


def problems_of(raw: Raw) -> Iterator[Found]:
    """Texts that can't be filled or are too long, and answers to a missed call that don't say whose they are (R14)."""
    business, limit = _business(raw), 1 if raw.get("one_segment", True) is True else None
    answering, helping = _answering_missed_calls(raw), mapping(raw, "replies").get("help")
    for each in _variants(raw):
        tried = (texts.trouble(each.text, _sample(business, one), limit) for one in each.languages)
        found = next(filter(None, tried), None) or _in_some_way(each, business)
        if found is None and business and each.name in answering:
            found = _nameless(each, business, answering[each.name])
        if found is None and business and each.name == helping and (lacking := _lacking(each, business)):
            found = f"it answers HELP (replies.help), so it has to say {' and '.join(lacking)}"
        if found is not None:
            yield each.place, found, None


def _business(raw: Raw) -> str:
    return str(mapping(raw, "business").get("name") or "").strip()


def _spoken(raw: Raw) -> list[str]:
    team = [each for _, rep in items(raw, "team") for each in texts_in(rep.get("languages"))]
    return list(dict.fromkeys([texts.FIRST, *team]))


def _variants(raw: Raw) -> Iterator[_Variant]:
    """Each text that is one; what isn't is said of its shape."""
    spoken = tuple(_spoken(raw))
    for name, wording in mapping(raw, "texts").items():
        found: Mapping[object, object] = wording if isinstance(wording, Mapping) else {None: wording}
        for language, text in found.items():
            if isinstance(text, str) and texts.problem_of(text) is None:
                at = ("texts", name) if language is None else ("texts", name, str(language))
                yield _Variant(str(name), at, text, spoken if language is None else (str(language),))


def _in_some_way(each: _Variant, business: str) -> str | None:
    """A mistake in words that no sample comes to."""
    try:
        for language in each.languages:
            for _ in templates.fillings(each.text, _sample(business, language)):
                pass
    except templates.TooManyWays:
        return None
    except LiquidError as error:
        return f"can't always be filled: {texts.said(error)}"
    return None


def _answering_missed_calls(raw: Raw) -> Mapping[str, str]:
    """Texts by which a missed call may be answered, with the name of the route."""
    found, named = covered(raw, "routes", ROUTE_FACTS), {}
    for number, route in items(raw, "routes"):
        by_name = found.terms[number] is None and f'"{Source.MISSED_CALL}"' in str(route.get("when"))
        if by_name or found.takes(number, "source", Source.MISSED_CALL):
            named.update({str(route.get(key)): str(route.get("name")) for key in _FIRST if route.get(key)})
    if found.leaves("source", Source.MISSED_CALL):
        fallback = mapping(raw, "fallback")
        named.update({str(fallback.get(key)): "fallback" for key in _FIRST if fallback.get(key)})
    return named


def _nameless(each: _Variant, business: str, route: str) -> str | None:
    why = f"it may answer a missed call (route “{route}”), so it has to name the business"
    try:
        fillings = each.fillings(business)
    except LiquidError as error:
        return f"{why}; whether it does can't be told: {texts.said(error)}"
    without = next((filled for filled in fillings if not _names(filled, business)), None)
    if without is None:
        return None
    return f"{why}: write {{{{ business }}}} wherever its conditions lead; one way it says “{without}”"


def _names(filled: str, business: str) -> bool:
    return _plain(business) in _plain(filled)


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def warnings_of(raw: Raw) -> Iterator[tuple[Place, str]]:
    """First texts that leave a person guessing, and languages of the team that a text leaves out."""
    business, purposes = _business(raw), _purposes(raw)
    for each in _variants(raw):
        if each.name in purposes and (lacking := _lacking(each, business)):
            if Purpose.SOLICITATION in purposes[each.name]:
                yield each.place, f"a first text of our own initiative that doesn't say {' or '.join(lacking)}"
            elif len(lacking) > 1:
                yield each.place, f"a first text that says neither {' nor '.join(lacking)}"
    for name, wording in mapping(raw, "texts").items():
        if (
            isinstance(wording, Mapping)
            and wording
            and (missing := [one for one in _spoken(raw) if one not in wording])
        ):
            other = texts.FIRST if texts.FIRST in wording else next(iter(wording))
            said = f"not in {', '.join(missing)}, which the team speaks: those people get it in {other}"
            yield ("texts", str(name)), said


def _purposes(raw: Raw) -> Mapping[str, set[str]]:
    """Texts that may be the first a person hears of us, and why they go."""
    found: dict[str, set[str]] = {}
    for route in (*(route for _, route in items(raw, "routes")), mapping(raw, "fallback")):
        for key in _FIRST:
            found.setdefault(str(route.get(key)), set()).add(str(route.get("purpose", Purpose.SOLICITATION)))
    later = [mapping(raw, "recycle").get("text")]
    later += [step.get("text") for name in mapping(raw, "tracks") for _, step in _steps(raw, name)]
    for text in later:
        found.setdefault(str(text), set()).add(Purpose.SOLICITATION)
    return found


def _steps(raw: Raw, track: str) -> Iterator[tuple[int, Raw]]:
    return items(mapping(raw, "tracks").get(track), "steps")


def _lacking(each: _Variant, business: str) -> list[str]:
    try:
        fillings = each.fillings(business)
    except LiquidError:
        return []  # said elsewhere, or too many ways to look at
    who = [] if all(_names(filled, business) for filled in fillings) else ["who writes ({{ business }})"]
    return who + ([] if all(_STOP.search(filled) for filled in fillings) else ["how to stop it (STOP)"])
