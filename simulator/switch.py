"""What a live call is wired to, and which calls are live. It moves none of them."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.clock import EmbeddedClock
from simulator.courier import Courier
from simulator.faults import Faults
from simulator.lines import Lines
from simulator.log import DeliveryLog
from simulator.recordings import Recordings
from simulator.settings import SimSettings
from simulator.twilio_calls import Calls
from simulator.voice_web import VoiceWeb

if TYPE_CHECKING:
    from simulator.leg import Leg


@dataclass(frozen=True, slots=True)
class Switch:
    """The parts around every leg, and the legs by the SID of their call."""

    settings: SimSettings
    clock: EmbeddedClock
    log: DeliveryLog
    courier: Courier
    faults: Faults
    lines: Lines
    web: VoiceWeb
    calls: Calls
    recordings: Recordings
    legs: dict[str, "Leg"] = field(default_factory=dict)
    turns: deque[float] = field(default_factory=lambda: deque(maxlen=1))

    def turn(self) -> float:
        """Seconds until the next call asked for by REST may be dialled; takes that turn."""
        pace, now = self.settings.sim_calls_per_second, time.monotonic()
        if not pace:
            return 0.0
        mine = max(now, self.turns[-1] + 1 / pace if self.turns else now)
        self.turns.append(mine)
        return mine - now

    def start(self, leg: "Leg") -> None:
        """Let a leg live, counted as in flight until it and its reports have ended."""
        self.legs[leg.call.sid] = leg

        async def live() -> None:
            try:
                await leg.run()
            finally:
                self.legs.pop(leg.call.sid, None)

        self.courier.spawn(live())

    def on_phone(self, phone: str) -> "Leg | None":
        """The newest live call of a person."""
        return next((leg for leg in reversed(self.legs.values()) if leg.phone == phone), None)
