"""Whatever somebody does to the default policy, it is loaded or refused with places inside its files, in no time."""

import copy
import json
import time
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from policy import documents
from policy.load import PolicyInvalid, load_policy
from policy.problems import Place, Problem
from tests.policy import cases

TEXT = (cases.POLICIES / "default.yaml").read_text(encoding="utf-8")
LINES = TEXT.splitlines()
PACK = "contact_rules/us-2026-11.yaml"
PACK_LINES = len((cases.POLICIES / PACK).read_text(encoding="utf-8").splitlines())
ANYTHING: tuple[object, ...] = (
    None, True, 0, -1, 7, 10**15, 1.5, "", " ", "x", "default", "5m", "50%", "24/7", "off", "true", "1/0 == 1",
    "answers", "nurture", "task", "A", "{{ x }}", "☀", "\n", [], ["x"], [[]], [None], {}, {"x": "y"}, {"name": "x"},
    [{}],
)  # fmt: skip


def places(node: object, way: Place = ()) -> Iterator[Place]:
    """Every place in a value, its own left out."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in steps:
        yield (*way, step)
        yield from places(value, (*way, step))


WHOLE: dict[str, object] = json.loads(json.dumps(documents.plain(documents.parsed(TEXT, "default.yaml")), default=str))
PLACES = list(places(WHOLE))
SMALL = Path(__file__).parent / "tables" / "bad"


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The policy with a few values deleted, renamed or replaced by another kind of thing; or with lines lost."""
    if draw(st.booleans()):
        gone = draw(st.lists(st.integers(0, len(LINES) - 1), min_size=1, max_size=3))
        return "\n".join(line for number, line in enumerate(LINES) if number not in gone)
    found = copy.deepcopy(WHOLE)
    for place in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)):
        change(found, place, draw(st.sampled_from(("delete", "rename", "replace"))), draw(st.sampled_from(ANYTHING)))
    return json.dumps(found, indent=1)


def change(root: object, place: Place, how: str, value: object) -> None:
    """One change, where the place is still there."""
    *way, last = place
    node = root
    for step in way:
        node = at(node, step)
    if at(node, last) is None:
        return
    assert isinstance(node, dict | list)
    if how == "delete":
        node.pop(last)  # type: ignore[arg-type]  # `at` found it
    else:
        node[last] = f"{node[last]}x" if how == "rename" else value  # type: ignore[index]  # `at` found it


def at(node: object, step: int | str) -> object:
    """What is at a step, if anything."""
    if isinstance(node, dict):
        return node.get(step)
    return node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None


def tried(text: str, base: Path = cases.POLICIES) -> tuple[Problem, ...]:
    """What is said of a policy, loaded or refused."""
    try:
        return load_policy(text, "mine.yaml", base).warnings
    except PolicyInvalid as invalid:
        return invalid.problems + invalid.warnings


@settings(max_examples=30, deadline=None)
@given(mutated())
def test_a_changed_policy_is_loaded_or_refused_with_places_inside_its_files(text: str) -> None:
    began = time.process_time()
    problems = tried(text)
    assert time.process_time() - began < 2
    longest = {"mine.yaml": len(text.splitlines()), PACK: PACK_LINES}
    for problem in problems:
        assert 1 <= problem.line <= max(1, longest[problem.file]), problem
        assert problem.column >= 1
        assert problem.message
        assert "\n" not in str(problem)


def test_each_value_of_a_policy_may_be_missing_or_be_anything() -> None:
    """One by one, so that none is left to chance; on the small policy, which is read in no time."""
    small = (SMALL / "small.yaml").read_text(encoding="utf-8")
    whole = json.loads(json.dumps(documents.plain(documents.parsed(small, "small.yaml"))))
    for number, place in enumerate(places(whole)):
        found = copy.deepcopy(whole)
        change(found, place, ("delete", "replace")[number % 2], ANYTHING[number % len(ANYTHING)])
        assert {each.file for each in tried(json.dumps(found), SMALL)} <= {"mine.yaml", "small_rules.yaml"}
