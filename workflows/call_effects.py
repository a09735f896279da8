"""One short method per activity of a call: queue, time limits, retries and summary are chosen here, as in
effects.py."""

from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.phone_calls import PhoneCalls, key_of, leg_id
    from domain.call_orders import CallOrder, CallStep, LegOrder
    from domain.calls import Call, Party
    from domain.orders import Touched
    from workflows import names

RING_TRY = timedelta(minutes=3)
"""One attempt to place a leg, reconciling included."""

HEARTBEAT = timedelta(seconds=4)
STEP_TRY = timedelta(seconds=20)
STEP_IN_ALL = timedelta(minutes=2)
RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5))


def leg(order: CallOrder, party: Party, who: str, as_of: datetime) -> LegOrder:
    """The order for one phone of the call, under a ledger key of its own."""
    about = {"key": key_of(order, who), "leg_id": leg_id(order, who), "as_of": as_of, "party": party}
    return LegOrder(**{**order.model_dump(), **about, "rep": who if party is Party.REP else None})


async def begin(order: CallOrder) -> Call:
    """The call's row, made."""
    return await workflow.execute_activity_method(
        PhoneCalls.begin,
        order,
        start_to_close_timeout=STEP_TRY,
        retry_policy=RETRIES,
        summary=f"call: begin ({', '.join(order.plan.reps)})",
    )


async def place(order: LegOrder) -> Touched:
    """Ring one phone; guarded and effectively once."""
    try:
        return await workflow.execute_activity_method(
            PhoneCalls.place,
            order,
            task_queue=names.VOICE,
            start_to_close_timeout=RING_TRY,
            schedule_to_close_timeout=RING_TRY,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=RETRIES,
            summary=f"ring: {order.rep or 'the person'}",
        )
    except ActivityError:
        return Touched(result="unknown", at=order.as_of, because="voice unavailable")


async def look(order: CallOrder, as_of: datetime) -> Call | None:
    """The row as it stands, after the vendor was asked of phones that nothing was heard of; None when neither
    answers."""
    return await _step(PhoneCalls.look, _at(order, as_of), "look at the call")


async def hang_up(order: CallOrder, legs: tuple[str, ...], as_of: datetime) -> Call | None:
    """These legs, over. Of one that is over already nothing happens."""
    return await _step(PhoneCalls.hang_up, _at(order, as_of, legs), f"hang up {len(legs)}")


async def call_off(order: CallOrder, because: str, as_of: datetime) -> Call | None:
    """Nobody is connected from now on, unless they are."""
    return await _step(PhoneCalls.call_off, _at(order, as_of, because=because), f"call off: {because}")


async def announce(order: CallOrder, what: str, as_of: datetime) -> Call | None:
    """Says something to all in the conference."""
    return await _step(PhoneCalls.announce, _at(order, as_of, because=what), f"announce: {what}")


async def leave_message(order: CallOrder, legs: tuple[str, ...], as_of: datetime) -> Call | None:
    """The policy's words on the person's voicemail."""
    return await _step(PhoneCalls.leave_message, _at(order, as_of, legs), "leave words on the voicemail")


async def end(order: CallOrder, as_of: datetime) -> Call:
    """The row closed, and read for the last time."""
    return await workflow.execute_activity_method(
        PhoneCalls.end,
        _at(order, as_of),
        start_to_close_timeout=STEP_TRY,
        retry_policy=RETRIES,
        summary="call: end",
    )


def _at(order: CallOrder, as_of: datetime, legs: tuple[str, ...] = (), because: str = "") -> CallStep:
    fields = order.model_dump()
    return CallStep(**{**fields, "as_of": as_of, "legs": legs, "because": because})


async def _step(method: Any, step: CallStep, summary: str) -> Call | None:  # noqa: ANN401 - a method of the activity class
    try:
        found: Call = await workflow.execute_activity_method(
            method,
            step,
            task_queue=names.VOICE,
            start_to_close_timeout=STEP_TRY,
            schedule_to_close_timeout=STEP_IN_ALL,
            retry_policy=RETRIES,
            summary=summary,
        )
    except ActivityError:
        return None
    return found
