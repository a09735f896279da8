"""Size and shape: the tail of long functions and files is what tells well-kept code from the rest, so it is limited."""

import ast
import re
from collections.abc import Sequence

from tests.architecture.source import CODE, Module, about, clean, everywhere, functions, length, module, modules

LONGEST_FUNCTION = 40
NINE_IN_TEN = 20
LONGEST_FILE = 250
LONGEST_TEST_FILE = 400
LONGEST_PROCESS = 40
VAGUE = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
# An exception to a linter or to mypy is followed by its reason: the code, a dash, and why, on the same line.
EXCEPTION = re.compile(r"#\s*(?:noqa:\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*|type:\s*ignore(?:\[[\w,\s-]+\])?)(?P<rest>.*)$")


def functions_too_long(source: Module) -> list[str]:
    return [
        f"{source.at(f)}: {f.name} has {length(f)} lines, {LONGEST_FUNCTION} at most; name its stages"
        for f in functions(source)
        if length(f) > LONGEST_FUNCTION
    ]


def file_too_long(source: Module) -> list[str]:
    limit = LONGEST_TEST_FILE if source.top == "tests" else LONGEST_FILE
    return [f"{source.path}: {source.lines} lines, {limit} at most"] if source.lines > limit else []


def ninth_decile(sources: Sequence[Module]) -> int:
    """The length that nine functions in ten keep, by nearest rank; 0 without a function."""
    lengths = sorted(length(f) for source in sources for f in functions(source))
    return lengths[-(-len(lengths) * 9 // 10) - 1] if lengths else 0


def module_unexplained(source: Module) -> list[str]:
    if not source.tree.body or ast.get_docstring(source.tree):
        return []
    return [f"{source.path}:1: no docstring; say in a sentence what the module is for and what it must not do"]


def vague_name(source: Module) -> list[str]:
    words = set(source.path.removesuffix(".py").replace("/", " ").replace("_", " ").split())
    return [f"{source.path}: '{word}' says nothing; name the thing" for word in sorted(words & VAGUE)]


def exception_without_reason(source: Module) -> list[str]:
    found = [(n, EXCEPTION.search(line)) for n, line in enumerate(source.text.splitlines(), 1)]
    return [
        f"{source.path}:{n}: an exception to the rules without its reason on the line"
        for n, match in found
        if match and not re.search(r"\w{3}", match["rest"])
    ]


def test_no_function_is_longer_than_forty_lines() -> None:
    clean(everywhere(functions_too_long, modules(*CODE)))


def test_nine_functions_in_ten_fit_twenty_lines() -> None:
    assert ninth_decile(modules(*CODE)) <= NINE_IN_TEN


def test_no_file_is_longer_than_its_budget() -> None:
    clean(everywhere(file_too_long, modules(*CODE, "tests")))


def test_each_module_says_what_it_is_for() -> None:
    clean(everywhere(module_unexplained, modules()))


def test_no_module_has_a_vague_name() -> None:
    clean(everywhere(vague_name, modules()))


def test_each_exception_to_the_linters_says_why() -> None:
    clean(everywhere(exception_without_reason, modules()))


def test_the_process_is_short() -> None:
    assert [source.lines for source in modules("worker.py") if source.lines > LONGEST_PROCESS] == []


def body(lines: int) -> str:
    return "def f() -> None:\n" + "    print()\n" * (lines - 1)


def test_a_function_one_line_too_long_is_noticed() -> None:
    assert about(functions_too_long, body(LONGEST_FUNCTION)) == []
    assert about(functions_too_long, body(LONGEST_FUNCTION + 1)) != []
    assert about(functions_too_long, "class C:\n    async " + body(41).replace("\n    ", "\n        ")) != []


def test_two_long_functions_in_ten_are_noticed() -> None:
    short, long = module("a.py", body(5)), module("b.py", body(NINE_IN_TEN + 1))
    assert ninth_decile([short] * 9 + [long]) == 5
    assert ninth_decile([short] * 8 + [long] * 2) == NINE_IN_TEN + 1
    assert ninth_decile([]) == 0


def test_a_file_one_line_too_long_is_noticed() -> None:
    text = "\n" * (LONGEST_FILE + 1)
    assert about(file_too_long, text, "domain/lead.py") != []
    assert about(file_too_long, text, "tests/domain/test_lead.py") == []
    assert about(file_too_long, "\n" * (LONGEST_TEST_FILE + 1), "tests/domain/test_lead.py") != []


def test_a_module_without_a_docstring_is_noticed() -> None:
    assert about(module_unexplained, "x = 1\n") != []
    assert about(module_unexplained, '"""What x is."""\nx = 1\n') == []
    assert about(module_unexplained, "") == []


def test_a_vague_name_is_noticed() -> None:
    assert about(vague_name, "", "domain/lead_utils.py") != []
    assert about(vague_name, "", "adapters/common/http.py") != []
    assert about(vague_name, "", "domain/lead.py") == []


def test_an_exception_without_a_reason_is_noticed() -> None:
    mark = "# no" + "qa: "
    assert about(exception_without_reason, f"import os  {mark}F401\n") != []
    assert about(exception_without_reason, "x = 1  # type: " + "ignore[assignment]\n") != []
    assert about(exception_without_reason, f"import os  {mark}F401, E402\n") != []
    assert about(exception_without_reason, f"import os  {mark}F401 - read by the plugin\n") == []
