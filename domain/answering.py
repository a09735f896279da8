"""A call to the business's number, before and beside its row: who calls, whom it rings and why. InboundCall and Caller
hold personal data and stay in PostgreSQL; Answering is kept with the call's row."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.decisions import Reason, RoadNotTaken
from domain.facts import Facts
from domain.values import Stored

CHANNEL = "call"
"""Under which calls that came in are kept in the inbox, by the vendor's id, until all of them was worked through."""


class InboundCall(Stored):
    """A call as the vendor announced it. `caller` is E.164; None for a number that is withheld or is none."""

    vendor_id: str
    caller: str | None = None
    called: str = ""
    caller_name: str | None = None  # what a lookup of the carrier says; it is often wrong


class Caller(Stored):
    """Who calls, as far as is known. `lead_id` is their open lead, else their newest; empty where they have none."""

    now: datetime  # the clock of leads
    facts: Facts
    person_id: str | None = None
    lead_id: str = ""
    is_open: bool = False
    owner: str | None = None  # who has their open lead


class Why(StrEnum):
    """What a round of ringing is."""

    KNOWN = "known"  # whom the caller knows, alone
    TEAM = "team"
    OVERFLOW = "overflow"  # nobody of the team took it (R21)


class Round(Stored):
    """Phones that ring at once: reps by handle, and plain numbers of the business."""

    why: Why
    reps: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    ring: timedelta = timedelta(seconds=20)

    @property
    def is_empty(self) -> bool:
        """Whether no phone rings in it."""
        return not (self.reps or self.numbers)


class Answering(Stored):
    """What is done with a call: rounds of ringing, one after another, then the voicemail. The reasons name nobody
    but our own people."""

    policy_hash: str = ""
    department: str | None = None
    language: str = "en"  # what the caller is spoken to in
    is_open: bool = True
    rejects: bool = False  # the caller is blocked: it isn't answered at all
    asks: bool = False  # the caller is asked first which department they want
    rounds: tuple[Round, ...] = ()
    reasons: tuple[Reason, ...] = ()
    not_taken: tuple[RoadNotTaken, ...] = ()
