"""The JSON Schema of policy files, made from the models: what editors complete and check by. Whatever a model gains, it
gains. The loader checks more: references, conditions, calendars."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema

from policy import functions
from policy.conditions import LEAD_FACTS, ROUTE_FACTS
from policy.contact_rules import ContactRules
from policy.model import Policy
from policy.notation import FACTS

Schema = dict[str, object]
Node = TypeVar("Node")

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFS = "#/$defs/"
_CITED = re.compile(r" \([NR]\d+(?:, [NR]\d+)*\)")
"""Which requirement a model meets is for who reads the code."""


def of_policy() -> Schema:
    """The schema of a policy; of one that `extends` another, which needs no part and may give part of a part."""
    found = _made(Policy)
    defs = found.pop("$defs")
    assert isinstance(defs, dict)
    return {
        "$schema": DIALECT,
        "title": "A policy of Baton",
        "type": "object",
        "if": {"type": "object", "required": ["extends"]},
        "then": {"$ref": f"{_DEFS}PolicyPart"},
        "else": {"$ref": f"{_DEFS}Policy"},
        "$defs": dict(sorted({**defs, "Policy": found, **_parts(found, defs)}.items())),
    }


def of_contact_rules() -> Schema:
    """The schema of a pack of contact rules."""
    return {"$schema": DIALECT, **_made(ContactRules), "title": "Contact rules of Baton"}


class _Generator(GenerateJsonSchema):
    """pydantic's own, with the house's durations and without a title for each key."""

    def encode_default(self, dft: object) -> object:
        return _written(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: CoreSchema) -> bool:
        return False


def _written(value: timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{seconds}s" if seconds else f"{minutes}m"


def _made(model: type[BaseModel]) -> Schema:
    found = model.model_json_schema(schema_generator=_Generator)
    defs = found.get("$defs", {})
    return {key: _finished(value, defs) for key, value in found.items()}


def _finished(node: Node, defs: Schema) -> Node:
    """The same with facts listed where a condition stands, and the known keys of a mapping as properties."""
    if isinstance(node, list):
        return [_finished(each, defs) for each in node]  # type: ignore[return-value]  # of the same kind as it was
    if not isinstance(node, dict):
        return node
    found = {key: _finished(value, defs) for key, value in node.items()}
    if (whose := found.pop(FACTS, None)) is not None:
        found["description"] = f"{found.get('description', '')}\n\n{_facts(str(whose))}".strip()
    if isinstance(said := found.get("description"), str):
        found["description"] = _CITED.sub("", said)
    if isinstance(names := found.get("propertyNames"), dict):
        found = _spelled_out(found, names, defs)
    return found  # type: ignore[return-value]  # of the same kind as it was


def _spelled_out(found: Schema, names: Schema, defs: Schema) -> Schema:
    known = names.get("enum") or _named(names, defs).get("enum")
    if not isinstance(known, list):
        return found
    rest = {key: value for key, value in found.items() if key not in ("propertyNames", "additionalProperties")}
    return {**rest, "properties": dict.fromkeys(known, found["additionalProperties"]), "additionalProperties": False}


def _named(node: object, defs: Mapping[str, object]) -> Schema:
    """The definition that a node refers to, else the node itself."""
    reference = node.get("$ref") if isinstance(node, dict) else None
    found = defs[str(reference).removeprefix(_DEFS)] if reference else node
    assert isinstance(found, dict)
    return found


def _facts(whose: str) -> str:
    facts = ROUTE_FACTS if whose == "route" else LEAD_FACTS
    told = "\n".join(f"- {fact.name} ({fact.kind}): {fact.told}" for fact in facts)
    return f"In CEL. Facts:\n{told}\nFunctions: {', '.join(functions.NAMES)}"


def _parts(root: Schema, defs: Schema) -> Schema:
    """Looser definitions for a file that extends another: mappings are laid over its, lists replace its."""
    extends = {"type": "string", "minLength": 1, "description": "The policy that this one differs from, beside it."}
    made: Schema = {}
    loose = _loose(root, defs, made)
    properties = loose["properties"]
    assert isinstance(properties, dict)
    return {**made, "PolicyPart": {**loose, "properties": {"extends": extends, **properties}}}


def _loose(node: Schema, defs: Schema, made: Schema) -> Schema:
    found = {key: value for key, value in node.items() if key != "required"}
    if isinstance(reference := node.get("$ref"), str):
        found["$ref"] = f"{_DEFS}{_part(reference.removeprefix(_DEFS), defs, made)}"
    if isinstance(properties := node.get("properties"), dict):
        found["properties"] = {key: _loose(value, defs, made) for key, value in properties.items()}
    if isinstance(other := node.get("additionalProperties"), dict):
        found["additionalProperties"] = _loose(other, defs, made)
    if isinstance(choice := node.get("anyOf"), list):
        found["anyOf"] = [_loose(each, defs, made) for each in choice]
    return found


def _part(name: str, defs: Schema, made: Schema) -> str:
    """The name of a definition's looser form; its own where it has no parts."""
    strict = _named(defs[name], defs)
    if "properties" not in strict:
        return name
    part = f"{name}Part"
    if part not in made:
        made[part] = {}  # it may hold itself
        made[part] = _loose(strict, defs, made)
    return part
