"""Whether what a policy does about replies leads anywhere: its texts, its class of urgency, its reason codes."""

from collections.abc import Iterator
from typing import get_args

from domain.values import Action
from policy.problems import Place, near
from policy.raw import Found, Raw, items, mapping, names
from policy.routing import RungAction

_FOLLOWING = [action for action in get_args(RungAction) if action is not Action.OFFER]


def problems_of(raw: Raw) -> Iterator[Found]:
    """Each escalation without a way to a rep, and each ending that ends nothing."""
    for number, route in items(raw, "routes"):
        yield from _escalation(raw, route, ("routes", number))
    yield from _escalation(raw, mapping(raw, "fallback"), ("fallback",))
    replies = mapping(raw, "replies")
    yield from _escalation(raw, replies, ("replies",))
    yield from _named(raw, replies, ("replies",), ("help", "texts", "text"))
    for kind in mapping(replies, "ends"):
        yield from _ending(raw, mapping(mapping(replies, "ends"), kind), ("replies", "ends", kind))


def _escalation(raw: Raw, of: Raw, place: Place) -> Iterator[Found]:
    found, at = mapping(of, "escalate"), (*place, "escalate")
    for wanted in (("text", "texts", "text"), ("sla", "sla", "SLA class")):
        yield from _named(raw, found, at, wanted)
    rungs = list(items(mapping(mapping(raw, "sla"), str(found.get("sla"))), "ladder"))
    if rungs and all(rung.get("do") in _FOLLOWING for _, rung in rungs):
        yield (*at, "sla"), f"the ladder of “{found['sla']}” has no “offer”, so nobody would be asked to call", None


def _named(raw: Raw, of: Raw, place: Place, wanted: tuple[str, str, str]) -> Iterator[Found]:
    key, section, what = wanted
    name, known = of.get(key), names(raw, section)
    if isinstance(name, str) and known is not None and name not in known:
        yield (*place, key), f"there is no {what} “{name}”", near(name, known)


def _ending(raw: Raw, ending: Raw, place: Place) -> Iterator[Found]:
    code, codes = ending.get("code"), mapping(mapping(raw, "recycle"), "codes")
    if isinstance(code, str) and codes and mapping(codes, code).get("then", "keep") == "keep":
        yield (*place, "code"), f"recycle.codes keeps {code} going, so that this reply would end nothing", None
