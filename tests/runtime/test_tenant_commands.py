"""`baton tenant stop`, `go`, `sandbox` and `status`, spoken to the real API over switches in memory."""

import json
import os
from collections.abc import Iterator

import httpx2
import pytest
from typer.testing import CliRunner

from runtime.cli.main import app
from tests.api.fakes import FakeServices
from tests.runtime.served import reached


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServices]:
    with reached(FakeServices(), monkeypatch) as services:
        yield services


def said(*words: str) -> str:
    result = CliRunner().invoke(app, ["tenant", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_stopping_says_since_when_by_whom_and_why_until_it_goes_on(services: FakeServices) -> None:
    assert said("status") == "touches go out; no sandbox\n"
    told = said("stop", "--because", "a wrong list", "--by", "kim")
    assert told.startswith("touches of people are stopped since ")
    assert told.endswith(", by kim: a wrong list\n")
    assert said("status") == told
    assert said("go") == "touches go out; no sandbox\n"
    assert json.loads(said("status", "--json"))["kill_switch"]["is_on"] is False


def test_a_sandbox_is_turned_on_and_off(services: FakeServices) -> None:
    assert said("sandbox", "on", "--because", "trying out", "--by", "kim").startswith("sandbox: nothing is sent since")
    assert said("sandbox", "off", "--because", "live") == "touches go out; no sandbox\n"


@pytest.mark.parametrize(
    "words", [("stop",), ("stop", "--because", ""), ("stop", "--because", " "), ("sandbox", "maybe", "--because", "x")]
)
def test_a_switch_without_a_reason_or_a_direction_is_refused(services: FakeServices, words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, ["tenant", *words]).exit_code != 0
    assert services.switches.stands.in_words == ()


def test_the_console_says_what_is_stopped_and_to_nobody_without_a_key_by_whom_or_why(services: FakeServices) -> None:
    url = os.environ["BATON_API_URL"]
    assert "stopped since" not in httpx2.get(url).text
    said("stop", "--because", "a <b>flood</b>", "--by", "kim")
    assert "touches of people are stopped since" in httpx2.get(url).text
    assert not [word for word in ("flood", "kim") if word in httpx2.get(url).text]
