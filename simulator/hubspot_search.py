"""HubSpot's CRM search: filter groups (any of them, each with all of its filters), sorting and paging."""

import re
from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from simulator.hubspot_objects import CrmObject, Invalid, Json


class Filter(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    property_name: str
    operator: str
    value: str | None = None
    high_value: str | None = None
    values: list[str] = []


class FilterGroup(BaseModel):
    filters: list[Filter] = Field(max_length=6)


class Sort(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    property_name: str
    direction: str = "ASCENDING"


class Search(BaseModel):
    """The body of POST /crm/v3/objects/{type}/search; limits as documented by HubSpot: 5 groups of 6, 200 a page."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    filter_groups: list[FilterGroup] = Field(default=[], max_length=5)
    query: str | None = None
    sorts: list[Sort | str] = []
    properties: list[str] = []
    limit: int = Field(default=10, ge=1, le=200)
    after: str | int | None = None


def run(search: Search, objects: list[CrmObject]) -> Json:
    """The page of results in HubSpot's envelope. Raises Invalid for an operator that doesn't exist."""
    found = [each for each in objects if _in_any_group(search, each) and _mentions(each, search.query)]
    for sort in reversed(search.sorts):
        by = Sort(property_name=sort) if isinstance(sort, str) else sort
        found.sort(key=lambda each: _sortable(each.value(by.property_name)), reverse=by.direction == "DESCENDING")
    start = int(search.after or 0)
    shown = found[start : start + search.limit]
    answer: Json = {"total": len(found), "results": [each.as_json(search.properties) for each in shown]}
    if start + search.limit < len(found):
        answer["paging"] = {"next": {"after": str(start + search.limit)}}
    return answer


def _in_any_group(search: Search, each: CrmObject) -> bool:
    groups = search.filter_groups
    return not groups or any(all(_passes(test, each) for test in group.filters) for group in groups)


def _passes(test: Filter, each: CrmObject) -> bool:
    judge = _OPERATORS.get(test.operator)
    if judge is None:
        raise Invalid(400, "VALIDATION_ERROR", f"Invalid operator {test.operator}")
    value = each.value(test.property_name)
    if test.property_name.startswith("associations.") and value is not None and test.operator in ("EQ", "IN"):
        return bool(set(value.split(";")) & {*(test.values or []), test.value or ""})
    return judge(value, test)


def _mentions(each: CrmObject, query: str | None) -> bool:
    return not query or any(query.lower() in value.lower() for value in each.properties.values())


def _sortable(value: str | None) -> tuple[int, float, str]:
    """Numbers before text, and by size; no value first."""
    if value is None:
        return (0, 0.0, "")
    return (1, float(value), "") if re.fullmatch(r"-?\d+(\.\d+)?", value) else (2, 0.0, value.lower())


def _compare(value: str | None, other: str | None) -> int | None:
    """-1, 0 or 1 as HubSpot orders them; None when either is missing. Times may be given as milliseconds."""
    if value is None or other is None:
        return None
    mine, theirs = _sortable(_as_millis(value)), _sortable(_as_millis(other))
    return (mine > theirs) - (mine < theirs)


def _as_millis(value: str) -> str:
    try:
        return str(int(datetime.fromisoformat(value).timestamp() * 1000)) if "T" in value else value
    except ValueError:
        return value


def _has_token(value: str | None, test: Filter) -> bool:
    """Whole words in order, case aside; * stands for the rest of a word."""
    words = re.findall(r"\w+", (value or "").lower())
    pattern = re.findall(r"[\w*]+", (test.value or "").lower())
    tests = [re.compile(re.escape(part).replace(r"\*", r"\w*")) for part in pattern]
    starts = range(len(words) - len(tests) + 1)
    return bool(tests) and any(
        all(expr.fullmatch(words[start + step]) for step, expr in enumerate(tests)) for start in starts
    )


def _same(value: str | None, test: Filter) -> bool:
    return value is not None and value.lower() == (test.value or "").lower()


def _listed(value: str | None, test: Filter) -> bool:
    return value is not None and value.lower() in {each.lower() for each in test.values}


def _between(value: str | None, test: Filter) -> bool:
    return _compare(value, test.value) in (0, 1) and _compare(value, test.high_value) in (-1, 0)


_OPERATORS: dict[str, Callable[[str | None, Filter], bool]] = {
    "EQ": _same,
    "NEQ": lambda value, test: not _same(value, test),
    "IN": _listed,
    "NOT_IN": lambda value, test: not _listed(value, test),
    "HAS_PROPERTY": lambda value, test: value is not None,
    "NOT_HAS_PROPERTY": lambda value, test: value is None,
    "LT": lambda value, test: _compare(value, test.value) == -1,
    "LTE": lambda value, test: _compare(value, test.value) in (-1, 0),
    "GT": lambda value, test: _compare(value, test.value) == 1,
    "GTE": lambda value, test: _compare(value, test.value) in (0, 1),
    "BETWEEN": _between,
    "CONTAINS_TOKEN": _has_token,
    "NOT_CONTAINS_TOKEN": lambda value, test: not _has_token(value, test),
}
