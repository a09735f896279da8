"""Slack's interaction payloads -> what a rep asked of a lead, kept as a press and carried out from there, once.

Runs in the API: before its answer it reads, after its answer, and in the sweeper, it carries out. Unknown and malformed
presses are nothing.
"""

import asyncio
import re
from datetime import timedelta
from typing import Literal, Protocol

import structlog
from pydantic import BaseModel, JsonValue, ValidationError, model_validator

from activities.presence_notice import BACK
from domain.errors import BadInput, BatonError, NotFound, Refused, Unavailable
from domain.messages import Accept, Answer, Decline, Disposition
from domain.ports import Chat
from domain.presence import PresenceChange, Word
from domain.settling import Settled, Settlement
from domain.values import Code, Stored

CHANNEL = "slack"
PATIENCE = timedelta(seconds=20)
"""How long a lead may take to answer a press before it is tried again."""

_LEAD_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")
_OFFERS = {"accept": "accept", "claim": "accept", "decline": "decline"}
_SETTLES: dict[str, tuple[Literal["sent", "failed"], bool]] = {
    "arrived": ("sent", False),
    "not_arrived": ("failed", False),
    "send_again": ("failed", True),
}
_TOUCH_ID = re.compile(r"[\w.-]{1,200}")
_KNOWN = (*_OFFERS, *_SETTLES, "dispose", BACK)

log = structlog.get_logger()


class Updates(Protocol):
    """The part of the gateway that is needed here. Raises NotFound, Refused, Unavailable."""

    async def update(self, lead_id: str, name: str, message: BaseModel, key: str) -> Answer: ...


class Settles(Protocol):
    """A person's word on a touch. Raises NotFound, Refused, Unavailable."""

    async def settle(self, touch_id: str, settlement: Settlement, key: str) -> Settled: ...

    async def follow(self, settled: Settled) -> None: ...


class Directory(Protocol):
    """Who is who in the chat, and who is there. Raises Unavailable."""

    def rep_of(self, chat_user_id: str) -> str | None: ...

    async def change(self, handle: str, change: PresenceChange) -> None: ...


class _Sent(Stored):
    """Part of Slack's payload. Elements that are not ours may hold anything, null above all."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, raw: object) -> object:
        return {name: value for name, value in raw.items() if value is not None} if isinstance(raw, dict) else raw


class User(_Sent):
    id: str


class Place(_Sent):
    id: str = ""


class Container(_Sent):
    channel_id: str = ""


class Interaction(_Sent):
    """block_actions, as far as we read it."""

    type: str
    user: User
    channel: Place = Place()
    container: Container = Container()
    actions: tuple[JsonValue, ...] = ()  # those that are not ours may have any shape


class Option(_Sent):
    value: str = ""


class Action(_Sent):
    """One element that was pressed or chosen."""

    action_id: str = ""
    action_ts: str = ""
    value: str = ""
    selected_option: Option | None = None


class Press(Stored):
    """A press as it is kept: who pressed what, when and where. No names."""

    user: str
    where: str
    action: str
    value: str
    ts: str

    @property
    def key(self) -> str:
        """The same however often Slack sends it."""
        return f"{self.ts}:{self.user}:{self.action}"[:200]


class Order(Stored):
    """An update for a lead, still without the rep who gives it."""

    lead_id: str
    name: str
    offer: int | None = None
    code: Code | None = None

    def by(self, rep: str) -> BaseModel:
        """The update's message."""
        if self.code is not None:
            return Disposition(code=self.code, by=rep)
        return Decline(rep=rep, offer=self.offer) if self.name == "decline" else Accept(rep=rep, offer=self.offer)


