"""Finding a post again, and changing it: where Slack shows less than there is, that must not pass for absence."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from domain.errors import Ambiguous, NotAuthorised, Rejected, VendorError
from domain.ports import ChatMessage
from tests.adapters.test_slack import MESSAGE, NOW, SECRETS, TOUCH, chat, history
from tests.adapters.wire import FAULTS, Fault, answering_json, check, failing, serving, told

THREADED = MESSAGE.model_copy(update={"thread": "C024BE91L:1763999999.000001"})


async def update(url: str) -> None:
    async with chat(url) as adapter:
        await adapter.update("C024BE91L:1764000000.000100", TOUCH, MESSAGE)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_changing_tells_every_fault_apart(fault: Fault) -> None:
    check(fault, await failing(fault, update), SECRETS)


async def test_a_change_keeps_the_touch_in_the_message_so_that_it_is_found_still() -> None:
    async with serving(answering_json(200, {"ok": True})) as wire:
        await update(wire.url)
    head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    sent = json.loads(body)
    assert head.startswith(b"POST /api/chat.update ")
    assert (sent["channel"], sent["ts"]) == ("C024BE91L", "1764000000.000100")
    assert sent["blocks"][0]["block_id"] == f"baton:{TOUCH}"


async def test_an_edited_message_is_found_by_its_block_whatever_it_says_now() -> None:
    edited = {
        "ts": "1764000000.000100",
        "edited": {"user": "U1", "ts": "1764000060.000000"},
        "blocks": [{"block_id": f"baton:{TOUCH}", "text": {"text": "Settled"}}],
    }
    page = {"ok": True, "messages": [edited], "has_more": False}
    async with serving(answering_json(200, page)) as wire, chat(wire.url) as adapter:
        found = await adapter.find(TOUCH, MESSAGE, NOW)
    assert found is not None
    assert found.vendor_id == "C024BE91L:1764000000.000100"


@pytest.mark.parametrize("message", [MESSAGE, THREADED], ids=["channel", "thread"])
async def test_more_without_a_cursor_proves_no_absence(message: ChatMessage) -> None:
    cut = {**history("other"), "has_more": True}
    async with serving(answering_json(200, cut)) as wire, chat(wire.url) as adapter:
        with pytest.raises(Ambiguous, match="history_too_long"):
            await adapter.find(TOUCH, message, NOW)
        assert len(wire.requests) == 1


async def test_a_thread_is_read_to_its_end() -> None:
    async def pages(request: bytes, writer: asyncio.StreamWriter) -> None:
        page = history(TOUCH) if b"cursor=next" in request else history("other", cursor="next")
        await answering_json(200, page)(request, writer)

    async with serving(pages) as wire, chat(wire.url) as adapter:
        assert await adapter.find(TOUCH, THREADED, NOW) is not None
    assert [request.split(b"?")[0] for request in wire.requests] == [b"GET /api/conversations.replies"] * 2


async def test_the_parent_of_a_thread_is_not_taken_for_the_answer() -> None:
    """Slack shows the parent with its answers, whatever the bounds; it carries another touch."""
    async with serving(answering_json(200, history("the-offer"))) as wire, chat(wire.url) as adapter:
        assert await adapter.find(TOUCH, THREADED, NOW) is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("not_in_channel", Rejected),
        ("channel_not_found", Rejected),
        ("thread_not_found", Rejected),
        ("missing_scope", NotAuthorised),
        ("no_permission", NotAuthorised),
    ],
)
async def test_a_history_that_may_not_be_read_proves_no_absence(error: str, kind: type[VendorError]) -> None:
    async def ask(url: str) -> object:
        async with chat(url) as adapter:
            return await adapter.find(TOUCH, THREADED, datetime(2026, 11, 24, 15, tzinfo=UTC))

    raised = await failing(Fault(error, answering_json(200, {"ok": False, "error": error}), kind), ask)
    assert (type(raised), raised.detail) == (kind, error)
    assert [secret for secret in SECRETS if secret in told(raised)] == []
