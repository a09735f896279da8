"""`baton policy replay` where there is nothing to replay: each mistake is said in words."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app


def baton(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", *words])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "yesterday"), "is no duration"),
        (("--since", "99999999d"), "is too long"),
        (("--lead", "7"), "a valid UUID"),
        (("--first", "-1"), "--first"),
        (("--policy", "nowhere.yaml"), "can't be read"),
        ((), "No Baton runs on"),
    ],
)
def test_a_replay_that_cant_be_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.delenv("BATON_DATABASE_URL", raising=False)
    result = baton("replay", "--data", str(tmp_path / "none"), *words)
    assert result.exit_code in (1, 2)
    assert said in " ".join(result.output.replace("│", "").split())


def test_a_replay_of_no_database_says_what_to_correct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = baton("replay")
    assert result.exit_code == 1
    assert "BATON_DATABASE_URL" in result.output
