"""What a call's workflow asks activities to do, and what it tells its lead. Lives in Temporal history: no personal
data."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field, ValidationError

from domain.calls import CallAct, Party
from domain.decisions import CallPlan
from domain.messages import HANDLE
from domain.orders import Order
from domain.values import Given, Refusal, Stored

WHO = r"^[a-z0-9][a-z0-9_.:-]{0,63}$"
"""A rep's handle, or a system's name."""


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
    succeeds: str | None = None  # as in Leg, and the two after it
    coaches: bool = False
    note_id: str | None = None


class CallStep(CallOrder):
    """Something done to a call that is under way: to these legs, or for a reason."""

    legs: tuple[str, ...] = ()
    because: str = ""
    act: CallAct | None = None


class What(StrEnum):
    """What people of ours may have done to a call that is under way."""

    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    COMPLETE = "complete"
    BARGE = "barge"
    COACH = "coach"
    HANG_UP = "hang_up"


class CallControl(Given):
    """Do this to a call that is under way. `rings` is whose phone does for it; `note_id`
    names the words that go with it, which stay in PostgreSQL."""

    what: What
    by: str = Field(pattern=WHO)
    rings: str | None = Field(default=None, pattern=HANDLE)
    note_id: str | None = Field(default=None, pattern=r"^[0-9a-f]{1,64}$")


class CallAsk(Given):
    """What a person asks of a call. Personal data: `why` is in their own words, said to whoever takes it over."""

    by: str = Field(pattern=WHO, description="Who asks: a rep's handle, or a name")
    to: str | None = Field(default=None, pattern=HANDLE, description="transfer, barge, coach: whose phone is to ring")
    why: str | None = Field(default=None, max_length=500, description="transfer: what they should know before")


class CallAnswer(Stored):
    """What a call answers to that, in one sentence free of personal data."""

    call_id: str
    said: str


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
    acts: tuple[CallAct, ...] = ()
    unsettled: str | None = None  # the touch of the person's phone, where nobody knows whether it rang


def read_taken(raw: object) -> Taken | None:
    """A Taken out of whatever a signal carried; None when it can't be read (handlers must not raise)."""
    try:
        return Taken.model_validate(raw)
    except ValidationError:
        return None
