"""Makes a touch effectively once: claim, begin, send, settle; reconcile before any retry (decision 0005).

Never sends again blindly. A touch whose outcome is not known is looked for, first among the vendor's callbacks, then
in the vendor's own list; proven absent it is sent, else it stays unknown and a person is asked.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from temporalio import activity

from activities.clock import claimer
from domain.errors import (
    Ambiguous,
    BadRecipient,
    NotAuthorised,
    NotSent,
    OptedOut,
    Rejected,
    Throttled,
    Unavailable,
    VendorError,
)
from domain.ledger import Claim, Intent
from domain.orders import Touched, TouchState
from domain.ports import Accepted, Ledger
from domain.values import Refusal

BEAT = timedelta(seconds=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an attempt waits, in real time."""

    callback: timedelta = timedelta(seconds=1)  # between looks at our own ledger
    first_listing: timedelta = timedelta(seconds=2)  # a callback usually comes before
    listing: timedelta = timedelta(seconds=5)  # between listings at the vendor
    limit: timedelta = timedelta(seconds=140)  # from its start; then the outcome is unknown. An activity has 180
    throttled: timedelta = timedelta(seconds=15)  # a longer delay than this is waited for on the lead's agenda


class Wire(Protocol):
    """One vendor, seen as a way to send an intent and to find one that may have been sent.

    `deadline`: by when `send` has answered or failed, and how long one `find` may take. `find` answers all that could
    be this intent's, likeliest first.
    """

    @property
    def deadline(self) -> timedelta: ...

    async def send(self, intent: Intent) -> Accepted: ...

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]: ...


