"""`baton report fairness` as a manager runs it: sentences, JSON, and strangers' words that can't move a cursor."""

import json

import httpx2
import pytest
from typer.testing import CliRunner, Result

from domain.fairness import FairnessReport, Share
from runtime.cli.main import app
from tests.builders import NOON
from tests.runtime.served import answered

TOLD = FairnessReport(since=NOON, rep="ada", reps=(Share(rep="ada\x1b[2J", offered=2, accepted=1, timed_out=1),))
LEAD = "0199a7c2-0000-7000-8000-000000000001"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[httpx2.Request]:
    """What the command asks of an API that answers TOLD."""
    return answered(monkeypatch, lambda _: httpx2.Response(200, json=TOLD.model_dump(mode="json")))


def baton(*words: str) -> Result:
    return CliRunner().invoke(app, ["report", "fairness", *words])


def test_it_reads_like_sentences(asked: list[httpx2.Request]) -> None:
    result = baton("--rep", "ada", "--since", "3d")
    assert result.exit_code == 0
    assert dict(asked[0].url.params) == {"since": "3d", "rep": "ada"}
    assert "was offered 2 leads (1 taken up, 1 run out)." in result.stdout
    assert "\x1b[2J" not in result.stdout


def test_as_json_it_is_the_apis_answer(asked: list[httpx2.Request]) -> None:
    assert FairnessReport.model_validate(json.loads(baton("--lead", LEAD, "--json").stdout)) == TOLD
    assert dict(asked[0].url.params) == {"since": "7d", "lead": LEAD}
    assert baton("--lead", "seven").exit_code == 2
