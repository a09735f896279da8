"""What becomes of calls to our number, after the answer: their leads are told; and the sweeper's way to calls that were
kept and of which no further word came. One tenant's."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog

from activities.aftermath import Aftermath, is_owed
from activities.call_scripts import call_id_of
from activities.policies import Policies
from activities.switchboard import Switchboard
from domain.answering import InboundCall
from domain.calls import Call
from domain.errors import BatonError, NotFound, Unavailable
from domain.phones import Callers, CallNote, Calls, Capturing, Voice
from domain.ports import Captured

log = structlog.get_logger()


class Dispatch(Protocol):
    """The part of the dispatch that is needed here; never raises."""

    async def send(self, captured: Captured) -> None: ...


class InboundCalls:
    """Settles, then tells. Whatever fails here is gone on with by the sweeper, since the call was kept before."""

    def __init__(
        self, calls: Calls, board: Switchboard, aftermath: Aftermath, dispatch: Dispatch, voice: Voice
    ) -> None:
        self._calls = calls
        self.board = board
        self._aftermath = aftermath
        self._dispatch = dispatch
        self._voice = voice
        self._turns: dict[str, asyncio.Lock] = {}

    async def follow(self, call: Call, at: datetime) -> None:
        """A call as of this moment. Never raises."""
        try:
            await self._settle(call, at)
        except BatonError as error:
            log.warning("call_later", call=call.call_id, error=error.code)
        except Exception as error:  # noqa: BLE001 - runs after the answer: nobody is left to hear of it but the sweeper
            log.error("call_later", call=call.call_id, error=type(error).__name__)

    async def message(self, call_id: str, note: CallNote) -> None:
        """A message was left, or written down. Raises NotFound, Unavailable: the vendor is to tell it again."""
        for captured in await self._aftermath.message(await self._calls.read(call_id), note):
            await self._dispatch.send(captured)

    async def _settle(self, call: Call, at: datetime) -> None:
        """One after another for each call: of several words that come at once, the first does all."""
        if not is_owed(call := await self.board.over(call, at)):
            return
        turn = self._turns.setdefault(call.call_id, asyncio.Lock())
        async with turn:
            found = await self._aftermath.settle(await self._calls.read(call.call_id))
        if not turn.locked():
            self._turns.pop(call.call_id, None)
        for captured in found:
            await self._dispatch.send(captured)

    async def take(self, payloads: Sequence[str]) -> None:
        """Calls that were kept a while ago: the vendor is asked how they stand. Raises Unavailable while one is on."""
        for payload in payloads:
            await self._again(InboundCall.model_validate_json(payload))

    async def _again(self, inbound: InboundCall) -> None:
        call = await self._known(inbound)
        if call is None:
            return
        person = call.person
        if person is not None and person.vendor_id is not None and not person.is_over:
            moved = await self._voice.state(person.leg_id, person.vendor_id)
            call = call if moved is None else await self._calls.change(call.call_id, moved)
        await self._settle(call, datetime.now(UTC))
        if call.person is not None and not call.person.is_over:
            raise Unavailable("The call goes on; it is looked at again.")

    async def _known(self, inbound: InboundCall) -> Call | None:
        try:
            return await self._calls.read(call_id_of(inbound.vendor_id))
        except NotFound:
            return await self.board.unannounced(inbound)


Keepers = tuple[Callers, Capturing, Policies]
"""Who knows the callers, who captures, and by which policy."""


def open_exchange(tenant: str, calls: Calls, keepers: Keepers, dispatch: Dispatch, voice: Voice) -> InboundCalls:
    """What answers calls to our number, and what becomes of them."""
    board = Switchboard(tenant, calls, *keepers)
    return InboundCalls(calls, board, Aftermath(tenant, calls, *keepers), dispatch, voice)
