"""`baton demo --once --json` as a person or a build would run it: one whole performance."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.demo import script

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "runtime.cli.main", "demo")
LIMIT = 300


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="baton-test-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def played(folder: Path) -> "subprocess.CompletedProcess[str]":
    return run("--once", "--json", "--data", str(folder / "data"))


@pytest.fixture(scope="module")
def report(played: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(played.stdout)
    return found


@pytest.mark.e2e
@pytest.mark.slow
def test_every_lead_ends_as_the_script_says(played: "subprocess.CompletedProcess[str]", report: dict[str, Any]) -> None:
    assert [lead for lead in report["leads"] if not lead["ok"]] == []
    assert [lead["lead"] for lead in report["leads"]] == [part.key for part in script.PARTS]
    assert played.returncode == 0, played.stderr


@pytest.mark.e2e
@pytest.mark.slow
def test_nothing_is_lost_and_nobody_is_touched_twice(report: dict[str, Any]) -> None:
    summary = report["summary"]
    assert (summary["leads"], summary["lost"], summary["duplicate_touches"]) == (len(script.PARTS), 0, 0)
    assert summary["held"] >= 3, "Hawaii, Los Angeles and the one who came at nine in the evening at least"
    assert (summary["calls"], summary["connected"]) == (12, 11), "one voicemail"
    assert 0 < summary["first_touch_p50_ms"] <= summary["first_touch_p99_ms"]


@pytest.mark.e2e
@pytest.mark.slow
def test_a_folder_that_holds_leads_is_left_alone(folder: Path, played: "subprocess.CompletedProcess[str]") -> None:
    assert played.returncode == 0
    again = run("--once", "--json", "--data", str(folder / "data"))
    assert (again.returncode, again.stdout) == (1, "")
    assert "holds leads already" in again.stderr


@pytest.mark.parametrize("speed", ["0", "-1", "inf", "nan"])
def test_a_speed_at_which_nobody_reads_is_refused(speed: str) -> None:
    refused = run("--speed", speed)
    assert refused.returncode == 2
    assert "is not from 0.1 to 1000" in refused.stderr


def test_json_is_of_once_only() -> None:
    refused = run("--json")
    assert refused.returncode == 2
    assert "--once" in refused.stderr
