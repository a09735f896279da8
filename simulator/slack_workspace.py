"""One Slack workspace in memory: people, channels and messages. It checks no tokens and sends nothing."""

import base64
import hashlib
import json
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from simulator.clock import EmbeddedClock
from simulator.journal import Journal
from simulator.personas import Buttons
from simulator.slack_blocks import Json, pressables

TEAM, TEAM_NAME, DOMAIN = "T0SIMWORKS", "Simulated works", "simulated-works"
APP, BOT, BOT_USER, BOT_NAME = "A0SIMBATON", "B0SIMBATON", "U0SIMBATON", "baton"
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,})(?:\|[^>]*)?>")


class SlackUser(BaseModel):
    """A member; any well-formed id is one, registering adds the e-mail by which Baton may look for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[UW][A-Z0-9]{2,}$")
    email: str | None = None
    name: str | None = None

    @property
    def username(self) -> str:
        return self.name or self.id.lower()


class ChannelState(BaseModel):
    """An exception to the rule that every well-formed channel id exists and is open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    state: Literal["open", "archived", "missing"]


class SlackMessage(BaseModel):
    """A message; `ts` names it within its channel."""

    model_config = ConfigDict(frozen=True)

    channel: str
    ts: str
    text: str
    blocks: list[Json] = []
    thread_ts: str | None = None
    edited_ts: str | None = None
    metadata: JsonValue = None
    only_for: str | None = None

    def as_json(self) -> Json:
        """The message object of Slack's answers and payloads."""
        shown: Json = {
            "bot_id": BOT,
            "type": "message",
            "text": self.text,
            "user": BOT_USER,
            "ts": self.ts,
            "team": TEAM,
        }
        optional: Json = {
            "blocks": list(self.blocks),
            "thread_ts": self.thread_ts,
            "metadata": self.metadata,
            "edited": {"user": BOT_USER, "ts": self.edited_ts} if self.edited_ts else None,
        }
        return shown | {name: value for name, value in optional.items() if value}


class Workspace:
    """Messages in the order of their ts."""

    def __init__(self, clock: EmbeddedClock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        stored = (SlackMessage.model_validate(value) for value in journal.read("slack_message").values())
        self._messages = {(each.channel, each.ts): each for each in stored}
        self._users = {key: SlackUser.model_validate(value) for key, value in journal.read("slack_user").items()}
        self._dms = {channel: str(user) for channel, user in journal.read("slack_dm").items()}
        self._exceptions: dict[str, ChannelState] = {}
        self._last_ts = max((int(each.ts.replace(".", "")) for each in self._messages.values()), default=0)

    def clear(self) -> None:
        self._messages.clear()
        self._users.clear()
        self._dms.clear()
        self._exceptions.clear()

    def register(self, user: SlackUser) -> None:
        self._users[user.id] = user
        self._journal.put("slack_user", user.id, user)

    def declare(self, channel: ChannelState) -> None:
        self._exceptions[channel.id] = channel

    def user(self, user_id: str) -> SlackUser | None:
        return self._users.get(user_id) or (SlackUser(id=user_id) if _USER.fullmatch(user_id) else None)

    def user_by_email(self, email: str) -> SlackUser | None:
        return next((each for each in self._users.values() if (each.email or "").lower() == email.lower()), None)

    def open_dm(self, user_id: str) -> tuple[str, bool]:
        """The DM's channel and whether it was open before."""
        channel = _derived("D", user_id)
        known = channel in self._dms
        if not known:
            self._dms[channel] = user_id
            self._journal.put("slack_dm", channel, user_id)
        return channel, known

    def dm_of(self, channel: str) -> str | None:
        return self._dms.get(channel)

    def resolve(self, wanted: str) -> str:
        """The id of a channel given by id, #name or user; raises LookupError with Slack's error code."""
        if _USER.fullmatch(wanted):
            return self.open_dm(wanted)[0]
        channel = _derived("C", wanted) if wanted.startswith("#") else wanted
        if channel not in self._dms and not _CHANNEL.fullmatch(channel):
            raise LookupError("channel_not_found")
        exception = self._exceptions.get(wanted)
        if exception is not None and exception.state != "open":
            raise LookupError("is_archived" if exception.state == "archived" else "channel_not_found")
        return channel

    def new_ts(self) -> str:
        """Unique and rising; microseconds counted as one number."""
        now = int(self._clock.real_now().timestamp() * 1_000_000)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def save(self, message: SlackMessage) -> SlackMessage:
        self._messages[(message.channel, message.ts)] = message
        self._journal.put("slack_message", f"{message.channel} {message.ts}", message)
        return message

    def delete(self, message: SlackMessage) -> None:
        self._messages.pop((message.channel, message.ts), None)
        self._journal.put("slack_message", f"{message.channel} {message.ts}", None)

    def message(self, channel: str, ts: str) -> SlackMessage | None:
        return self._messages.get((channel, ts))

    def newest_first(self) -> list[SlackMessage]:
        return sorted(self._messages.values(), key=lambda each: each.ts, reverse=True)

    def buttons(self, message: SlackMessage) -> Buttons:
        """What the message offers, and the people it is addressed to: mentioned, or the DM's other end."""
        words = message.text + json.dumps(message.blocks, ensure_ascii=False)
        seen_by = set(_MENTION.findall(words))
        addressee = message.only_for or self.dm_of(message.channel)
        return Buttons(
            offers=tuple((each.action_id, each.value) for each in pressables(message.blocks)),
            seen_by=frozenset(seen_by | ({addressee} if addressee else set())),
            words=words,
        )

    def can_press(self, rep: str, message: SlackMessage) -> bool:
        """Anybody in a channel, only the other end in a DM."""
        addressee = message.only_for or self.dm_of(message.channel)
        return addressee is None or addressee == rep


def _derived(prefix: str, name: str) -> str:
    digest = hashlib.sha256(name.encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:10]
