"""What a policy may say and hardly means: names that nothing uses, bands out of reach, sources without a route, points
counted twice, a classifier that isn't ours. Warnings: a policy can be used all the same."""

import re
from collections.abc import Iterator, Mapping

from domain.values import Source
from policy import number_checks, text_checks
from policy.conditions import LEAD_FACTS, ROUTE_FACTS
from policy.problems import Document, Place, Problem
from policy.raw import Raw, items, mapping
from policy.reach import covered
from policy.reply_rules import LEARNT, RULES
from policy.routing import SLA_NAMED

Odd = tuple[Place, str]

_REFERENCES = {"texts": "text", "sla": "sla", "tracks": "track", "queues": "queue"}
"""Sections of names, and how keys end that refer to one: text, disqualified_track, fallback_queue."""


def warnings_of(raw: Raw, document: Document) -> list[Problem]:
    """All that a look at the policy alone can find."""
    return [document.warning(place, said) for place, said in _all(raw)]


def _all(raw: Raw) -> Iterator[Odd]:
    yield from _unused(raw)
    yield from _out_of_reach(raw)
    yield from _without_a_route(raw)
    yield from _counted_twice(raw)
    yield from _classifier(raw)
    yield from text_checks.warnings_of(raw)
    yield from number_checks.warnings_of(raw)
    if raw.get("team") == []:
        yield ("team",), "nobody takes leads: each waits in the fallback queue"


def _unused(raw: Raw) -> Iterator[Odd]:
    for section, key in _REFERENCES.items():
        used = [*_values_of(raw, re.compile(rf"(?:\w+_)?{key}s?")), *(SLA_NAMED if section == "sla" else ())]
        for place, name in _defined(raw, section):
            if name not in used:
                yield place, f"nothing uses the {_CALLED.get(section, key)} “{name}”"


_CALLED = {"sla": "SLA class"}


def _defined(raw: Raw, section: str) -> Iterator[tuple[Place, str]]:
    yield from (((section, name), str(name)) for name in mapping(raw, section))
    yield from (((section, number), str(each.get("name"))) for number, each in items(raw, section))


def _values_of(node: object, key: re.Pattern[str]) -> Iterator[str]:
    """Texts under keys of a name, wherever they stand."""
    if isinstance(node, list):
        for each in node:
            yield from _values_of(each, key)
    elif isinstance(node, Mapping):
        for name, value in node.items():
            if key.fullmatch(str(name)):
                yield from (each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str))
            yield from _values_of(value, key)


def _out_of_reach(raw: Raw) -> Iterator[Odd]:
    if mapping(raw, "matrix"):
        return  # it gives the bands
    points = [each.get("points") for _, each in items(raw, "score")]
    most = sum(each for each in points if isinstance(each, int) and each > 0)
    for name, figure in mapping(raw, "bands").items():
        if isinstance(figure, int) and figure > most:
            yield ("bands", name), f"no lead is ever in band {name}: all points together are {most}"


def _without_a_route(raw: Raw) -> Iterator[Odd]:
    if not isinstance(raw.get("routes"), list):
        return
    found = covered(raw, "routes", ROUTE_FACTS)
    left = [source for source in Source if found.leaves("source", source)]
    if left:
        yield ("routes",), f"no route takes every lead of these sources, so the fallback may: {', '.join(left)}"


def _counted_twice(raw: Raw) -> Iterator[Odd]:
    found = covered(raw, "score", LEAD_FACTS)
    named = {number: str(each.get("name")) for number, each in items(raw, "score")}
    for number in named:
        if (twin := found.twin(number)) is not None:
            yield ("score", number, "when"), f"the same as “{named.get(twin)}”, so that it counts twice"


def _classifier(raw: Raw) -> Iterator[Odd]:
    name = mapping(raw, "replies").get("classifier", RULES)
    if isinstance(name, str) and name not in (RULES, LEARNT):
        said = f"Baton has no classifier “{name}” of its own: unless your build adds it, the rules are asked"
        yield ("replies", "classifier"), said
