"""One phone on one call, live: it is rung, answered, told what to do and ended. What happens in between is a program.

A leg is one task. Whoever wants something of it leaves an order: to hang up, or to run another program.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from simulator.ears import Ears
from simulator.lines import LinePersona
from simulator.log import Reached
from simulator.outbox import Letter, Outbox
from simulator.recordings import Tape
from simulator.switch import Switch
from simulator.twilio_calls import Call, Status
from simulator.twilio_conferences import Leaving
from simulator.voice_web import progress_form

Program = Callable[["Leg"], Coroutine[None, None, None]]
_DIALLING = 0.02  # seconds until the other end rings
_PRICED_AFTER = 0.1  # seconds after the end


@dataclass(frozen=True, slots=True)
class Order:
    """What a leg has to do: run `program`, or hang up. `how` is for the log, `reason` for a conference it leaves."""

    how: str
    reason: Leaving = "participant_hung_up"
    program: Program | None = None


class Leg:
    """`run` is its whole life; only this class changes its Call."""

    def __init__(self, switch: Switch, call: Call, line: LinePersona, program: Program) -> None:
        self.switch = switch
        self.call = call
        self.line = line
        self.program = program
        self.orders: asyncio.Queue[Order] = asyncio.Queue()
        self.over = asyncio.Event()
        self.leaving: Leaving = "participant_hung_up"
        self.ending = False
        self.how = "TwiML ended"
        self.dead = False
        self.rung = asyncio.Event()
        self.outbox, self.ears = Outbox(switch.courier), Ears(self)
        self.tapes: list[Tape] = []
        self.answered_at = 0.0
        self._timers: list[asyncio.Task[None] | asyncio.TimerHandle] = []

    @property
    def phone(self) -> str:
        return self.call.phone

    @property
    def picked_up(self) -> bool:
        return self.call.answered is not None

    async def run(self) -> None:
        """From the first ring to the last report."""
        try:
            status = self._call_in() if self.call.direction == "inbound" else await self._reach()
            if status == "completed":
                await self._talk()
            await self._end(status)
        finally:
            for timer in self._timers:
                timer.cancel()

    def tell(self, order: Order) -> None:
        if not self.call.over:
            self.orders.put_nowait(order)

    def hang_up(self, how: str, reason: Leaving = "participant_hung_up") -> None:
        self.tell(Order(how, reason))

    def note(self, kind: str, body: str | None = None, **more: str | bool | None) -> None:
        """A line of the log about the person on this leg. `more`: the other fields of Reached."""
        if self.dead:
            return
        shown = self.call.to if self.call.direction == "inbound" else self.call.sender
        facts = {"to": self.phone, "sender": shown, "vendor_id": self.call.sid, "body": body, **more}
        self.switch.log.add(Reached("twilio", kind, **facts))  # type: ignore[arg-type]  # named by the callers here

    def pick_up(self) -> None:
        """The line is answered: by a person who is called, or by the first verb for a person who calls."""
        if self.picked_up or self.dead:
            return
        self.answered_at = time.monotonic()
        self.move("in-progress", "answered")
        if self.call.direction != "inbound":
            self.note(
                "answered", delivered=not self.line.is_machine, detail="a machine" if self.line.is_machine else None
            )
        if self.line.hangs_up_after is not None:
            self.later(self.line.hangs_up_after, lambda: self.hang_up("the person hung up"))

    def later(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        """Do something if the call lasts so long."""
        timer = asyncio.get_running_loop().call_later(seconds, act)
        self._timers.append(timer)
        return timer

    def beside(self, finding: Coroutine[None, None, str], then: Callable[[str], None]) -> None:
        """Find something out while the call goes on."""

        async def find() -> None:
            then(await finding)

        self._timers.append(asyncio.create_task(find()))

    def move(self, status: Status, event: str) -> None:
        """Another state, reported if that was asked for."""
        if self.dead:
            return
        now = self.switch.clock.real_now()
        change: dict[str, object] = {"status": status, "updated": now}
        change |= {"started": now} if event == "initiated" else {}
        change |= {"answered": now} if event == "answered" else {}
        change |= {"ended": now} if event == "completed" else {}
        self.call = self.switch.calls.save(self.call.model_copy(update=change))
        self.report(event)
        if status != "initiated":
            self.rung.set()

    def learn(self, answered_by: str) -> None:
        """What the detection of machines found out."""
        if not self.dead:
            self.call = self.switch.calls.save(self.call.model_copy(update={"answered_by": answered_by}))

    def report(self, event: str) -> None:
        url, method = self.call.status_callback, self.call.status_method
        if url is None or event not in self.call.events:
            return
        form = progress_form(self.call)
        self.call = self.switch.calls.save(self.call.model_copy(update={"sequence": self.call.sequence + 1}))
        self.write(url, form, method)

    def write(self, url: str, form: dict[str, str], method: str = "POST") -> None:
        """A callback about this call, under the fault that the call was made with."""
        post = self.switch.web.send
        self.outbox.put(Letter(lambda: post(url, form, method), self.call.callbacks, self.call.callbacks_late))

    async def cut_off(self) -> None:
        """End a call that lived when the network went down."""
        if self.call.over:
            self.report("completed")
            await self._settle()
        else:
            await self._end("completed" if self.picked_up else "failed")

    async def _reach(self) -> Status:
        """Dial and ring; "completed" means that somebody or something answered."""
        turn = self.switch.turn() if self.call.direction == "outbound-api" else 0.0
        if await self._told(turn) is not None:
            return "canceled"
        self.move("initiated", "initiated")
        if await self._told(_DIALLING) is not None:
            return "canceled"
        dead_ends: dict[str, Status] = {"busy": "busy", "unreachable": "failed"}
        silent = dead_ends.get(self.line.line)
        detail, callback = self.line.line if silent else None, self.call.status_callback
        self.note("call_leg", delivered=False, detail=detail, callback=callback)
        if silent is not None:
            self.how = self.line.line
            return silent
        self.move("ringing", "ringing")
        return await self._ring()

    async def _ring(self) -> Status:
        picks = None if self.line.line == "no_answer" else self.line.rings_for
        answers = picks is not None and picks < self.call.rings
        if await self._told(picks if answers else self.call.rings) is not None:
            return "canceled"
        self.how = "nobody answered"
        if not answers:
            return "no-answer"
        if self.line.line == "rejects":
            self.how = "the person declined"
            return "busy"
        self.how = "TwiML ended"
        self.pick_up()
        return "completed"

    def _call_in(self) -> Status:
        self.note("inbound_call", to=self.call.to, sender=self.call.sender)
        self.move("ringing", "ringing")
        return "completed"

    async def _told(self, seconds: float | None) -> Order | None:
        """An order that came in time; until then nothing happens."""
        try:
            order = await asyncio.wait_for(self.orders.get(), seconds)
        except TimeoutError:
            return None
        self._take(order)
        return order

    def _take(self, order: Order) -> None:
        self.leaving, self.how, self.ending = order.reason, order.how, order.program is None

    async def _talk(self) -> None:
        """Run the program, and each that takes its place, until one ends or somebody hangs up."""
        limit = self.later(self.call.time_limit, lambda: self.hang_up("the time limit"))
        program: Program | None = self.program
        while program is not None:
            order = await self._work(program)
            program = order.program if order else None
        limit.cancel()

    async def _work(self, program: Program) -> Order | None:
        """The order that broke the program off; None if it came to its end."""
        work, asked = asyncio.create_task(program(self)), asyncio.create_task(self.orders.get())
        try:
            await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                await work
                return None
            order = asked.result()
            self._take(order)
            return order
        finally:
            for task in (work, asked):
                task.cancel()
            await asyncio.gather(work, asked, return_exceptions=True)

    async def _end(self, status: Status) -> None:
        if self.call.direction == "inbound" and not self.picked_up and self.how != "an outage":
            status = "busy" if self.how == "rejected: busy" else "no-answer"
        for tape in self.tapes:
            tape.stop()
        if not self.dead:
            self.call = self.switch.calls.save(self.call.model_copy(update={"ahead": self.ears.ahead}))
        self.move(status, "completed")
        self.ears.close()
        self.over.set()
        await self._settle()

    async def _settle(self) -> None:
        """The last reports, then the price."""
        self.outbox.close()
        await self.outbox.drained()
        await asyncio.sleep(_PRICED_AFTER)
        if not self.dead:
            done = {"price": self.call.cost(), "reported": True}
            self.call = self.switch.calls.save(self.call.model_copy(update=done))
