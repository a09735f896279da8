"""What of a lead outlasts a cycle: the first half of its state, and the facts not yet written down. Pure data."""

from datetime import datetime, timedelta

from domain.decisions import Item
from domain.events import AnyFact
from domain.messages import RowRef
from domain.values import Stored


class Entry(Stored):
    """A fact with its place in the lead's story; kept on the lead until the records have it."""

    seq: int
    fact: AnyFact


class Lasting(Stored):
    """What of a lead outlasts a cycle. A field that begins anew with each cycle belongs on Lead instead."""

    version: int = 1
    tenant: str
    lead_id: str
    source: str
    opened_at: datetime
    clock_offset: timedelta = timedelta(0)  # embedded stack only: lead's clock minus the server's
    test: bool = False
    pinned: str = ""  # hash of the policy it is judged by, from its first triage on
    adopting: str | None = None  # hash of the policy it was told to follow from now on, until policy has answered
    unread: bool = False  # another answer has come since, which that policy may not have read
    cycle: int = 1
    woken: int = 0  # cycles that news began, which are not spent on somebody who doesn't answer
    agenda: tuple[Item, ...] = ()
    offer: int = 0  # number of the newest offer; counts on over cycles, so that no older button fits a newer offer
    offers_before: int = 0  # offers made in earlier cycles
    asked: int = 0  # questions put to policy so far
    first_touch_at: datetime | None = None
    last_reply_at: datetime | None = None  # the newest reply, over rests and cycles
    news: tuple[RowRef, ...] = ()
    seq: int = 0
    unwritten: tuple[Entry, ...] = ()
    seen: tuple[str, ...] = ()
    dead_letters: int = 0
