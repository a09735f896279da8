"""Raw webhooks that were kept before they were answered: worked through after the answer, else by the sweeper.

What a vendor or our own contract refuses for good is written on its row; all else is tried again, ever later."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

import structlog
from pydantic import ValidationError

from activities import hubspot_intake, slack_presses
from activities.hubspot_intake import Intake
from activities.slack_presses import Directory, Settles, Updates
from domain.errors import BadInput, BatonError, NotAuthorised, Rejected, Unavailable
from domain.inbox import Inbox
from domain.ports import Captured, Chat, Crm

log = structlog.get_logger()

LEFT_BEHIND = timedelta(seconds=30)
"""A row older than this was forgotten by whoever kept it: a slow CRM, or a lead, gets this long to answer.
Each further try waits twice as long (query `unfinished` has the limit)."""

SWEEP_LIMIT = 100
AT_ONCE = 10


class Taker(Protocol):
    """Works through rows of one channel that belong together. Doing so twice does no harm."""

    async def take(self, payloads: Sequence[str]) -> None: ...


class Dispatch(Protocol):
    """The part of the dispatch that is needed here; never raises."""

    async def send(self, captured: Captured) -> None: ...


class HubSpotContacts:
    """Events of one contact, or of several: each contact is fetched and captured, its lead told."""

    def __init__(self, crm: Crm, capture: Intake, dispatch: Dispatch) -> None:
        self._crm = crm
        self._capture = capture
        self._dispatch = dispatch

    async def take(self, payloads: Sequence[str]) -> None:
        """Raises what the CRM and capture raise."""
        for captured in await hubspot_intake.take(payloads, self._crm, self._capture):
            await self._dispatch.send(captured)


class SlackPresses:
    """Presses of reps: each is told to its lead, a refusal to the rep."""

    def __init__(self, gateway: Updates, chat: Chat, reps: Directory, settles: Settles) -> None:
        self._gateway = gateway
        self._settles = settles
        self._chat = chat
        self._reps = reps

    async def take(self, payloads: Sequence[str]) -> None:
        """Raises Unavailable."""
        for payload in payloads:
            press = slack_presses.Press.model_validate_json(payload)
            refusal = await slack_presses.carry_out(press, self._gateway, self._reps, self._settles)
            if refusal is not None:
                await slack_presses.whisper(press, self._chat, refusal)


class Webhooks:
    """One tenant's. `refused` counts rows that were refused for good since the process began."""

    def __init__(self, tenant: str, inbox: Inbox, takers: Mapping[str, Taker]) -> None:
        self._tenant = tenant
        self._inbox = inbox
        self._takers = takers
        self.refused = 0

    async def take(self, channel: str, rows: Mapping[str, str]) -> bool:
        """Works through rows (id: payload) that belong together; whether nothing is left to do. Never raises."""
        try:
            await self._takers[channel].take(tuple(rows.values()))
        except NotAuthorised as error:  # an operator must mend it, and no lead is lost meanwhile
            log.error("webhook_not_allowed", channel=channel, rows=len(rows), vendor=error.vendor, error=error.detail)
            return False
        except (Rejected, BadInput, ValidationError) as error:
            await self._refuse(channel, rows, error)
            return True
        except Exception as error:  # noqa: BLE001 - a row that fails must not hold up those after it
            code = error.code if isinstance(error, BatonError) else type(error).__name__
            log.warning("webhook_later", channel=channel, rows=len(rows), error=code)
            return False
        for row_id in rows:
            with contextlib.suppress(Unavailable):  # else the sweeper works through it once more
                await self._inbox.dispatched(row_id)
        return True

    async def _refuse(self, channel: str, rows: Mapping[str, str], error: Exception) -> None:
        because = "unreadable" if isinstance(error, ValidationError) else str(error)
        for row_id in rows:
            with contextlib.suppress(Unavailable):
                await self._inbox.refuse(row_id, because)
            log.error("webhook_refused", channel=channel, row_id=row_id, error=getattr(error, "code", "unreadable"))
            self.refused += 1

    async def sweep(self) -> int:
        """Goes on with rows left behind, ten at a time; how many were taken up."""
        return sum([await self._sweep(channel) for channel in self._takers])

    async def _sweep(self, channel: str) -> int:
        rows = await self._inbox.unfinished(self._tenant, channel, LEFT_BEHIND, SWEEP_LIMIT)
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(row_id: str, payload: str) -> None:
            async with turn:
                await self.take(channel, {row_id: payload})

        await asyncio.gather(*(one(row.row_id, row.payload) for row in rows))
        return len(rows)
