"""What a call adds to the count of those that were abandoned (N24)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.abandonment import Abandonment
from domain.call_changes import changed
from domain.call_counts import counted
from domain.call_facts import Abandoned, Joined, Left, LegMoved, Pressed
from domain.calls import Call, Leg, LegState, Party
from domain.decisions import CallPlan, Opening

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
LEGS = (Leg(leg_id="a", party=Party.REP, rep="ada"), Leg(leg_id="d", party=Party.LEAD))


def call(first: Opening, *facts: object) -> Call:
    begun = Call(call_id="c", tenant="main", lead_id="l", asked_at=NOW, legs=LEGS, plan=CallPlan(first=first))
    for fact in facts:
        begun = changed(begun, fact)  # type: ignore[arg-type]  # each is a CallFact
    return begun


def met(seconds: int, heard: str | None) -> tuple[object, ...]:
    joined = (Joined(leg_id=leg, at=NOW, room="CF1") for leg in ("a", "d"))
    told = LegMoved(leg_id="d", state=LegState.ANSWERED, answered_by=heard)
    return (Pressed(leg_id="a", takes=True), *joined, told, Left(leg_id="d", at=NOW + timedelta(seconds=seconds)))


@pytest.mark.parametrize(
    ("first", "facts", "adds"),
    [
        (Opening.REP, met(5, "human"), (1, 0)),
        (Opening.REP, met(300, None), (0, 0)),  # nobody said that it was a person
        (Opening.REP, met(300, "machine_end_beep"), (0, 0)),
        (Opening.LEAD, met(29, None), (0, 0)),  # perhaps a voicemail
        (Opening.LEAD, met(30, None), (1, 0)),
        (Opening.LEAD, (Abandoned(),), (1, 1)),
        (Opening.LEAD, (Pressed(leg_id="a", takes=True), Abandoned()), (0, 0)),  # a rep was there first
        (Opening.REP, (), (0, 0)),
    ],
)
def test_a_call_counts_where_a_person_surely_answered(
    first: Opening, facts: tuple[object, ...], adds: tuple[int, int]
) -> None:
    answered, abandoned = adds
    assert counted(call(first, *facts)) == Abandonment(answered=answered, abandoned=abandoned)


def test_a_press_that_comes_after_it_was_abandoned_connects_nobody_and_gives_the_rep_the_lead() -> None:
    late = call(Opening.LEAD, Abandoned(), Pressed(leg_id="a", takes=True))
    assert (late.abandoned, late.off, late.taken_by, late.is_going_on) == (True, "abandoned", "a", False)
