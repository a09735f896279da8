"""What the routes of calls need: those who speak with our people's phones, and with who calls us."""

from datetime import datetime
from typing import Protocol

from domain.answering import InboundCall
from domain.call_facts import CallFact, Recorded
from domain.call_orders import CallAnswer, CallAsk, What
from domain.call_views import CallView
from domain.calls import Call, LegEnd, LegState
from domain.messages import RowRef
from domain.phones import CallNote
from domain.scripts import Script


class Phones(Protocol):
    """Our people's phones: what a phone hears, who takes the call. Raises NotFound, Unavailable."""

    async def greet(self, call_id: str, leg_id: str) -> tuple[Script, Call]: ...

    async def person(self, call_id: str, leg_id: str, again: bool) -> tuple[Script, Call]: ...

    async def pressed(self, call_id: str, leg_id: str, digits: str, again: bool) -> tuple[Script, Call]: ...

    async def after(self, call_id: str, leg_id: str) -> tuple[Script, Call]: ...

    async def hold(self, call_id: str) -> Script: ...

    async def wait(self) -> Script: ...

    async def recorded(self, call_id: str, fact: Recorded) -> tuple[Call, RowRef | None]: ...

    async def announcement(self, call_id: str, what: str) -> Script: ...

    async def learn(self, call_id: str, *facts: CallFact) -> Call: ...


class Calling(Protocol):
    """Calls for people. Raises NotFound, BadInput, Refused, Unavailable."""

    async def listed(self, lead_id: str | None, live: bool, limit: int) -> tuple[CallView, ...]: ...

    async def shown(self, call_id: str) -> CallView: ...

    async def control(self, call_id: str, what: What, asked: CallAsk, key: str) -> CallAnswer: ...


class Switchboard(Protocol):
    """Calls to our number. Raises NotFound, Unavailable; arrive neither."""

    async def arrive(self, inbound: InboundCall) -> tuple[Script, Call | None]: ...

    async def chosen(self, inbound: InboundCall, digits: str) -> tuple[Script, Call]: ...

    async def next(self, inbound: InboundCall, number: int, bridged: bool | None) -> tuple[Script, Call]: ...

    async def thanks(self, inbound: InboundCall) -> Script: ...

    async def bridged(self, call: Call, leg_id: str, at: datetime) -> Call: ...

    async def moved(self, inbound: InboundCall, state: LegState, end: LegEnd | None) -> Call | None: ...

    async def unannounced(self, inbound: InboundCall) -> Call | None: ...


class CallsToUs(Protocol):
    """Who answers a call to us, and what becomes of it: follow after the answer, never raising; message before it,
    raising NotFound and Unavailable."""

    @property
    def board(self) -> Switchboard: ...

    async def follow(self, call: Call, at: datetime) -> None: ...

    async def message(self, call_id: str, note: CallNote) -> None: ...
