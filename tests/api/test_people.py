"""POST /v1/people/{id}/opt-out and `baton person opt-out`: who may say no for a person, how, and who is told."""

import json

import httpx2
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from domain.opt_outs import OptOut
from runtime.cli.main import app as command
from tests.api.conftest import after
from tests.api.fakes import API_KEY, LEAD, PERSON, FakeServices
from tests.runtime.served import served

KEYED = {"authorization": f"Bearer {API_KEY}", "idempotency-key": "k1"}
PATH = f"/v1/people/{PERSON}/opt-out"


@pytest.mark.parametrize(
    ("body", "lead_id"),
    [
        ({}, LEAD),
        ({"channel": "all", "reason": "asked Ada on the phone", "by": "ana"}, LEAD),
        ({"channel": "call", "kind": "declined"}, None),
        ({"channel": "sms"}, None),
    ],
)
async def test_a_no_is_taken_answered_and_told(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, body: dict[str, str], lead_id: str | None
) -> None:
    answer = await http.post(PATH, json=body, headers=KEYED)
    await after(app)
    expected = {"person_id": PERSON, "status": "recorded", "channel": body.get("channel", "all"), "lead_id": lead_id}
    assert (answer.status_code, answer.json()) == (200, expected)
    ((whose, taken, _),) = services.opt_outs.taken.values()
    assert (whose, taken) == (PERSON, OptOut.model_validate(body))
    assert [captured.lead_id for captured in services.dispatch.sent] == ([LEAD] if lead_id else [])
    again = await http.post(PATH, json=body, headers=KEYED)
    assert again.json() == {**expected, "status": "duplicate"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"channel": "email"}, 422),
        ({"kind": "declined"}, 422),
        ({"chanel": "sms"}, 422),
        ({"reason": "x" * 501}, 422),
        ({"by": "+15125550142"}, 422),
        ([], 422),
    ],
)
async def test_what_is_no_no_is_refused(
    http: httpx2.AsyncClient, services: FakeServices, body: object, status: int
) -> None:
    answer = await http.post(PATH, json=body, headers=KEYED)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert services.opt_outs.taken == {}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (PATH, {"authorization": KEYED["authorization"]}, 422),  # no key of its own
        (PATH, {"idempotency-key": "k"}, 401),
        (PATH, {**KEYED, "authorization": "Bearer no"}, 403),
        (PATH.replace("00a/", "00b/"), KEYED, 404),
        ("/v1/people/dana/opt-out", KEYED, 422),
    ],
)
async def test_who_may_not_say_it_or_for_nobody_is_refused(
    http: httpx2.AsyncClient, path: str, headers: dict[str, str], status: int
) -> None:
    assert (await http.post(path, json={}, headers=headers)).status_code == status


async def test_a_key_that_carried_another_message_is_a_conflict(http: httpx2.AsyncClient) -> None:
    await http.post(PATH, json={}, headers=KEYED)
    assert (await http.post(PATH, json={"channel": "sms"}, headers=KEYED)).status_code == 409


def test_the_command_says_no_for_a_person() -> None:
    services = FakeServices()
    with served(services) as url:
        env = {"BATON_API_URL": url, "BATON_API_KEY": API_KEY}
        told = CliRunner().invoke(command, ["person", "opt-out", PERSON, "--by", "ana"], env=env)
        words = ["person", "opt-out", PERSON, "--channel", "call", "--declined", "--json"]
        declined = CliRunner().invoke(command, words, env=env)
        wrong = CliRunner().invoke(command, ["person", "opt-out", PERSON, "--declined"], env=env)
    assert (told.exit_code, told.stdout) == (0, f"Recorded: no to everything; lead {LEAD} closes\n")
    assert json.loads(declined.stdout)["channel"] == "call"
    assert (wrong.exit_code, "declined is said of a call" in wrong.stderr) == (1, True)
    assert [message.kind for _, message, _ in services.opt_outs.taken.values()] == ["asked", "declined"]
