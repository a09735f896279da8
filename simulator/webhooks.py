"""What a callbacks fault does to one webhook of Slack or HubSpot: lost, late or doubled. Order needs more than one."""

import asyncio
from collections.abc import Awaitable, Callable

from simulator.courier import Answer
from simulator.faults import Fault

_LATE = 5.0  # seconds of real time unless the fault says otherwise


async def send_with_faults(fault: Fault | None, post: Callable[[], Awaitable[Answer]]) -> Answer:
    """Post as the fault says; a dropped webhook has no answer."""
    plan = fault.callbacks if fault else None
    if plan == "drop":
        return Answer(None, "dropped by a fault")
    if plan == "late" and fault is not None:
        await asyncio.sleep(fault.seconds or _LATE)
    answer = await post()
    return await post() if plan == "duplicate" else answer
