"""The small languages a policy is written in, as checked types: durations, marks on a ladder, hours, conditions, texts.

Messages are for the person who edits the file.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import opening_hours
from opening_hours import OpeningHours, State
from pydantic import AfterValidator, BeforeValidator, PlainSerializer
from pydantic_core import PydanticCustomError

from policy import conditions, texts

_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def wrong(said: str) -> PydanticCustomError:
    """A problem whose message is shown as it is."""
    return PydanticCustomError("policy", "{said}", {"said": said})


def duration(value: object) -> timedelta:
    """90s, 5m, 2h, 7d or a mixture (2m30s) as a timedelta. Raises the problem otherwise."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        raise wrong(f"{value!r} is not a duration; write 90s, 5m, 2h, 7d or a mixture such as 2m30s")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


Duration = Annotated[timedelta, BeforeValidator(duration)]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on a ladder, in business time since its start.

    `after` is in seconds; `percent` of the class's own `due`; `days` counts the lengths of business days; `day_end` is
    the end of the business day the ladder starts on (0) or of a later one.
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
    if found := re.fullmatch(r"(\d+)(%|bd)", text):
        return Mark("percent" if found[2] == "%" else "days", int(found[1]))
    if text:
        return Mark("after", int(duration(text).total_seconds()))
    raise wrong(f"{value!r} is not a moment; write 5m, 2h, 50%, 1bd, same_day or next_day_end")


AMark = Annotated[Mark, BeforeValidator(mark), PlainSerializer(str, return_type=str)]

_REFERENCE = datetime(2026, 1, 5, tzinfo=ZoneInfo("UTC"))


def _opens_sometime(text: str) -> str:
    try:
        hours = OpeningHours(text, timezone=ZoneInfo("UTC"))
    except opening_hours.ParserError as error:  # type: ignore[attr-defined]  # its stub leaves it out
        at = re.search(r"--> \d+:(\d+)", str(error))
        raise wrong(
            f"not opening hours, at character {at[1] if at else '?'}; write for example Mo-Fr 09:00-17:00"
        ) from None
    spans = hours.intervals(_REFERENCE, _REFERENCE + timedelta(days=366))
    if not any(state is State.OPEN for _, _, state, _ in spans):
        raise wrong("these hours never open; write for example Mo-Fr 09:00-17:00")
    return text


Hours = Annotated[str, AfterValidator(_opens_sometime)]
"""Opening hours in the public OpenStreetMap syntax, for example `Mo-Fr 09:00-17:00; 2026 Dec 24 09:00-12:00`."""


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        raise wrong(f"there is no time zone {text!r}; write for example America/Chicago") from None


Zone = Annotated[str, AfterValidator(_zone)]


def _lead_condition(text: str) -> str:
    if said := conditions.problem_of(text, conditions.LEAD_FACTS):
        raise wrong(said)
    return text


def _route_condition(text: str) -> str:
    if said := conditions.problem_of(text, conditions.ROUTE_FACTS):
        raise wrong(said)
    return text


LeadCondition = Annotated[str, AfterValidator(_lead_condition)]
RouteCondition = Annotated[str, AfterValidator(_route_condition)]


def _text(text: str) -> str:
    if said := texts.problem_of(text):
        raise wrong(said)
    return text


Text = Annotated[str, AfterValidator(_text)]


def _dated(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


Day = Annotated[date, BeforeValidator(_dated)]


def _like(pattern: str, said: str) -> AfterValidator:
    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise wrong(f"{text!r} is not {said}")
        return text

    return AfterValidator(check)


Name = Annotated[
    str, _like(r"[a-z0-9][a-z0-9_.-]{0,63}", "a name: small letters, digits, _ . and -, such as demo_request")
]
Region = Annotated[str, _like(r"[A-Z]{2}", "two capital letters, such as TX")]
Phone = Annotated[str, _like(r"\+[1-9]\d{6,14}", "a number in E.164, such as +15125550101")]
SlackUser = Annotated[str, _like(r"[UW][A-Z0-9]{2,20}", "a Slack member id, such as U0ADA")]
SlackChannel = Annotated[str, _like(r"[CG][A-Z0-9]{2,20}", "a Slack channel id, such as C0LEADS")]
