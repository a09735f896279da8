"""How the small languages of a policy look to an editor: JSON Schema for texts that the loader reads as something else.

What an editor can't check (a zone that exists, hours that open, a condition's kinds) is the loader's.
"""

import re
from dataclasses import dataclass
from datetime import date

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from policy.problems import shown, wrong

FACTS = "x-facts"
"""Marks a condition, with whose facts it may use (lead or route); schema.py lists them in its place."""

_DURATION = r"(?=\d)(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?"


_SPELLED = re.compile(
    r"(\d+) *(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:(?:ou)?rs?)?|(d)(?:ays?)?|(%)|(bd)|business +(d)ays?)"
)


def meant(value: object) -> str | None:
    """What a duration or a mark that is spelled out may mean: 2h for 2 hours, 50% for 50 %, 1bd for 1 business day."""
    found = _SPELLED.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        return None
    return found[1] + ("bd" if found[8] else next(unit for unit in found.groups()[1:] if unit))


def _text(pattern: str | None, *examples: str, **more: str) -> WithJsonSchema:
    found: dict[str, object] = {"type": "string", "minLength": 1, **more}
    if pattern is not None:
        found["pattern"] = rf"^\s*(?:{pattern})\s*$"
    if examples:
        found["examples"] = list(examples)
    return WithJsonSchema(found)


DURATION = _text(_DURATION, "90s", "5m", "2h", "7d", "2m30s")
MARK = _text(rf"{_DURATION}|\d+%|\d+bd|same_day|next_day_end", "0m", "5m", "50%", "1bd", "same_day", "next_day_end")
HOURS = _text(None, "Mo-Fr 09:00-17:00", "Mo-Su 08:00-21:00", "24/7", "Mo-Fr 09:00-17:00; 2026 Dec 24 off")
ZONE = _text(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*", "America/New_York", "America/Chicago", "America/Los_Angeles")
TEXT = _text(None, "Hi {{ first_name }}, {{ business }} here. Reply STOP to opt out")
LEAD_CONDITION = _text(None, 'source == "demo_request"', **{FACTS: "lead"})
ROUTE_CONDITION = _text(None, 'source == "webinar" && band == "A"', **{FACTS: "route"})
DAY = WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-24"]})


@dataclass(frozen=True, slots=True)
class OrADay:
    """A first and a last day, for which a single date may stand."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._spread, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string", "format": "date", "examples": ["2026-11-24"]}, handler(core)]}

    @staticmethod
    def _spread(given: object) -> object:
        if isinstance(given, str):
            try:
                given = date.fromisoformat(given)
            except ValueError:
                raise wrong(f"{shown(given)} is no day; write 2026-12-24, or first and last") from None
        return {"first": given, "last": given} if isinstance(given, date) else given


@dataclass(frozen=True, slots=True)
class Like:
    """A text that has to match `pattern` from end to end; `said` says in words what it is, with an example at its end.

    A pattern has to mean the same to Python and to an editor.
    """

    pattern: str
    said: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        example = self.said.rpartition("such as ")[2]
        return {**handler(core), "pattern": f"^(?:{self.pattern})$", "examples": [example]}

    def _checked(self, text: str) -> str:
        if re.fullmatch(self.pattern, text) is None:
            raise wrong(f"{shown(text)} is not {self.said}")
        return text
