"""A person says what became of an unknown touch: over HTTP, by a press in Slack, by the command; once for all."""

import json

import httpx2
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from activities.intents import touch_id_of
from domain.orders import TouchState
from domain.ports import Button, ChatMessage
from domain.settling import Asking
from runtime.cli.main import app as command
from tests.api.conftest import after
from tests.api.fakes import API_KEY, LEAD, NOW, FakeServices, signed_slack
from tests.fake_settling import unknown
from tests.runtime.served import reached

TOUCH = touch_id_of(f"{LEAD}:1:text-1")
PATH = f"/v1/touches/{TOUCH}/settle"
VALUE = f"{LEAD}:{TOUCH}"
BUTTONS = tuple(
    Button(action=action, label=action, value=VALUE) for action in ("arrived", "not_arrived", "send_again", "claim")
)


@pytest.fixture
def services() -> FakeServices:
    """An unknown text, and the message in the chat that asks about it."""
    services = FakeServices()
    services.ledger.rows[TOUCH] = unknown(TOUCH, LEAD, NOW)
    asks = ChatMessage(channel="C1", text="Nobody knows", buttons=BUTTONS)
    services.settlements.asked[TOUCH] = (Asking(touch_id="t9", vendor_id="C1:9", message=asks),)
    return services


def keyed(key: str = "k1") -> dict[str, str]:
    return {"authorization": f"Bearer {API_KEY}", "idempotency-key": key}


def state(services: FakeServices) -> str:
    return str(services.ledger.rows[TOUCH].state)


async def test_it_is_settled_told_to_the_lead_and_taken_from_the_chat(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    answer = await http.post(PATH, json={"as": "sent", "by": "kim"}, headers=keyed())
    assert (answer.status_code, answer.json()["state"], state(services)) == (200, "sent", "sent")
    await after(app)
    ((lead_id, ref),) = services.dispatch.told
    assert (lead_id, ref.kind, ref.source) == (LEAD, "settled", "sent")
    edited = services.chat.edited["C1:9"]
    assert [button.action for button in edited.buttons] == ["claim"]
    assert edited.lines == ("Settled: kim says sent",)


async def test_a_repeat_is_answered_alike_and_another_word_is_refused(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    body = {"as": "failed", "by": "kim", "again": True}
    answers = [await http.post(PATH, json=body, headers=keyed()) for _ in range(2)]
    assert [answer.json() for answer in answers] == [answers[0].json()] * 2
    assert answers[0].json()["ref"]["again"] == {"template": "text_back", "purpose": "responsive"}
    late = await http.post(PATH, json={"as": "sent", "by": "lou"}, headers=keyed("k2"))
    assert (late.status_code, state(services)) == (409, "failed")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({"as": "maybe", "by": "kim"}, keyed(), 422),
        ({"as": "sent", "by": "kim", "again": True}, keyed(), 422),
        ({"as": "sent"}, keyed(), 422),
        ({"as": "sent", "by": "+1 512 555 0142"}, keyed(), 422),
        ({"as": "sent", "by": "kim"}, {"authorization": f"Bearer {API_KEY}"}, 422),
        ({"as": "sent", "by": "kim"}, {"idempotency-key": "k1"}, 401),
    ],
)
async def test_what_can_not_be_read_or_has_no_key_changes_nothing(
    http: httpx2.AsyncClient, services: FakeServices, body: dict[str, object], headers: dict[str, str], status: int
) -> None:
    answer = await http.post(PATH, json=body, headers=headers)
    assert (answer.status_code, state(services)) == (status, "unknown")


async def test_a_touch_nobody_has_is_not_found(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/v1/touches/nobodys/settle", json={"as": "sent", "by": "kim"}, headers=keyed())
    assert answer.status_code == 404


async def press(http: httpx2.AsyncClient, action: str, ts: str = "1.1", user: str = "U1") -> httpx2.Response:
    payload = {
        "type": "block_actions",
        "user": {"id": user},
        "channel": {"id": "C1"},
        "actions": [{"action_id": action, "action_ts": ts, "value": VALUE}],
    }
    content, headers = signed_slack(payload)
    return await http.post("/v1/hooks/slack/interactions", content=content, headers=headers)


@pytest.mark.parametrize(
    ("action", "comes_to"),
    [("arrived", ("sent", False)), ("not_arrived", ("failed", False)), ("send_again", ("failed", True))],
)
async def test_one_press_settles_and_the_message_says_who(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices, action: str, comes_to: tuple[str, bool]
) -> None:
    assert (await press(http, action)).status_code == 200
    await after(app)
    ((_, ref),) = services.dispatch.told
    assert (state(services), ref.again is not None) == comes_to
    assert "ana says" in services.chat.edited["C1:9"].lines[-1]


async def test_a_second_press_is_told_in_words_and_slacks_repeats_do_nothing(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    for action, ts in (("arrived", "1.1"), ("arrived", "1.1"), ("not_arrived", "1.2")):
        await press(http, action, ts)
        await after(app)
    assert state(services) == "sent"
    assert [message.text for _, message in services.chat.told] == ["What became of this touch is known: it is sent."]


async def test_somebody_outside_the_directory_settles_nothing(
    http: httpx2.AsyncClient, app: FastAPI, services: FakeServices
) -> None:
    await press(http, "arrived", user="U9")
    await after(app)
    assert state(services) == "unknown"


@pytest.mark.parametrize(("as_", "ends"), [("sent", "sent"), ("failed", "failed"), ("again", "failed")])
def test_the_command_settles(services: FakeServices, monkeypatch: pytest.MonkeyPatch, as_: str, ends: str) -> None:
    with reached(services, monkeypatch):
        done = CliRunner().invoke(command, ["lead", "settle", TOUCH, "--as", as_, "--by", "kim", "--json"])
    assert (done.exit_code, json.loads(done.output.splitlines()[-1])["state"], state(services)) == (0, ends, ends)


def test_the_command_says_who_was_first(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    services.ledger.rows[TOUCH].state = TouchState.DELIVERED
    with reached(services, monkeypatch):
        done = CliRunner().invoke(command, ["lead", "settle", TOUCH, "--as", "sent", "--by", "kim"])
    assert (done.exit_code, "it is delivered" in done.output) == (1, True)
