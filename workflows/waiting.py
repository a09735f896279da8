"""The only place that waits, and the only one that continues as new. One timer at a time: the next deadline."""

from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.lead import Lead
    from domain.reconciling import Sweep


def now(lead: Lead) -> datetime:
    """The lead's own clock: the server's, virtual when time is skipped, plus the stack's offset."""
    return workflow.now() + lead.clock_offset


def cut(sweep: Sweep) -> None:
    """Continues as new once the history is long; a sweep that is over is left to end."""
    if not sweep.is_over and workflow.info().is_continue_as_new_suggested():
        workflow.continue_as_new(sweep)


async def until(happened: Callable[[], bool], left: timedelta | None, carried: Lead | None, summary: str) -> None:
    """Wait until `happened()` or until `left` has passed (None: for ever), whichever comes first.

    Continues as new instead, once the history is long, no handler is at work and the lead may be `carried` over
    (None: an effect is
    under way). It is carried whole, and every stage returns at once when its result is already there.
    """
    suggested = workflow.info().is_continue_as_new_suggested()
    if carried is not None and suggested and workflow.all_handlers_finished():
        workflow.continue_as_new(carried)
    if left is not None and left <= timedelta(0):
        return
    try:
        await workflow.wait_condition(happened, timeout=left, timeout_summary=summary)
    except TimeoutError:
        return


async def moment(happened: Callable[[], bool], at_most: timedelta, summary: str) -> None:
    """Wait until `happened()`, for so long at most: what a call waits for, whose deadlines are seconds."""
    try:
        await workflow.wait_condition(happened, timeout=at_most, timeout_summary=summary)
    except TimeoutError:
        return
