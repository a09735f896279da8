"""The API and the worker when they can't start: the reason in words, exit status 1, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.embedded import environment, ports
from runtime.embedded.programs import ROOT
from runtime.embedded.state import Secrets

PROGRAMS = {"api": ("-m", "api"), "worker": ("worker.py",)}


def refusal(program: str, changed: dict[str, str]) -> str:
    """What a process says that is told everything an embedded stack's child is told, but for what is changed."""
    told = environment.of_children(ports.free(), Secrets(), ROOT / "policies" / "default.yaml", {})
    env = {**os.environ, **told, **changed}
    command = (sys.executable, *PROGRAMS[program])
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1, ended.stderr
    return ended.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_database_that_does_not_answer(program: str) -> None:
    said = "PostgreSQL can't be reached at the address in BATON_DATABASE_URL: Connection refused.\n"
    assert refusal(program, {}) == said


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_policy_with_mistakes(program: str, tmp_path: Path) -> None:
    policy = tmp_path / "mine.yaml"
    policy.write_text("version: 1\nnonsense: true\n")
    said = refusal(program, {"BATON_POLICY": str(policy)}).splitlines()
    assert f"{policy}:2:1 unknown key “nonsense”" in said
    assert all(line.startswith(f"{policy}:") for line in said)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_secret_that_is_none(program: str) -> None:
    said = refusal(program, {"BATON_WEBHOOK_SECRET": "whsec_"})
    assert said.splitlines()[1:] == ["  BATON_WEBHOOK_SECRET must be whsec_ and 24 or more random bytes in base64"]
