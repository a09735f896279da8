"""Capacity as a gate, both ways: nobody in time means no manual hand-off and says so; somebody means one (R8)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.assignments import Why
from domain.decisions import Judgement, Outcome
from domain.facts import Facts, RepLoad, TimeOff
from domain.values import Action, Motion
from policy import assign
from policy.capacity import NONE_WITHIN_SLA
from policy.load import LoadedPolicy, PolicyInvalid
from policy.triage import triage
from tests.policy.cases import TUESDAY, at, changed, default, known, lead

TEAM = ("ada", "ben", "cleo", "dev")
NIGHT = at("2026-11-24 21:00")


def gated(open_: list[str], sla: str = "hand_raise", **more: object) -> LoadedPolicy:
    """The default policy with one route for all leads, which needs capacity."""
    route = {
        "name": "only",
        "when": 'source != ""',
        "because": "all of them",
        "open": open_,
        "closed": open_,
        "purpose": "responsive",
        "text": "one_question",
        "track": "warm",
        "slots_text": "slots",
        "sla": sla,
        "needs_capacity": True,
        **more,
    }
    return changed(routes=[route])


def away(*but: str, until: datetime | None = None) -> tuple[RepLoad, ...]:
    return tuple(RepLoad(rep=rep, away=True, away_until=until) for rep in TEAM if rep not in but)


def judged(loaded: LoadedPolicy, facts: Facts, now: datetime = TUESDAY) -> Judgement:
    return triage(facts, loaded, now, "d")


@pytest.mark.parametrize(
    ("motions", "taken", "outcome"),
    [
        (["live_transfer", "text_back"], Motion.TEXT_BACK, Outcome.HAND_OFF),
        (["live_transfer", "nurture"], Motion.HUMAN_TASK, Outcome.HUMAN_TASK),  # a raised hand is not put to rest
        (["live_transfer"], Motion.HUMAN_TASK, Outcome.HUMAN_TASK),
        (["live_transfer", "appointment", "nurture"], Motion.APPOINTMENT, Outcome.HAND_OFF),
        (["human_task", "nurture"], Motion.NURTURE, Outcome.NURTURE),
        (["human_task", "text_back", "nurture"], Motion.TEXT_BACK, Outcome.HAND_OFF),
        (["human_task"], Motion.HUMAN_TASK, Outcome.HUMAN_TASK),
    ],
)
def test_with_nobody_in_time_what_is_automated_is_done_or_the_queue_has_it(
    motions: list[str], taken: Motion, outcome: Outcome
) -> None:
    judgement = judged(gated(motions), lead(reps=away()))
    decision = judgement.decision
    assert (decision.motion, decision.outcome) == (taken, outcome)
    assert NONE_WITHIN_SLA in decision.rules
    assert any(reason.rule == NONE_WITHIN_SLA for reason in judgement.trace.reasons)
    if outcome is not Outcome.NURTURE:
        assert (decision.owner, decision.queue) == (None, "inbound")
        assert judgement.trace.assignment is not None
        assert judgement.trace.assignment.why is Why.NO_CAPACITY
        assert Action.POOL in {item.action for item in decision.agenda}


@pytest.mark.parametrize("motions", [["live_transfer", "text_back"], ["human_task", "nurture"]])
def test_with_somebody_there_a_person_has_it(motions: list[str]) -> None:
    decision = judged(gated(motions), lead(reps=away("dev"))).decision
    assert (decision.motion, decision.owner) == (Motion(motions[0]), "dev")
    assert NONE_WITHIN_SLA not in decision.rules


@pytest.mark.parametrize(
    ("sla", "minutes", "shut"),
    [
        ("hand_raise", 4, False),  # 5 minutes
        ("hand_raise", 5, False),
        ("hand_raise", 6, True),
        ("task", 30, False),
        ("task", 31, True),
        ("strategic", 7 * 60 - 1, False),  # by the close of the day
        ("strategic", 7 * 60 + 1, True),
        ("assist", 24 * 60, False),  # a business day
        ("assist", 24 * 60 + 1, True),
    ],
)
def test_who_is_back_before_the_sla_runs_out_counts(sla: str, minutes: int, shut: bool) -> None:
    back = TUESDAY + timedelta(minutes=minutes)
    decision = judged(gated(["human_task", "nurture"], sla), lead(reps=away(until=back))).decision
    assert (NONE_WITHIN_SLA in decision.rules) is shut
    if not shut:
        assert (decision.motion, decision.owner) == (Motion.HUMAN_TASK, "ada")
        assert "assign/round_robin" in decision.rules
        (offer,) = (item for item in decision.agenda if item.action is Action.OFFER)
        assert offer.at >= TUESDAY


def test_who_is_back_in_time_takes_it_only_where_nobody_is_there_now() -> None:
    soon = TUESDAY + timedelta(minutes=3)
    ada = (RepLoad(rep="ada", away=True, away_until=soon),)
    assert judged(gated(["human_task"]), lead(reps=ada)).decision.owner == "ben"
    found = judged(gated(["human_task"]), lead(reps=away(until=soon))).trace.assignment
    assert found is not None
    assert (found.owner, found.why) == ("ada", Why.BACK_IN_TIME)


@pytest.mark.parametrize(
    ("changes", "load", "shut"),
    [
        ({"max_open": 2}, {"open_leads": 2}, True),
        ({"max_open": 2}, {"open_leads": 1}, False),
        ({"max_per_day": 2}, {"lately": (2,)}, True),
        ({"max_per_day": 2}, {"lately": (1,)}, False),
        ({"hours": "Mo-Fr 13:00-17:00"}, {}, True),
        ({"languages": ["es"]}, {}, True),
    ],
)
def test_room_and_fit_are_asked_of_whoever_is_there(
    changes: dict[str, object], load: dict[str, object], shut: bool
) -> None:
    reps = [rep.model_dump(mode="json", exclude_none=True) for rep in default().policy.team]
    route = {"routes": [_raw_route(gated(["live_transfer", "text_back"]))]}
    group = {"assign": [{"name": "all", "match": ["language"]}]}
    loaded = changed(**route, **group, team=[reps[0] | changes, *reps[1:]])
    ada = RepLoad.model_validate({"rep": "ada", **load})
    decision = judged(loaded, lead(reps=(ada, *away("ada")))).decision
    assert (NONE_WITHIN_SLA in decision.rules) is shut
    assert decision.owner == (None if shut else "ada")


def _raw_route(loaded: LoadedPolicy) -> object:
    return loaded.policy.routes[0].model_dump(mode="json", exclude_none=True)


def test_at_night_the_gate_asks_who_is_there_when_we_open() -> None:
    loaded = gated(["live_transfer", "text_back"])
    assert NONE_WITHIN_SLA not in judged(loaded, lead(), NIGHT).decision.rules
    off = tuple(RepLoad(rep=rep, time_off=(TimeOff(start=NIGHT, end=NIGHT + timedelta(hours=13)),)) for rep in TEAM)
    assert NONE_WITHIN_SLA in judged(loaded, lead(reps=off), NIGHT).decision.rules  # back at ten, due at 9:05


def test_an_owner_they_know_is_capacity_and_an_absent_one_is_none() -> None:
    loaded = gated(["live_transfer", "text_back"])
    facts = lead(history=known(last_owner="dev"), reps=away("dev"))
    assert judged(loaded, facts).decision.owner == "dev"
    assert NONE_WITHIN_SLA in judged(loaded, lead(history=known(last_owner="dev"), reps=away())).decision.rules


def test_a_route_that_does_not_ask_is_handed_to_whoever_there_may_be() -> None:
    decision = judged(gated(["live_transfer"], needs_capacity=False), lead(reps=away())).decision
    assert (decision.motion, decision.queue) == (Motion.LIVE_TRANSFER, "inbound")
    assert NONE_WITHIN_SLA not in decision.rules


def test_a_class_without_a_due_moment_is_no_gate_and_said_to_be_none() -> None:
    with pytest.raises(PolicyInvalid, match="needs_capacity needs an SLA class with “due”"):
        gated(["text_back"], sla="text_first")


def test_the_gate_knows_nobody_who_has_left() -> None:
    loaded = gated(["live_transfer"])
    nobody = replace(loaded, policy=loaded.policy.model_copy(update={"team": ()}))
    assert not assign.has_taker(assign.Search(lead(), nobody, TUESDAY), TUESDAY + timedelta(days=9))
    decision = judged(nobody, lead()).decision
    assert (decision.owner, decision.queue) == (None, "inbound")
