"""What of a policy is never reached, and where a lead would reach nobody: values that no fact has, routes whose leads
are taken above, motions after one that is always possible, rungs after giving up, routes without a way out."""

from collections.abc import Iterator, Mapping, Sequence

from domain.values import Action, Channel, Motion, Source
from policy import condition_values, conditions, coverage
from policy.conditions import LEAD_FACTS, ROUTE_FACTS, Fact
from policy.coverage import Coverage
from policy.problems import Place, near
from policy.raw import Found, Raw, items, mapping, texts_in
from policy.routing import ALWAYS_POSSIBLE, CHANNEL_OF

_HOW_OFTEN = ("open", "closed", "busy")
_CLOSED = {fact.name: fact.values for fact in ROUTE_FACTS if fact.values}


def problems_of(raw: Raw) -> Iterator[Found]:
    """Each thing that can't happen."""
    for key in ("routes", "disqualify", "score", "assign"):
        yield from _misspelt(raw, key)
    yield from _conditions(raw, "routes", ROUTE_FACTS)
    yield from _conditions(raw, "disqualify", LEAD_FACTS)
    yield from _never(covered(raw, "score", LEAD_FACTS), "score", range(len(_list(raw, "score"))))
    for number, route in items(raw, "routes"):
        yield from _motions(raw, route, ("routes", number))
    yield from _motions(raw, mapping(raw, "fallback"), ("fallback",))
    for name, sla in mapping(raw, "sla").items():
        yield from _rungs(sla, ("sla", name, "ladder"))


def _list(raw: Raw, key: str) -> Sequence[object]:
    value = raw.get(key)
    return value if isinstance(value, list) else ()


def covered(raw: Raw, key: str, facts: tuple[Fact, ...]) -> Coverage:
    """The coverage of a section's conditions, in the order of its list; what can't be used there takes no part."""
    found = [_usable(each.get("when") if isinstance(each, Mapping) else None, facts) for each in _list(raw, key)]
    return coverage.of(found, {fact.name: fact.kind for fact in facts}, list(Source))


def _usable(condition: object, facts: tuple[Fact, ...]) -> str | None:
    if not isinstance(condition, str) or conditions.problem_of(condition, facts) is not None:
        return None
    return None if any(condition_values.misspelt(condition, _CLOSED)) else condition


def _misspelt(raw: Raw, key: str) -> Iterator[Found]:
    for number, each in items(raw, key):
        condition = each.get("when")
        for fact, value in condition_values.misspelt(condition, _CLOSED) if isinstance(condition, str) else ():
            known = [each for each in _CLOSED[fact] if each]
            said, hint = f"“{value}” is no value of {fact}", near(value, known)
            yield (key, number, "when"), said if hint else f"{said}; there are {', '.join(known)}", hint


def _conditions(raw: Raw, key: str, facts: tuple[Fact, ...]) -> Iterator[Found]:
    """A list of which the first that is true decides."""
    found, listed = covered(raw, key, facts), _list(raw, key)
    yield from _never(found, key, range(len(listed)))
    for number in range(len(listed)):
        if any(_has(listed[number], key) for key in ("domains", "companies")):
            continue  # it takes leads besides those of its condition
        takers = found.takers(number)
        if takers is not None:
            by = f"{_name(listed[takers[0]])} takes" if len(takers) == 1 else "those above together take"
            yield (key, number, "when"), f"never reached: {by} every lead of this one; move it up, or out", None


def _has(each: object, key: str) -> bool:
    return isinstance(each, Mapping) and bool(each.get(key))


def _name(each: object) -> str:
    return f"“{each.get('name')}”" if isinstance(each, Mapping) else "one above"


def _never(found: Coverage, key: str, numbers: Sequence[int]) -> Iterator[Found]:
    for number in numbers:
        if found.is_never(number):
            yield (key, number, "when"), "this condition can never be true", None


def _motions(raw: Raw, route: Raw, place: Place) -> Iterator[Found]:
    sure = [Motion.NURTURE] if route.get("needs_capacity") is True else list(ALWAYS_POSSIBLE)
    for when in _HOW_OFTEN:
        motions = texts_in(route.get(when))
        certain = next((number for number, motion in enumerate(motions) if motion in sure), None)
        for number, motion in enumerate(motions):
            if motion in motions[:number]:
                yield (*place, when, number), f"{motion} is tried above already", None
            elif certain is not None and number > certain:
                yield (*place, when, number), f"never reached: {motions[certain]} is always possible", None
        if certain is None and _may_end(raw, route, motions):
            ways = ", ".join(ALWAYS_POSSIBLE)
            said = f"none of these may be possible, and nobody is offered the lead; end with one of {ways}"
            yield (*place, when), f"{said}, or name an SLA class with an offer", None


def _may_end(raw: Raw, route: Raw, motions: Sequence[str]) -> bool:
    """Whether motions that may all be impossible leave a lead to nobody; no where a mistake keeps from telling."""
    if not motions or any(motion not in list(Motion) for motion in motions):
        return False
    name = route.get("sla")
    if name is None:
        return not any(motion in CHANNEL_OF and CHANNEL_OF[Motion(motion)] is Channel.CALL for motion in motions)
    actions = [rung.get("do") for _, rung in items(mapping(mapping(raw, "sla"), str(name)), "ladder")]
    return bool(actions) and "offer" not in actions and all(action in list(Action) for action in actions)


def _rungs(sla: object, place: Place) -> Iterator[Found]:
    actions = {number: rung.get("do") for number, rung in items(sla, "ladder")}
    last = next((number for number, action in actions.items() if action == Motion.NURTURE), None)
    for number, action in actions.items():
        if last is not None and number > last:
            said = "a second nurture" if action == Motion.NURTURE else "never before nurture, which gives up"
            yield (*place, number), f"{said}: nurture comes once and last", None
