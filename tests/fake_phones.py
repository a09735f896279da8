"""Calls and a phone network in memory: who is rung does what a test says, and the call's row hears, as by callbacks."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce

from domain.abandonment import Abandonment
from domain.call_changes import changed
from domain.call_facts import Abandoned, CallFact, HoldChanged, Joined, Left, LegMoved, Pressed, Recorded, RoomClosed
from domain.call_views import CallView, shown
from domain.calls import Call, LegEnd, LegState, Press
from domain.errors import NotFound, VendorError
from domain.ledger import Intent
from domain.messages import RowRef
from domain.phones import LegWords
from domain.ports import Accepted
from domain.scripts import Script


@dataclass
class FakeCalls:
    """domain.phones.Calls in memory; `told` hears of each change, as a call's workflow does."""

    rows: dict[str, Call] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    notes: dict[tuple[str, str], str] = field(default_factory=dict)
    old: list[str] = field(default_factory=list)  # calls whose recordings are kept no longer
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

    async def called_off(self, row_id: str) -> tuple[Call, ...]:
        return tuple(call for call in self.rows.values() if call.off is not None and call.call_id not in self.ended)

    async def end(self, call_id: str) -> Call:
        self.ended.append(call_id)
        self.rows[call_id] = (await self.read(call_id)).model_copy(update={"over": True})
        return self.rows[call_id]

    async def recorded(self, call_id: str, fact: Recorded) -> tuple[Call, RowRef | None]:
        before = await self.read(call_id)
        call = await self.change(call_id, fact)
        if call == before or call_id not in self.ended:
            return call, None
        return call, RowRef(row_id=f"{call_id}:recording", kind="recording", at=call.asked_at, source=call_id)

    async def view(self, tenant: str, call_id: str) -> CallView | None:
        call = self.rows.get(call_id)
        return shown(call, self._ended(call_id), recording_of) if call is not None and call.tenant == tenant else None

    async def listed(self, tenant: str, lead_id: str | None, live: bool, limit: int) -> tuple[CallView, ...]:
        found = [call for call in self.rows.values() if call.tenant == tenant and lead_id in (None, call.lead_id)]
        chosen = [call for call in reversed(found) if not (live and call.call_id in self.ended)]
        return tuple(shown(call, self._ended(call.call_id), recording_of) for call in chosen)[:limit]

    async def abandonment(self, tenant: str) -> dict[str, Abandonment]:
        return {}

    def _ended(self, call_id: str) -> datetime | None:
        return datetime.now(UTC) if call_id in self.ended else None

    async def note(self, call_id: str, note_id: str) -> str | None:
        return self.notes.get((call_id, note_id))

    async def keep_note(self, call_id: str, note_id: str, words: str) -> None:
        self.notes.setdefault((call_id, note_id), words)

    async def outdated(self, tenant: str, keep: timedelta, limit: int) -> tuple[Call, ...]:
        old = [call for call in self.rows.values() if call.call_id in self.old or not call.may_be_heard]
        return tuple(call for call in old if call.recording is not None and not call.deleted)[:limit]

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
    stays: bool = False  # a person: until somebody hangs up
    end: LegEnd | None = LegEnd.NO_ANSWER
    after: float = 0.0
    listens: float = 0.0  # a rep: real seconds between picking up and pressing
    by: str | None = None  # what the vendor takes who answered for
    hears_after: float = 0.0  # real seconds until it says so
    records: bool = False  # the recording is there while they talk


TAKES = Line(takes=True)
PASSES = Line(passes=True)
MISSES = Line()
RINGS_ON = Line(end=None)


