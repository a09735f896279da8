"""Messages to our own people through the real slack-sdk client. It posts once and looks up; it never retries."""

import logging
import re
from collections.abc import Awaitable
from datetime import datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.blocks import FALLBACK, block_id, build, markup
from adapters.slack.failures import RAISED, VENDOR, Redirected, classify
from domain.errors import Ambiguous, VendorError
from domain.ports import Accepted, ChatMessage

BASE_URL = "https://slack.com/api/"
PATIENCE = aiohttp.ClientTimeout(total=15.0, connect=5.0, sock_connect=3.0, sock_read=10.0)
CONNECTIONS = 100
# Slack stamps messages by its own clock; `since` is the database's.
SLACK = timedelta(seconds=30)
PAGE, PAGES = 200, 20
CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")
PERSON = re.compile(r"[UW][A-Z0-9]{2,}")

# slack_sdk writes whole messages to a logger whose level is unset or DEBUG; this one never is.
_log = logging.getLogger("baton.slack")
_log.setLevel(logging.WARNING)


class SlackChat:
    """domain.ports.Chat. A message's vendor id is "channel:ts". Raises a VendorError of domain.errors."""

    def __init__(self, token: str, base_url: str = BASE_URL, patience: aiohttp.ClientTimeout = PATIENCE) -> None:
        self._web = AsyncWebClient(token=token, base_url=base_url, logger=_log, retry_handlers=[])
        # The session reads the proxy settings itself and heeds NO_PROXY, which slack_sdk does not.
        self._web.proxy = None
        self._proxied = urlsplit(base_url).hostname not in {"127.0.0.1", "::1", "localhost"}
        self._patience = patience

    @property
    def deadline(self) -> timedelta:
        """By when an attempt has answered or failed."""
        return timedelta(seconds=self._patience.total or 0.0)

    async def post(self, touch_id: str, message: ChatMessage) -> Accepted:
        """One attempt. The touch id is the first block's id, so that the message can be found again."""
        answer = await self._call(
            self._client().chat_postMessage(
                channel=message.channel,
                text=markup(message.alert or message.text, FALLBACK),
                blocks=build(touch_id, message),
                thread_ts=_thread(message),
                unfurl_links=False,
                unfurl_media=False,
                link_names=False,
            )
        )
        channel, ts = answer.get("channel"), answer.get("ts")
        if not (isinstance(channel, str) and isinstance(ts, str)):
            raise Ambiguous(VENDOR, "garbled_answer")
        return Accepted(vendor_id=f"{channel}:{ts}")

    async def update(self, vendor_id: str, touch_id: str, message: ChatMessage) -> None:
        """Puts the message in the place of one that was posted for this touch."""
        channel, _, ts = vendor_id.rpartition(":")
        await self._call(
            self._client().chat_update(
                channel=channel,
                ts=ts,
                text=markup(message.alert or message.text, FALLBACK),
                blocks=build(touch_id, message),
                link_names=False,
            )
        )

    async def find(self, touch_id: str, message: ChatMessage, since: datetime) -> Accepted | None:
        """The message of this touch posted since then (real time), if the channel or thread has one."""
        channel, thread = await self._conversation(message.channel), _thread(message)
        wanted, oldest, cursor = block_id(touch_id), f"{(since - SLACK).timestamp():.6f}", None
        for _ in range(PAGES):
            answer = await self._page(channel, thread, oldest, cursor)
            ts = _carrying(wanted, answer.get("messages"))
            if ts is not None:
                return Accepted(vendor_id=f"{channel}:{ts}")
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor and not answer.get("has_more"):
                return None
            if not cursor:
                break
        # More than was read: absence isn't proven, and saying None would allow a second message.
        raise Ambiguous(VENDOR, "history_too_long")

    async def whisper(self, channel: str, user: str, text: str) -> None:
        """A line only this person sees."""
        await self._call(
            self._client().chat_postEphemeral(channel=channel, user=user, text=markup(text, FALLBACK), link_names=False)
        )

    async def aclose(self) -> None:
        if self._web.session is not None:
            await self._web.session.close()

    async def _conversation(self, channel: str) -> str:
        """Posting takes a person's id for a channel, reading back does not: it wants their direct conversation's id."""
        if not PERSON.fullmatch(channel):
            return channel
        answer = await self._call(self._client().conversations_open(users=channel))
        opened = answer.get("channel")
        if not (isinstance(opened, dict) and isinstance(opened.get("id"), str)):
            raise Ambiguous(VENDOR, "garbled_answer")
        return str(opened["id"])

    async def _page(self, channel: str, thread: str | None, oldest: str, cursor: str | None) -> AsyncSlackResponse:
        web = self._client()
        if thread is not None:
            return await self._call(
                web.conversations_replies(channel=channel, ts=thread, oldest=oldest, limit=PAGE, cursor=cursor)
            )
        return await self._call(web.conversations_history(channel=channel, oldest=oldest, limit=PAGE, cursor=cursor))

    async def _call(self, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        failure: VendorError
        try:
            return await call
        except RAISED as error:
            failure = classify(error)
        # Outside the handler: slack_sdk's error holds the whole answer and must not travel along as context.
        raise failure

    def _client(self) -> AsyncWebClient:
        """The client on its one session, which has to be made inside the running loop."""
        if self._web.session is None or self._web.session.closed:
            trace = aiohttp.TraceConfig()
            trace.on_request_redirect.append(_refuse_redirect)
            self._web.session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=30.0),
                timeout=self._patience,
                trust_env=self._proxied,
                trace_configs=[trace],
            )
        return self._web


async def _refuse_redirect(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, _params: aiohttp.TraceRequestRedirectParams
) -> None:
    raise Redirected


def _thread(message: ChatMessage) -> str | None:
    """The ts to answer. A thread of another channel can't be answered here: the message then stands on its own."""
    channel, _, ts = (message.thread or "").rpartition(":")
    elsewhere = CHANNEL.fullmatch(message.channel) and channel and channel != message.channel
    return None if elsewhere else ts or None


def _carrying(wanted: str, messages: object) -> str | None:
    """The ts of the message that has the wanted block. Raises Ambiguous when there is no list to read."""
    if not isinstance(messages, list):
        raise Ambiguous(VENDOR, "garbled_answer")
    for message in messages:
        blocks = message.get("blocks") if isinstance(message, dict) else None
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, dict) and block.get("block_id") == wanted:
                return str(message["ts"])
    return None
