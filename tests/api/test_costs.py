"""GET /v1/reports/cost, the cost of one lead, and the commands that show them."""

import json

import httpx2
import pytest
from typer.testing import CliRunner

from runtime.cli.main import app as command
from tests.api.fakes import API_KEY, LEAD, FakeServices
from tests.runtime.served import reached

KEYED = {"authorization": f"Bearer {API_KEY}"}


async def test_the_report_answers_by_group(http: httpx2.AsyncClient, services: FakeServices) -> None:
    answer = await http.get("/v1/reports/cost", params={"since": "30d", "by": "outcome"}, headers=KEYED)
    assert answer.status_code == 200
    assert [by for _, by in services.reports.asked] == ["outcome"]
    assert answer.json()["groups"][0]["per_lead"] == "0.03"


@pytest.mark.parametrize(
    ("params", "headers", "status"),
    [({"by": "owner"}, KEYED, 422), ({"since": "soon"}, KEYED, 422), ({}, {}, 401)],
)
async def test_what_can_not_be_asked_is_refused(
    http: httpx2.AsyncClient, params: dict[str, str], headers: dict[str, str], status: int
) -> None:
    assert (await http.get("/v1/reports/cost", params=params, headers=headers)).status_code == status


async def test_a_lead_shows_what_it_cost_and_what_is_not_known_yet(http: httpx2.AsyncClient) -> None:
    found = (await http.get(f"/v1/leads/{LEAD}", headers=KEYED)).json()["cost"]
    assert found == {
        "estimate": "0.04",
        "actual": "0.01",
        "total": "0.03",
        "currency": "USD",
        "touches": 2,
        "unpriced": 1,
    }


def test_the_commands_say_so_in_words_and_for_programs(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    with reached(services, monkeypatch):
        shown = CliRunner().invoke(command, ["report", "cost", "--by", "source"])
        programs = CliRunner().invoke(command, ["report", "cost", "--json"])
        lead = CliRunner().invoke(command, ["lead", "show", LEAD])
    assert (shown.exit_code, programs.exit_code, lead.exit_code) == (0, 0, 0)
    assert "all (2)" in shown.output
    assert "40%" in shown.output
    assert json.loads(programs.output)["groups"][0]["total"] == "0.05"
    assert "cost so far: 0.03 USD for 2 touches: 0.01 by the vendor's prices, 1 touches without" in lead.output