def recording_of(recording_id: str) -> str:
    """Where a recording can be listened to."""
    return f"https://recordings.example.com/{recording_id}"


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
    mute: VendorError | None = None  # raised by announcements
    staying: set[str] = field(default_factory=set)  # legs whose going doesn't end the conference
    waits: list[tuple[str, bool]] = field(default_factory=list)  # (whose phone, put on hold or taken off)
    deleted: list[str] = field(default_factory=list)
    rung_before_press: list[str] = field(default_factory=list)  # people's phones that rang when the first rep pressed
    reps: set[str] = field(default_factory=set)
    _acts: list[asyncio.Task[None]] = field(default_factory=list)
    _phones: dict[str, tuple[str, str]] = field(default_factory=dict)  # vendor id -> (call, leg)

    async def send(self, intent: Intent) -> Accepted:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        self.rung.append((intent.lead_now, intent.recipient))
        vendor_id = f"CA{len(self.rung):032d}"
        words = LegWords.model_validate_json(intent.body)
        self.reps |= set() if words.person else {intent.recipient}
        self.numbers[vendor_id] = intent.recipient
        self.found[intent.touch_id], self._phones[vendor_id] = vendor_id, (words.call_id, intent.touch_id)
        act = self._person if words.joins else self._asks if words.person else self._rep
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
        call_id, leg_id = self._phones[vendor_id]
        ended = (RoomClosed(at=datetime.now(UTC)),) if leg_id not in self.staying else ()
        await self.calls.callback(call_id, Left(leg_id=leg_id, at=datetime.now(UTC)), *ended)
        self._acts.append(asyncio.create_task(self._hears_out(vendor_id)))

    async def _hears_out(self, vendor_id: str) -> None:
        """Whoever was taken out of the conference to hear something hangs up after it."""
        await asyncio.sleep(0.3)
        if vendor_id not in self.hung_up:
            await self._over(*self._phones[vendor_id], LegEnd.COMPLETED)

    async def announce(self, room: str, path: str) -> None:
        if self.mute is not None:
            raise self.mute
        self.said.append((room, path.rpartition("what=")[2]))

    async def tell(self, room: str, vendor_id: str, path: str) -> None:
        self.said.append((vendor_id, path.rpartition("what=")[2]))

    async def ends(self, room: str, vendor_id: str, ends: bool) -> None:
        (self.staying.discard if ends else self.staying.add)(self._phones[vendor_id][1])

    async def hold(self, room: str, vendor_id: str, path: str | None) -> None:
        call_id, leg_id = self._phones[vendor_id]
        self.waits.append((self.numbers[vendor_id], path is not None))
        await self.calls.callback(call_id, HoldChanged(leg_id=leg_id, held=path is not None, at=datetime.now(UTC)))

    async def delete_recording(self, recording_id: str) -> None:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        self.deleted.append(recording_id)

    async def _rep(self, call_id: str, leg_id: str, line: Line) -> None:
        await asyncio.sleep(line.after)
        if line.takes or line.passes:
            moved = LegMoved(leg_id=leg_id, state=LegState.ANSWERED)
            if line.listens:
                await self.calls.callback(call_id, moved)
                await asyncio.sleep(line.listens)
            self.rung_before_press = self.rung_before_press or [
                phone for _, phone in self.rung if phone not in self.reps
            ]
            call = await self.calls.callback(call_id, moved, Pressed(leg_id=leg_id, takes=line.takes))
            leg = call.leg(leg_id)
            joins = leg is not None and leg.press is Press.TOOK and call.off is None
            if joins and leg is not None and not leg.is_first_rung:
                self.staying.add(leg_id)
            if joins:
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
        if line.talks is None and not line.machine and not line.stays:
            if line.end is not None:
                await self._over(call_id, leg_id, line.end)
            return
        answered, joined = (
            LegMoved(leg_id=leg_id, state=LegState.ANSWERED),
            Joined(leg_id=leg_id, at=now, room=f"CF{call_id}"),
        )
        await self.calls.callback(call_id, answered, joined)
        if line.records:
            await self.calls.callback(call_id, Recorded(recording=f"RE{call_id}", length=line.talks))
        await asyncio.sleep(line.hears_after)  # what answered is told apart while they are together already
        by = line.by or ("machine_end_beep" if line.machine else "human")
        await self.calls.callback(call_id, answered.model_copy(update={"answered_by": by}))
        if line.talks is not None:
            await self._over(call_id, leg_id, LegEnd.COMPLETED, now + line.talks)

    async def _asks(self, call_id: str, leg_id: str, line: Line) -> None:
        """The person's phone, rung before a rep was there: what our desk does with who picks up."""
        await asyncio.sleep(line.after)
        if line.talks is None and not line.stays:
            if line.end is not None:
                await self._over(call_id, leg_id, line.end)
            return
        call = await self.calls.callback(call_id, LegMoved(leg_id=leg_id, state=LegState.ANSWERED))
        if not call.is_going_on:
            await asyncio.sleep(0.3)
            call = await self.calls.callback(call_id, Abandoned())
        now = datetime.now(UTC)
        if call.is_going_on:
            await self.calls.callback(call_id, Joined(leg_id=leg_id, at=now, room=f"CF{call_id}"))
            while not (await self.calls.read(call_id)).met:
                await asyncio.sleep(0.02)
        if line.talks is not None or not call.is_going_on:
            await self._over(call_id, leg_id, LegEnd.COMPLETED, now + (line.talks or timedelta(0)))

    async def _over(self, call_id: str, leg_id: str, end: LegEnd, at: datetime | None = None) -> None:
        """The phone is down; the conference ends with whoever was in it."""
        moved, moment = LegMoved(leg_id=leg_id, state=LegState.ENDED, end=end), at or datetime.now(UTC)
        leg = (await self.calls.read(call_id)).leg(leg_id)
        was_in = leg is not None and leg.joined_at is not None
        left: tuple[CallFact, ...] = (Left(leg_id=leg_id, at=moment),) if was_in else ()
        ends = was_in and leg_id not in self.staying
        call = await self.calls.callback(call_id, moved, *left, *((RoomClosed(at=moment),) if ends else ()))
        for other in call.legs if ends else ():
            if not other.is_over and other.joined_at is not None:
                await self.calls.callback(
                    call_id, LegMoved(leg_id=other.leg_id, state=LegState.ENDED, end=LegEnd.COMPLETED)
                )
