"""Commands that README, the documentation and the policies name are there, with each option they give."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from runtime.cli.main import app

ROOT = Path(__file__).parents[2]
TEXTS = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "policies").glob("*.yaml")))
COMMAND = re.compile(r"^[#\s]*(?:\.venv/bin/)?baton ([a-z].*)$|`(?:\.venv/bin/)?baton ([a-z][^`]*)`", re.MULTILINE)


def named(text: str) -> Iterator[str]:
    """The commands of a text, each with what follows it; a line that goes on after a backslash is one."""
    for match in COMMAND.finditer(text.replace("\\\n", " ")):
        yield match[1] or match[2]


def options(words: list[str]) -> set[str] | None:
    """The options of the command that words begin with; none of a group by itself; None where there is no command."""
    command = get_command(app)
    for word in words:
        if not isinstance(command, TyperGroup):
            break
        if word not in command.commands:
            return None
        command = command.commands[word]
    return {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_each_command_that_is_named_is_there_with_its_options(file: Path) -> None:
    for line in named(file.read_text(encoding="utf-8")):
        words = shlex.split(re.split(r" {3}|[·…|]", line)[0], comments=True)
        known = options(words)
        assert known is not None, f"{file.name}: there is no baton {line}"
        unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
        assert unknown == [], f"{file.name}: baton {line}"
