"""What calls need of the world, as Protocols: the rows of running calls, and the vendor that rings phones."""

from datetime import datetime, timedelta
from typing import Protocol

from domain.call_facts import CallFact, Joined, LegMoved
from domain.calls import Call
from domain.ledger import Intent
from domain.ports import Accepted
from domain.scripts import Script
from domain.values import Stored


class Calls(Protocol):
    """Rows of calls, each changed under its lock (decision 0024). Raises NotFound, Unavailable."""

    async def begin(self, call: Call) -> Call: ...

    async def read(self, call_id: str) -> Call: ...

    async def change(self, call_id: str, *facts: CallFact) -> Call: ...

    async def end(self, call_id: str) -> Call: ...


class LegWords(Stored):
    """What the vendor is told of a leg besides the two numbers: an Intent's body."""

    call_id: str
    joins: bool  # joins the call's conference when it is answered; else it asks for a script
    ring: timedelta
    detect: bool = False  # tells a machine from a person


class Voice(Protocol):
    """Calls by phone. Raises NotSent, Throttled, NotAuthorised, Ambiguous or Rejected (domain.errors).

    send: rings a phone. find: every call that could be this intent's, likeliest first. state: how far a leg has come.
    present: who is in the conference of this name. hang_up and say: to a leg that is over nothing happens.
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
