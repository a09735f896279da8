"""Buttons in Slack: answered at once whatever the lead does, carried out once, refusals told to whoever pressed."""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI

from domain.errors import Ambiguous, BatonError, NotFound, Refused, Unavailable
from domain.messages import Accept, Decline, Disposition
from domain.values import Code
from tests.api.conftest import after
from tests.api.fakes import LEAD, FakeServices, signed_slack


def press(action: str, value: str, user: str = "U1", ts: str = "1764000000.000100") -> dict[str, object]:
    chosen: dict[str, object] = {"action_id": action, "action_ts": ts, "block_id": "b1"}
    chosen |= {"selected_option": {"value": value}} if action == "dispose" else {"value": value}
    return {
        "type": "block_actions",
        "user": {"id": user, "name": "ana"},
        "channel": {"id": "C1", "name": "sales"},
        "response_url": "http://169.254.169.254/latest",
        "actions": [chosen],
    }


@dataclass
class Slack:
    """Slack's side of the line."""

    http: httpx2.AsyncClient
    app: FastAPI

    async def __call__(self, payload: object, **headers: str) -> httpx2.Response:
        body, signed = signed_slack(payload)
        return await self.http.post("/v1/hooks/slack/interactions", content=body, headers=signed | headers)

    async def after(self) -> None:
        await after(self.app)


@pytest.fixture
def slack(http: httpx2.AsyncClient, app: FastAPI) -> Slack:
    return Slack(http, app)


@pytest.mark.parametrize(
    ("action", "value", "update"),
    [
        ("accept", f"{LEAD}:2", ("accept", Accept(rep="ana", offer=2))),
        ("claim", f"{LEAD}:4", ("accept", Accept(rep="ana"))),
        ("decline", f"{LEAD}:2", ("decline", Decline(rep="ana", offer=2))),
        ("dispose", f"{LEAD}:not_now", ("disposition", Disposition(code=Code.NOT_NOW, by="ana"))),
    ],
)
async def test_a_press_becomes_an_update(
    slack: Slack, services: FakeServices, action: str, value: str, update: tuple[str, object]
) -> None:
    answer = await slack(press(action, value))
    assert (answer.status_code, answer.content) == (200, b"")
    await slack.after()
    assert services.gateway.updates == [(LEAD, *update, "slack:1764000000.000100:U1")]
    assert services.chat.told == [], "the lead itself says what came of it"
    assert services.inbox.done == ["slack-1"]


async def test_a_hanging_lead_does_not_keep_slack_waiting(
    slack: Slack, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.slack_presses.PATIENCE", timedelta(seconds=0.05))
    services.gateway.hangs = True
    began = time.monotonic()
    assert (await slack(press("accept", f"{LEAD}:1"))).status_code == 200
    assert time.monotonic() - began < 1
    await slack.after()
    assert "is kept" in services.chat.told[0][1].text


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Refused("ben has already accepted this lead."), "ben has already accepted this lead."),
        (NotFound("There is no lead."), "no such lead"),
        (Unavailable("Temporal does not answer"), "is kept and carried out as soon as it can"),
    ],
)
async def test_a_refusal_is_told_to_whoever_pressed(
    slack: Slack, services: FakeServices, trouble: BatonError, said: str
) -> None:
    services.gateway.trouble = trouble
    await slack(press("accept", f"{LEAD}:1"))
    await slack.after()
    [(_, message)] = services.chat.told
    assert message.channel == "U1"
    assert said in message.text


async def test_somebody_outside_the_directory_is_told_so(slack: Slack, services: FakeServices) -> None:
    await slack(press("accept", f"{LEAD}:1", user="U9"))
    await slack.after()
    assert services.gateway.updates == []
    assert "directory" in services.chat.told[0][1].text


async def test_slacks_retries_are_carried_out_once(slack: Slack, services: FakeServices) -> None:
    for attempt in ("0", "1", "2", "3"):
        assert (await slack(press("accept", f"{LEAD}:1"), **{"X-Slack-Retry-Num": attempt})).status_code == 200
        await slack.after()
    assert len(services.gateway.updates) == 1


async def test_two_presses_of_one_button_are_two_updates(slack: Slack, services: FakeServices) -> None:
    for ts in ("1.1", "1.2"):
        await slack(press("accept", f"{LEAD}:1", ts=ts))
    await slack.after()
    assert [update_id for _, _, _, update_id in services.gateway.updates] == ["slack:1.1:U1", "slack:1.2:U1"]


