"""A call's row: whatever the order, the number and the lateness of callbacks, it comes to the same (decision 0024)."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.call_changes import changed
from domain.call_facts import (
    Acted,
    Announced,
    CalledOff,
    CallFact,
    Joined,
    Left,
    LegMoved,
    LegPlanned,
    Pressed,
    Recorded,
    RecordingDeleted,
    RoomClosed,
)
from domain.calls import Call, CallAct, Leg, LegEnd, LegState, Party, Press, read_call

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ADA = Leg(leg_id="a", party=Party.REP, rep="ada")
BEN = Leg(leg_id="b", party=Party.REP, rep="ben")
DANA = Leg(leg_id="d", party=Party.LEAD)
CALL = Call(call_id="c", tenant="main", lead_id="l", asked_at=NOW, legs=(ADA, BEN, DANA))


def at(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def after(*facts: CallFact, call: Call = CALL) -> Call:
    return reduce(changed, facts, call)


def ringing(leg: str) -> LegMoved:
    return LegMoved(leg_id=leg, state=LegState.RINGING, vendor_id=f"CA{leg}")


def answered(leg: str, by: str | None = None) -> LegMoved:
    return LegMoved(leg_id=leg, state=LegState.ANSWERED, answered_by=by)


def over(leg: str, end: LegEnd = LegEnd.COMPLETED) -> LegMoved:
    return LegMoved(leg_id=leg, state=LegState.ENDED, end=end)


WHOLE: tuple[CallFact, ...] = (
    ringing("a"),
    answered("a"),
    Pressed(leg_id="a", takes=True),
    Joined(leg_id="a", at=at(10), room="CF1"),
    ringing("d"),
    answered("d", "human"),
    Joined(leg_id="d", at=at(20), room="CF1"),
    Left(leg_id="d", at=at(95)),
    over("d"),
    RoomClosed(at=at(95)),
    over("a"),
    Recorded(recording="RE1", length=timedelta(seconds=75)),
)


def test_a_call_as_it_should_go_comes_to_75_seconds_of_talk() -> None:
    call = after(*WHOLE)
    assert (call.taken_by, call.met, call.talk, call.room_closed) == ("a", True, timedelta(seconds=75), True)
    assert [leg.state for leg in call.legs] == [LegState.ENDED, LegState.PLANNED, LegState.ENDED]
    assert (call.recording, call.recorded) == ("RE1", timedelta(seconds=75))


@settings(max_examples=300)
@given(st.permutations(WHOLE), st.lists(st.sampled_from(WHOLE), max_size=12))
def test_callbacks_out_of_order_and_again_come_to_the_same(order: list[CallFact], again: list[CallFact]) -> None:
    told = after(*order, *again)
    assert told.model_copy(update={"version": 0}) == after(*WHOLE).model_copy(update={"version": 0})
    assert told.version <= len(order) + len(again)


@pytest.mark.parametrize("order", list(permutations(("a", "b"))))
def test_of_two_presses_the_first_takes_it_in_either_order(order: tuple[str, str]) -> None:
    first, second = order
    call = after(Pressed(leg_id=first, takes=True), Pressed(leg_id=second, takes=True))
    assert call.taken_by == first
    assert [leg.press for leg in call.of(Party.REP) if leg.leg_id == second] == [Press.LATE]


def test_the_first_press_of_a_phone_stays() -> None:
    call = after(Pressed(leg_id="a", takes=False), Pressed(leg_id="a", takes=True))
    assert (call.taken_by, next(leg.press for leg in call.legs)) == (None, Press.PASSED)


def test_what_was_called_off_connects_nobody_but_gives_the_lead_to_who_pressed() -> None:
    call = after(CalledOff(because="replied"), Pressed(leg_id="a", takes=True))
    assert call.taker is not None
    assert (call.is_wanted, call.taker.press) == (False, Press.IN_VAIN)


def test_the_first_reason_stays_and_those_who_have_met_are_not_parted() -> None:
    assert after(CalledOff(because="replied"), CalledOff(because="opted_out")).off == "replied"
    assert after(*WHOLE[:7], CalledOff(because="replied")).off is None


def test_nobody_is_left_to_take_it_once_every_phone_is_over_or_has_passed() -> None:
    assert not after(over("a", LegEnd.NO_ANSWER)).nobody_left_to_take
    assert after(over("a", LegEnd.NO_ANSWER), Pressed(leg_id="b", takes=False)).nobody_left_to_take
    assert not after(Pressed(leg_id="b", takes=True), over("a"), over("b")).nobody_left_to_take


def test_word_of_phones_that_are_none_of_the_call_changes_nothing() -> None:
    strangers: tuple[CallFact, ...] = (
        ringing("x"),
        Pressed(leg_id="x", takes=True),
        Joined(leg_id="x", at=NOW, room="CF1"),
        Left(leg_id="x", at=NOW),
    )
    assert after(*strangers) == CALL


def test_a_leg_is_known_by_the_vendors_id_too_and_planned_once() -> None:
    call = after(ringing("a"), LegMoved(leg_id="CAa", state=LegState.ENDED, end=LegEnd.BUSY), LegPlanned(leg=ADA))
    leg = call.leg("a")
    assert leg is not None
    assert (leg.end, len(call.legs)) == (LegEnd.BUSY, 3)


@pytest.mark.parametrize("raw", [None, 7, "x", [], {}, {"call_id": "c"}, {"call_id": None}])
def test_what_is_no_call_is_none(raw: object) -> None:
    assert read_call(raw) is None


def test_a_call_survives_its_own_json() -> None:
    call = after(*WHOLE)
    assert read_call(call.model_dump(mode="json")) == call


BEN_AFTER_ADA = Leg(leg_id="x", party=Party.REP, rep="ben", succeeds="a")
HANDED_OVER: tuple[CallFact, ...] = (
    Pressed(leg_id="a", takes=True),
    Joined(leg_id="a", at=at(10), room="CF1"),
    Joined(leg_id="d", at=at(20), room="CF1"),
    Joined(leg_id="x", at=at(60), room="CF1"),
    Left(leg_id="a", at=at(80)),
    over("a"),
    Left(leg_id="d", at=at(200)),
    over("d"),
    Left(leg_id="x", at=at(201)),
    RoomClosed(at=at(201)),
)


@settings(max_examples=200)
@given(st.permutations(HANDED_OVER), st.lists(st.sampled_from(HANDED_OVER), max_size=8))
def test_who_takes_over_has_the_call_and_its_talk_whatever_the_order(
    order: list[CallFact], again: list[CallFact]
) -> None:
    call = after(*order, *again, call=CALL.model_copy(update={"legs": (*CALL.legs, BEN_AFTER_ADA)}))
    assert (call.taken_by, call.met, call.talk) == ("x", True, timedelta(seconds=180))


def test_a_press_of_who_joins_later_takes_nothing_from_who_has_it() -> None:
    manager = Leg(leg_id="m", party=Party.MANAGER, rep="kim")
    begun = CALL.model_copy(update={"legs": (*CALL.legs, BEN_AFTER_ADA, manager)})
    call = after(
        Pressed(leg_id="a", takes=True), Pressed(leg_id="x", takes=True), Pressed(leg_id="m", takes=True), call=begun
    )
    assert call.taken_by == "a"
    assert [leg.press for leg in call.legs if leg.leg_id in ("x", "m")] == [Press.TOOK, Press.TOOK]


def test_an_act_counts_once_and_a_recording_is_heard_where_both_were_told() -> None:
    act = Acted(act=CallAct(act_id="1", what="hold", by="ada"))
    call = after(act, act, Recorded(recording="RE1"))
    assert (len(call.acts), call.may_be_heard) == (1, False)
    assert after(Announced(), call=call).may_be_heard
    assert not after(Announced(), RecordingDeleted(), call=call).may_be_heard
