"""SlackChat against Slack's own API description: every method and argument is one Slack documents."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from adapters.slack.chat import SlackChat
from domain.errors import Ambiguous
from domain.ports import Button, ChatMessage
from tests.contracts.vendors.published import Received, description

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
MESSAGE = ChatMessage(
    channel="C1H9RESGL",
    text="New lead & more",
    lines=("*Dana Ortiz* <@U061F7AUR>", "wrote: <!channel> é 👍"),
    buttons=(
        Button(action="accept", label="Accept", value="lead-1|1", style="primary"),
        Button(action="decline", label="Pass", value="lead-1|1", style="danger"),
        Button(action="dispose", label="Reason", value="lead-1", options=(("won", "Won"), ("lost", "Lost"))),
    ),
)


@pytest.fixture(scope="module")
def slack() -> Iterator[Received]:
    with description("slack_web_openapi_v2.json") as received:
        yield received


@pytest.fixture
async def chat(slack: Received) -> AsyncIterator[SlackChat]:
    slack.log.clear()
    adapter = SlackChat("xoxb-1", f"{slack.url}/api/")
    yield adapter
    await adapter.aclose()


async def test_a_message_is_one_that_slack_documents(slack: Received, chat: SlackChat) -> None:
    accepted = await chat.post("0199-t1", MESSAGE)
    assert accepted.vendor_id == "C1H9RESGL:1503435956.000247"
    assert slack.errors() == []
    assert slack.paths() == ["POST /api/chat.postMessage"]
    types = [block["type"] for block in json.loads(slack.log[0]["body"])["blocks"]]
    assert types == ["section", "section", "actions"]


async def test_an_answer_in_a_thread_is_one_that_slack_documents(slack: Received, chat: SlackChat) -> None:
    await chat.post("0199-t1", MESSAGE.model_copy(update={"thread": "C1H9RESGL:1503435956.000247"}))
    assert slack.errors() == []


async def test_looking_up_is_documented(slack: Received, chat: SlackChat) -> None:
    direct = MESSAGE.model_copy(update={"channel": "U061F7AUR"})
    thread = MESSAGE.model_copy(update={"thread": "C1H9RESGL:1482960137.003543"})
    # The documented examples always name a next page, so the search ends undecided: only the requests matter here.
    for message in (MESSAGE, direct, thread):
        with pytest.raises(Ambiguous, match="history_too_long"):
            await chat.find("0199-t1", message, NOW)
    assert slack.errors() == []
    assert {path.rpartition("/")[2] for path in slack.paths()} == {
        "conversations.history",
        "conversations.open",
        "conversations.replies",
    }


async def test_an_edit_is_documented(slack: Received, chat: SlackChat) -> None:
    await chat.update("C1H9RESGL:1503435956.000247", "0199-t1", MESSAGE)
    assert slack.errors() == []
    assert slack.paths() == ["POST /api/chat.update"]


async def test_a_whisper_is_documented(slack: Received, chat: SlackChat) -> None:
    await chat.whisper("C1H9RESGL", "U061F7AUR", "Taken by <@U061F7AUR>")
    assert slack.errors() == []
    assert slack.paths() == ["POST /api/chat.postEphemeral"]
