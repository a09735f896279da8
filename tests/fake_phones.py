"""Calls and a phone network in memory: who is rung does what a test says, and the call's row hears, as by callbacks."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce

from domain.call_facts import CallFact, Joined, Left, LegMoved, Pressed, RoomClosed, changed
from domain.calls import Call, LegEnd, LegState, Party
from domain.errors import NotFound
from domain.ledger import Intent
from domain.phones import LegWords
from domain.ports import Accepted
from domain.scripts import Script


@dataclass
class FakeCalls:
    """domain.phones.Calls in memory; `told` hears of each change, as a call's workflow does."""

    rows: dict[str, Call] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    told: Callable[[Call], Awaitable[None]] | None = None

    async def begin(self, call: Call, person_id: str | None = None) -> Call:
        return self.rows.setdefault(call.call_id, call)

    async def read(self, call_id: str) -> Call:
        if call_id not in self.rows:
            raise NotFound(f"There is no call {call_id}.")
        return self.rows[call_id]

    async def change(self, call_id: str, *facts: CallFact) -> Call:
        before = await self.read(call_id)
        self.rows[call_id] = reduce(changed, facts, before)
        return self.rows[call_id]

    async def end(self, call_id: str) -> Call:
        self.ended.append(call_id)
        return await self.read(call_id)

    async def callback(self, call_id: str, *facts: CallFact) -> Call:
        """What the API does with the network's word."""
        call = await self.change(call_id, *facts)
        if self.told is not None:
            await self.told(call)
        return call


@dataclass(frozen=True)
class Line:
    """What happens when a phone is rung. Of a rep: `takes`, `passes`, or how it ends; of the person: `talks` so long,
    or how it ends. `after`: real seconds of ringing."""

    takes: bool = False
    passes: bool = False
    answers: bool = False
    talks: timedelta | None = None
    machine: bool = False
    end: LegEnd | None = LegEnd.NO_ANSWER
    after: float = 0.0


TAKES = Line(takes=True)
PASSES = Line(passes=True)
MISSES = Line()
RINGS_ON = Line(end=None)


@dataclass
class FakeVoice:
    """domain.phones.Voice: phones by their numbers. Unknown phones are not answered."""

    calls: FakeCalls = field(default_factory=FakeCalls)
    lines: dict[str, Line] = field(default_factory=dict)
    rung: list[tuple[datetime, str]] = field(default_factory=list)  # (the lead's clock, whose phone)
    hung_up: list[str] = field(default_factory=list)
    silenced: list[str] = field(default_factory=list)  # whose phones were stopped while they rang
    numbers: dict[str, str] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)  # (room or leg, what)
    troubles: list[Exception | None] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    sender: str = "+15125550100"
    deadline: timedelta = timedelta(milliseconds=50)
    _acts: list[asyncio.Task[None]] = field(default_factory=list)
    _phones: dict[str, tuple[str, str]] = field(default_factory=dict)  # vendor id -> (call, leg)

    async def send(self, intent: Intent) -> Accepted:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        self.rung.append((intent.lead_now, intent.recipient))
        vendor_id = f"CA{len(self.rung):032d}"
        words = LegWords.model_validate_json(intent.body)
        self.numbers[vendor_id] = intent.recipient
        self.found[intent.touch_id], self._phones[vendor_id] = vendor_id, (words.call_id, intent.touch_id)
        act = self._person if words.joins else self._rep
        line = self.lines.get(intent.recipient, MISSES)
        self._acts.append(asyncio.create_task(act(words.call_id, intent.touch_id, line)))
        return Accepted(vendor_id=vendor_id)

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        found = self.found.get(intent.touch_id)
        return (Accepted(vendor_id=found),) if found else ()

    async def state(self, leg_id: str, vendor_id: str) -> LegMoved | None:
        return None

    async def present(self, room: str) -> tuple[Joined, ...]:
        return ()

    async def hang_up(self, vendor_id: str) -> None:
        self.hung_up.append(vendor_id)
        call_id, leg_id = self._phones[vendor_id]
        leg = (await self.calls.read(call_id)).leg(leg_id)
        if leg is not None and not leg.is_over:
            end = LegEnd.COMPLETED if leg.state is LegState.ANSWERED else LegEnd.CANCELED
            if end is LegEnd.CANCELED:
                self.silenced.append(self.numbers[vendor_id])
            await self._over(call_id, leg_id, end)

    async def say(self, vendor_id: str, script: Script) -> None:
        self.said.append((vendor_id, " ".join(getattr(verb, "words", "") for verb in script).strip()))
        await self.hang_up(vendor_id)

    async def announce(self, room: str, path: str) -> None:
        self.said.append((room, path.rpartition("what=")[2]))

    async def _rep(self, call_id: str, leg_id: str, line: Line) -> None:
        await asyncio.sleep(line.after)
        if line.takes or line.passes:
            moved = LegMoved(leg_id=leg_id, state=LegState.ANSWERED)
            call = await self.calls.callback(call_id, moved, Pressed(leg_id=leg_id, takes=line.takes))
            if line.takes and call.taken_by == leg_id and call.off is None:
                await self.calls.callback(call_id, Joined(leg_id=leg_id, at=datetime.now(UTC), room=f"CF{call_id}"))
            else:
                await self._over(call_id, leg_id, LegEnd.COMPLETED)
        elif line.answers:
            await self.calls.callback(call_id, LegMoved(leg_id=leg_id, state=LegState.ANSWERED))
        elif line.end is not None:
            await self._over(call_id, leg_id, line.end)

    async def _person(self, call_id: str, leg_id: str, line: Line) -> None:
        await asyncio.sleep(line.after)
        now = datetime.now(UTC)
        if line.talks is None and not line.machine:
            if line.end is not None:
                await self._over(call_id, leg_id, line.end)
            return
        by = "machine_end_beep" if line.machine else "human"
        await self.calls.callback(
            call_id,
            LegMoved(leg_id=leg_id, state=LegState.ANSWERED, answered_by=by),
            Joined(leg_id=leg_id, at=now, room=f"CF{call_id}"),
        )
        if line.talks is not None:
            await self._over(call_id, leg_id, LegEnd.COMPLETED, now + line.talks)

    async def _over(self, call_id: str, leg_id: str, end: LegEnd, at: datetime | None = None) -> None:
        """The phone is down; the conference ends with whoever was in it."""
        moved, moment = LegMoved(leg_id=leg_id, state=LegState.ENDED, end=end), at or datetime.now(UTC)
        leg = (await self.calls.read(call_id)).leg(leg_id)
        was_in = leg is not None and leg.joined_at is not None
        left = (Left(leg_id=leg_id, at=moment), RoomClosed(at=moment)) if was_in else ()
        call = await self.calls.callback(call_id, moved, *left)
        for other in call.legs if was_in else ():
            if other.party is not Party.MANAGER and not other.is_over and other.joined_at is not None:
                await self.calls.callback(
                    call_id, LegMoved(leg_id=other.leg_id, state=LegState.ENDED, end=LegEnd.COMPLETED)
                )
