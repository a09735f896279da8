"""Whether the parts of a policy fit together: names that must exist, figures that must agree.

Works on the raw document, so that its problems are found beside those of shape, all at once.
"""

from collections.abc import Iterator, Sequence

from pydantic_core import PydanticCustomError

from policy import business_time, fields, inbound_checks, number_checks, reach, reply_checks, text_checks
from policy.problems import Document, Place, Problem, near
from policy.raw import Found, Raw, items, mapping, names, texts_in
from policy.routing import SLA_NAMED

_CALLS = ("live_transfer", "whisper_call", "appointment")


def problems_of(raw: Raw, document: Document) -> list[Problem]:
    """Every reference that leads nowhere and every figure that contradicts another."""
    return [document.problem(place, said, hint) for place, said, hint in _all(raw)]


def _all(raw: Raw) -> Iterator[Found]:
    yield from _judging(raw)
    yield from _afterwards(raw)
    yield from _routes(raw)
    yield from _ladders(raw)
    yield from _tracks(raw)
    yield from _people(raw)
    yield from _groups(raw)
    yield from _bands(raw)
    yield from _caps(raw)
    yield from reach.problems_of(raw)
    yield from reply_checks.problems_of(raw)
    yield from _holidays(raw)
    yield from text_checks.problems_of(raw)
    yield from number_checks.problems_of(raw)
    yield from inbound_checks.problems_of(raw)


def _must_exist(place: Place, name: object, known: Sequence[str] | None, what: str) -> Iterator[Found]:
    if isinstance(name, str) and known is not None and name not in known:
        yield place, f"there is no {what} “{name}”", near(name, known)


def _unique(raw: Raw, key: str, by: str, said: str, taken: tuple[str, ...] = ()) -> Iterator[Found]:
    seen: list[object] = [*taken]
    for number, each in items(raw, key):
        given = each.get(by)
        if given is not None and given in seen:
            yield (key, number, by), f"{said} “{given}”", None
        seen.append(given)


def _routes(raw: Raw) -> Iterator[Found]:
    yield from _unique(raw, "routes", "name", "a second route is called", ("fallback",))
    for number, route in items(raw, "routes"):
        yield from _route(raw, route, ("routes", number))
    yield from _route(raw, mapping(raw, "fallback"), ("fallback",))


def _afterwards(raw: Raw) -> Iterator[Found]:
    again = mapping(raw, "recycle").get("text")
    yield from _must_exist(("recycle", "text"), again, names(raw, "texts"), "text")
    left = mapping(raw, "calls").get("voicemail")
    yield from _must_exist(("calls", "voicemail"), left, names(raw, "texts"), "text")


def _judging(raw: Raw) -> Iterator[Found]:
    yield from _unique(raw, "disqualify", "name", "a second disqualifier is called")
    yield from _unique(raw, "score", "name", "a second point is called")


def _route(raw: Raw, route: Raw, place: Place) -> Iterator[Found]:
    for text in ("text", "slots_text"):
        yield from _must_exist((*place, text), route.get(text), names(raw, "texts"), "text")
    yield from _must_exist((*place, "sla"), route.get("sla"), names(raw, "sla"), "SLA class")
    yield from _must_exist((*place, "track"), route.get("track"), names(raw, "tracks"), "track")
    motions = [motion for when in ("open", "closed", "busy") for motion in texts_in(route.get(when))]
    for motion, needs in (
        ("text_back", "text"),
        ("nurture", "track"),
        ("appointment", "slots_text"),
        *((call, "sla") for call in _CALLS),
    ):
        if motion in motions and not route.get(needs):
            yield place, f"the motion {motion} needs “{needs}”", None
    classes, name = mapping(raw, "sla"), str(route.get("sla") or "task")
    is_known = name in classes  # one that isn't there is told as that
    if route.get("needs_capacity") is True and is_known and not mapping(classes, name).get("due"):
        yield (*place, "needs_capacity"), "needs_capacity needs an SLA class with “due”", None
    if route.get("also_text") and not route.get("text"):
        yield (*place, "also_text"), "also_text needs “text”", None


def _ladders(raw: Raw) -> Iterator[Found]:
    classes = mapping(raw, "sla")
    for name in SLA_NAMED:
        if classes and name not in classes:
            yield ("sla",), f"the SLA class “{name}” is missing", None
    for name in classes:
        for number, rung in items(classes.get(name), "ladder"):
            yield from _rung(raw, mapping(classes, name), rung, ("sla", name, "ladder", number))
    routes = [mapping(raw, "fallback"), *(route for _, route in items(raw, "routes"))]
    for name in dict.fromkeys(["task", *(str(route.get("sla")) for route in routes)]):
        if isinstance(mapping(classes, name).get("ladder"), list):
            yield from _whole(mapping(classes, name), ("sla", name, "ladder"))


def _whole(sla: Raw, place: Place) -> Iterator[Found]:
    """A class that a lead begins on must lead somewhere; the others follow one that did."""
    actions = [rung.get("do") for _, rung in items(sla, "ladder")]
    if "nurture" not in actions:
        yield place, "this ladder has no “nurture”, so a lead that nobody takes would wait for ever", None
    if "reoffer" in actions and "offer" not in actions:
        yield place, "this ladder has a “reoffer” and no “offer” before it", None


def _rung(raw: Raw, sla: Raw, rung: Raw, place: Place) -> Iterator[Found]:
    yield from _must_exist((*place, "text"), rung.get("text"), names(raw, "texts"), "text")
    if rung.get("do") == "rescue" and not rung.get("text"):
        yield place, "a rescue needs “text”", None
    if str(rung.get("at", "")).endswith("%") and not sla.get("due"):
        yield (*place, "at"), "a share of the SLA needs “due” in its class", None


