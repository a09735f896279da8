"""From an inbox row to the lead's workflow, after the answer is sent; and the sweeper that goes on with rows left
behind."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from activities.capture import Capture
from domain.calls import Call
from domain.errors import BatonError, Unavailable
from domain.messages import RowRef
from domain.phones import Calls
from domain.ports import Captured, Captures
from runtime.gateway import Ended, Gateway

log = structlog.get_logger()

LEFT_BEHIND = timedelta(seconds=2)
"""A row older than this that no workflow has is taken up by the sweeper."""

SWEEP_EVERY = 1.0
SWEEP_LIMIT = 100


class Dispatch:
    """Hands one tenant's captured rows to Temporal. A row counts as dispatched only when the server accepted it."""

    def __init__(self, tenant: str, captures: Captures, capture: Capture, gateway: Gateway, calls: Calls) -> None:
        self._tenant = tenant
        self._captures = captures
        self._capture = capture
        self._gateway = gateway
        self._calls = calls

    async def send(self, captured: Captured) -> None:
        """Start or signal the lead; never raises: what fails is left for the sweeper."""
        try:
            await self._send(captured)
        except Unavailable as error:
            log.warning("dispatch_later", row_id=captured.row_id, because=str(error))
        except BatonError as error:
            log.error("dispatch_failed", row_id=captured.row_id, error=error.code)
        except Exception as error:  # noqa: BLE001 - runs after the answer: nobody is left to hear of it but the sweeper
            log.error("dispatch_failed", row_id=captured.row_id, error=type(error).__name__)

    async def _send(self, captured: Captured) -> None:
        if captured.ref is None:
            return
        try:
            if captured.lead is not None:
                await self._gateway.start_or_tell(captured.lead, captured.ref)
            elif captured.lead_id is not None:
                await self._gateway.tell(captured.lead_id, captured.ref)
        except Ended:
            await self._captures.put_back(captured.row_id, "lead has ended")
            return
        await self._captures.dispatched(captured.row_id)

    async def tell(self, lead_id: str, ref: RowRef) -> None:
        """Signal a lead about a row already captured; never raises."""
        await self.send(Captured(row_id=ref.row_id, status="joined", lead_id=lead_id, ref=ref))

    async def quiet(self, row_id: str) -> None:
        """Tell the calls that this message of a person has called off; never raises: their lead tells them as well."""
        try:
            for call in await self._calls.called_off(row_id):
                await self.moved(call)
        except BatonError as error:
            log.info("calls_not_told", row_id=row_id, because=error.code)

    async def moved(self, call: Call) -> None:
        """Tell a call's workflow how its row stands; never raises: at its next deadline it reads the row itself."""
        try:
            await self._gateway.moved(call)
        except BatonError as error:
            log.info("call_not_told", call=call.call_id, because=error.code)
        except Exception as error:  # noqa: BLE001 - runs after the answer
            log.error("call_not_told", call=call.call_id, because=type(error).__name__)

    async def sweep(self) -> int:
        """Go on with rows left behind by a crash, or while Temporal was down; how many were taken up."""
        rows = await self._captures.left_behind(self._tenant, LEFT_BEHIND, SWEEP_LIMIT)
        for row in rows:
            if row.status == "undecided":
                await self._again(row.row_id)
            else:
                await self.send(row)
        return len(rows)

    async def _again(self, row_id: str) -> None:
        try:
            captured = await self._capture.again(row_id)
        except Exception as error:  # noqa: BLE001 - a row that fails must not hold up those after it; it is tried again
            log.error("capture_later", row_id=row_id, error=type(error).__name__)
            return
        await self.send(captured)


async def sweep_for_ever(sweep: Callable[[], Awaitable[int]], what: str) -> None:
    """A sweeper's loop; a sweep that fails is logged and tried again."""
    while True:
        try:
            swept = await sweep()
            if swept:
                log.info("swept", what=what, rows=swept)
        except Exception as error:  # noqa: BLE001 - the sweeper never ends
            log.warning("sweep_failed", what=what, error=type(error).__name__)
        await asyncio.sleep(SWEEP_EVERY)
