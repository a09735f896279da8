"""Asks again while a part of the stack is away: the demo invites people to kill things, and each of them comes back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import httpx2
from temporalio.service import RPCError, RPCStatusCode

from adapters.postgres.views import EVERY_LEAD, Views
from domain.errors import BatonError, Unavailable
from domain.views import LeadDetail, LeadFilter, LeadPage, Stats, TracedDecision

LIMIT = 25.0
"""Seconds of real time within which a killed part of the stack must answer again."""

CALL_LIMIT = 150.0
"""Seconds of real time that a call may take: one whose news were lost in a crash is looked at every two minutes."""

ASK_AGAIN = 0.1
_AWAY = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)
Answer = TypeVar("Answer")


class DemoError(BatonError):
    """The demo can't go on; the text says where it stood and why."""

    code = "demo"


async def patiently(ask: Callable[[], Awaitable[Answer]], limit: float = LIMIT) -> Answer:
    """What `ask` answers, asked again while nobody is there; it must be harmless to repeat. DemoError after `limit`."""
    loop = asyncio.get_running_loop()
    over = loop.time() + limit
    while True:
        try:
            return await ask()
        except (httpx2.TransportError, Unavailable, RPCError) as reason:
            if isinstance(reason, RPCError) and reason.status not in _AWAY:
                raise
            if loop.time() >= over:
                words = str(reason) or type(reason).__name__
                raise DemoError(f"A part of the stack has not answered for {limit:g} s: {words}") from reason
        await asyncio.sleep(ASK_AGAIN)


class PatientViews(Views):
    """Views that outlast a restart of PostgreSQL."""

    async def list_leads(
        self, tenant: str, wanted: LeadFilter = EVERY_LEAD, limit: int = 50, cursor: str | None = None
    ) -> LeadPage:
        ask = super().list_leads
        return await patiently(lambda: ask(tenant, wanted, limit, cursor))

    async def lead_detail(self, tenant: str, lead_id: str) -> LeadDetail:
        ask = super().lead_detail
        return await patiently(lambda: ask(tenant, lead_id))

    async def lead_trace(self, tenant: str, lead_id: str) -> tuple[TracedDecision, ...]:
        ask = super().lead_trace
        return await patiently(lambda: ask(tenant, lead_id))

    async def stats(self, tenant: str) -> Stats:
        ask = super().stats
        return await patiently(lambda: ask(tenant))

    async def set_clock_ahead(self, tenant: str, lead_id: str, ahead: timedelta) -> None:
        tell = super().set_clock_ahead
        await patiently(lambda: tell(tenant, lead_id, ahead))

    async def clock_offset(self) -> timedelta:
        return await patiently(super().clock_offset)

    async def set_clock_offset(self, offset: timedelta) -> None:
        tell = super().set_clock_offset
        await patiently(lambda: tell(offset))
