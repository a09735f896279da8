"""Reps over HTTP and by a press in Slack: who is there, going away, coming back; hostile words are refused."""

import httpx2
import pytest
from fastapi import FastAPI

from domain.errors import Unavailable
from domain.presence import PresenceChange, Word
from tests.api.conftest import after
from tests.api.fakes import API_KEY, FakeServices, signed_slack

KEYED = {"authorization": f"Bearer {API_KEY}"}


async def say(http: httpx2.AsyncClient, rep: str, body: object) -> httpx2.Response:
    return await http.post(f"/v1/reps/{rep}/presence", json=body, headers=KEYED)


async def press(http: httpx2.AsyncClient, app: FastAPI, value: str, user: str = "U1") -> httpx2.Response:
    action = {"action_id": "back", "action_ts": "1.2", "value": value}
    payload = {"type": "block_actions", "user": {"id": user}, "channel": {"id": "C1"}, "actions": [action]}
    body, headers = signed_slack(payload)
    answer = await http.post("/v1/hooks/slack/interactions", content=body, headers=headers)
    await after(app)
    return answer


async def test_the_team_is_listed(http: httpx2.AsyncClient, services: FakeServices) -> None:
    answer = await http.get("/v1/reps", headers=KEYED)
    assert [(rep["handle"], rep["status"]) for rep in answer.json()["reps"]] == [("ana", "here")]
    services.reps.trouble = Unavailable("PostgreSQL does not answer.")
    assert (await http.get("/v1/reps", headers=KEYED)).status_code == 503


@pytest.mark.parametrize("path", ["/v1/reps", "/v1/reps/ana/presence"])
async def test_without_a_key_nobody_is_named(http: httpx2.AsyncClient, services: FakeServices, path: str) -> None:
    assert (await http.request("POST" if path.endswith("presence") else "GET", path)).status_code == 401
    assert services.untouched()


async def test_a_rep_goes_away_and_is_back(http: httpx2.AsyncClient, services: FakeServices) -> None:
    away = {"presence": "away", "until": "2026-12-01T09:00:00-06:00", "because": " at the fair "}
    assert (await say(http, "ana", away)).status_code == 200
    assert (await say(http, "ana", {"presence": "back", "by": "ana"})).json()["reps"][0]["handle"] == "ana"
    first, second = services.reps.changes
    assert (first[0], first[1].because, first[1].until is not None) == ("ana", "at the fair", True)
    assert second == ("ana", PresenceChange(presence=Word.BACK, by="ana"))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "presence"),
        ({"presence": "asleep"}, "presence"),
        ({"presence": "away", "until": "tomorrow"}, "until"),
        ({"presence": "away", "until": "2026-12-01T09:00:00"}, "until"),  # of no zone
        ({"presence": "away", "until": "9999-12-01T09:00:00Z"}, "until"),
        ({"presence": "away", "since": "2026-12-01T09:00:00Z"}, ""),
        ({"presence": "away", "since": "2026-12-02T09:00:00Z", "until": "2026-12-01T09:00:00Z"}, ""),
        ({"presence": "back", "until": "2026-12-01T09:00:00Z"}, ""),
        ({"presence": "away", "because": "x" * 121}, "because"),
        ({"presence": "away", "because": "\x00"}, "because"),
        ({"presence": "away", "by": "Dana Ortiz"}, "by"),
        ({"presence": "away", "rep": "ben"}, "rep"),
        ([], ""),
    ],
)
async def test_a_word_that_cannot_be_read_changes_nothing(
    http: httpx2.AsyncClient, services: FakeServices, body: object, field: str
) -> None:
    answer = await say(http, "ana", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert services.untouched()


@pytest.mark.parametrize(("rep", "status"), [("nobody", 404), ("ANA", 422), ("a%00b", 422), ("a" * 65, 422)])
async def test_nobody_by_that_handle(http: httpx2.AsyncClient, services: FakeServices, rep: str, status: int) -> None:
    assert (await say(http, rep, {"presence": "away"})).status_code == status
    assert services.untouched()


async def test_one_press_brings_a_rep_back(http: httpx2.AsyncClient, app: FastAPI, services: FakeServices) -> None:
    assert (await press(http, app, "ana")).status_code == 200
    assert services.reps.changes == [("ana", PresenceChange(presence=Word.BACK, by="ana"))]
    assert [told.text for _, told in services.chat.told] == ["Welcome back: you are in the rotation again."]


@pytest.mark.parametrize(("value", "user"), [("ben", "U1"), ("ana", "U9"), ("", "U1"), ("ana:1", "U1")])
async def test_a_press_brings_nobody_else_back(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, value: str, user: str
) -> None:
    assert (await press(http, app, value, user)).status_code == 200
    assert services.reps.changes == []
