"""What no file may say, and what the decisions promise: paths of one machine, addresses of registries, notes to a later
self, and checks that do not exist."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.source import ROOT, clean, files, module, modules

DECISIONS = ROOT / "docs/decisions"
PARTS_OF_A_DECISION = ("## Context", "## Decision", "## Consequences", "## Alternatives", "## Check")
# Written in halves, because this file is read too.
MACHINE_PATHS = re.compile(
    r"(?<![\w.$}/-])/(?:wor" + r"k|ho" + r"me|ro" + r"ot|Use" + r"rs)/\w|(?<![\w.$}/-])/tm" + r"p/\w"
)
REGISTRIES = re.compile(
    r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(?:org|com)|deb\.debia[n]\.org|[-]-(?:extra-)?index-url", re.IGNORECASE
)
OUTSIDE = re.compile(r"\.\./shared(?!/contracts\b)")
# Not in quotes: a vendor's word for a kind of task is data.
LATER = re.compile(r"(?<![\"'])\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b(?![\"'])")
PROMISE = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
CONTRACT = re.compile(r"import-linter `([\w-]+)`")


def unwelcome(path: str, text: str) -> Iterator[str]:
    """Complaints about one text file, in order of lines."""
    rules = {
        MACHINE_PATHS: "a path of one machine",
        REGISTRIES: "an address of a package registry",
        OUTSIDE: "a path outside the project; only the contracts' default may say one",
        LATER: "a note to a later self; do it or write an issue",
    }
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in rules.items():
            if found := pattern.search(line):
                yield f"{path}:{number}: {what}: {found[0]}"


def readable(path: Path) -> str:
    """The text of a file, empty for a binary one."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def test_names(path: str) -> tuple[str, ...]:
    """The test functions of a test file, those in classes too; empty if there is no such file."""
    if not (ROOT / path).is_file():
        return ()
    tree = module(path, (ROOT / path).read_text(encoding="utf-8")).tree
    return tuple(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


test_names.__test__ = False  # type: ignore[attr-defined] # pytest would collect it by its name


def decisions() -> list[Path]:
    return sorted(DECISIONS.glob("[0-9]*.md"))


def broken_promises(text: str, contracts: set[str]) -> list[str]:
    """Checks that a decision names and that are not there. A decision without any check breaks its promise too."""
    check = text.partition("## Check")[2]
    promises, rules = PROMISE.findall(check), CONTRACT.findall(check)
    if not promises and not rules:
        return ["names no check"]
    missing = [f"no contract {rule}" for rule in rules if rule not in contracts]
    for path, name in promises:
        if not (ROOT / path).is_file() or (name and name not in test_names(path)):
            missing.append(f"no test {path}::{name}" if name else f"no file {path}")
    return missing


def contract_ids() -> set[str]:
    return set(re.findall(r'^id = "([\w-]+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE))


def test_no_file_says_what_no_file_may_say() -> None:
    texts = {path.relative_to(ROOT).as_posix(): readable(path) for path in files()}
    clean([complaint for path, text in texts.items() for complaint in unwelcome(path, text)])


def test_the_locks_hold_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "deploy/requirements.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        pins = re.findall(r"^\S+==", text, re.MULTILINE)
        assert pins, name
        assert len(re.findall(r"^\S+==[^\n]*\\\n +--hash=sha256:", text, re.MULTILINE)) == len(pins), name


def test_the_image_gets_what_was_tested() -> None:
    tested, shipped = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "deploy/requirements.lock")
    )
    assert shipped
    assert shipped - tested == set(), "make lock"


def test_each_decision_has_its_parts_and_one_quotable_sentence() -> None:
    assert decisions()
    for page in decisions():
        text = page.read_text(encoding="utf-8")
        assert [part for part in PARTS_OF_A_DECISION if part not in text] == [], page.name
        assert len(re.findall(r"^> \S", text, re.MULTILINE)) == 1, f"{page.name}: one sentence, quoted, on one line"


def test_each_decision_is_in_the_index() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in decisions() if f"({page.name})" not in index] == []


def test_each_check_a_decision_names_exists() -> None:
    contracts = contract_ids()
    missing = {page.name: broken_promises(page.read_text(encoding="utf-8"), contracts) for page in decisions()}
    assert {name: gaps for name, gaps in missing.items() if gaps} == {}


def test_these_tests_read_the_project() -> None:
    read = {source.path for source in modules()}
    assert {"domain/__init__.py", "workflows/__init__.py", "tests/architecture/test_texts.py"} <= read
    assert not [path for path in read if path.startswith((".venv", "build"))]


def test_what_no_file_may_say_is_noticed() -> None:
    slash = "/"
    for text in (
        f"open('{slash}work{slash}main')",
        f"cd {slash}home{slash}dana",
        f"see {slash}tmp{slash}x",
        "pip install -" + "-index-url x",
        "from files.python" + "hosted.org",
        "read .." + "/shared/design",
        "# TO" + "DO",
    ):
        assert list(unwelcome("a.py", text)) != [], text
    for text in (
        "{root}/home/page",
        "../shared/contracts",
        f"https://example.com{slash}work{slash}1",
        f"frames{slash}work{slash}x",
        "tmp_path / 'x'",
    ):
        assert list(unwelcome("a.py", text)) == [], text


def test_a_broken_promise_is_noticed() -> None:
    here = "tests/architecture/test_texts.py"
    good = f"## Check\n`{here}::test_a_broken_promise_is_noticed` and import-linter `layers`."
    assert broken_promises(good, {"layers"}) == []
    assert broken_promises(good, set()) == ["no contract layers"]
    assert broken_promises(good.replace("noticed`", "kept`"), {"layers"}) == [
        f"no test {here}::test_a_broken_promise_is_kept"
    ]
    assert broken_promises("## Check\n`tests/nowhere.py`", set()) == ["no file tests/nowhere.py"]
    assert broken_promises("## Check\nSomebody looks at it.", set()) == ["names no check"]
