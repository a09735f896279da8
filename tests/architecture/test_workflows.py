"""What workflow code may do. Replay finds a changed command; it does not find an iterated set, a clock or a lost
description, so these are rules on the text."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import (
    Function,
    Module,
    about,
    below,
    called,
    clean,
    dotted,
    everywhere,
    functions,
    imported,
    length,
    modules,
)

LONGEST_RUN = 25
CLOCK_AND_CHANCE = ("os", "random", "secrets", "threading", "time", "uuid", "zoneinfo")
CLOCK_CALLS = re.compile(r"(^|\.)(datetime\.now|utcnow|today)$|^workflow\.(random|uuid4|time|time_ns)$|^ZoneInfo$")
SETS = {"set", "frozenset", "Set", "FrozenSet", "AbstractSet", "MutableSet"}
SEEN_BY_THE_HOST = ("activities", "domain")
PASSED_THROUGH = "workflow.unsafe.imports_passed_through"
HANDLERS = {"workflow.signal", "workflow.update", "workflow.query"}
# Which module alone may say these: one place sets timers and continues as new, one chooses options and keys. Waiting
# without a limit, for effects under way to end, is no timer.
TIMERS = re.compile(r"^(workflow\.(sleep|continue_as_new)|asyncio\.(sleep|timeout|timeout_at|wait_for))$")
EFFECTS = re.compile(r"^workflow\.(execute|start)_(local_)?activity(_class|_method)?$")
LOCAL = re.compile(r"_local_activity(_class|_method)?$")


def local_activity(source: Module) -> list[str]:
    """A query that meets one may leave a history that does not replay (decision 0013)."""
    return [
        f"{source.at(node)}: {called(node)}(): workflows call ordinary activities only"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and LOCAL.search(called(node))
    ]


def run_too_long(source: Module) -> list[str]:
    return [
        f"{source.at(f)}: {f.name} has {length(f)} lines, {LONGEST_RUN} at most: named stages and predicates only"
        for f in functions(source)
        if "workflow.run" in map(called, f.decorator_list) and length(f) > LONGEST_RUN
    ]


def clock_or_chance(source: Module) -> list[str]:
    names = [
        f"{source.at(node)}: imports {name}"
        for node, name in imported(source)
        if any(below(name, banned) for banned in CLOCK_AND_CHANCE)
    ]
    calls = [
        f"{source.at(node)}: {called(node)}(): time comes from workflow.now(), judgements from an activity"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and CLOCK_CALLS.search(called(node))
    ]
    return names + calls


def makes_a_set(source: Module) -> list[str]:
    """A set's order changes with the hash seed and replay does not notice. Membership in a written-out set is fine."""
    members = {
        id(right)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Compare)
        for operator, right in zip(node.ops, node.comparators, strict=True)
        if isinstance(operator, ast.In | ast.NotIn)
    }
    return [
        f"{source.at(node)}: a set; use a tuple or a dict, whose order is the same in every replay"
        for node in ast.walk(source.tree)
        if id(node) not in members
        and (
            isinstance(node, ast.Set | ast.SetComp)
            or (isinstance(node, ast.Call) and called(node).rsplit(".", 1)[-1] in SETS)
            or (
                isinstance(node, ast.Name | ast.Attribute)
                and dotted(node).rsplit(".", 1)[-1] in SETS - {"set", "frozenset"}
            )
        )
    ]


def set_in_a_field(source: Module) -> list[str]:
    """Fields of classes whose type is or holds a set: they would be written to history in no order."""
    fields = [
        node
        for owner in ast.walk(source.tree)
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.AnnAssign)
    ]
    return [
        f"{source.at(field)}: a set in a stored value; use a tuple"
        for field in fields
        if any(dotted(part).rsplit(".", 1)[-1] in SETS for part in ast.walk(field.annotation))
    ]


