"""Calls as people see them: who is on the phone, how it stands, where its recording is. Pure; no personal data."""

from collections.abc import Callable
from datetime import datetime, timedelta

from domain.calls import Call, CallAct, Leg, LegState
from domain.values import Stored

Address = Callable[[str], str]
"""The vendor's address of a recording, by its id."""


class LegView(Stored):
    """One phone of a call."""

    party: str  # rep | lead | manager
    rep: str | None
    stands: str  # rings | answered | talks | held | coaches | over
    end: str | None


class CallView(Stored):
    """A call. `recording` is the vendor's own address, None where there is nothing to listen to."""

    call_id: str
    lead_id: str
    asked_at: datetime  # the lead's clock
    stands: str  # rings | waits | talks | over
    rep: str | None  # who has it
    off: str | None  # why nobody is connected
    met: bool
    talk: timedelta
    recording: str | None
    legs: tuple[LegView, ...]
    acts: tuple[CallAct, ...]


def shown(call: Call, ended_at: datetime | None, address: Address | None) -> CallView:
    """The call as it stands; `ended_at` is when its row was closed."""
    heard = call.recording if call.may_be_heard else None
    return CallView(
        call_id=call.call_id,
        lead_id=call.lead_id,
        asked_at=call.asked_at,
        stands=_stands(call, ended_at),
        rep=call.taker.rep if call.taker is not None else None,
        off=call.off,
        met=call.met,
        talk=call.talk,
        recording=address(heard) if heard is not None and address is not None else None,
        legs=tuple(_leg(leg) for leg in call.legs),
        acts=call.acts,
    )


def _stands(call: Call, ended_at: datetime | None) -> str:
    if ended_at is not None or call.room_closed:
        return "over"
    if call.met:
        return "talks"
    return "rings" if call.taken_by is None else "waits"


def _leg(leg: Leg) -> LegView:
    return LegView(party=leg.party, rep=leg.rep, stands=_of_leg(leg), end=leg.end)


def _of_leg(leg: Leg) -> str:
    if leg.is_over or leg.left_at is not None:
        return "over"
    if leg.is_in:
        return "held" if leg.held else "coaches" if leg.coaches else "talks"
    return "answered" if leg.state is LegState.ANSWERED else "rings"
