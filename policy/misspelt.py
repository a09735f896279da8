"""Names of sources and of kinds of behaviour that nearly are names we know: a lead is never of them, in silence. They
are warnings, since both are free: whoever sends leads may call them anything."""

import re
from collections.abc import Iterator, Mapping

from domain.values import KINDS, Source
from policy.problems import Document, Place, Problem, near
from policy.raw import Raw, items, mapping

CLOSE = 0.82
"""How alike two names are of which one is taken for a slip of the other."""

_NAMES = re.compile(r"""["']([a-z0-9_.-]+)["']""")
_CONDITIONS = ("disqualify", "score", "routes", "assign")

Named = tuple[Place, str, bool]
"""A name, where it stands, and whether that is a key."""


def warnings_of(raw: Raw, document: Document) -> Iterator[Problem]:
    """Each name that is near a known one, and neither that nor asked for by a condition, nor what behaviour opens."""
    intent = mapping(raw, "intent")
    asked = {
        name for key in _CONDITIONS for _, each in items(raw, key) for name in _NAMES.findall(str(each.get("when")))
    }
    opened = {value for value in mapping(intent, "opens").values() if isinstance(value, str)}
    own = {name for _, name, _ in _listed(intent, ("intent",), "kinds")} | {
        str(key) for key in mapping(intent, "opens")
    }
    sources, kinds = {*Source, *asked}, {*KINDS, *asked}
    for what, named, known, used in (
        ("source", _sources(raw), sources, opened),
        ("source", _opened(intent), sources, set()),
        ("kind of behaviour", _kinds(intent), kinds, set()),
        ("kind of behaviour", _listed(intent, ("intent",), "strong"), kinds | own, set()),
        ("source or kind", _listed(intent, ("intent",), "hand_raises"), sources | kinds | own, opened),
    ):
        for place, name, is_key in named:
            meant = near(name, sorted(known), CLOSE) if name not in known | used else None
            if meant is not None:
                yield document.warning(place, f"no {what} that is known is called “{name}”", meant, by_key=is_key)


def _sources(raw: Raw) -> Iterator[Named]:
    contact = mapping(raw, "contact")
    yield from _listed(mapping(contact, "do_not_call"), ("contact", "do_not_call"), "no_inquiry")
    yield from _listed(mapping(contact, "consent"), ("contact", "consent"), "answers")
    yield from _listed(mapping(raw, "accounts"), ("accounts",), "sources")
    yield from _listed(mapping(raw, "enrich"), ("enrich",), "hot_sources")
    for speed, target in mapping(raw, "speeds").items():
        yield from ((("speeds", speed, "sources", name), str(name), True) for name in mapping(target, "sources"))


def _opened(intent: Raw) -> Iterator[Named]:
    for kind, source in mapping(intent, "opens").items():
        if isinstance(source, str):
            yield ("intent", "opens", kind), source, False


def _kinds(intent: Raw) -> Iterator[Named]:
    yield from _listed(intent, ("intent",), "kinds")
    yield from ((("intent", "opens", kind), str(kind), True) for kind in mapping(intent, "opens"))


def _listed(of: Mapping[str, object], place: Place, key: str) -> Iterator[Named]:
    found = of.get(key)
    for number, name in enumerate(found if isinstance(found, list | tuple) else ()):
        if isinstance(name, str):
            yield (*place, key, number), name, False
