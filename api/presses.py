"""Slack's interaction payloads -> what a rep asked of a lead. Pure; unknown and malformed presses are nothing."""

import re
from dataclasses import dataclass

from pydantic import BaseModel

from domain.messages import Accept, Decline, Disposition
from domain.values import Code, Stored

_LEAD_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")
_OFFERS = {"accept": "accept", "claim": "accept", "decline": "decline"}
_KNOWN = (*_OFFERS, "dispose")


class User(Stored):
    id: str


class Place(Stored):
    id: str = ""


class Container(Stored):
    channel_id: str = ""


class Option(Stored):
    value: str = ""


class Action(Stored):
    """One element that was pressed or chosen."""

    action_id: str = ""
    action_ts: str = ""
    value: str = ""
    selected_option: Option | None = None

    @property
    def chosen(self) -> str:
        return self.selected_option.value if self.selected_option else self.value

    @property
    def known_id(self) -> str:
        """Fit for a log: ids that are not ours could hold anything."""
        return self.action_id if self.action_id in _KNOWN else "unknown"


class Interaction(Stored):
    """block_actions, as far as we read it."""

    type: str
    user: User
    channel: Place = Place()
    container: Container = Container()
    actions: tuple[Action, ...] = ()

    @property
    def where(self) -> str:
        return self.channel.id or self.container.channel_id


@dataclass(frozen=True, slots=True)
class Order:
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


def order_of(action: Action) -> Order | None:
    """accept, decline and claim carry "<lead>:<offer>", dispose "<lead>:<code>"."""
    lead_id, _, rest = action.chosen.partition(":")
    if not _LEAD_ID.fullmatch(lead_id) or not action.action_ts:
        return None
    if action.action_id == "dispose":
        return Order(lead_id, "disposition", code=Code(rest)) if rest in set(Code) else None
    is_offer = rest.isascii() and rest.isdigit() and len(rest) < 7
    name = _OFFERS.get(action.action_id)
    # a claim is first come, first served: it holds whatever offer the lead is on by then
    offer = None if action.action_id == "claim" else int(rest) if is_offer else None
    return Order(lead_id, name, offer=offer) if name and is_offer else None
