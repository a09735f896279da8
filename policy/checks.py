"""Whether the parts of a policy fit together: names that must exist, figures that must agree.

Works on the raw document, so that its problems are found beside those of shape, all at once.
"""

from collections.abc import Iterator, Mapping, Sequence

from policy import business_time, texts
from policy.model import SLA_NAMED
from policy.problems import Document, Place, Problem, near

Raw = Mapping[str, object]
_CALLS = ("live_transfer", "whisper_call", "appointment")


def problems_of(raw: Raw, document: Document) -> list[Problem]:
    """Every reference that leads nowhere and every figure that contradicts another."""
    return [document.problem(place, said, hint) for place, said, hint in _all(raw)]


Found = tuple[Place, str, str | None]


def _all(raw: Raw) -> Iterator[Found]:
    yield from _routes(raw)
    yield from _ladders(raw)
    yield from _tracks(raw)
    yield from _people(raw)
    yield from _bands(raw)
    yield from _holidays(raw)
    yield from _lengths(raw)


def _mapping(raw: object, key: str) -> Raw:
    value = raw.get(key) if isinstance(raw, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _items(raw: object, key: str) -> Iterator[tuple[int, Raw]]:
    value = raw.get(key) if isinstance(raw, Mapping) else None
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from ((number, each) for number, each in enumerate(value) if isinstance(each, Mapping))


def _must_exist(place: Place, name: object, known: Raw | Sequence[str], what: str) -> Iterator[Found]:
    names = sorted(str(each) for each in known)
    if isinstance(name, str) and name not in names:
        yield place, f"there is no {what} “{name}”", near(name, names)


def _routes(raw: Raw) -> Iterator[Found]:
    seen: list[object] = []
    for number, route in _items(raw, "routes"):
        place: Place = ("routes", number)
        name = route.get("name")
        if name is not None and name in (*seen, "fallback"):
            yield (*place, "name"), f"a second route is called “{name}”", None
        seen.append(name)
        yield from _route(raw, route, place)
    yield from _route(raw, _mapping(raw, "fallback"), ("fallback",))


def _route(raw: Raw, route: Raw, place: Place) -> Iterator[Found]:
    yield from _must_exist((*place, "text"), route.get("text"), _mapping(raw, "texts"), "text")
    yield from _must_exist((*place, "sla"), route.get("sla"), _mapping(raw, "sla"), "SLA class")
    yield from _must_exist((*place, "track"), route.get("track"), _mapping(raw, "tracks"), "track")
    motions = [motion for when in ("open", "closed") for motion in _texts_in(route.get(when))]
    for motion, needs in (("text_back", "text"), ("nurture", "track"), *((call, "sla") for call in _CALLS)):
        if motion in motions and not route.get(needs):
            yield place, f"the motion {motion} needs “{needs}”", None
    if route.get("also_text") and not route.get("text"):
        yield (*place, "also_text"), "also_text needs “text”", None


def _texts_in(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []


def _ladders(raw: Raw) -> Iterator[Found]:
    classes = _mapping(raw, "sla")
    for name in SLA_NAMED:
        if classes and name not in classes:
            yield ("sla",), f"the SLA class “{name}” is missing", None
    for name in classes:
        for number, rung in _items(classes.get(name), "ladder"):
            yield from _rung(raw, _mapping(classes, name), rung, ("sla", name, "ladder", number))


def _rung(raw: Raw, sla: Raw, rung: Raw, place: Place) -> Iterator[Found]:
    yield from _must_exist((*place, "text"), rung.get("text"), _mapping(raw, "texts"), "text")
    if rung.get("do") == "rescue" and not rung.get("text"):
        yield place, "a rescue needs “text”", None
    if str(rung.get("at", "")).endswith("%") and not sla.get("due"):
        yield (*place, "at"), "a share of the SLA needs “due” in its class", None


def _tracks(raw: Raw) -> Iterator[Found]:
    tracks = _mapping(raw, "tracks")
    for name in tracks:
        for number, step in _items(tracks.get(name), "steps"):
            yield from _must_exist(
                ("tracks", name, "steps", number, "text"), step.get("text"), _mapping(raw, "texts"), "text"
            )
    yield from _must_exist(("disqualified_track",), raw.get("disqualified_track"), tracks, "track")
    recycle = _mapping(raw, "recycle")
    yield from _disposal(_mapping(recycle, "untouched"), ("recycle", "untouched"), tracks)
    if _mapping(recycle, "untouched").get("then") == "keep":
        yield ("recycle", "untouched", "then"), "nobody has moved, so “keep” would wait for ever", None
    for code in _mapping(recycle, "codes"):
        yield from _disposal(_mapping(_mapping(recycle, "codes"), code), ("recycle", "codes", code), tracks)


def _disposal(disposal: Raw, place: Place, tracks: Raw) -> Iterator[Found]:
    yield from _must_exist((*place, "track"), disposal.get("track"), tracks, "track")
    for then, needs in (("rest", "track"), ("close", "close_as")):
        if disposal.get("then") == then and not disposal.get(needs):
            yield place, f"“then: {then}” needs “{needs}”", None


def _people(raw: Raw) -> Iterator[Found]:
    queues = [str(queue.get("name")) for _, queue in _items(raw, "queues")]
    yield from _must_exist(("fallback_queue",), raw.get("fallback_queue"), queues, "queue")
    for key in ("handle", "slack"):
        seen: list[object] = []
        for number, rep in _items(raw, "team"):
            given = rep.get(key)
            if given is not None and given in seen:
                yield ("team", number, key), f"a second rep has the {key} “{given}”", None
            seen.append(given)


def _bands(raw: Raw) -> Iterator[Found]:
    bands = _mapping(raw, "bands")
    figures = [bands.get(name) for name in ("A", "B", "C")]
    if bands and any(figure is None for figure in figures):
        yield ("bands",), "bands needs A, B and C; below C is D", None
        return
    whole = [figure for figure in figures if isinstance(figure, int)]
    if len(whole) == 3 and not whole[0] > whole[1] > whole[2]:
        yield ("bands",), "bands must fall: A above B above C", None


def _holidays(raw: Raw) -> Iterator[Found]:
    wanted = _mapping(_mapping(raw, "business"), "holidays")
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
    first, last = wanted.get("first_year"), wanted.get("last_year")
    if isinstance(first, int) and isinstance(last, int) and first > last:
        yield (*place, "last_year"), "last_year is before first_year, so no holiday would be kept", None
    names = business_time.names_of(known)
    for number, day in enumerate(_texts_in(wanted.get("days"))):
        yield from _must_exist((*place, "days", number), day, names, "holiday")


def _lengths(raw: Raw) -> Iterator[Found]:
    if raw.get("one_segment", True) is not True:
        return
    sample = {**texts.SAMPLE, "business": str(_mapping(raw, "business").get("name", ""))}
    for name, text in _mapping(raw, "texts").items():
        if isinstance(text, str) and texts.problem_of(text) is None:
            count = texts.segments(texts.fill(text, sample))
            if count > 1:
                yield (
                    ("texts", name),
                    f"takes {count} SMS segments; shorten it, keep to GSM-7 letters, or set one_segment: false",
                    None,
                )
