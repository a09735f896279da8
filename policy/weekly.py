"""Hours that are the same every week, as windows of the law are: read, cut down to what several have in common, written
again. Knows no zone and no date; hours with dates are for business_time.py."""

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import product

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS = "Mo-Su 00:00-24:00"
NEVER = "off"
"""Both mean the same in the OpenStreetMap syntax, of which the hours here are a part."""

Span = tuple[int, int]
"""Minutes of a day: from, until."""

Week = tuple[tuple[Span, ...], ...]
"""The open spans of each day, Monday first."""

_DAY = "|".join(DAYS)
_RULE = re.compile(rf"((?:{_DAY})(?:[-,](?:{_DAY}))*) (off|[0-9:,-]+)")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def week(text: str) -> Week:
    """Hours such as `Mo-Sa 09:00-21:00; Su 12:00-21:00`; a later rule replaces an earlier one for its days. Raises
    ValueError when they are written in any other way, or run past midnight."""
    found: list[tuple[Span, ...]] = [()] * len(DAYS)
    for rule in [] if text == NEVER else text.split(";"):
        read = _RULE.fullmatch(rule.strip())
        if read is None:
            raise ValueError(f"“{rule.strip()}”")
        spans = () if read[2] == NEVER else tuple(_span(each) for each in read[2].split(","))
        for day in _days(read[1]):
            found[day] = spans
    return tuple(found)


def _span(text: str) -> Span:
    read = _SPAN.fullmatch(text)
    begin, end = (int(read[1]) * 60 + int(read[2]), int(read[3]) * 60 + int(read[4])) if read else (0, 0)
    if not begin < end <= 24 * 60:
        raise ValueError(f"“{text}”")
    return begin, end


def _days(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, last = (DAYS.index(day) for day in (part[:2], part[-2:]))
        if len(part) not in (2, 5) or first > last:
            raise ValueError(f"“{text}”")
        found += range(first, last + 1)
    return found


def common(weeks: Iterable[Week]) -> Week:
    """What is open in every one of them."""
    return reduce(_both, weeks, week(ALWAYS))


def _both(one: Week, other: Week) -> Week:
    return tuple(
        tuple((max(a[0], b[0]), min(a[1], b[1])) for a, b in product(mine, theirs) if max(a[0], b[0]) < min(a[1], b[1]))
        for mine, theirs in zip(one, other, strict=True)
    )


def written(hours: Week) -> str:
    """The hours as text, from which week() reads the same again."""
    rules: list[str] = []
    start = 0
    for day in range(1, len(DAYS) + 1):
        if day == len(DAYS) or hours[day] != hours[start]:
            rules += [f"{_from_to(start, day - 1)} {_times(hours[start])}"] if hours[start] else []
            start = day
    return "; ".join(rules) or NEVER


def _from_to(first: int, last: int) -> str:
    return DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"


def _times(spans: Sequence[Span]) -> str:
    return ",".join(f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}" for begin, end in spans)