def imported_twice(source: Module) -> list[str]:
    """domain and activities imported by the sandbox and by the host are two modules: `is` and isinstance then lie."""
    passed = {
        id(inner)
        for block in ast.walk(source.tree)
        if isinstance(block, ast.With) and PASSED_THROUGH in [called(item.context_expr) for item in block.items]
        for inner in ast.walk(block)
    }
    return [
        f"{source.at(node)}: {name} outside `with {PASSED_THROUGH}()`"
        for node, name in imported(source)
        if id(node) not in passed and any(below(name, package) for package in SEEN_BY_THE_HOST)
    ]


def handlers(source: Module) -> Iterator[tuple[Function, ast.expr]]:
    for function in functions(source):
        for decorator in function.decorator_list:
            if called(decorator) in HANDLERS:
                yield function, decorator


def handler_undescribed(source: Module) -> list[str]:
    return [
        f"{source.at(f)}: {f.name} has no description=; people send it from the Temporal UI"
        for f, decorator in handlers(source)
        if not isinstance(decorator, ast.Call) or "description" not in {keyword.arg for keyword in decorator.keywords}
    ]


def handler_that_works(source: Module) -> list[str]:
    return [
        f"{source.at(f)}: {f.name} awaits; handlers record facts, run does the work"
        for f, _ in handlers(source)
        if any(isinstance(node, ast.Await) for node in ast.walk(f))
    ]


def update_unvalidated(source: Module) -> list[str]:
    validated = {called(decorator) for f in functions(source) for decorator in f.decorator_list}
    return [
        f"{source.at(f)}: {f.name} has no validator; a person's mistake must be refused before it is history"
        for f, decorator in handlers(source)
        if called(decorator) == "workflow.update" and f"{f.name}.validator" not in validated
    ]


def sets_a_timer(call: ast.Call) -> bool:
    waits = called(call) in {"workflow.wait_condition", "workflow.wait", "asyncio.wait"}
    return bool(TIMERS.search(called(call))) or (waits and "timeout" in {keyword.arg for keyword in call.keywords})


def calls_an_activity(call: ast.Call) -> bool:
    return bool(EFFECTS.search(called(call)))


def out_of_place(source: Module) -> list[str]:
    rooms = {
        ("workflows/waiting.py",): sets_a_timer,
        ("workflows/effects.py", "workflows/call_effects.py"): calls_an_activity,
    }
    return [
        f"{source.at(node)}: {called(node)} belongs in {room[0]}"
        for room, belongs in rooms.items()
        if source.path not in room
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and belongs(node)
    ]


def test_run_is_a_page_of_stages() -> None:
    clean(everywhere(run_too_long, modules("workflows")))


def test_workflows_have_no_clock_and_no_chance() -> None:
    clean(everywhere(clock_or_chance, modules("workflows")))


def test_workflows_make_no_set() -> None:
    clean(everywhere(makes_a_set, modules("workflows")))


def test_no_stored_value_holds_a_set() -> None:
    clean(everywhere(set_in_a_field, modules("domain", "workflows")))


def test_domain_and_activities_are_imported_once() -> None:
    clean(everywhere(imported_twice, modules("workflows")))


def test_each_handler_is_described() -> None:
    clean(everywhere(handler_undescribed, modules("workflows")))


def test_handlers_record_and_return() -> None:
    clean(everywhere(handler_that_works, modules("workflows")))


def test_each_update_has_a_validator() -> None:
    clean(everywhere(update_unvalidated, modules("workflows")))


def test_one_module_sets_timers_and_one_calls_activities() -> None:
    clean(everywhere(out_of_place, modules("workflows")))


def test_a_long_run_is_noticed() -> None:
    text = "@workflow.run\nasync def run(self):\n" + "    await self.stage()\n" * LONGEST_RUN
    assert about(run_too_long, text) != []
    assert about(run_too_long, text.replace("@workflow.run\n", "")) == []
    assert about(run_too_long, text.removesuffix("    await self.stage()\n")) == []


