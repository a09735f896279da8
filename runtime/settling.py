"""What a person says of an unknown touch: kept, told to the lead, shown in the messages that asked. One tenant's."""

from typing import Protocol

import structlog

from domain.errors import BatonError, VendorError
from domain.messages import RowRef
from domain.ports import ChatMessage
from domain.settling import Asking, Editor, Settled, Settlement, Settlements

ASKS = ("arrived", "not_arrived", "send_again")
"""The buttons that are of no more use once somebody has answered."""

log = structlog.get_logger()


class Dispatch(Protocol):
    """The part of the dispatch that is needed here; never raises."""

    async def tell(self, lead_id: str, ref: RowRef) -> None: ...


class Settling:
    """Settle first, follow after: what is settled is so even where neither lead nor chat can be told just now."""

    def __init__(self, tenant: str, settlements: Settlements, dispatch: Dispatch, editor: Editor) -> None:
        self._tenant = tenant
        self._settlements = settlements
        self._dispatch = dispatch
        self._editor = editor

    async def settle(self, touch_id: str, settlement: Settlement, key: str) -> Settled:
        """Keep a person's word. Raises NotFound, Refused, Unavailable."""
        settled = await self._settlements.settle(self._tenant, touch_id, settlement, key)
        log.info("touch_settled", touch=touch_id, lead=settled.lead_id, state=settled.state)
        return settled

    async def follow(self, settled: Settled) -> None:
        """Tell the lead, and take the buttons from the messages that asked. Never raises; safe to repeat."""
        if settled.ref is not None:
            await self._dispatch.tell(settled.lead_id, settled.ref)
        try:
            for each in await self._settlements.asking(self._tenant, settled.touch_id):
                await self._editor.update(each.vendor_id, each.touch_id, _answered(each, settled))
        except (BatonError, VendorError) as error:  # a later press is told in words that it is settled
            log.warning("asking_not_taken_back", touch=settled.touch_id, error=error.code)

    async def unknown(self) -> int:
        """How many touches nobody knows the outcome of."""
        return await self._settlements.unknown(self._tenant)


def _answered(asking: Asking, settled: Settled) -> ChatMessage:
    left = tuple(button for button in asking.message.buttons if button.action not in ASKS)
    return asking.message.model_copy(
        update={"buttons": left, "lines": (*asking.message.lines, f"Settled: {settled.said}")}
    )
