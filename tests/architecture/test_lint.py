"""The bans that ruff holds: each proven on a line that breaks it, so that a careless edit of pyproject.toml shows."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

RUFF = Path(sys.executable).with_name("ruff")
SIX_PARAMETERS = (
    'def f(a: int, b: int, c: int, d: int, e: int, g: int) -> int:\n    """Add."""\n    return a + b + c + d + e + g\n'
)
NINE_BRANCHES = (
    "def f(n: int) -> int:\n" + "".join(f"    if n == {i}:\n        n += {i}\n" for i in range(9)) + "    return n\n"
)

BREACHES = [
    ("domain/example.py", "TID251", "from datetime import UTC, datetime\n\nnow = datetime.now(UTC)\n"),
    ("domain/example.py", "DTZ005", "from datetime import datetime\n\nnow = datetime.now()\n"),
    ("policy/example.py", "TID251", "import random\n\nx = random.random()\n"),
    ("policy/example.py", "TID251", "import time\n\nx = time.time()\n"),
    ("activities/example.py", "TID251", "from uuid import uuid4\n\nx = uuid4()\n"),
    ("activities/example.py", "TID251", "import httpx\n\nx = httpx.get\n"),
    ("activities/example.py", "TID251", "import worker\n\nx = worker\n"),
    ("workflows/example.py", "TID252", "from . import lead\n\nx = lead\n"),
    ("workflows/example.py", "T201", "print()\n"),
    ("api/example.py", "DTZ005", "from datetime import datetime\n\nnow = datetime.now()\n"),
    ("api/example.py", "C901", NINE_BRANCHES),
    ("api/example.py", "PLR0913", SIX_PARAMETERS),
    ("adapters/example.py", "BLE001", "try:\n    x = 1\nexcept Exception:\n    x = 2\n"),
    ("adapters/example.py", "ANN401", "from typing import Any\n\n\ndef f(x: Any) -> None:\n    del x\n"),
    ("runtime/example.py", "FIX002", "x = 1  # TO" + "DO: later\n"),
    ("runtime/example.py", "E501", f'x = "{"a" * 120}"\n'),
    ("runtime/example.py", "S602", 'import subprocess\n\nsubprocess.run("ls $HOME", shell=True, check=True)\n'),
]
ALLOWED = [
    ("api/example.py", "from datetime import UTC, datetime\n\nnow = datetime.now(UTC)\n"),
    ("runtime/example.py", "from uuid import uuid4\n\nx = uuid4()\n"),
    ("runtime/cli/example.py", "print()\n"),
]


def broken_rules(path: str, text: str) -> set[str]:
    """The codes of the rules that ruff, under the project's settings, finds broken if this text stood at this path."""
    run = subprocess.run(
        [RUFF, "check", "--no-cache", "--output-format", "concise", "--stdin-filename", path, "-"],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in {0, 1}, run.stderr
    return {line.split()[1] for line in run.stdout.splitlines() if line.startswith(path)}


@pytest.mark.parametrize(("path", "code", "text"), BREACHES)
def test_ruff_notices(path: str, code: str, text: str) -> None:
    assert code in broken_rules(path, text)


@pytest.mark.parametrize(("path", "text"), ALLOWED)
def test_ruff_lets_the_outer_rings_have_a_clock_and_ids(path: str, text: str) -> None:
    assert broken_rules(path, text) == set()
