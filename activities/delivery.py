"""Makes a touch effectively once: claim, begin, send, settle; reconcile before any retry (decision 0005).

Never sends again blindly. A touch whose outcome is not known is looked for, first among the vendor's callbacks, then
in the vendor's own list; proven absent it is sent, else it stays unknown and a person is asked.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from temporalio import activity

from activities.clock import claimer
from domain.errors import Ambiguous, NotSent, Rejected, Throttled, Unavailable, VendorError
from domain.ledger import Claim, Intent
from domain.orders import Touched, TouchState
from domain.ports import Accepted, Ledger
from domain.values import Refusal

BEAT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long reconciling waits, in real time. `deadline` is a vendor request's own limit."""

    deadline: timedelta = timedelta(seconds=15)
    callback: timedelta = timedelta(seconds=1)  # between looks at our own ledger
    first_listing: timedelta = timedelta(seconds=2)  # a callback usually comes before
    listing: timedelta = timedelta(seconds=5)  # between listings at the vendor
    limit: timedelta = timedelta(seconds=100)  # after which the outcome is unknown


class Wire(Protocol):
    """One vendor, seen as a way to send an intent and to find one that may have been sent."""

    async def send(self, intent: Intent) -> Accepted: ...

    async def find(self, intent: Intent, since: datetime) -> Accepted | None: ...


def touch_id_of(key: str) -> str:
    """The touch's id: opaque, the same for every attempt at the same ledger key, and safe in a URL or a conference
    name."""
    return sha256(key.encode()).hexdigest()[:32]


class Delivery:
    """Sends intents through a wire, by the ledger's protocol."""

    def __init__(self, ledger: Ledger, patience: Patience | None = None) -> None:
        self._ledger = ledger
        self._patience = patience or Patience()

    async def resume(self, prior: Claim, wire: Wire) -> Touched:
        """Go on with a touch an earlier attempt left somewhere past claiming."""
        async with _heartbeats():
            return await self._go_on(prior, wire)

    async def make(self, intent: Intent, wire: Wire) -> Touched:
        """Make a touch that the guard allows."""
        async with _heartbeats():
            return await self._go_on(await self._ledger.claim(intent, claimer()), wire)

    async def _go_on(self, claim: Claim, wire: Wire) -> Touched:
        if claim.fresh:
            return await self._send(claim, wire)
        if claim.state in (TouchState.SENDING, TouchState.UNKNOWN):
            return await self._reconcile(claim, wire)
        return _final(claim)

    async def _send(self, claim: Claim, wire: Wire) -> Touched:
        clock = asyncio.get_running_loop().time
        latest = clock() + self._patience.deadline.total_seconds()
        why_not = await self._ledger.begin(claim.touch_id, claimer(), self._patience.deadline)
        if why_not == "fenced":  # another attempt holds it, or a callback has settled it: see how it stands
            return await self._go_on(await self._ledger.current(claim.touch_id), wire)
        if why_not is not None:
            refusal = Refusal(why_not) if why_not in list(Refusal) else None
            return _touched(claim, "refused", because=why_not, refusal=refusal)
        if clock() > latest:  # this process slept: meanwhile another may have proven the touch absent, and sent it
            return await self._reconcile(claim, wire)
        try:
            accepted = await wire.send(claim.intent)
        except (NotSent, Throttled):
            await self._ledger.release(claim.touch_id, claimer())
            raise
        except Rejected as error:
            await self._ledger.settle(claim.touch_id, TouchState.FAILED, None, error.detail)
            return _touched(claim, "failed", because=error.detail, refusal=Refusal.VENDOR_REFUSED)
        except Ambiguous:
            return await self._reconcile(claim, wire)
        activity.heartbeat(accepted.vendor_id)
        await self._ledger.settle(claim.touch_id, TouchState.SENT, accepted.vendor_id, None)
        return _touched(claim, "sent")

    async def _reconcile(self, claim: Claim, wire: Wire) -> Touched:
        """Look until the touch is found, is proven absent, or the limit is reached."""
        waited, next_listing = timedelta(0), self._patience.first_listing
        while waited < self._patience.limit:
            now = await self._ledger.current(claim.touch_id)
            if now.state not in (TouchState.CLAIMED, TouchState.SENDING, TouchState.UNKNOWN):
                return _final(now)
            if waited >= next_listing:
                next_listing = waited + self._patience.listing
                if ended := await self._list(now, wire):
                    return ended
            await asyncio.sleep(self._patience.callback.total_seconds())
            waited += self._patience.callback
        await self._ledger.settle(claim.touch_id, TouchState.UNKNOWN, None, "no trace at the vendor within the limit")
        return _final(await self._ledger.current(claim.touch_id))

    async def _list(self, claim: Claim, wire: Wire) -> Touched | None:
        """One listing at the vendor: found settles it; absent twice, late enough, sends it."""
        since = claim.sending_since
        if since is None:
            return None
        try:
            found = await wire.find(claim.intent, since)
        except VendorError:
            return None  # a listing that failed proves nothing
        if found is not None:
            await self._ledger.settle(claim.touch_id, TouchState.SENT, found.vendor_id, None)
            return _touched(claim, "sent")
        if await self._ledger.missed(claim.touch_id) >= 2 and await self._ledger.reopen(claim.touch_id, claimer()):
            return await self._send(claim, wire)
        return None


def _final(claim: Claim) -> Touched:
    """How a touch ended, as far as anybody knows. Raises Unavailable when another attempt is about to end it."""
    if claim.state in (TouchState.PLANNED, TouchState.CLAIMED, TouchState.SENDING):
        raise Unavailable("Another attempt is making this touch. Try again.")
    if claim.state in (TouchState.SENT, TouchState.DELIVERED):
        return _touched(claim, "sent")
    if claim.state is TouchState.UNKNOWN:
        return _touched(claim, "unknown", because="outcome_unknown")
    if claim.state is TouchState.FAILED:
        return _touched(claim, "failed", because=claim.error or "failed", refusal=Refusal.VENDOR_REFUSED)
    return _touched(claim, "refused", because=claim.error or "cancelled")


def _touched(claim: Claim, result: str, because: str = "", refusal: Refusal | None = None) -> Touched:
    return Touched(
        result=result,
        at=claim.intent.lead_now,
        touch_id=claim.touch_id,
        channel=claim.intent.channel,
        because=because,
        refusal=refusal,
    )


@contextlib.asynccontextmanager
async def _heartbeats() -> AsyncIterator[None]:
    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(BEAT.total_seconds())

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
