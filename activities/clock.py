"""One rule for "now" in activities: the later of when it was asked and when it runs, in the lead's clock."""

from datetime import UTC, datetime

from temporalio import activity

from domain.orders import Order


def lead_now(order: Order) -> datetime:
    """max(as_of, started_time) in the lead's clock: a touch that queued for hours is judged by its real hour."""
    started = activity.info().started_time.astimezone(UTC) + order.clock_offset
    return max(order.as_of, started)


def claimer() -> str:
    """Who claims a touch: this very attempt, so that an attempt thought dead is fenced when another takes over."""
    info = activity.info()
    return f"{info.workflow_run_id}:{info.activity_id}:{info.attempt}"
