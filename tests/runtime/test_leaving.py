"""The end of a process: its code, its last words, and nothing of the interpreter's own after them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BEFORE = """
import atexit, sys
from runtime.leaving import leave, leave_after
atexit.register(print, 'finalized')
"""


def ended(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", BEFORE + code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("leave(0)", 0, ""),
        ("leave(None)", 0, ""),
        ("leave(3)", 3, ""),
        ("leave('no such policy')", 1, "no such policy\n"),
        ("leave_after(lambda: print('done'))", 0, ""),
        ("leave_after(lambda: sys.exit(2))", 2, ""),
        ("leave_after(lambda: sys.exit('no such lead'))", 1, "no such lead\n"),
    ],
)
def test_it_ends_with_the_code_asked_for(code: str, status: int, said: str) -> None:
    process = ended(code)
    assert (process.returncode, process.stderr) == (status, said)
    assert "finalized" not in process.stdout


def test_what_was_printed_is_written() -> None:
    assert ended("sys.stdout.write('half a line'); leave(0)").stdout == "half a line"


def test_a_mistake_keeps_its_traceback() -> None:
    process = ended("leave_after(lambda: 1 // 0)")
    assert process.returncode == 1
    assert "ZeroDivisionError" in process.stderr
