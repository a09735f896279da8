"""The published schema: current, whole, and of one mind with the loader about the shape of a policy."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from policy import documents, functions, schema
from policy.conditions import LEAD_FACTS, ROUTE_FACTS, problem_of
from policy.load import PolicyInvalid, load_policy
from policy.problems import Document
from runtime.cli import language
from tests.policy import cases

HERE = Path(__file__).parent
SCHEMAS = cases.POLICIES / "schema"
POLICY = Draft202012Validator(schema.of_policy())
RULES = Draft202012Validator(schema.of_contact_rules())
POLICIES = sorted(cases.POLICIES.glob("*.yaml"))
PACKS = sorted((cases.POLICIES / "contact_rules").glob("*.yaml"))
GOOD_ONES = ("small.yaml", "small_rules.yaml")
BAD = [
    *sorted((HERE / "bad").glob("*.yaml")),
    *sorted(file for file in (HERE / "tables" / "bad").glob("*.yaml") if file.name not in GOOD_ONES),
]
OF_SHAPE = ("unknown key", "is missing", "is not one of", "is expected", "at least ", "at most ", " is not a name")
"""How problems begin or end that an editor can see too."""


def document(file: Path) -> Document | None:
    try:
        return documents.parsed(documents.text_of(file), file.name)
    except (PolicyInvalid, ValueError):
        return None  # no editor says more of it than that it is no YAML


def as_json(found: Document) -> Any:
    return json.loads(json.dumps(documents.plain(found) | _extends(found), default=str))


def _extends(found: Document) -> dict[str, str]:
    return {"extends": str(found.root["extends"])} if "extends" in found.root else {}


def said(validator: Draft202012Validator, value: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@pytest.mark.parametrize("name", sorted(language.FILES))
def test_the_committed_schema_is_current(name: str) -> None:
    made = language.written(language.FILES[name]())
    assert (SCHEMAS / name).read_text(encoding="utf-8") == made, (
        f"policies/schema/{name} is older than the models; from the project's root run: "
        ".venv/bin/python -m runtime.cli.main policy schema --write policies/schema"
    )


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_each_policy_we_ship_keeps_to_the_schema_and_names_it(file: Path) -> None:
    found = document(file)
    assert found is not None
    assert said(POLICY, as_json(found)) == []
    assert _named(file) == SCHEMAS / "policy.schema.json"


@pytest.mark.parametrize("file", PACKS, ids=lambda file: file.stem)
def test_each_pack_of_contact_rules_keeps_to_the_schema_and_names_it(file: Path) -> None:
    found = document(file)
    assert found is not None
    assert said(RULES, as_json(found)) == []
    assert _named(file) == SCHEMAS / "contact_rules.schema.json"


def _named(file: Path) -> Path:
    """The schema that a file's first line names, as an editor looks for it: beside the file."""
    mark, _, path = file.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")
    assert mark == "# yaml-language-server: "
    return (file.parent / path).resolve()


@pytest.mark.parametrize("file", [file for file in BAD if document(file)], ids=lambda file: file.stem)
def test_a_mistake_of_shape_is_one_to_an_editor_too(file: Path) -> None:
    found = document(file)
    assert found is not None
    with pytest.raises(PolicyInvalid) as caught:
        load_policy(file.read_text(encoding="utf-8"), file.name, _base(file))
    of_shape = [
        problem
        for problem in caught.value.problems
        if problem.file == file.name and any(words in problem.message for words in OF_SHAPE)
    ]
    assert bool(said(POLICY, as_json(found))) >= bool(of_shape), of_shape


def _base(file: Path) -> Path:
    return cases.POLICIES if file.parent.name == "bad" and file.parent.parent == HERE else file.parent


GOOD = as_json(Document("default.yaml", documents.parsed(cases.default().text, "default.yaml").root))