def test_a_clock_is_noticed() -> None:
    for line in ("import time", "from uuid import uuid4", "from zoneinfo import ZoneInfo", "x = datetime.now(UTC)"):
        assert about(clock_or_chance, line) != [], line
    for line in ("x = datetime.datetime.utcnow()", "x = date.today()", "x = workflow.uuid4()", "workflow.random()"):
        assert about(clock_or_chance, line) != [], line
    assert about(clock_or_chance, "from datetime import timedelta\nx = workflow.now()") == []


def test_a_set_is_noticed() -> None:
    for line in ("x = {1, 2}", "x = set(y)", "x = frozenset((1, 2))", "x = {i for i in y}", "x: AbstractSet[int]"):
        assert about(makes_a_set, line) != [], line
    assert about(makes_a_set, "for x in {1, 2}:\n    pass") != []
    assert about(makes_a_set, "x = stage in {1, 2}\ny = {1: 2}\nz = stage not in {3}") == []


def test_a_set_in_a_field_is_noticed() -> None:
    for kind in ("set[str]", "frozenset[str] | None", "tuple[frozenset[str], ...]", "typing.AbstractSet[str]"):
        assert about(set_in_a_field, f"class Lead:\n    seen: {kind}\n") != [], kind
    assert about(set_in_a_field, "class Lead:\n    seen: tuple[str, ...]\n") == []


def test_a_second_import_of_the_domain_is_noticed() -> None:
    inside = "with workflow.unsafe.imports_passed_through():\n    from domain.lead import Lead\n"
    assert about(imported_twice, inside) == []
    assert about(imported_twice, inside + "import activities.touch\n") != []
    assert (
        about(imported_twice, "with workflow.unsafe.sandbox_unrestricted():\n    from domain.lead import Lead\n") != []
    )
    assert about(imported_twice, "from workflows.names import QUEUE\n") == []


def test_a_bare_handler_is_noticed() -> None:
    for kind in ("signal", "update", "query"):
        assert about(handler_undescribed, f"@workflow.{kind}\ndef f(self): ...\n") != []
        assert about(handler_undescribed, f"@workflow.{kind}(name='f')\ndef f(self): ...\n") != []
        assert about(handler_undescribed, f"@workflow.{kind}(description='Says f.')\ndef f(self): ...\n") == []


def test_a_handler_that_awaits_is_noticed() -> None:
    text = "@workflow.update(description='f')\nasync def f(self):\n    await workflow.execute_activity(x)\n"
    assert about(handler_that_works, text) != []
    assert about(handler_that_works, text.replace("await ", "")) == []


def test_an_update_without_a_validator_is_noticed() -> None:
    text = "class L:\n    @workflow.update(description='f')\n    def accept(self): ...\n"
    assert about(update_unvalidated, text) != []
    assert about(update_unvalidated, text + "    @accept.validator\n    def check(self): ...\n") == []


def test_a_timer_elsewhere_is_noticed() -> None:
    wait, act = "workflow.wait_condition(f, timeout=left)", "workflow.execute_local_activity(f)"
    assert about(out_of_place, wait, "workflows/lead.py") != []
    assert about(out_of_place, act, "workflows/lead.py") != []
    assert about(out_of_place, "workflow.continue_as_new(lead)", "workflows/lead.py") != []
    assert about(out_of_place, "asyncio.sleep(1)", "workflows/lead.py") != []
    assert about(out_of_place, "workflow.wait_condition(f)", "workflows/lead.py") == []
    assert about(out_of_place, wait, "workflows/waiting.py") == []
    assert about(out_of_place, act, "workflows/effects.py") == []
    assert about(out_of_place, act, "workflows/waiting.py") != []


def test_no_local_activity_is_called() -> None:
    clean(everywhere(local_activity, modules("workflows")))


def test_a_local_activity_is_noticed() -> None:
    assert about(local_activity, "workflow.execute_local_activity_method(Decide.decide, question)") != []
    assert about(local_activity, "workflow.execute_activity_method(Decide.decide, question)") == []
