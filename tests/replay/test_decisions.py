"""Decisions recorded in real runs are derived again from their stored inputs, byte for byte, under two hash seeds
(decision 0019): a change of a judgement or of its trace shows here, decision by decision, before it meets a lead."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from domain.decisions import DecisionKind
from domain.views import KeptDecision
from policy import replay
from tests.replay import kept as records

ROOT = Path(__file__).parents[2]
REPLAY_ALL = "import tests.replay.test_decisions as t; print(t.told_otherwise())"
SHOWN = 5

MEANT = """
Recorded decisions come out otherwise. Where that is meant, write today's answers down and read the diff:
    python -m tests.replay.record_decisions --answers
Where facts or the policy language have changed, record new runs, which takes some minutes:
    python -m tests.replay.record_decisions"""


def told_otherwise() -> str:
    """The first differences of all recorded decisions in words; empty when there is none."""
    told = []
    for recorded in map(records.read, records.names()):
        policy = recorded.policy
        for kept in recorded.decisions:
            told += [f"{kept.decision_id}  {each}" for each in replay.differences(kept, policy)]
    return "\n".join([*told[:SHOWN], f"{len(told)} places in all"] if told else [])


ELSEWHERE = {DecisionKind.ADOPT}
"""Nobody migrates in the recorded runs: tests/policy/tables derive such answers again."""


def first(kind: DecisionKind = DecisionKind.TRIAGE) -> KeptDecision:
    """A recorded question with today's answer, so that nothing but what a test changes differs."""
    recorded = records.read("default")
    return records.answered(next(kept for kept in recorded.decisions if kept.kind == kind), recorded.policy)


def changed(kept: KeptDecision, part: str, **values: object) -> KeptDecision:
    """With some fields of its stored decision, trace, facts or question changed."""
    return kept.model_copy(update={part: json.dumps(json.loads(getattr(kept, part)) | values)})


@pytest.mark.parametrize("name", ["always_open", "default"])
def test_every_kind_of_question_is_recorded_of_several_policies(name: str) -> None:
    assert {kept.kind for kept in records.read(name).decisions} == set(DecisionKind) - ELSEWHERE


@pytest.mark.parametrize("seed", ["1", "2"])
def test_every_recorded_decision_is_derived_again_byte_for_byte_under_this_hash_seed(seed: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", REPLAY_ALL],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert not ran.stdout.strip(), f"{ran.stdout}{MEANT}"


def test_a_word_of_the_trace_that_differs_is_told_with_its_place() -> None:
    kept, policy = first(), records.read("default").policy
    trace = json.loads(kept.trace)
    trace["reasons"][0]["because"] = "no reason at all"
    (only,) = replay.differences(changed(kept, "trace", reasons=trace["reasons"]), policy)
    assert (only.place, only.stored) == ("trace.reasons[0].because", '"no reason at all"')
    assert only.now == json.dumps(json.loads(kept.trace)["reasons"][0]["because"], ensure_ascii=False)


def test_a_field_that_only_one_side_has_is_told_as_absent() -> None:
    kept, policy = first(), records.read("default").policy
    older = kept.model_copy(
        update={"decision": json.dumps({k: v for k, v in json.loads(kept.decision).items() if k != "rules"})}
    )
    (less,) = replay.differences(older, policy)
    assert (less.place, less.stored) == ("decision.rules", "absent")
    (more,) = replay.differences(changed(kept, "trace", mood="good"), policy)
    assert (more.place, more.stored, more.now) == ("trace.mood", '"good"', "absent")


def test_other_inputs_lead_to_another_decision() -> None:
    """The guard fires: what is compared follows from the inputs and is no copy of what is stored."""
    kept, policy = first(DecisionKind.WORK), records.read("default").policy
    assert kept.asked is not None
    assert replay.differences(changed(kept, "asked", owner="nobody"), policy)
    history = {**json.loads(first().facts)["history"], "opted_out": True}
    places = [each.place for each in replay.differences(changed(first(), "facts", history=history), policy)]
    assert "decision.closed" in places
    assert replay.differences(first().model_copy(update={"at": first().recorded_at}), policy)


def test_the_order_of_keys_is_nothing_that_differs() -> None:
    kept, policy = first(), records.read("default").policy
    turned = json.dumps(dict(reversed(json.loads(kept.trace).items())), indent=3)
    assert replay.differences(kept.model_copy(update={"trace": turned}), policy) == []


@pytest.mark.parametrize("part", ["facts", "asked"])
@pytest.mark.parametrize("found", ["", "[]", '{"kind": 3}', "null", "\x00", '{"lead_id": {}}'])
def test_inputs_that_cant_be_read_are_a_difference_and_no_fault(part: str, found: str) -> None:
    (only,) = replay.differences(
        first(DecisionKind.NEWS).model_copy(update={part: found}), records.read("default").policy
    )
    assert only.place == "inputs"
    assert only.now.startswith("can't be read")


@pytest.mark.parametrize("part", ["decision", "trace"])
def test_an_answer_that_is_no_json_object_differs_as_a_whole(part: str) -> None:
    found = replay.differences(first().model_copy(update={part: "[1]"}), records.read("default").policy)
    assert [each.place for each in found] == [part]


def test_a_later_decision_kept_without_its_question_cant_be_put_again() -> None:
    work = first(DecisionKind.WORK)
    assert replay.is_askable(work)
    assert not replay.is_askable(work.model_copy(update={"asked": None}))
    assert replay.is_askable(first().model_copy(update={"asked": None})), "a triage asks nothing else"
