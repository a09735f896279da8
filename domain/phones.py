"""What calls need of the world, as Protocols: the rows of running calls, who calls us, the vendor that rings phones."""

from datetime import datetime, timedelta
from typing import Protocol

from pydantic import ValidationError

from domain.answering import Caller, InboundCall
from domain.call_facts import CallFact, Joined, LegMoved, Recorded
from domain.calls import Call
from domain.facts import PersonFacts
from domain.judge import Judge
from domain.ledger import Intent
from domain.messages import Inquiry, RowRef
from domain.ports import Accepted, Captured
from domain.scripts import Script
from domain.values import Stored


class Calls(Protocol):
    """Rows of calls, each changed under its lock (decision 0024). Raises NotFound, Unavailable.

    recorded: as change; with what its open lead is to be told, where the call was over already. outdated: those whose
    recording is older than `keep`, or may not be listened to at all.
    called_off: running calls that are off, of whoever sent this message of the inbox.
    """

    async def begin(self, call: Call, person_id: str | None = None) -> Call: ...

    async def read(self, call_id: str) -> Call: ...

    async def change(self, call_id: str, *facts: CallFact) -> Call: ...

    async def called_off(self, row_id: str) -> tuple[Call, ...]: ...

    async def end(self, call_id: str) -> Call: ...

    async def recorded(self, call_id: str, fact: Recorded) -> tuple[Call, RowRef | None]: ...

    async def note(self, call_id: str, note_id: str) -> str | None: ...

    async def outdated(self, tenant: str, keep: timedelta, limit: int) -> tuple[Call, ...]: ...


class Taken(Stored):
    """A call to us that one of ours took. Personal data: PostgreSQL only."""

    vendor_id: str
    caller: str
    rep: str | None = None  # None: whoever is at a plain number of the business


class CallNote(Stored):
    """Something of a call to us, for its lead. What was said is personal data: PostgreSQL only."""

    kind: str  # as in messages.RowRef: talked | voicemail | transcribed
    event_id: str
    at: datetime
    rep: str | None = None
    talk: timedelta | None = None
    contact: bool = False
    recording: str | None = None  # a link at the vendor; nobody here follows it
    length: timedelta | None = None
    words: str | None = None  # what the vendor wrote down


def read_note(raw: str | None) -> CallNote | None:
    """A CallNote out of what the inbox keeps; None where it is none."""
    try:
        return CallNote.model_validate_json(raw or "")
    except ValidationError:
        return None


class Callers(Protocol):
    """Who calls us, and what becomes of it in the database. Raises Unavailable, Superseded.

    done: all of a call was worked through. note: None for what was kept before. answered: opens a lead where the
    person has none.
    """

    async def meet(self, tenant: str, call: InboundCall, person: PersonFacts) -> Caller: ...

    async def arrived(self, tenant: str, vendor_id: str) -> InboundCall | None: ...

    async def done(self, tenant: str, vendor_id: str) -> None: ...

    async def note(self, tenant: str, lead_id: str, note: CallNote) -> Captured | None: ...

    async def answered(self, tenant: str, taken: Taken, person: PersonFacts, judge: Judge) -> Captured: ...


class Capturing(Protocol):
    """What captures what a call comes to. Raises Unavailable."""

    async def keep(self, channel: str, source_event_id: str, payload: str) -> str | None: ...

    async def inquiry(self, inquiry: Inquiry) -> Captured: ...

    async def answered(self, taken: Taken, callers: Callers) -> Captured: ...

    def person(self, phone: str | None) -> PersonFacts: ...


class LegWords(Stored):
    """What the vendor is told of a leg besides the two numbers: an Intent's body."""

    call_id: str
    joins: bool  # joins the call's conference when it is answered; else it asks for a script
    ring: timedelta
    detect: bool = False  # tells a machine from a person
    person: bool = False  # the person's phone: its script is one for them


class Voice(Protocol):
    """Calls by phone. Raises NotSent, Throttled, NotAuthorised, Ambiguous or Rejected (domain.errors).

    send: rings a phone. find: every call that could be this intent's, likeliest first. state: how far a leg has come.
    present: who is in the conference of this name. What is done to a leg, a conference or a recording that is over
    changes nothing. say takes the leg out of where it is; announce is heard by all in a conference, tell by one; ends:
    whether it is over when that leg goes; hold: what the leg hears instead, None for the others again.
    """

    @property
    def sender(self) -> str: ...

    @property
    def deadline(self) -> timedelta: ...

    async def send(self, intent: Intent) -> Accepted: ...

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]: ...

    async def state(self, leg_id: str, vendor_id: str) -> LegMoved | None: ...

    async def present(self, room: str) -> tuple[Joined, ...]: ...

    async def hang_up(self, vendor_id: str) -> None: ...

    async def say(self, vendor_id: str, script: Script) -> None: ...

    async def announce(self, room: str, path: str) -> None: ...

    async def tell(self, room: str, vendor_id: str, path: str) -> None: ...

    async def ends(self, room: str, vendor_id: str, ends: bool) -> None: ...

    async def hold(self, room: str, vendor_id: str, path: str | None) -> None: ...

    async def delete_recording(self, recording_id: str) -> None: ...
