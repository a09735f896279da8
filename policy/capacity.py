"""Capacity as a gate (R8): whether anybody can take a lead before its SLA runs out. It chooses nothing."""

from collections.abc import Sequence
from datetime import datetime

from domain.facts import Facts
from domain.values import Motion
from policy import assign, marks
from policy.assign import Search
from policy.loaded import LoadedPolicy
from policy.routing import Fallback

NONE_WITHIN_SLA = "capacity/none_within_sla"
"""The rule's name, in traces and rules."""

_CALLS = (Motion.LIVE_TRANSFER, Motion.WHISPER_CALL)
_MANUAL = (*_CALLS, Motion.HUMAN_TASK)


def due(loaded: LoadedPolicy, now: datetime, taken: Fallback) -> datetime | None:
    """When the SLA of a route that needs capacity runs out, in the business's own time; None for any other route."""
    needed = loaded.policy.sla[taken.sla or "task"]
    if not taken.needs_capacity or needed.due is None:
        return None
    clock = loaded.clock()
    return marks.moments(clock, clock.next_open(now) or now, needed)[needed.due]


def why_none(facts: Facts, loaded: LoadedPolicy, now: datetime, taken: Fallback) -> str | None:
    """Why the route's manual motions are shut: nobody who fits is free, or back on shift with room, by its due moment.
    None where somebody is, or where the route doesn't ask."""
    by = due(loaded, now, taken)
    if by is None or assign.has_taker(Search(facts, loaded, now), by):
        return None
    return f"nobody who could take it is free before the SLA runs out at {by.isoformat()}"


def automated(taken: Fallback, listed: Sequence[Motion]) -> tuple[Motion, ...]:
    """What is left of a route's motions while they are shut. A raised hand is never put to rest for want of a rep."""
    is_hand_raise = taken.open[0] in _CALLS
    shut = (*_MANUAL, Motion.NURTURE) if is_hand_raise else _MANUAL
    return tuple(motion for motion in listed if motion not in shut)