def _tracks(raw: Raw) -> Iterator[Found]:
    tracks = names(raw, "tracks")
    for name in tracks or ():
        for number, step in items(mapping(raw, "tracks").get(name), "steps"):
            place = ("tracks", name, "steps", number, "text")
            yield from _must_exist(place, step.get("text"), names(raw, "texts"), "text")
    yield from _must_exist(("disqualified_track",), raw.get("disqualified_track"), tracks, "track")
    recycle = mapping(raw, "recycle")
    yield from _disposal(mapping(recycle, "untouched"), ("recycle", "untouched"), tracks)
    if mapping(recycle, "untouched").get("then") == "keep":
        yield ("recycle", "untouched", "then"), "nobody has moved, so “keep” would wait for ever", None
    for code in mapping(recycle, "codes"):
        yield from _disposal(mapping(mapping(recycle, "codes"), code), ("recycle", "codes", code), tracks)


def _disposal(disposal: Raw, place: Place, tracks: Sequence[str] | None) -> Iterator[Found]:
    yield from _must_exist((*place, "track"), disposal.get("track"), tracks, "track")
    for then, needs in (("rest", "track"), ("close", "close_as")):
        if disposal.get("then") == then and not disposal.get(needs):
            yield place, f"“then: {then}” needs “{needs}”", None


def _people(raw: Raw) -> Iterator[Found]:
    queues = [str(queue.get("name")) for _, queue in items(raw, "queues")]
    yield from _must_exist(("fallback_queue",), raw.get("fallback_queue"), sorted(queues) or None, "queue")
    yield from _unique(raw, "queues", "name", "a second queue is called")
    for key in ("handle", "slack"):
        yield from _unique(raw, "team", key, f"a second rep has the {key}")


def _groups(raw: Raw) -> Iterator[Found]:
    team = {str(rep.get("handle")): rep for _, rep in items(raw, "team")}
    queues = sorted(str(queue.get("name")) for _, queue in items(raw, "queues"))
    yield from _unique(raw, "assign", "name", "a second group is called")
    closed = None
    for number, group in items(raw, "assign"):
        place: Place = ("assign", number)
        if closed is not None:
            yield place, f"never asked: group “{closed}” takes every lead, to its own queue if need be", None
        if str(group.get("when", "true")).strip() == "true" and group.get("fallback_queue"):
            closed = group.get("name")
        named = texts_in(group.get("reps"))
        for position, handle in enumerate(named):
            yield from _must_exist((*place, "reps", position), handle, sorted(team) or None, "rep")
        yield from _must_exist((*place, "fallback_queue"), group.get("fallback_queue"), queues or None, "queue")
        members = [rep for handle, rep in team.items() if not named or handle in named]
        yield from _members(place, members, texts_in(group.get("match")))


def _members(place: Place, members: Sequence[Raw], match: Sequence[str]) -> Iterator[Found]:
    if members and all(rep.get("weight") == 0 for rep in members):
        yield place, "nobody of this group takes turns: each of them has weight 0", None
    if "licence" in match and members and not any(rep.get("licences") for rep in members):
        yield (*place, "match"), "nobody of this group has “licences”, so nobody could take a lead", None


def _bands(raw: Raw) -> Iterator[Found]:
    bands = mapping(raw, "bands")
    figures = [bands.get(name) for name in ("A", "B", "C")]
    if bands and any(figure is None for figure in figures):
        yield ("bands",), "bands needs A, B and C; below C is D", None
        return
    whole = [figure for figure in figures if isinstance(figure, int)]
    if len(whole) == 3 and not whole[0] > whole[1] > whole[2]:
        yield ("bands",), "bands must fall: A above B above C", None


def _caps(raw: Raw) -> Iterator[Found]:
    """Of two caps alike in all but their figures, one for a longer time has to allow more."""
    caps = [(number, cap) for number, cap in items(mapping(raw, "contact"), "caps")]
    for number, cap in caps:
        for other in (other for place, other in caps if place != number and _rest(other) == _rest(cap)):
            if (said := _contradicts(cap, other)) is not None:
                yield ("contact", "caps", number), said, None


def _rest(cap: Raw) -> Raw:
    return {key: value for key, value in cap.items() if key not in ("most", "within")}


def _contradicts(cap: Raw, other: Raw) -> str | None:
    try:
        spans = fields.duration(cap.get("within")), fields.duration(other.get("within"))
    except PydanticCustomError:
        return None  # said of its shape
    most, others = cap.get("most"), other.get("most")
    if not (isinstance(most, int) and isinstance(others, int)):
        return None
    if spans[0] < spans[1] and most >= others:
        return f"never counts: only {others} are allowed within {other.get('within')} anyway"
    return (
        f"a second cap within {cap.get('within')}, which allows less"
        if spans[0] == spans[1] and most > others
        else None
    )


def _holidays(raw: Raw) -> Iterator[Found]:
    wanted = mapping(mapping(raw, "business"), "holidays")
    place: Place = ("business", "holidays")
    country, subdivision = wanted.get("country"), wanted.get("subdivision")
    if not isinstance(country, str):
        return
    try:
        known = business_time.closed_days(country, str(subdivision) if subdivision else None, range(2025, 2029))
    except NotImplementedError:
        key = "subdivision" if subdivision else "country"
        yield (*place, key), f"there is no calendar of holidays for {country!r} {subdivision or ''}".rstrip(), None
        return
    names = business_time.names_of(known)
    for number, day in enumerate(texts_in(wanted.get("days"))):
        for where, said, hint in _must_exist((*place, "days", number), day, names, "holiday"):
            yield where, said if hint else f"{said}; there are {', '.join(names)}", hint
