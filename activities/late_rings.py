"""A phone is rung only while its call still waits for it: a request that is proven lost a minute later is not repeated.

Looks at the call's row right before the request. It finds as the vendor finds.
"""

from datetime import datetime, timedelta

from domain.errors import Rejected
from domain.ledger import Intent
from domain.phones import Calls, Voice
from domain.ports import Accepted

CALL_OVER = "call_over"


class InTime:
    """Voice as the delivery protocol sees it, for the phones of one call."""

    def __init__(self, calls: Calls, voice: Voice, call_id: str) -> None:
        self._calls = calls
        self._voice = voice
        self._call_id = call_id

    @property
    def deadline(self) -> timedelta:
        """The vendor's own."""
        return self._voice.deadline

    async def send(self, intent: Intent) -> Accepted:
        """Rings it. Raises Rejected, and nothing rings, once the call is over."""
        if (await self._calls.read(self._call_id)).over:
            raise Rejected("baton", CALL_OVER)
        return await self._voice.send(intent)

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        """As the vendor finds it."""
        return await self._voice.find(intent, since)
