"""An order, made into the touch it asks for: whose, under which ledger key, what is said to whom. Reads nothing."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from activities.clock import lead_now
from domain.ledger import Intent
from domain.orders import Order
from domain.values import Channel, Purpose


@dataclass(frozen=True, slots=True)
class Words:
    """What is sent, where, and why. `recipient` as in Intent: E.164, chat channel or CRM object."""

    channel: Channel
    recipient: str
    body: str
    purpose: Purpose = Purpose.INTERNAL
    sender: str = ""
    service: str | None = None
    template: str | None = None
    heard: datetime | None = None


def touch_id_of(key: str) -> str:
    """The touch's id: opaque, the same for every attempt at the same ledger key, and safe in a URL or a conference
    name."""
    return sha256(key.encode()).hexdigest()[:32]


def intent_of(order: Order, person_id: str, words: Words) -> Intent:
    """The touch of this order, as of now in the lead's clock."""
    return Intent(
        touch_id=touch_id_of(order.key),
        key=order.key,
        tenant=order.tenant,
        lead_id=order.lead_id,
        person_id=person_id,
        channel=words.channel,
        purpose=words.purpose,
        recipient=words.recipient,
        sender=words.sender,
        service=words.service,
        template=words.template,
        body=words.body,
        lead_now=lead_now(order),
        heard=words.heard,
    )
