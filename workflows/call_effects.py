"""One short method per activity of a call: queue, time limits, retries and summary are chosen here, as in
effects.py."""

from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.phone_calls import PhoneCalls, key_of, leg_id
    from activities.phone_controls import PhoneControls
    from activities.recordings import Recordings
    from domain.call_orders import CallOrder, CallStep, LegOrder
    from domain.calls import Call, CallAct, Party
    from domain.orders import Touched
    from domain.reconciling import Sweep
    from workflows import names

RING_TRY = timedelta(minutes=3)
"""One attempt to place a leg, reconciling included."""

HEARTBEAT = timedelta(seconds=4)
STEP_TRY = timedelta(seconds=20)
STEP_IN_ALL = timedelta(minutes=2)
PAGE_TRY, PAGE_IN_ALL = timedelta(minutes=10), timedelta(minutes=30)
MOST_PAGES = 100
"""Of recordings, in one night."""

RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5))


def leg(order: CallOrder, party: Party, who: str, as_of: datetime) -> LegOrder:
    """The order for one phone of the call, under a ledger key of its own."""
    about = {"key": key_of(order, who), "leg_id": leg_id(order, who), "as_of": as_of, "party": party}
    return LegOrder(**{**order.model_dump(), **about, "rep": who if party is Party.REP else None})


def further(order: CallOrder, party: Party, who: str, number: int, as_of: datetime) -> LegOrder:
    """The order for the phone of somebody who joins a call that goes on: `number` tells it from others to them."""
    name = f"{party}-{number}:{who}"
    about = {"key": key_of(order, name), "leg_id": leg_id(order, name), "as_of": as_of, "party": party, "rep": who}
    return LegOrder(**{**order.model_dump(), **about})


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


async def dismiss(order: CallOrder, legs: tuple[str, ...], why: str, as_of: datetime) -> Call | None:
    """A rep who waits hears how it ended, and is let go."""
    return await _step(PhoneCalls.dismiss, _at(order, as_of, legs, why), f"say how it ended: {why}")


async def note(order: CallOrder, act: CallAct, as_of: datetime) -> Call | None:
    """Who had what done, on the row."""
    step = _at(order, as_of).model_copy(update={"act": act})
    return await _step(PhoneControls.note, step, f"{act.what} by {act.by}")


async def hold(order: CallOrder, legs: tuple[str, ...], is_on: bool, as_of: datetime) -> Call | None:
    """These phones wait, or are back."""
    return await _step(PhoneControls.hold, _at(order, as_of, legs, _switch(is_on)), f"hold {_switch(is_on)}")


async def ends(order: CallOrder, legs: tuple[str, ...], is_on: bool, as_of: datetime) -> Call | None:
    """Whether the conference is over when these phones go."""
    return await _step(PhoneControls.ends, _at(order, as_of, legs, _switch(is_on)), f"ends with them: {_switch(is_on)}")


async def tell(order: CallOrder, legs: tuple[str, ...], what: str, as_of: datetime) -> Call | None:
    """Says something to these phones alone."""
    return await _step(PhoneControls.tell, _at(order, as_of, legs, what), f"tell: {what}")


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


async def delete_recordings(sweep: Sweep) -> None:
    """Old recordings, page after page. What can't be deleted tonight has another night."""
    for page in range(MOST_PAGES):
        try:
            gone = await workflow.execute_activity_method(
                Recordings.delete,
                sweep,
                task_queue=names.RECONCILE,
                start_to_close_timeout=PAGE_TRY,
                schedule_to_close_timeout=PAGE_IN_ALL,
                heartbeat_timeout=timedelta(seconds=30),
                retry_policy=RETRIES,
                summary=f"delete old recordings, page {page + 1}",
            )
        except ActivityError:
            return
        if gone == 0:
            return


def _switch(is_on: bool) -> str:
    return "on" if is_on else "off"


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