@pytest.mark.parametrize(
    ("place", "value", "where"),
    [
        ("hops", 0, "$.hops"),
        ("hops", "many", "$.hops"),
        ("buisness", {}, "$"),
        ("business.huors", "24/7", "$.business"),
        ("business.name", "", "$.business.name"),
        ("contact.same_answer", "ten minutes", "$.contact.same_answer"),
        ("contact.consent.sms.kinds", ["verbal"], "$.contact.consent.sms.kinds[0]"),
        ("fallback.open", ["text_bak"], "$.fallback.open[0]"),
        ("fallback.open", [], "$.fallback.open"),
        ("sla.task.due", "soon", "$.sla.task.due"),
        ("sla.task.ladder", [{"at": "5m", "do": "text"}], "$.sla.task.ladder[0].do"),
        ("recycle.codes.wno", {"then": "close"}, "$.recycle.codes"),
        ("recycle.codes.won", {"then": "shut"}, "$.recycle.codes.won.then"),
        ("bands", {"A": 70, "B": 45}, "$.bands"),
        ("bands.E", 10, "$.bands"),
        ("team", [{"handle": "ada"}], "$.team[0]"),
        ("fallback_queue", "The Queue", "$.fallback_queue"),
        ("channels.leads", "leads", "$.channels.leads"),
    ],
)
def test_an_editor_shows_a_mistake_where_it_stands(place: str, value: object, where: str) -> None:
    changed = json.loads(json.dumps(GOOD))
    *way, key = place.split(".")
    node = changed
    for step in way:
        node = node[step]
    node[key] = value
    assert where in [error.json_path for error in _deepest(POLICY, changed)]


def _deepest(validator: Draft202012Validator, value: object) -> Iterator[Any]:
    pending = list(validator.iter_errors(value))
    while pending:
        error = pending.pop()
        pending += error.context or ()
        yield error


def test_only_a_policy_that_extends_another_may_leave_parts_out() -> None:
    part: dict[str, object] = {"name": "mine", "business": {"hours": "24/7", "holidays": {"days": []}}}
    assert said(POLICY, {"extends": "default.yaml", **part}) == []
    assert said(POLICY, {"extends": "default.yaml"}) == []
    assert said(POLICY, part)
    assert said(POLICY, {"extends": "default.yaml", "team": [{"handle": "ada"}]})  # lists are replaced whole
    assert said(POLICY, {"extends": 7, "name": "mine"})


@pytest.mark.parametrize("made", [schema.of_policy(), schema.of_contact_rules()], ids=["policy", "contact_rules"])
def test_each_key_says_what_it_is_for(made: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(made)
    models = {**made["$defs"], **({"the file itself": made} if "properties" in made else {})}
    silent = [
        f"{model}.{key}"
        for model, found in models.items()
        if "title" in found  # a mapping whose keys are codes has none, and each of them is its code
        for key, node in found.get("properties", {}).items()
        if not (node.get("description") or made["$defs"][node["$ref"].rpartition("/")[2]].get("description"))
    ]
    assert silent == [], "write what each is for in a line of documentation below its field in the model"


def test_the_manual_has_each_key_and_each_value() -> None:
    manual, defs = cases.default().text, schema.of_policy()["$defs"]
    assert isinstance(defs, dict)
    words = {key for name, found in defs.items() if not name.endswith("Part") for key in found.get("properties", {})}
    words |= {str(value) for found in defs.values() for value in found.get("enum", [])}
    words |= {value for fact in ROUTE_FACTS for value in fact.values}
    assert [word for word in sorted(words) if not re.search(rf"\b{re.escape(word)}\b", manual)] == []


def test_conditions_list_the_facts_they_may_use() -> None:
    defs: Any = schema.of_policy()["$defs"]
    route, point = (defs[model]["properties"]["when"]["description"] for model in ("Route", "Point"))
    for fact in ROUTE_FACTS:
        assert (f"- {fact.name} ({fact.kind}): {fact.told}" in route) is True
        assert (f"- {fact.name} (" in point) is (fact in LEAD_FACTS)
    assert "startsWith" in point


@pytest.mark.parametrize("each", [*functions.FUNCTIONS, *functions.MACROS], ids=lambda each: each.name)
def test_each_published_function_can_be_used_as_it_is_shown(each: functions.Function) -> None:
    assert each.name in each.use
    assert problem_of(each.use, ROUTE_FACTS) is None
