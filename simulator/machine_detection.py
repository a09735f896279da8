"""Answering machine detection: who picked up, found out while the call waits (sync) or beside it (async)."""

import asyncio
import time
from dataclasses import dataclass
from typing import Literal

from simulator.leg import Leg

_FAST = 0.1  # seconds to tell a person or a machine; Twilio takes some two to four, calls here are quicker


@dataclass(frozen=True, slots=True)
class Detection:
    """What was asked for; `callback` only if it runs beside the call. `patience` in seconds."""

    mode: Literal["Enable", "DetectMessageEnd"]
    patience: float = 30.0
    beside: bool = False
    callback: str | None = None
    method: str = "POST"


async def detect(leg: Leg, wanted: Detection) -> str:
    """AnsweredBy: a person soon, a machine soon or, with DetectMessageEnd, at its beep."""
    seconds, found = _FAST, "human"
    if leg.line.is_machine:
        ends = wanted.mode == "DetectMessageEnd"
        seconds, found = (leg.line.greeting, "machine_end_beep") if ends else (_FAST, "machine_start")
    if seconds > wanted.patience:
        seconds, found = wanted.patience, "unknown"
    await asyncio.sleep(max(leg.answered_at + seconds - time.monotonic(), 0.0))
    leg.learn(found)
    return found


def detect_beside(leg: Leg, wanted: Detection) -> None:
    """Start it; who asked is told, unless the call ends first."""

    def told(found: str) -> None:
        if wanted.callback and not leg.dead:
            lasted = round((time.monotonic() - leg.answered_at) * 1000)
            form = {"CallSid": leg.call.sid, "AccountSid": leg.call.account, "AnsweredBy": found}
            leg.write(wanted.callback, form | {"MachineDetectionDuration": str(lasted)}, wanted.method)

    leg.beside(detect(leg, wanted), told)
