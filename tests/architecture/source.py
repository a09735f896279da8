"""The project's own files as these tests read them. It parses and never imports, so rules hold for broken code too."""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# The packages that are installed. console joins when it is there.
PACKAGES = ("activities", "adapters", "api", "console", "domain", "policy", "runtime", "simulator", "workflows")
# Code under the budgets: what is installed, the process, and the benchmarks.
CODE = (*PACKAGES, "bench", "worker.py")
SKIPPED = {"build", "dist", "data", "__pycache__", "node_modules", "uv.lock"}
KEPT_DOTFILES = {".ci", ".dockerignore", ".editorconfig", ".env.example", ".gitignore", ".pre-commit-config.yaml"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path from the root with forward slashes, its text, its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def top(self) -> str:
        return self.path.split("/", 1)[0]

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


# One rule reads one module and answers its complaints, each "path:line: what is wrong; what to do".
Rule = Callable[[Module], list[str]]


def module(path: str, text: str) -> Module:
    return Module(path, text, ast.parse(text))


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project, in a stable order."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in SKIPPED or entry.name.endswith(".egg-info"):
            continue
        if entry.name.startswith(".") and entry.name not in KEPT_DOTFILES:
            continue
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def modules(*tops: str) -> tuple[Module, ...]:
    """The Python files below these top-level names; all of them without a name."""
    paths = [path.relative_to(ROOT) for path in files() if path.suffix == ".py"]
    return tuple(_file(path.as_posix()) for path in paths if not tops or path.parts[0] in tops)


@cache
def _file(path: str) -> Module:
    return module(path, (ROOT / path).read_text(encoding="utf-8"))


def forget() -> None:
    """Lets go of all syntax trees: a million objects, which every full garbage collection after them would walk."""
    _file.cache_clear()


def functions(source: Module) -> list[Function]:
    return [node for node in ast.walk(source.tree) if isinstance(node, Function)]


def length(function: Function) -> int:
    """Lines from `def` to the last one, docstring included, decorators not."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def dotted(node: ast.AST) -> str:
    """`workflow.unsafe.imports_passed_through` for a chain of names; the empty string for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def called(node: ast.AST) -> str:
    """The dotted name of what a call calls, or of a decorator written with or without brackets."""
    return dotted(node.func) if isinstance(node, ast.Call) else dotted(node)


def imported(source: Module) -> list[tuple[ast.AST, str]]:
    """Each import with its full dotted name: `from a import b` is `a.b`, because b may be a module."""
    found: list[tuple[ast.AST, str]] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(node, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def below(name: str, package: str) -> bool:
    """Is this dotted name the package, or in it?"""
    return name == package or name.startswith(package + ".")


def everywhere(rule: Rule, sources: tuple[Module, ...]) -> list[str]:
    return [complaint for source in sources for complaint in rule(source)]


def clean(complaints: Iterable[str]) -> None:
    """Fails with all complaints, each on a line of its own."""
    found = list(complaints)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def about(rule: Rule, text: str, path: str = "workflows/example.py") -> list[str]:
    """What a rule says of an example: the self-tests' way in."""
    return rule(module(path, text))
