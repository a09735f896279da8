"""`baton` loads the command that is asked for and no other: each has its price."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from runtime.cli.lazily import Command
from runtime.cli.main import app

ROOT = Path(__file__).parents[2]
OFFLINE = ("explain", "check", "schema", "facts", "simulate")
"""Commands on policies that need nothing that runs."""


def commands(of: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Every command with the words that call it, groups left out."""
    assert isinstance(of, TyperGroup)
    for name, found in of.commands.items():
        if isinstance(found, TyperGroup):
            yield from commands(found, (*path, name))
        else:
            yield (*path, name), found  # type: ignore[misc]  # all that Typer makes are of its own kinds


def test_each_command_is_where_it_is_said_to_be_and_says_what_it_does() -> None:
    found = dict(commands(get_command(app)))

    assert ("up",) in found
    assert ("policy", "simulate") in found
    assert [path for path, each in found.items() if each.name != path[-1] or not each.help] == []


@pytest.mark.parametrize("name", OFFLINE)
def test_a_command_on_a_policy_file_loads_no_temporal_and_no_demo(name: str) -> None:
    looked = (
        "import sys; from typer.main import get_command; from runtime.cli.main import app; "
        f"get_command(app).commands['policy'].commands['{name}']; "
        "print(*sorted({'temporalio', 'google.protobuf', 'runtime.demo', 'fastapi'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", looked], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
