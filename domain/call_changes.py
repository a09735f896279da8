"""A running call after what happened to it. Pure and total; a change only adds, so that callbacks may come twice, late
and in any order (decision 0024)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain.call_facts import (
    Abandoned,
    Acted,
    Announced,
    CalledOff,
    CallFact,
    Chosen,
    HoldChanged,
    Joined,
    Left,
    LegMoved,
    LegPlanned,
    Missed,
    Pressed,
    Recorded,
    RecordingDeleted,
    RoomClosed,
    Told,
)
from domain.calls import RANK, Call, Leg, LegState, Party, Press


def changed(call: Call, fact: CallFact) -> Call:
    """The call after the fact; itself when the fact says nothing new."""
    after = _settled(_FOLD[type(fact)](call, fact))
    return call if after == call else after.model_copy(update={"version": call.version + 1})


def _with_leg(call: Call, leg: Leg | None, **changes: Any) -> Call:  # noqa: ANN401 - model_copy takes any field's value
    if leg is None:
        return call
    after = leg.model_copy(update=changes)
    return call.model_copy(update={"legs": tuple(after if each is leg else each for each in call.legs)})


def _planned(call: Call, fact: LegPlanned) -> Call:
    if call.leg(fact.leg.leg_id) is not None:
        return call
    return call.model_copy(update={"legs": (*call.legs, fact.leg)})


def _moved(call: Call, fact: LegMoved) -> Call:
    leg = call.leg(fact.leg_id)
    if leg is None:
        return call
    state = max(leg.state, fact.state, key=RANK.index)
    return _with_leg(
        call,
        leg,
        state=state,
        end=leg.end or fact.end,
        vendor_id=leg.vendor_id or fact.vendor_id,
        answered_by=leg.answered_by or fact.answered_by,
        ended_at=_first(leg.ended_at, fact.at) if fact.state is LegState.ENDED and fact.at else leg.ended_at,
    )


def _pressed(call: Call, fact: Pressed) -> Call:
    leg = call.leg(fact.leg_id)
    if leg is None or leg.press is not None:
        return call
    answered = max(leg.state, LegState.ANSWERED, key=RANK.index)
    if not fact.takes:
        return _with_leg(call, leg, press=Press.PASSED, state=answered)
    if not leg.is_first_rung:  # joins a call that somebody has
        return _with_leg(call, leg, press=Press.TOOK, state=answered)
    if call.taken_by is not None:
        return _with_leg(call, leg, press=Press.LATE, state=answered)
    is_gone = call.is_inbound and (call.missed or (call.person is not None and call.person.is_over))
    # Somebody who calls us is connected whatever they have done besides; a caller who hung up is nobody's.
    press = Press.TOOK if (call.is_wanted or call.is_inbound) and not is_gone else Press.IN_VAIN
    if is_gone:
        return _with_leg(call, leg, press=press, state=answered)
    return _with_leg(call, leg, press=press, state=answered).model_copy(update={"taken_by": leg.leg_id})


def _joined(call: Call, fact: Joined) -> Call:
    leg = call.leg(fact.leg_id)
    if leg is None:
        return call
    answered = max(leg.state, LegState.ANSWERED, key=RANK.index)
    after = _with_leg(call, leg, state=answered, joined_at=_first(leg.joined_at, fact.at))
    return after.model_copy(update={"room": call.room or fact.room})


def _left(call: Call, fact: Left) -> Call:
    leg = call.leg(fact.leg_id)
    return call if leg is None else _with_leg(call, leg, left_at=_first(leg.left_at, fact.at))


def _room_closed(call: Call, fact: RoomClosed) -> Call:
    return call.model_copy(update={"closed_at": _first(call.closed_at, fact.at)})


def _first(known: datetime | None, told: datetime) -> datetime:
    return told if known is None else min(known, told)


def _settled(call: Call) -> Call:
    """What follows from all that is known by now, whichever of it came last."""
    legs = tuple(leg.model_copy(update={"left_at": _gone_at(leg, call)}) for leg in call.legs)
    together = (call.taker, call.person)
    met = all(leg is not None and leg.joined_at is not None for leg in together)
    after = call.model_copy(update={"legs": legs, "met": call.met or met})
    heir = _heir(after)
    return after if heir is None else after.model_copy(update={"taken_by": heir.leg_id})


def _heir(call: Call) -> Leg | None:
    """Who has the call from here on, where the rep who had it is gone and left somebody in the conference."""
    taker = call.taker
    if taker is None or (taker.left_at is None and not taker.is_over):
        return None
    for leg in call.legs:
        stayed = leg.left_at is None or (taker.left_at is not None and leg.left_at > taker.left_at)
        if leg.succeeds == taker.leg_id and leg.joined_at is not None and stayed:
            return leg
    return None


def _gone_at(leg: Leg, call: Call) -> datetime | None:
    """When a leg left the conference: it went, its phone was down, or the conference was over, whichever came first."""
    if leg.joined_at is None:
        return leg.left_at
    ends = [moment for moment in (leg.left_at, leg.ended_at, call.closed_at) if moment is not None]
    return min(ends) if ends else None


def _called_off(call: Call, fact: CalledOff) -> Call:
    return call if call.met or call.off is not None else call.model_copy(update={"off": fact.because})


def _recorded(call: Call, fact: Recorded) -> Call:
    return call.model_copy(
        update={"recording": call.recording or fact.recording, "recorded": call.recorded or fact.length}
    )


def _chosen(call: Call, fact: Chosen) -> Call:
    has_rung = bool(call.of(Party.REP)) or call.missed
    return call if has_rung else call.model_copy(update={"answering": fact.answering})


def _told(call: Call, fact: Told) -> Call:
    told = call.told if fact.what in call.told else (*call.told, fact.what)
    return call.model_copy(update={"told": told, "lead_id": fact.lead_id or call.lead_id})


def _hold_changed(call: Call, fact: HoldChanged) -> Call:
    leg = call.leg(fact.leg_id)
    if leg is None or (leg.held_at is not None and leg.held_at > fact.at):
        return call
    return _with_leg(call, leg, held=fact.held, held_at=fact.at)


def _abandoned(call: Call, fact: Abandoned) -> Call:
    """Unless a rep has it by now: of the press and this, the first counts."""
    if call.is_going_on or call.met:
        return call
    return call.model_copy(update={"abandoned": True, "off": call.off or "abandoned"})


def _acted(call: Call, fact: Acted) -> Call:
    known = any(act.act_id == fact.act.act_id for act in call.acts)
    return call if known else call.model_copy(update={"acts": (*call.acts, fact.act)})


_FOLD: dict[type[Any], Callable[[Call, Any], Call]] = {  # Any: each entry takes its own fact
    LegPlanned: _planned,
    LegMoved: _moved,
    Pressed: _pressed,
    Joined: _joined,
    Left: _left,
    RoomClosed: _room_closed,
    CalledOff: _called_off,
    Recorded: _recorded,
    Chosen: _chosen,
    Missed: lambda call, fact: call.model_copy(update={"missed": True}),
    Told: _told,
    HoldChanged: _hold_changed,
    Announced: lambda call, fact: call.model_copy(update={"announced": True}),
    Abandoned: _abandoned,
    RecordingDeleted: lambda call, fact: call.model_copy(update={"deleted": True}),
    Acted: _acted,
}
