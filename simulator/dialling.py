"""TwiML's Dial to phone numbers: all ring at once, the first who answers and listens to the end is connected."""

import asyncio
from collections.abc import Awaitable, Callable

from simulator.leg import Leg
from simulator.recordings import Tape
from simulator.sounds import Source
from simulator.switch import Switch
from simulator.tapes import record_leg
from simulator.twilio_calls import Call, new_call_sid
from simulator.twiml_verbs import Dial, Number

Run = Callable[[Leg, Source], Awaitable[bool]]
_FAILURES = ("no-answer", "busy", "canceled", "failed")  # what Dial says if none was reached, the likeliest first


class Hunt:
    """One Dial: who rings for whom, and who has won."""

    def __init__(self, switch: Switch, run: Run, parent: Leg, dial: Dial) -> None:
        self._switch = switch
        self._run = run
        self._parent = parent
        self._dial = dial
        self._children: list[Leg] = []
        self._won = asyncio.Event()
        self._over = asyncio.Event()
        self._tape: Tape | None = None
        self.winner: Leg | None = None

    async def run(self) -> dict[str, str]:
        """The form for Dial's action."""
        for number in self._dial.numbers:
            self._ring(number)
        try:
            await first_of(self._won, self._children)
            if self.winner is not None:
                await self._connected(self.winner)
        finally:
            self._over.set()
            for child in self._children:
                child.hang_up("the other side hung up")
        await all_over(self._children)
        return self._result()

    def _ring(self, number: Number) -> None:
        parent, now = self._parent.call, self._switch.clock.real_now()
        call = Call(
            sid=new_call_sid(),
            account=parent.account,
            sender=self._dial.caller_id or parent.sender,
            to=number.number,
            direction="outbound-dial",
            created=now,
            updated=now,
            parent=parent.sid,
            rings=self._dial.timeout,
            status_callback=number.callback,
            status_method=number.callback_method,
            events=number.events,
            callbacks=parent.callbacks,
            callbacks_late=parent.callbacks_late,
        )
        person = self._switch.lines.meets_call(number.number)

        async def answered(child: Leg) -> None:
            await self._answered(child, number)

        child = Leg(self._switch, self._switch.calls.save(call), person, answered)
        self._children.append(child)
        self._switch.start(child)

    async def _answered(self, child: Leg, number: Number) -> None:
        """The whisper is for this phone alone; whoever hangs up in it isn't connected."""
        if number.url and not await self._run(child, Source(number.url, number.method)):
            return
        if self.winner is not None or self._over.is_set():
            child.how = "somebody else answered first"
            return
        self.winner = child
        self._won.set()
        await self._over.wait()

    async def _connected(self, winner: Leg) -> None:
        """Until either side hangs up."""
        pair = (self._parent, winner)
        for other in [child for child in self._children if child is not winner]:
            other.hang_up("somebody else answered first")
        self._parent.pick_up()
        if self._dial.recorded.wanted:
            self._tape = record_leg(self._parent, "DialVerb", self._dial.recorded)
        for one, other in (pair, pair[::-1]):
            one.note("bridged", delivered=not one.line.is_machine, detail=other.phone)
            one.ears.together(not other.line.is_machine)
        try:
            await self._parted(winner)
        finally:
            for one in pair:
                one.ears.together(with_somebody=False)
            if self._tape is not None and not self._parent.dead:
                self._tape.stop()

    async def _parted(self, winner: Leg) -> None:
        keys = self._parent.ears.listen_quietly() if self._dial.hangup_on_star else None
        gone = asyncio.create_task(winner.over.wait())
        star = asyncio.create_task(_star(keys)) if keys is not None else gone
        try:
            await asyncio.wait({gone, star}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            star.cancel()
            if keys is not None:
                self._parent.ears.stop_listening()

    def _result(self) -> dict[str, str]:
        winner = self.winner
        if winner is not None:
            form = {
                "DialCallStatus": "completed",
                "DialCallSid": winner.call.sid,
                "DialCallDuration": str(winner.call.seconds),
                "DialBridged": "true",
            }
            tape = self._tape
            if tape is None:
                return form
            made = tape.recording
            seconds = str(made.seconds)
            return form | {"RecordingSid": made.sid, "RecordingUrl": made.url, "RecordingDuration": seconds}
        ended: dict[str, str] = {child.call.status: child.call.sid for child in reversed(self._children)}
        status = next((each for each in _FAILURES if each in ended), "no-answer")
        return {"DialCallStatus": status, "DialCallSid": ended.get(status, ""), "DialBridged": "false"}


async def _star(keys: asyncio.Queue[str]) -> None:
    while await keys.get() != "*":
        pass


async def all_over(legs: list[Leg]) -> None:
    for leg in legs:
        await leg.over.wait()


async def first_of(won: asyncio.Event, legs: list[Leg]) -> None:
    """Returns once the event is set or all legs have ended."""
    waits = [asyncio.create_task(won.wait()), asyncio.create_task(all_over(legs))]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
