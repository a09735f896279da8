"""What a call's workflow asks activities to do, and what it tells its lead. Lives in Temporal history: no personal
data."""

from datetime import datetime, timedelta

from pydantic import ValidationError

from domain.calls import Party
from domain.decisions import CallPlan
from domain.orders import Order
from domain.values import Refusal, Stored


class CallOrder(Order):
    """Make one call as planned."""

    call_id: str
    plan: CallPlan
    owner: str | None = None
    heard: datetime  # the newest reply the lead knew of, else when it opened; a newer one keeps their phone still


class LegOrder(CallOrder):
    """Ring one phone of a call: a rep's, by handle, or the person's."""

    leg_id: str
    party: Party
    rep: str | None = None


class CallStep(CallOrder):
    """Something done to a call that is under way: to these legs, or for a reason."""

    legs: tuple[str, ...] = ()
    because: str = ""


class Taken(Stored):
    """A rep pressed 1: what a call tells its lead at once."""

    call_id: str
    rep: str


class CallEnded(Stored):
    """How a call went, for its lead. Durations, not moments: a child's clock is its own."""

    result: str  # as in events.Called
    rep: str | None = None
    talk: timedelta = timedelta(0)
    contact: bool = False  # whether it counts as two-way contact
    rang: tuple[str, ...] = ()
    because: str = ""
    refusal: Refusal | None = None
    recording: str | None = None


def read_taken(raw: object) -> Taken | None:
    """A Taken out of whatever a signal carried; None when it can't be read (handlers must not raise)."""
    try:
        return Taken.model_validate(raw)
    except ValidationError:
        return None