class Delivery:
    """Sends intents through a wire, by the ledger's protocol."""

    def __init__(self, ledger: Ledger, patience: Patience | None = None) -> None:
        self._ledger = ledger
        self._patience = patience or Patience()

    async def resume(self, prior: Claim, wire: Wire, now: datetime, counted: int | None = None) -> Touched:
        """Go on with a touch an earlier attempt left somewhere past claiming. `now` in the lead's clock; `counted` as
        in make."""
        async with heartbeats():
            return await self._attempt(wire, now, counted).go_on(prior)

    async def make(self, intent: Intent, wire: Wire, counted: int | None = None) -> Touched:
        """Make a touch that the guard allows, knowing of so many touches of the person (None: however many there are).

        `held` when another was made meanwhile, or the vendor won't take it before a while, or not from us.
        """
        async with heartbeats():
            attempt = self._attempt(wire, intent.lead_now, counted)
            return await attempt.go_on(await self._ledger.claim(intent, claimer()))

    def _attempt(self, wire: Wire, now: datetime, counted: int | None) -> "_Attempt":
        return _Attempt(self._ledger, self._patience, wire, now, _clock(), counted)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt at one touch. It began at `now` in the lead's clock and at `began` in the loop's, when the person had
    had so many other touches (`counted`)."""

    ledger: Ledger
    patience: Patience
    wire: Wire
    now: datetime
    began: float
    counted: int | None

    async def go_on(self, claim: Claim) -> Touched:
        if claim.fresh:
            return await self._send(claim)
        if claim.state in (TouchState.SENDING, TouchState.UNKNOWN):
            return await self._reconcile(claim)
        return _final(claim)

    async def _send(self, claim: Claim) -> Touched:
        latest = _clock() + self.wire.deadline.total_seconds()
        why_not = await self.ledger.begin(claim.touch_id, claimer(), self.wire.deadline, self.counted)
        if why_not == "fenced":  # another attempt holds it, or a callback has settled it: see how it stands
            return await self.go_on(await self.ledger.current(claim.touch_id))
        if why_not is not None:
            refusal = Refusal(why_not) if why_not in list(Refusal) else None
            # Turned on just now, room was taken that it was judged by, or they talk: it waits and is judged again.
            if refusal is Refusal.KILL_SWITCH or why_not in ("another_touch", "on_the_phone"):
                return _touched(claim, "held", because=why_not, refusal=refusal)
            return _touched(claim, "refused", because=why_not, refusal=refusal)
        if _clock() > latest:  # this process slept: meanwhile another may have proven the touch absent, and sent it
            return await self._reconcile(claim)
        return await self._request(claim)

    async def _request(self, claim: Claim) -> Touched:
        try:
            accepted = await self.wire.send(claim.intent)
        except (NotSent, Throttled, NotAuthorised) as error:
            await self.ledger.release(claim.touch_id, claimer(), error.detail)
            if (held := self._held(claim, error)) is None:
                raise
            return held
        except Rejected as error:
            return await self._rejected(claim, error)
        except Ambiguous:
            return await self._reconcile(claim)
        activity.heartbeat(accepted.vendor_id)
        await self.ledger.settle(claim.touch_id, TouchState.SENT, accepted.vendor_id, None)
        return _touched(claim, "sent")

    def _held(self, claim: Claim, error: VendorError) -> Touched | None:
        """Back to the lead's agenda, for what the retries of one activity are too short for; else None."""
        if isinstance(error, NotAuthorised):
            log.error("vendor_refuses_us", **_named(claim, error))
            return _touched(claim, "held", because=error.code)
        after = error.after if isinstance(error, Throttled) else None
        if after is None or after <= self.patience.throttled:
            return None
        retry_at = self.now + timedelta(seconds=_clock() - self.began) + after
        return _touched(claim, "held", because=error.code).model_copy(update={"retry_at": retry_at})

    async def _rejected(self, claim: Claim, error: Rejected) -> Touched:
        if isinstance(error, OptedOut):
            await self.ledger.unsubscribed(claim.touch_id, error.detail)
        elif isinstance(error, BadRecipient):
            await self.ledger.takes_no_texts(claim.touch_id, error.detail)
        else:
            await self.ledger.settle(claim.touch_id, TouchState.FAILED, None, error.detail)
        log.warning("vendor_rejects_touch", **_named(claim, error))
        return _touched(claim, "failed", because=error.detail, refusal=Refusal.VENDOR_REFUSED)

    async def _reconcile(self, claim: Claim) -> Touched:
        """Look until the touch is found, is proven absent, or the limit is reached."""
        next_listing = _clock() + self.patience.first_listing.total_seconds()
        while self._left > 0:
            now = await self.ledger.current(claim.touch_id)
            if now.state not in (TouchState.CLAIMED, TouchState.SENDING, TouchState.UNKNOWN):
                return _final(now)
            if _clock() >= next_listing:
                if ended := await self._list(now):
                    return ended
                next_listing = _clock() + self.patience.listing.total_seconds()
            await asyncio.sleep(self.patience.callback.total_seconds())
        await self.ledger.settle(claim.touch_id, TouchState.UNKNOWN, None, "no trace at the vendor within the limit")
        return _final(await self.ledger.current(claim.touch_id))

    async def _list(self, claim: Claim) -> Touched | None:
        """One listing at the vendor: found settles it; absent twice, late enough, sends it."""
        since = claim.sending_since
        if since is None:
            return None
        try:
            async with asyncio.timeout(min(self.wire.deadline.total_seconds(), self._left)):
                found = await self.wire.find(claim.intent, since)
        except (VendorError, TimeoutError):
            return None  # a listing that failed proves nothing
        vendor_id = await self.ledger.untaken(claim.touch_id, tuple(one.vendor_id for one in found)) if found else None
        if vendor_id is not None:
            await self.ledger.settle(claim.touch_id, TouchState.SENT, vendor_id, None)
            return _touched(claim, "sent")
        if await self.ledger.missed(claim.touch_id) >= 2 and await self.ledger.reopen(claim.touch_id, claimer()):
            return await self._send(claim)
        return None

    @property
    def _left(self) -> float:
        """Seconds until the limit."""
        return self.began + self.patience.limit.total_seconds() - _clock()


def _clock() -> float:
    return asyncio.get_running_loop().time()


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


def _named(claim: Claim, error: VendorError) -> dict[str, str]:
    """What a log says of a touch: ids and codes, no person."""
    channel, lead_id = str(claim.intent.channel), claim.intent.lead_id
    return {
        "vendor": error.vendor, "detail": error.detail, "channel": channel, "lead": lead_id, "touch": claim.touch_id
    }  # fmt: skip


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
async def heartbeats() -> AsyncIterator[None]:
    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(BEAT.total_seconds())

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
