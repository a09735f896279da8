"""Points of a touch at which the worker of an embedded stack kills itself, armed by files from outside: for the kill
matrix (docs/effectively-once.md). Production has none: without `embedded`, or with a real vendor, nothing is watched.

It wraps the ledger and the vendors as the delivery protocol sees them, so that the protocol knows nothing of it.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Never, TypeVar, cast

from domain.ledger import Claim, Intent
from domain.orders import TouchState
from domain.phones import LegWords
from domain.values import Channel
from runtime.container import Container
from runtime.settings import Settings

AGAIN = 0.01
"""Seconds between two looks at the folder."""

HOLD = "hold"
"""An arm with this word holds the touch where it is until GO is there; so one death hits many touches, each at its own
point. Any other arm kills at once."""

SEND, GO = "send", "go"
"""Files that held touches wait for: SEND before a request that is to be on its way, GO before the end."""

TAKEN = "taken"
"""The folder below, which whoever arms makes first, of arms that have been used."""

Port = TypeVar("Port")


class Boundary(StrEnum):
    """Where between two steps of the ledger's protocol a touch is (decision 0005)."""

    BEFORE_CLAIM = "before_claim"
    AFTER_CLAIM = "after_claim"
    BEFORE_REQUEST = "before_request"  # on its way by the ledger, and nothing has left
    REQUEST_SENT = "request_sent"  # the vendor has it, and its answer is not here yet
    AFTER_ACCEPT = "after_accept"  # the answer was read, and nothing written
    BEFORE_SETTLE = "before_settle"
    AFTER_SETTLE = "after_settle"  # written, and Temporal does not know


class Leg(StrEnum):
    """What kind of touch it is."""

    SMS = "sms"
    REP = "rep"
    PERSON = "person"
    CHAT = "chat"
    CRM = "crm"


@dataclass(frozen=True, slots=True)
class _At:
    """Which touch it is."""

    leg: Leg
    touch_id: str


class Failpoints:
    """One worker's. `folder` holds the arms, each a file BOUNDARY.LEG.ANYTHING; without a folder nothing is watched."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[str, _At] = {}

    def ledger(self, real: Port) -> Port:
        """The ledger, with a point before and after `claim` and `settle`."""
        if self._folder is None:
            return real
        return cast(Port, _Watched(real, {"claim": self._claim, "settle": self._settle}))

    def vendor(self, real: Port, method: str, leg: Leg | None = None) -> Port:
        """A vendor, with points around the request that `method` makes: of this leg, or whatever its intent is."""
        if self._folder is None:
            return real

        async def asks(ask: Callable[..., Awaitable[object]], *args: object) -> object:
            touch = args[0].touch_id if isinstance(args[0], Intent) else str(args[0])
            return await self._request(_At(leg or _leg_of(args[0]), touch), lambda: ask(*args))

        return cast(Port, _Watched(real, {method: asks}))

    async def _claim(self, claim: Callable[..., Awaitable[Claim]], intent: Intent, claimer: str) -> Claim:
        at = self._known[intent.touch_id] = _At(_leg_of(intent), intent.touch_id)
        await self._reach(Boundary.BEFORE_CLAIM, at)
        found = await claim(intent, claimer)
        if found.fresh:
            await self._reach(Boundary.AFTER_CLAIM, at)
        return found

    async def _settle(self, settle: Callable[..., Awaitable[None]], touch_id: str, state: str, *more: object) -> None:
        at = self._known.pop(touch_id, None) if state == TouchState.SENT else None
        if at is not None:
            await self._reach(Boundary.BEFORE_SETTLE, at)
        await settle(touch_id, state, *more)
        if at is not None:
            await self._reach(Boundary.AFTER_SETTLE, at)

    async def _request(self, at: _At, ask: Callable[[], Awaitable[object]]) -> object:
        await self._reach(Boundary.BEFORE_REQUEST, at)
        if (held := self._took(Boundary.REQUEST_SENT, at)) is not None:
            await self._answer_is_away(held, ask)
        answer = await ask()
        await self._reach(Boundary.AFTER_ACCEPT, at)
        return answer

    async def _answer_is_away(self, held: bool, ask: Callable[[], Awaitable[object]]) -> Never:
        """The request goes, and its answer reaches nobody. That the vendor has it is seen to by whoever writes GO."""
        if held:
            await self._there(SEND)
        asking = asyncio.ensure_future(ask())
        if held:
            await self._there(GO)
        else:
            await asyncio.wait({asking})
        _die()

    async def _reach(self, boundary: Boundary, at: _At) -> None:
        if (held := self._took(boundary, at)) is not None:
            if held:
                await self._there(GO)
            _die()

    def _took(self, boundary: Boundary, at: _At) -> bool | None:
        """Takes an arm for this point, for good, before anything dies; whether it holds. None: there is none.

        What it leaves in TAKEN says which touch it was.
        """
        assert self._folder is not None
        for arm in sorted(self._folder.glob(f"{boundary}.{at.leg}.*")):
            taken = self._folder / TAKEN / arm.name
            try:
                arm.rename(taken)  # one of all who see it gets it
            except FileNotFoundError:
                continue
            held = taken.read_text().strip() == HOLD
            taken.write_text(at.touch_id)
            return held
        return None

    async def _there(self, name: str) -> None:
        assert self._folder is not None
        while not (self._folder / name).exists():  # noqa: ASYNC110 - another process can't set an event
            await asyncio.sleep(AGAIN)


class _Watched:
    """`real`, save for the methods that are watched; each of those is given the real one first."""

    def __init__(self, real: object, watched: dict[str, Callable[..., Awaitable[object]]]) -> None:
        self._real = real
        self._watched = watched

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        found = getattr(self._real, name)
        watch = self._watched.get(name)
        return found if watch is None else lambda *args: watch(found, *args)


def watched(container: Container) -> Container:
    """The same parts, for the activities that make touches, with failpoints where there may be any."""
    points = failpoints_of(container.settings)
    return replace(
        container,
        ledger=points.ledger(container.ledger),
        sms=points.vendor(container.sms, "send"),
        voice=points.vendor(container.voice, "send"),
        chat=points.vendor(container.chat, "post", Leg.CHAT),
        crm=points.vendor(container.crm, "apply", Leg.CRM),
    )


def failpoints_of(settings: Settings) -> Failpoints:
    """Those of an embedded stack that reaches nobody real; none for any other."""
    may_die = settings.embedded and not settings.uses_real_vendors
    return Failpoints(settings.failpoints if may_die else None)


def _leg_of(intent: object) -> Leg:
    assert isinstance(intent, Intent)
    if intent.channel is not Channel.CALL:
        return Leg(intent.channel)
    return Leg.PERSON if LegWords.model_validate_json(intent.body).joins else Leg.REP


def _die() -> Never:
    """SIGKILL: nothing of this process runs any more, no handler, no cleanup."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("outlived SIGKILL")
