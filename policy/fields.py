"""The small languages a policy is written in, as checked types: durations, marks on a ladder, hours, conditions, texts.

Messages are for the person who edits the file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

import opening_hours
from opening_hours import OpeningHours, State
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, TypeAdapter, WrapValidator

from domain.facts import TOUCHES_KNOWN
from policy import conditions, notation, texts, weekly
from policy.notation import Like
from policy.problems import near, shown, wrong

_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")

LONGEST = timedelta(days=366)
"""The longest time that a policy may speak of."""

_MOST = {"%": 1000, "bd": LONGEST.days}


def duration(value: object) -> timedelta:
    """90s, 5m, 2h, 7d or a mixture (2m30s) as a timedelta, LONGEST at most. Raises the problem otherwise."""
    if isinstance(value, timedelta):
        return value
    parts = _duration_parts(value.strip()) if isinstance(value, str) else None
    if parts is None:
        said = f"{shown(value)} is not a duration; write 90s, 5m, 2h, 7d or a mixture such as 2m30s"
        raise wrong(said, notation.meant(value))
    # Longer numbers of digits are too long a time in any unit, and more than a timedelta holds.
    if all(len(part) <= len("31622400") for part in parts):
        days, hours, minutes, seconds = (int(part) for part in parts)
        if (found := timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)) <= LONGEST:
            return found
    raise wrong(f"{shown(value)} is too long; at most {LONGEST.days}d")


def _duration_parts(text: str) -> tuple[str, ...] | None:
    found = _DURATION.fullmatch(text)
    return tuple((part or "0").lstrip("0") or "0" for part in found.groups()) if found and any(found.groups()) else None


def _countable(value: timedelta) -> timedelta:
    if value > TOUCHES_KNOWN:
        raise wrong(f"{value.days}d is too long; touches are counted over {TOUCHES_KNOWN.days}d at most")
    return value


Duration = Annotated[timedelta, BeforeValidator(duration), notation.DURATION]
TouchSpan = Annotated[Duration, AfterValidator(_countable)]
"""A time over which touches of a person are counted."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on a ladder, in business time since its start.

    `after` is in seconds; `percent` of the class's own `due`; `days` is the same position so many business days later;
    `day_end` is the end of the business day the ladder starts on (0) or of a later one.
    """

    unit: Literal["after", "percent", "days", "day_end"]
    amount: int  # seconds, percent or days

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


_ENDS = {"same_day": 0, "next_day_end": 1}


def mark(value: object) -> Mark:
    """2m30s, 50%, 1bd, same_day or next_day_end as a Mark. Raises the problem otherwise."""
    if isinstance(value, Mark):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if text in _ENDS:
        return Mark("day_end", _ENDS[text])
    if found := re.fullmatch(r"0*(\d{1,4})(%|bd)", text):
        if int(found[1]) <= _MOST[found[2]]:
            return Mark("percent" if found[2] == "%" else "days", int(found[1]))
    elif _duration_parts(text):
        return Mark("after", int(duration(text).total_seconds()))
    if re.fullmatch(r"\d+(%|bd)", text):
        raise wrong(f"{shown(value)} is too far away; at most 1000% and {LONGEST.days}bd")
    said = f"{shown(value)} is not a moment; write 5m, 2h, 50%, 1bd, same_day or next_day_end"
    raise wrong(said, notation.meant(value))


AMark = Annotated[Mark, BeforeValidator(mark), PlainSerializer(str, return_type=str), notation.MARK]

_FOR_EXAMPLE = "write for example Mo-Fr 09:00-17:00"
_YEARS = range(2026, 2101)


@lru_cache(maxsize=1024)
def _problem_of_hours(text: str) -> str | None:
    if not text.strip():
        return f"these hours are blank; {_FOR_EXAMPLE}, or 24/7"
    try:
        hours = OpeningHours(text, timezone=ZoneInfo("UTC"))
    except opening_hours.ParserError as error:  # type: ignore[attr-defined]  # its stub leaves it out
        at = re.search(r"--> \d+:(\d+)", str(error))
        return f"not opening hours, at character {at[1] if at else '?'}; {_FOR_EXAMPLE}"
    return _unknown_days(text) or _runs_out(hours)


def _unknown_days(text: str) -> str | None:
    # The library knows neither holidays nor where the sun is, and passes over what it doesn't know.
    found = re.search(r"\b(?:(PH|SH)|(sunrise|sunset|dawn|dusk))\b", re.sub(r'"[^"]*"', "", text))
    if found is None:
        return None
    if found[1]:
        return f"{found[1]} means nothing here; name holidays under business.holidays, or write a date: 2026 Dec 24 off"
    return f"{found[2]} means nothing here; write a time: 09:00-17:00"


def _runs_out(hours: OpeningHours) -> str | None:
    closed = list(_closed_years(hours))
    if not closed:
        return None
    if len(closed) == len(_YEARS):
        return f"these hours never open; {_FOR_EXAMPLE}"
    return f"these hours have no opening in {closed[0]}; {_FOR_EXAMPLE}, and a year only to what is an exception"


def _closed_years(hours: OpeningHours) -> Iterator[int]:
    for year in _YEARS:
        spans = hours.intervals(*(datetime(each, 1, 1, tzinfo=ZoneInfo("UTC")) for each in (year, year + 1)))
        if not any(state is State.OPEN for _, _, state, _ in spans):
            yield year


def _open_for_good(text: str) -> str:
    if said := _problem_of_hours(text):
        raise wrong(said)
    return text


Hours = Annotated[str, AfterValidator(_open_for_good), notation.HOURS]
"""Opening hours in the public OpenStreetMap syntax, for example `Mo-Fr 09:00-17:00; 2026 Dec 24 09:00-12:00`."""


def _every_week(text: str) -> str:
    try:
        weekly.week(text)
    except ValueError as error:
        said = f"{error} is not part of a week; write for example Mo-Sa 09:00-21:00; Su 12:00-21:00"
        raise wrong(said) from None
    return text


WeeklyHours = Annotated[Hours, AfterValidator(_every_week)]
"""Hours that are the same every week and never run past midnight, as weekly.py reads them."""


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        said = f"there is no time zone {shown(text)}; write for example America/Chicago"
        raise wrong(said, near(text, sorted(available_timezones()))) from None


Zone = Annotated[str, AfterValidator(_zone), notation.ZONE]


def _lead_condition(text: str) -> str:
    if said := conditions.problem_of(text, conditions.LEAD_FACTS):
        raise wrong(said)
    return text


def _route_condition(text: str) -> str:
    if said := conditions.problem_of(text, conditions.ROUTE_FACTS):
        raise wrong(said)
    return text


LeadCondition = Annotated[str, AfterValidator(_lead_condition), notation.LEAD_CONDITION]
RouteCondition = Annotated[str, AfterValidator(_route_condition), notation.ROUTE_CONDITION]


def _text(text: str) -> str:
    if said := texts.problem_of(text):
        raise wrong(said)
    return text


Text = Annotated[str, AfterValidator(_text), notation.TEXT]


def _dated(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


Day = Annotated[date, BeforeValidator(_dated), notation.DAY]


Name = Annotated[
    str, Like(r"[a-z0-9][a-z0-9_.-]{0,63}", "a name: small letters, digits, _ . and -, such as demo_request")
]
Link = Annotated[str, Like(r"https?://\S+", "an address on the web, such as https://www.ecfr.gov/")]
CrmValue = Annotated[str, Like(r"[A-Za-z0-9_]+", "a value as the CRM's API writes it, such as salesqualifiedlead")]
Region = Annotated[str, Like(r"[A-Z]{2}", "two capital letters, such as TX")]
Language = Annotated[str, Like(r"[a-z]{2}", "a language in two small letters, such as es")]
Phone = Annotated[str, Like(r"\+[1-9]\d{6,14}", "a number in E.164, such as +15125550101")]
MessagingService = Annotated[
    str,
    Like(
        r"MG[0-9a-f]{32}",
        "a messaging service, MG and 32 digits or letters to f, such as MG0123456789abcdef0123456789abcdef",
    ),
]
SlackUser = Annotated[str, Like(r"[UW][A-Z0-9]{2,20}", "a Slack member id, such as U0ADA")]
SlackChannel = Annotated[str, Like(r"[CG][A-Z0-9]{2,20}", "a Slack channel id, such as C0LEADS")]
Domain = Annotated[
    str,
    Like(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", "a domain in small letters, such as acme.com"),
]


def _wording(given: object, _: object) -> object:
    # Each language is a problem of its own, and pydantic's union would say of each shape what it isn't.
    return (_EACH if isinstance(given, Mapping) else _ONE).validate_python(given)


_ONE: TypeAdapter[object] = TypeAdapter(Text)
_EACH: TypeAdapter[object] = TypeAdapter(Annotated[dict[Language, Text], Field(min_length=1)])

Wording = Annotated[Text | dict[Language, Text], WrapValidator(_wording)]
"""A text for everybody, or one for each language."""
