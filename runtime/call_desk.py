"""Calls for people: what goes on, and orders to a call under way, whose words are kept before the call hears of it."""

from hashlib import sha256
from typing import Protocol

from activities.policies import Policies
from domain.abandonment import Abandonment
from domain.call_orders import CallAnswer, CallAsk, CallControl, What
from domain.call_views import CallView
from domain.errors import BadInput, NotFound, Refused
from runtime.gateway import Ended


class Controlling(Protocol):
    """The part of the gateway that is needed here. Raises Ended, Refused, Unavailable."""

    async def control(self, call_id: str, asked: CallControl, key: str) -> CallAnswer: ...


class Rows(Protocol):
    """The part of the store that is needed here."""

    async def view(self, tenant: str, call_id: str) -> CallView | None: ...

    async def listed(self, tenant: str, lead_id: str | None, live: bool, limit: int) -> tuple[CallView, ...]: ...

    async def abandonment(self, tenant: str) -> dict[str, Abandonment]: ...

    async def keep_note(self, call_id: str, note_id: str, words: str) -> None: ...


class CallDesk:
    """One tenant's. Raises NotFound, BadInput, Refused, Unavailable."""

    def __init__(self, tenant: str, rows: Rows, gateway: Controlling, policies: Policies) -> None:
        self._tenant = tenant
        self._rows = rows
        self._gateway = gateway
        self._policies = policies

    async def listed(self, lead_id: str | None, live: bool, limit: int) -> tuple[CallView, ...]:
        """Calls, newest first."""
        return await self._rows.listed(self._tenant, lead_id, live, limit)

    async def shown(self, call_id: str) -> CallView:
        """One call as it stands."""
        found = await self._rows.view(self._tenant, call_id)
        if found is None:
            raise NotFound(f"There is no call {call_id}.")
        return found

    async def abandonment(self) -> dict[str, Abandonment]:
        """Answered and abandoned calls of thirty days, by source."""
        return await self._rows.abandonment(self._tenant)

    async def control(self, call_id: str, what: What, asked: CallAsk, key: str) -> CallAnswer:
        """Give an order; the same key is carried out once."""
        await self.shown(call_id)
        if asked.to is not None and self._policies.current.policy.phone_of(asked.to) is None:
            raise BadInput("Nobody has this handle.", (("to", "must be a rep of the team or a manager of calls"),))
        note = sha256(f"{key}:{asked.why}".encode()).hexdigest()[:32] if asked.why else None
        if note is not None and asked.why is not None:
            await self._rows.keep_note(call_id, note, asked.why)
        try:
            order = CallControl(what=what, by=asked.by, rings=asked.to, note_id=note)
            return await self._gateway.control(call_id, order, key)
        except Ended:
            raise Refused("The call is over.") from None
