"""As much of a policy as has its shape, where some of it hasn't: enough to try its ladders on its calendars, so that a
mistake there is named together with the others."""

from collections.abc import Callable, Mapping
from functools import cache

from pydantic import TypeAdapter, ValidationError

from policy.model import Policy
from policy.raw import Raw

_construct: Callable[..., Policy] = Policy.model_construct
_NEEDED: dict[str, object] = {"team": (), "sla": {}}
"""What calendars are made from besides the business, and what stands for it where it has no shape."""


def sound(raw: Raw) -> Policy | None:
    """A policy of those parts that have their shape, classes of urgency one by one; None where the business has none.
    It is for calendars alone, and has no other parts for certain."""
    found = {name: part for name in Policy.model_fields if name in raw and (part := _part(name, raw[name])) is not None}
    if "business" not in found:
        return None
    return _construct(**{**_NEEDED, **found})


@cache
def _adapter(name: str) -> TypeAdapter[object]:
    return TypeAdapter(Policy.model_fields[name].rebuild_annotation())


def _part(name: str, value: object) -> object:
    if name == "sla" and isinstance(value, Mapping):
        apart = {key: _part_of(name, {key: each}) for key, each in value.items()}
        return {key: found[key] for key, found in apart.items() if isinstance(found, dict)}
    return _part_of(name, value)


def _part_of(name: str, value: object) -> object:
    try:
        return _adapter(name).validate_python(value)
    except ValidationError:
        return None
