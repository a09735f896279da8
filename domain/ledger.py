"""The touch ledger's own words: what is claimed, what a claim finds, what reconciling needs (decision 0005)."""

from datetime import datetime

from domain.orders import TouchState
from domain.values import Channel, Purpose, Stored


class Intent(Stored):
    """A touch about to be made. Holds personal data (address, body): PostgreSQL and vendor only, never Temporal."""

    touch_id: str
    key: str
    tenant: str
    lead_id: str
    person_id: str
    channel: Channel
    purpose: Purpose
    recipient: str  # E.164, chat channel or CRM object
    sender: str = ""  # E.164; empty where the service chooses
    service: str | None = None  # the messaging service a text goes by
    template: str | None = None  # which text of the policy, where it is one
    body: str
    lead_now: datetime  # the lead's clock when it was planned
    heard: datetime | None = None  # a reply of the lead's person after this stops it; None: no reply does


class Claim(Stored):
    """What claiming a touch found.

    `fresh`: it is ours to send. Otherwise `state` says where another attempt left it: sent, delivered, failed and
    cancelled are final; sending and unknown must be reconciled first; claimed is a later attempt's. A `claimed` row of
    any other attempt is taken over (the old claimer is fenced) and comes back fresh.
    """

    touch_id: str
    state: TouchState
    fresh: bool
    intent: Intent  # as last claimed: once it is on its way, a later attempt looks for exactly these words
    vendor_id: str | None = None
    error: str | None = None
    sending_since: datetime | None = None  # database's clock; real time
    listings: int = 0  # how many vendor listings showed no match, the first 30 s or more after the request's deadline
