"""The unmodified AsyncWebClient against the simulator."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulator.stand import SECRETS, Sim, offer

CHANNEL, REP = "C0000LEADS", "U0000DANA"


@pytest.fixture
def slack(sim: Sim) -> AsyncWebClient:
    return AsyncWebClient(SECRETS["BATON_SLACK_TOKEN"], base_url=f"{sim.url}/api/")


@pytest.fixture
async def direct(slack: AsyncWebClient) -> str:
    return str((await slack.conversations_open(users=REP))["channel"]["id"])


async def test_a_message_is_posted_changed_and_found_by_block_id(sim: Sim, slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel=CHANNEL, text="A lead", blocks=offer(REP))
    assert posted["message"]["blocks"][1]["block_id"] == "touch:lead-1"
    changed = await slack.chat_update(channel=CHANNEL, ts=posted["ts"], text="Taken", blocks=[])
    assert (changed["ts"], changed["message"]["text"]) == (posted["ts"], "Taken")
    await slack.chat_postMessage(channel=CHANNEL, text="Another", blocks=offer(REP, "lead-2"))
    history = await slack.conversations_history(channel=CHANNEL, oldest=posted["ts"], inclusive=True, limit=50)
    assert [message["text"] for message in history["messages"]] == ["Another", "Taken"]
    assert [b["block_id"] for b in history["messages"][0]["blocks"]] == ["b0", "touch:lead-2"]
    kinds = [(entry["kind"], entry["to"], entry["body"], entry["vendor_id"]) for entry in sim.log()]
    assert kinds[:2] == [("message", CHANNEL, "A lead", posted["ts"]), ("update", CHANNEL, "Taken", posted["ts"])]


async def test_history_is_bounded_and_paged(slack: AsyncWebClient) -> None:
    stamps = [str((await slack.chat_postMessage(channel=CHANNEL, text=str(n)))["ts"]) for n in range(5)]
    assert stamps == sorted(set(stamps))

    async def texts(**bounds: Any) -> list[str]:
        page = await slack.conversations_history(channel=CHANNEL, **bounds)
        return [message["text"] for message in page["messages"]]

    assert await texts(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert await texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]
    first = await slack.conversations_history(channel=CHANNEL, limit=2)
    assert first["has_more"]
    assert await texts(limit=2, cursor=first["response_metadata"]["next_cursor"]) == ["2", "1"]


async def test_a_thread_is_read_by_its_parent_and_stays_out_of_the_history(slack: AsyncWebClient) -> None:
    parent = str((await slack.chat_postMessage(channel=CHANNEL, text="A lead"))["ts"])
    answers = [
        str((await slack.chat_postMessage(channel=CHANNEL, text=str(n), thread_ts=parent))["ts"]) for n in range(3)
    ]
    assert [m["text"] for m in (await slack.conversations_history(channel=CHANNEL))["messages"]] == ["A lead"]

    async def texts(**bounds: Any) -> list[str]:
        page = await slack.conversations_replies(channel=CHANNEL, ts=parent, **bounds)
        return [message["text"] for message in page["messages"]]

    assert await texts() == ["A lead", "0", "1", "2"]
    assert await texts(oldest=answers[0]) == ["A lead", "1", "2"]
    first = await slack.conversations_replies(channel=CHANNEL, ts=parent, limit=2)
    assert await texts(limit=2, cursor=first["response_metadata"]["next_cursor"]) == ["1", "2"]
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await slack.conversations_replies(channel=CHANNEL, ts="1.000000")


async def test_a_direct_message_reaches_the_rep(sim: Sim, slack: AsyncWebClient, direct: str) -> None:
    again = await slack.conversations_open(users=[REP])
    assert (again["channel"]["id"], again["already_open"]) == (direct, True)
    await slack.chat_postMessage(channel=direct, text="Yours")
    await slack.chat_postMessage(channel=REP, text="By user id")
    await slack.chat_postEphemeral(channel=CHANNEL, user=REP, text="Only you")
    assert [(e["kind"], e["to"], e["channel"]) for e in sim.log()] == [
        ("message", REP, direct),
        ("message", REP, direct),
        ("ephemeral", REP, CHANNEL),
    ]


async def test_people_are_found_by_email_and_id(sim: Sim, slack: AsyncWebClient) -> None:
    sim.post("/sim/slack/users", {"id": REP, "email": "dana@example.com", "name": "dana"})
    assert (await slack.users_lookupByEmail(email="Dana@example.com"))["user"]["id"] == REP
    assert (await slack.users_info(user=REP))["user"]["profile"]["email"] == "dana@example.com"
    with pytest.raises(SlackApiError, match="users_not_found"):
        await slack.users_lookupByEmail(email="nobody@example.com")


async def test_the_token_is_checked(sim: Sim) -> None:
    with pytest.raises(SlackApiError) as wrong:
        await AsyncWebClient("xoxb-other", base_url=f"{sim.url}/api/").auth_test()
    assert wrong.value.response["error"] == "invalid_auth"
    with pytest.raises(SlackApiError) as none:
        await AsyncWebClient(base_url=f"{sim.url}/api/").auth_test()
    assert none.value.response["error"] == "not_authed"


BUTTON = {"type": "button", "action_id": "accept", "value": "v", "text": {"type": "plain_text", "text": "x" * 76}}
BAD_BLOCKS: list[list[dict[str, object]]] = [
    [{"type": "carousel"}],
    [{"type": "section"}],
    [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
    [{"type": "actions", "elements": []}],
    [{"type": "actions", "elements": [BUTTON]}],
    [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
    [{"type": "divider"}] * 51,
]


@pytest.mark.parametrize("blocks", BAD_BLOCKS)
async def test_bad_blocks_are_refused(sim: Sim, slack: AsyncWebClient, blocks: list[dict[str, object]]) -> None:
    with pytest.raises(SlackApiError) as refused:
        await slack.chat_postMessage(channel=CHANNEL, text="A lead", blocks=blocks)
    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["response_metadata"]["messages"][0].startswith("[ERROR]")
    assert [(e["kind"], e["accepted"]) for e in sim.log()] == [("message", False)]


async def test_refusals_have_slacks_codes(sim: Sim, slack: AsyncWebClient) -> None:
    sim.post("/sim/slack/channels", {"id": "C000ARCHIVE", "state": "archived"})
    posted = await slack.chat_postMessage(channel=CHANNEL, text="A lead")

    async def error(method: str, **arguments: object) -> str:
        with pytest.raises(SlackApiError) as refused:
            await slack.api_call(method, json=arguments)
        return str(refused.value.response["error"])

    assert await error("chat.postMessage", channel="nowhere", text="x") == "channel_not_found"
    assert await error("chat.postMessage", channel="C000ARCHIVE", text="x") == "is_archived"
    assert await error("chat.postMessage", channel=CHANNEL) == "no_text"
    assert await error("chat.update", channel=CHANNEL, ts="1.000000", text="x") == "message_not_found"
    assert await error("conversations.open", users="nobody") == "user_not_found"
    assert await error("views.open", trigger_id="1.2.3", view={"type": "modal"}) == "invalid_trigger_id"
    assert await error("chat.delete", channel=CHANNEL, ts=posted["ts"]) == "unknown_method"