def presses_of(interaction: Interaction) -> tuple[Press, ...]:
    """The presses of buttons that are ours."""
    found = []
    for raw in interaction.actions:
        action = _action_of(raw)
        press = Press(
            user=interaction.user.id,
            where=interaction.channel.id or interaction.container.channel_id,
            action=action.action_id,
            value=action.selected_option.value if action.selected_option else action.value,
            ts=action.action_ts,
        )
        if press.action == BACK or order_of(press) is not None or touch_of(press) is not None:
            found.append(press)
        else:  # ids that are not ours could hold anything
            log.info("slack_ignored", action=press.action if press.action in _KNOWN else "unknown")
    return tuple(found)


def _action_of(raw: object) -> Action:
    try:
        return Action.model_validate(raw)
    except ValidationError:
        return Action()


def order_of(press: Press) -> Order | None:
    """accept, decline and claim carry "<lead>:<offer>", dispose "<lead>:<code>"."""
    lead_id, _, rest = press.value.partition(":")
    if not _LEAD_ID.fullmatch(lead_id) or not press.ts:
        return None
    if press.action == "dispose":
        return Order(lead_id=lead_id, name="disposition", code=Code(rest)) if rest in set(Code) else None
    is_offer = rest.isascii() and rest.isdigit() and len(rest) < 7
    name = _OFFERS.get(press.action)
    # a claim is first come, first served: it holds whatever offer the lead is on by then
    offer = None if press.action == "claim" else int(rest) if is_offer else None
    return Order(lead_id=lead_id, name=name, offer=offer) if name and is_offer else None


def touch_of(press: Press) -> str | None:
    """The touch whose outcome is told; arrived, not_arrived and send_again carry "<lead>:<touch>"."""
    lead_id, _, touch_id = press.value.partition(":")
    ours = press.action in _SETTLES and _LEAD_ID.fullmatch(lead_id) and _TOUCH_ID.fullmatch(touch_id)
    return touch_id if ours and press.ts else None


async def carry_out(press: Press, gateway: Updates, reps: Directory, settles: Settles) -> str | None:
    """Does what was pressed. What the rep must hear; None when what they see says it. Raises Unavailable."""
    order, touch_id, rep = order_of(press), touch_of(press), reps.rep_of(press.user)
    if order is None and touch_id is None and press.action != BACK:
        raise BadInput("The press is none of ours.")
    if rep is None:
        return "Your Slack id isn't in Baton's rep directory. Ask whoever keeps the policy to add it to your entry."
    if touch_id is not None:
        return await _settle(press, touch_id, rep, settles)
    return await _come_back(press, rep, reps) if order is None else await _tell(press, order, rep, gateway)


async def _tell(press: Press, order: Order, rep: str, gateway: Updates) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            answer = await gateway.update(order.lead_id, order.name, order.by(rep), f"slack:{press.ts}:{press.user}")
    except Refused as error:
        return str(error)
    except NotFound:
        return "There is no such lead."
    except TimeoutError:
        raise Unavailable("The lead did not answer in time.") from None
    log.info("slack_taken", lead_id=answer.lead_id, update=order.name)
    return None


async def _settle(press: Press, touch_id: str, rep: str, settles: Settles) -> str | None:
    as_, again = _SETTLES[press.action]
    settlement = Settlement(as_=as_, by=rep, again=again)
    try:
        settled = await settles.settle(touch_id, settlement, f"slack:{press.ts}:{press.user}")
    except Refused as error:
        return str(error)
    except NotFound:
        return "There is no such touch."
    await settles.follow(settled)
    return None


async def _come_back(press: Press, rep: str, reps: Directory) -> str:
    """Whoever presses, it is themselves they bring back."""
    if press.value != rep:
        return "This button is another rep's. You take leads as before."
    await reps.change(rep, PresenceChange(presence=Word.BACK, by=rep))
    log.info("slack_back", rep=rep)
    return "Welcome back: you are in the rotation again."


async def whisper(press: Press, chat: Chat, text: str) -> None:
    """Says something to whoever pressed; that this fails stops nothing."""
    try:
        await chat.whisper(press.where, press.user, text)
    except BatonError as error:
        log.warning("slack_whisper_failed", error=error.code)
