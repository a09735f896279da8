"""SlackChat on a wire that misbehaves, and what people wrote turned into harmless blocks."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from adapters.slack.blocks import build, escape, markup
from adapters.slack.chat import SlackChat
from domain.errors import Ambiguous, NotAuthorised, NotSent, Rejected, Throttled, VendorError
from domain.ports import Button, Chat, ChatMessage
from tests.adapters.wire import (
    FAULTS,
    Behaviour,
    Fault,
    answering,
    answering_json,
    check,
    cut,
    drop,
    failing,
    hang,
    reset,
    serving,
    told,
    unused_port,
)

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
TOUCH = "0199-t1"
SHORT = aiohttp.ClientTimeout(total=0.9, connect=0.5, sock_connect=0.5, sock_read=0.4)
MESSAGE = ChatMessage(
    channel="C024BE91L",
    text="New lead from demo_request",
    lines=("*Dana Ortiz* of Ortiz & Sons", "For <@U024BE7LH>: +15125550142"),
    buttons=(
        Button(action="accept", label="Accept", value="lead-1|1", style="primary"),
        Button(
            action="dispose", label="Reason", value="lead-1", options=(("lead-1|won", "Won"), ("lead-1|lost", "Lost"))
        ),
    ),
)
POSTED = {"ok": True, "channel": "C024BE91L", "ts": "1764000000.000100"}
WHISPER = "Dana is taken"
SECRETS = ("Dana", "5125550142", "xoxb-s3cret")


@asynccontextmanager
async def chat(url: str, patience: aiohttp.ClientTimeout = SHORT) -> AsyncIterator[SlackChat]:
    adapter = SlackChat("xoxb-s3cret", f"{url}/api/", patience)
    try:
        yield adapter
    finally:
        await adapter.aclose()


async def post(url: str) -> object:
    async with chat(url) as adapter:
        return await adapter.post(TOUCH, MESSAGE)


async def find(url: str) -> object:
    async with chat(url) as adapter:
        return await adapter.find(TOUCH, MESSAGE, NOW)


async def whisper(url: str) -> None:
    async with chat(url) as adapter:
        await adapter.whisper("C024BE91L", "U024BE7LH", WHISPER)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_posting_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, post), SECRETS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_looking_up_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, find), SECRETS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_whispering_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, whisper), SECRETS)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("channel_not_found", Rejected),
        ("invalid_auth", NotAuthorised),
        ("token_revoked", NotAuthorised),
        ("missing_scope", NotAuthorised),
        ("not_in_channel", Rejected),
        ("invalid_blocks", Rejected),
        ("ratelimited", Throttled),
        ("fatal_error", Ambiguous),
        ("internal_error", Ambiguous),
        ("service_unavailable", Ambiguous),
    ],
)
async def test_slacks_own_refusals(error: str, expected: type[VendorError]) -> None:
    answer = {"ok": False, "error": error, "response_metadata": {"messages": ["Dana +15125550142"]}}
    raised = await failing(Fault(error, answering_json(200, answer), expected), post)
    assert (type(raised), raised.detail) == (expected, error)
    assert [secret for secret in SECRETS if secret in told(raised)] == []


async def test_a_refusal_that_is_no_code_is_not_repeated() -> None:
    answer = {"ok": False, "error": "Dana Ortiz is unknown"}
    raised = await failing(Fault("odd", answering_json(200, answer), Ambiguous), post)
    assert (type(raised), raised.detail) == (Ambiguous, "garbled_answer")


async def test_a_fault_is_answered_with_one_request() -> None:
    for behaviour in (answering_json(503, {}), answering_json(429, {}), drop, reset, cut):
        async with serving(behaviour) as wire:
            with pytest.raises((Ambiguous, Throttled)):
                await post(wire.url)
            assert len(wire.requests) == 1


async def test_nobody_listening_is_proven_not_sent() -> None:
    with pytest.raises(NotSent) as refused:
        await post(f"http://127.0.0.1:{unused_port()}")
    assert refused.value.detail == "ClientConnectorError"


async def test_the_message_carries_the_touch_in_its_first_block() -> None:
    async with serving(answering_json(200, POSTED)) as wire, chat(wire.url) as adapter:
        held: Chat = adapter
        accepted = await held.post(TOUCH, MESSAGE.model_copy(update={"thread": "C024BE91L:1763999999.000001"}))
    head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    sent = json.loads(body)
    assert accepted.vendor_id == "C024BE91L:1764000000.000100"
    assert head.startswith(b"POST /api/chat.postMessage ")
    assert b"Authorization: Bearer xoxb-s3cret" in head
    assert sent["thread_ts"] == "1763999999.000001"
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)
    assert sent["text"] == "New lead from demo_request"
    assert [block["block_id"] for block in sent["blocks"]] == [f"baton:{TOUCH}", f"baton:{TOUCH}#1", f"baton:{TOUCH}#2"]
    assert sent["blocks"][0]["text"]["text"] == "*New lead from demo_request*"
    assert sent["blocks"][1]["text"]["text"] == "*Dana Ortiz* of Ortiz &amp; Sons\nFor <@U024BE7LH>: +15125550142"


@pytest.mark.parametrize(
    ("channel", "thread", "sent_ts"),
    [
        ("C024BE91L", None, None),
        ("C024BE91L", "C024BE91L:1.5", "1.5"),
        ("C024BE91L", "C0OTHER:1.5", None),
        ("#leads", "C024BE91L:1.5", "1.5"),
    ],
)
async def test_a_thread_is_answered_in_its_own_channel_only(
    channel: str, thread: str | None, sent_ts: str | None
) -> None:
    async with serving(answering_json(200, POSTED)) as wire, chat(wire.url) as adapter:
        await adapter.post(TOUCH, MESSAGE.model_copy(update={"channel": channel, "thread": thread}))
    assert json.loads(wire.requests[0].partition(b"\r\n\r\n")[2]).get("thread_ts") == sent_ts


async def test_buttons_and_menus_carry_their_action_and_values() -> None:
    button, menu = build(TOUCH, MESSAGE)[-1].to_dict()["elements"]
    assert (button["type"], button["action_id"], button["value"]) == ("button", "accept", "lead-1|1")
    assert button["style"] == "primary"
    assert (menu["type"], menu["action_id"]) == ("static_select", "dispose")
    assert [(option["value"], option["text"]["text"]) for option in menu["options"]] == [
        ("lead-1|won", "Won"),
        ("lead-1|lost", "Lost"),
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("<!channel> wake up", "&lt;!channel&gt; wake up"),
        ("<!here|x>", "&lt;!here|x&gt;"),
        ("<!subteam^S012>", "&lt;!subteam^S012&gt;"),
        ("<https://evil.example|Your bank>", "&lt;https://evil.example|Your bank&gt;"),
        ("<#C024BE91L>", "&lt;#C024BE91L&gt;"),
        ("<@U024BE7LH> and *bold*", "<@U024BE7LH> and *bold*"),
        ("<@U024BE7LH|fake>", "&lt;@U024BE7LH|fake&gt;"),
        ("<@channel>", "&lt;@channel&gt;"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
        ("{{ 7*7 }} %s {0}", "{{ 7*7 }} %s {0}"),
    ],
)
def test_only_mentions_and_bold_get_through(given: str, shown: str) -> None:
    assert markup(given) == shown


def test_words_are_never_made_into_links_or_calls() -> None:
    for block in build(TOUCH, MESSAGE)[:-1]:
        assert block.to_dict()["text"]["verbatim"] is True
    assert escape("<!everyone> & co") == "&lt;!everyone&gt; &amp; co"


@pytest.mark.parametrize("letter", ["&", "<", "x", "é", "<@U024BE7LH> "])
def test_a_long_text_is_cut_between_escapes(letter: str) -> None:
    for limit in range(3, 40):
        cut = markup(letter * 100, limit)
        assert len(cut) <= limit
        assert cut.endswith("…")
        for whole in ("&amp;", "&lt;", "<@U024BE7LH>"):
            cut = cut.replace(whole, "")
        assert not {"&", "<", ">"} & set(cut)


def test_a_huge_message_keeps_to_slacks_limits() -> None:
    options = tuple((str(n), "o" * 200) for n in range(300))
    many = tuple(
        Button(action=f"a{n}", label="l" * 200, value="v", options=options if n % 2 else ()) for n in range(60)
    )
    huge = ChatMessage(channel="C1", text="t<" * 9000, lines=("&" * 9000,) * 200, buttons=many)
    blocks = [block.to_dict() for block in build(TOUCH, huge)]
    assert len(blocks) <= 50
    assert len({block["block_id"] for block in blocks}) == len(blocks)
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks if block["type"] == "section")
    assert sum(len(block["elements"]) for block in blocks if block["type"] == "actions") == 60


def history(*touches: str, cursor: str = "") -> dict[str, object]:
    messages = [
        {"ts": f"1764000000.00000{n}", "blocks": [{"block_id": f"baton:{touch}"}]} for n, touch in enumerate(touches)
    ]
    return {
        "ok": True,
        "messages": [{"ts": "1764000000.9", "text": "no blocks"}, *messages],
        "response_metadata": {"next_cursor": cursor},
    }


async def test_a_message_is_found_by_its_block() -> None:
    async with serving(answering_json(200, history("other", TOUCH))) as wire, chat(wire.url) as adapter:
        accepted = await adapter.find(TOUCH, MESSAGE, NOW)
    assert accepted is not None
    assert accepted.vendor_id == "C024BE91L:1764000000.000001"
    query = parse_qs(urlsplit(wire.requests[0].split(b" ")[1].decode()).query)
    assert query["channel"] == ["C024BE91L"]
    assert float(query["oldest"][0]) == (NOW - timedelta(seconds=30)).timestamp()


async def test_another_touch_is_not_ours() -> None:
    async with serving(answering_json(200, history("0199-t11", "t1", f"{TOUCH}#1"))) as wire, chat(wire.url) as adapter:
        assert await adapter.find(TOUCH, MESSAGE, NOW) is None


async def test_the_history_is_read_to_its_end() -> None:
    async def pages(request: bytes, writer: asyncio.StreamWriter) -> None:
        page = history(TOUCH) if b"cursor=next" in request else history("other", cursor="next")
        await answering_json(200, page)(request, writer)

    async with serving(pages) as wire, chat(wire.url) as adapter:
        assert await adapter.find(TOUCH, MESSAGE, NOW) is not None
        assert len(wire.requests) == 2


async def test_a_history_without_end_proves_no_absence() -> None:
    async with serving(answering_json(200, history("other", cursor="next"))) as wire, chat(wire.url) as adapter:
        with pytest.raises(Ambiguous):
            await adapter.find(TOUCH, MESSAGE, NOW)


async def test_an_answer_in_a_thread_is_looked_for_in_the_thread() -> None:
    async with serving(answering_json(200, history(TOUCH))) as wire, chat(wire.url) as adapter:
        threaded = MESSAGE.model_copy(update={"thread": "C024BE91L:1763999999.000001"})
        assert await adapter.find(TOUCH, threaded, NOW) is not None
    assert "/api/conversations.replies?" in wire.said()
    assert "ts=1763999999.000001" in wire.said()


async def test_a_direct_message_is_looked_for_in_its_conversation() -> None:
    async def slack(request: bytes, writer: asyncio.StreamWriter) -> None:
        opened: dict[str, object] = {"ok": True, "channel": {"id": "D069C7QFK"}}
        await answering_json(200, opened if b"conversations.open" in request else history(TOUCH))(request, writer)

    async with serving(slack) as wire, chat(wire.url) as adapter:
        accepted = await adapter.find(TOUCH, MESSAGE.model_copy(update={"channel": "U024BE7LH"}), NOW)
    assert accepted is not None
    assert accepted.vendor_id.startswith("D069C7QFK:")


async def test_no_word_reaches_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with serving(answering_json(200, POSTED)) as wire, chat(wire.url) as adapter:
            await adapter.post(TOUCH, MESSAGE)
    assert [secret for secret in SECRETS if secret in caplog.text] == []


async def test_one_connection_serves_many_messages() -> None:
    async with serving(answering_json(200, POSTED)) as wire, chat(wire.url) as adapter:
        for _ in range(20):
            await adapter.post(TOUCH, MESSAGE)
        assert (len(wire.requests), wire.connections) == (20, 1)


async def test_fifty_hanging_requests_starve_nobody() -> None:
    patience = aiohttp.ClientTimeout(total=3, connect=1, sock_connect=1, sock_read=1.5)
    async with serving(_mostly_hanging()) as wire, chat(wire.url, patience) as adapter:
        slow = MESSAGE.model_copy(update={"text": "hang"})
        hung = [asyncio.ensure_future(adapter.post(TOUCH, slow)) for _ in range(50)]
        while len(wire.requests) < 50:
            await asyncio.sleep(0.01)
        async with asyncio.timeout(1.0):
            assert (await adapter.post(TOUCH, MESSAGE)).vendor_id
        assert not any(task.done() for task in hung)
        outcomes = await asyncio.gather(*hung, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Ambiguous}


async def test_no_free_connection_counts_as_not_sent() -> None:
    # a hundred connections at once are not open at once on a busy machine, and one that never opens asks for nothing
    patience = aiohttp.ClientTimeout(total=30, connect=3, sock_connect=3, sock_read=20)
    async with serving(hang) as wire, chat(wire.url, patience) as adapter:
        hung = [asyncio.ensure_future(adapter.post(TOUCH, MESSAGE)) for _ in range(100)]
        while len(wire.requests) < 100:
            await asyncio.sleep(0.01)
        with pytest.raises(NotSent):
            await adapter.post(TOUCH, MESSAGE)
        for task in hung:
            task.cancel()
        await asyncio.gather(*hung, return_exceptions=True)


def _mostly_hanging() -> Behaviour:
    async def behave(request: bytes, writer: asyncio.StreamWriter) -> None:
        if b'"text": "hang"' in request:
            await hang(request, writer)
        await answering(200, json.dumps(POSTED))(request, writer)

    return behave
