"""What API, console and command line read: lists, details, traces, numbers. Writes settings and clocks only."""

import json
from datetime import timedelta

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.calls import listed
from adapters.postgres.pool import connection
from domain.call_views import Address
from domain.errors import BadInput, NotFound
from domain.orders import TouchState
from domain.views import SETTLE, LeadDetail, LeadFilter, LeadPage, Stats, TouchView, TracedDecision

SQL = queries.load("views")
_TRACE = TypeAdapter(tuple[TracedDecision, ...])
_TOUCHES = TypeAdapter(tuple[TouchView, ...])
EVERY_LEAD = LeadFilter()
MOST_CALLS = 50
"""Calls that a lead is shown with."""


class Views:
    """Raises NotFound for a lead that isn't this tenant's, Unavailable without PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool, recording: Address | None = None) -> None:
        self._pool = pool
        self._recording = recording

    async def list_leads(
        self, tenant: str, wanted: LeadFilter = EVERY_LEAD, limit: int = 50, cursor: str | None = None
    ) -> LeadPage:
        """At most `limit` leads, newest first; `cursor` is the one that the page before gave. BadInput for another."""
        given = (wanted.stage, wanted.owner, wanted.source, wanted.open, cursor, limit + 1)
        async with connection(self._pool) as session:
            if cursor is not None and not await session.fetchval(SQL["exists"], tenant, cursor):
                raise BadInput("No page has this cursor.", (("query.cursor", "must be what the page before answered"),))
            found = LeadPage.model_validate_json(await session.fetchval(SQL["list"], tenant, *given))
        page = found.leads[:limit]
        return LeadPage(leads=page, cursor=page[-1].lead_id if len(found.leads) > limit else None)

    async def lead_detail(self, tenant: str, lead_id: str) -> LeadDetail:
        """A lead, its person, its story and its newest calls."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["detail"], tenant, lead_id)
            calls = await listed(session, (tenant, lead_id, False, MOST_CALLS), self._recording)
        if found is None:
            raise _no_lead(lead_id)
        detail = LeadDetail.model_validate_json(found)
        return detail.model_copy(update={"unsettled": _told(detail.unsettled), "calls": calls})

    async def lead_trace(self, tenant: str, lead_id: str) -> tuple[TracedDecision, ...]:
        """Every decision on a lead, oldest first, with its trace."""
        return _TRACE.validate_json(await self._of_lead("trace", tenant, lead_id))

    async def lead_touches(self, tenant: str, lead_id: str) -> tuple[TouchView, ...]:
        """Every touch of a lead, made or not, oldest first; before all others those nobody knows the outcome of."""
        return _told(_TOUCHES.validate_json(await self._of_lead("touches", tenant, lead_id)))

    async def require(self, tenant: str, lead_id: str) -> None:
        """Raises NotFound unless the lead is here."""
        async with connection(self._pool) as session:
            if not await session.fetchval(SQL["exists"], tenant, lead_id):
                raise _no_lead(lead_id)

    async def _of_lead(self, query: str, tenant: str, lead_id: str) -> str:
        async with connection(self._pool) as session:
            if not await session.fetchval(SQL["exists"], tenant, lead_id):
                raise _no_lead(lead_id)
            found: str = await session.fetchval(SQL[query], tenant, lead_id)
        return found

    async def stats(self, tenant: str) -> Stats:
        """The tenant in numbers, as the demo and the health checks want them."""
        async with connection(self._pool) as session:
            return Stats.model_validate_json(await session.fetchval(SQL["stats"], tenant))

    async def set_clock_ahead(self, tenant: str, lead_id: str, ahead: timedelta) -> None:
        """Says how far a lead's clock has been taken ahead in all (not since the last call). Embedded stack only."""
        async with connection(self._pool) as session:
            if not await session.fetchval(SQL["set_clock_ahead"], tenant, lead_id, ahead):
                raise _no_lead(lead_id)

    async def clock_offset(self) -> timedelta:
        """The stack's clock minus the server's; zero outside the embedded stack."""
        async with connection(self._pool) as session:
            return timedelta(seconds=await session.fetchval(SQL["clock_offset"]))

    async def set_clock_offset(self, offset: timedelta) -> None:
        """Moves the clock of leads opened from now on. Embedded stack only."""
        async with connection(self._pool) as session:
            await session.execute(SQL["set"], "clock_offset", json.dumps(offset.total_seconds()))


def _told(touches: tuple[TouchView, ...]) -> tuple[TouchView, ...]:
    """With what a person should do about each."""
    return tuple(
        touch.model_copy(update={"to_do": SETTLE.format(touch_id=touch.touch_id)})
        if touch.state == TouchState.UNKNOWN
        else touch
        for touch in touches
    )


def _no_lead(lead_id: str) -> NotFound:
    return NotFound(f"There is no lead {lead_id}.")