async def test_without_a_database_slack_says_at_once_that_it_failed(slack: Slack, services: FakeServices) -> None:
    services.capture.troubles = [Unavailable("PostgreSQL does not answer")]
    assert (await slack(press("accept", f"{LEAD}:1"))).status_code == 503
    await slack.after()
    assert services.untouched()


async def test_a_database_that_hangs_is_told_within_slacks_three_seconds(
    slack: Slack, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(channel: str, source_event_id: str, payload: str) -> str | None:
        await asyncio.sleep(3600)
        return None

    monkeypatch.setattr(services.capture, "keep", hangs)
    async with asyncio.timeout(2.9):
        assert (await slack(press("accept", f"{LEAD}:1"))).status_code == 503


async def test_a_press_is_kept_when_slack_is_answered(slack: Slack, services: FakeServices) -> None:
    services.gateway.hangs = True
    assert (await slack(press("accept", f"{LEAD}:1"))).status_code == 200
    assert len(services.capture.kept) == 1


async def test_a_press_that_died_with_the_process_is_carried_out_by_the_sweeper(
    slack: Slack, services: FakeServices
) -> None:
    services.gateway.trouble = Unavailable("Temporal does not answer")
    await slack(press("dispose", f"{LEAD}:not_now"))
    await slack.after()
    assert services.inbox.done == []
    services.gateway.trouble = None
    assert await services.webhooks.sweep() == 1
    assert await services.webhooks.sweep() == 0
    told = (LEAD, "disposition", Disposition(code=Code.NOT_NOW, by="ana"), "slack:1764000000.000100:U1")
    assert services.gateway.updates == [told], "under the key of the first attempt"


async def test_a_press_the_sweeper_finds_refused_is_told_to_whoever_pressed(
    slack: Slack, services: FakeServices
) -> None:
    services.gateway.trouble = Unavailable("Temporal does not answer")
    await slack(press("accept", f"{LEAD}:1"))
    await slack.after()
    services.gateway.trouble = Refused("Offer 1 has run out; the lead is on offer 3.")
    await services.webhooks.sweep()
    assert [message.text for _, message in services.chat.told][1:] == ["Offer 1 has run out; the lead is on offer 3."]
    assert services.inbox.done == ["slack-1"]


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("approve", f"{LEAD}:1"),
        ("", ""),
        ("accept", LEAD),
        ("accept", f"{LEAD}:two"),
        ("accept", f"{LEAD}:-1"),
        ("accept", f"{LEAD}:99999999999"),
        ("accept", "../x:1"),
        ("dispose", f"{LEAD}:maybe"),
        ("dispose", f"{LEAD}:"),
    ],
)
async def test_presses_that_are_not_ours_are_ignored(
    slack: Slack, services: FakeServices, action: str, value: str
) -> None:
    assert (await slack(press(action, value))).status_code == 200
    await slack.after()
    assert services.untouched()


@pytest.mark.parametrize(
    "foreign",
    [
        {"action_id": "other", "action_ts": "1.1", "value": None},
        {"action_id": None, "selected_option": None},
        {"action_id": "pick", "selected_options": [{"value": "a"}], "value": {"deep": 1}},
        None,
        7,
    ],
)
async def test_elements_of_others_beside_ours_are_ignored(
    slack: Slack, services: FakeServices, foreign: object
) -> None:
    payload = press("accept", f"{LEAD}:1")
    payload["actions"] = [foreign, *payload["actions"]]  # type: ignore[misc]  # a list, as above
    assert (await slack(payload | {"channel": None, "container": {"channel_id": "C2"}})).status_code == 200
    await slack.after()
    assert [name for _, name, _, _ in services.gateway.updates] == ["accept"]


async def test_other_interactions_are_ignored(slack: Slack, services: FakeServices) -> None:
    assert (await slack({"type": "view_submission", "user": {"id": "U1"}, "view": {}})).status_code == 200
    await slack.after()
    assert services.untouched()


async def test_a_whisper_that_fails_stops_nothing(
    slack: Slack, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(channel: str, user: str, text: str) -> None:
        raise Ambiguous("slack", "timeout")

    monkeypatch.setattr(services.chat, "whisper", fails)
    services.gateway.trouble = Refused("no")
    await slack(press("accept", f"{LEAD}:1"))
    await slack.after()
    assert services.inbox.done == ["slack-1"]


async def test_what_is_kept_of_a_press_holds_no_names(slack: Slack, services: FakeServices) -> None:
    await slack(press("accept", f"{LEAD}:1"))
    await slack.after()
    [kept] = services.capture.kept.values()
    assert json.loads(kept) == {
        "user": "U1",
        "where": "C1",
        "action": "accept",
        "value": f"{LEAD}:1",
        "ts": "1764000000.000100",
    }
