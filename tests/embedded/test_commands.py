"""`baton up` and `baton status` as a person meets them, where nothing needs to be started for it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from runtime.cli.main import app
from runtime.embedded.programs import ROOT

run = CliRunner()
pytestmark = pytest.mark.usefixtures("logs_as_before")


def test_a_wrong_policy_starts_nothing_and_every_line_is_named(tmp_path: Path) -> None:
    policy = tmp_path / "mine.yaml"
    policy.write_text("version: 1\nnonsense: true\nroutes: 7\n")
    said = run.invoke(app, ["up", "--data", str(tmp_path / "data"), "--policy", str(policy)])
    assert said.exit_code == 1
    assert "nothing was started" in said.stderr
    assert f"{policy}:2:" in said.stderr
    assert f"{policy}:3:" in said.stderr
    assert not (tmp_path / "data").exists()


def test_the_policy_without_windows_refuses_real_vendors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_TWILIO_AUTH_TOKEN", "real")
    policy = ROOT / "policies" / "always_open.yaml"
    said = run.invoke(app, ["up", "--data", str(tmp_path / "data"), "--policy", str(policy)])
    assert said.exit_code == 1
    assert "real vendors (twilio)" in said.stderr
    assert not (tmp_path / "data").exists()


def test_status_of_a_folder_where_nothing_ever_ran(tmp_path: Path) -> None:
    said = run.invoke(app, ["status", "--data", str(tmp_path / "none"), "--json"])
    assert said.exit_code == 0
    assert json.loads(said.stdout)["state"] == "down"
    assert not (tmp_path / "none").exists()
