"""`baton report speed` as an operator runs it: a table, JSON, and what goes wrong in words."""

import json

import httpx2
import pytest
from typer.testing import CliRunner, Result

from domain.speeds import Group as Grouped
from domain.speeds import Pace, Speed, SpeedReport, Spread
from runtime.cli.main import app
from tests.builders import NOON
from tests.runtime.served import answered

SLOW = Spread(median=12.34, p90=400, p99=200_000)
PACE = Pace(
    speed=Speed.FIRST_HUMAN_ATTEMPT, happened=3, not_yet=1, wall_clock=SLOW, business_time=SLOW, target="sla",
    within=3, of=4, share=0.75,
)  # fmt: skip
TOLD = SpeedReport(
    since=NOON,
    by="owner",
    policy_hash="abc123",
    groups=(Grouped(name="ada\x1b[2J", leads=4, speeds=(PACE,)),),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[httpx2.Request]:
    """What the command asks of an API that answers TOLD."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.params.get("since") == "never":
            problem = {"detail": "The report can't begin there.", "errors": [{"field": "query.since", "message": "no"}]}
            return httpx2.Response(422, json=problem)
        return httpx2.Response(200, json=TOLD.model_dump(mode="json"))

    return answered(monkeypatch, answer)


def baton(*words: str) -> Result:
    return CliRunner().invoke(app, ["report", "speed", *words])


def test_a_line_a_speed_with_lengths_that_people_read(asked: list[httpx2.Request]) -> None:
    result = baton("--since", "3d", "--by", "owner")
    assert result.exit_code == 0
    assert dict(asked[0].url.params) == {"since": "3d", "by": "owner"}
    (row,) = [line for line in result.stdout.splitlines() if "first human attempt" in line]
    for cell in ("12.3s", "6.7m", "2.3d", "sla", "3 of 4, 75%"):
        assert cell in row
    assert "\x1b[2J" not in result.stdout
    assert "policy abc123" in result.stdout


def test_as_json_it_is_the_apis_answer(asked: list[httpx2.Request]) -> None:
    assert SpeedReport.model_validate(json.loads(baton("--json").stdout)) == TOLD
    assert dict(asked[0].url.params) == {"since": "7d"}


def test_what_the_api_refuses_is_said(asked: list[httpx2.Request]) -> None:
    result = baton("--since", "never")
    assert result.exit_code == 1
    assert "query.since: no" in result.output
    assert baton("--by", "colour").exit_code == 2
