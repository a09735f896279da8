"""Adopting a policy, as policy judges it: the same policy changes nothing wherever the lead stands, another moves what
is to come, and the stored question leads to the same answer again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.adoption import read_question
from domain.decisions import DecisionKind, Followup
from domain.facts import RepLoad
from policy import judgements
from tests.policy import cases
from tests.policy.cases import TUESDAY
from tests.policy.running import STANDS, Running, accepted, eager, judged, nurtured, waiting


@pytest.mark.parametrize("stands", STANDS)
def test_the_policy_it_follows_changes_nothing_wherever_a_lead_stands(stands: Callable[[], Running]) -> None:
    found = stands()
    before, after = found.lead, found.adopted(cases.default())
    known = {item.key: item for item in before.agenda}
    assert {item.key: item for item in after.agenda} == known
    assert (after.rest, after.sla_due_at, after.owner, after.stage) == (
        before.rest,
        before.sla_due_at,
        before.owner,
        before.stage,
    )
    assert (after.closed, after.set_aside) == (None, ())
    assert found.under(cases.default()) is None


@pytest.mark.parametrize("stands", STANDS)
def test_a_stored_question_leads_to_the_same_answer_again(stands: Callable[[], Running]) -> None:
    found, other = stands(), cases.changed(hops=2, recycle={"untouched": {"then": "rest", "track": "warm"}})
    ask = found.question(other)
    first = judgements.of(found.facts, ask, other, found.at, ask.decision_id)
    again = judgements.of(found.facts, read_question(ask.model_dump_json()), other, found.at, ask.decision_id)
    assert first.model_dump_json() == again.model_dump_json()


def test_a_question_of_another_kind_is_read_as_it_always_was() -> None:
    plain = Followup(kind=DecisionKind.WORK, decision_id="d1")
    assert read_question(plain.model_dump_json()) == plain


def test_a_shorter_rest_is_told_as_waking_sooner_and_one_that_is_over_as_firing() -> None:
    found = nurtured()
    shorter = found.under(cases.changed(tracks={"warm": {"rest": "9d", "steps": []}}))
    assert shorter is not None
    assert (shorter.after.action, shorter.after.at, shorter.fires) == ("wake", TUESDAY + timedelta(days=9), False)
    over = found.under(cases.changed(tracks={"warm": {"rest": "5d", "steps": []}}))
    assert over is not None
    assert (over.after.at, over.fires) == (TUESDAY + timedelta(days=5), True)


def test_a_step_that_moves_into_the_past_is_told_as_firing_now() -> None:
    found = accepted()
    found.does(TUESDAY + timedelta(minutes=40))
    ladder = [{"at": "0m", "do": "offer"}, {"at": "35m", "do": "supervisor"}, {"at": "next_day_end", "do": "nurture"}]
    moved = found.under(cases.changed(sla={"hand_raise": {"due": "5m", "ladder": ladder}}))
    assert moved is not None
    assert (moved.before.action, moved.before.at) == ("supervisor", TUESDAY + timedelta(hours=2))
    assert (moved.after.action, moved.after.at, moved.fires) == ("supervisor", found.at, True)


def test_a_text_that_moves_into_the_past_waits_for_its_next_permitted_hour() -> None:
    found = Running("content_download")
    found.does(cases.at("2026-12-02 23:00"))
    steps = [{"after": "0m", "text": "nurture_hello"}, {"after": "7d", "text": "nurture_tip"}]
    extra = [*steps, {"after": "8d", "text": "nurture_check"}]
    moved = found.under(cases.changed(tracks={"warm": {"rest": "30d", "steps": extra}}))
    assert moved is not None
    assert (moved.after.action, moved.after.at) == ("text", cases.at("2026-12-03 09:00"))
    assert not moved.fires


def test_a_rest_is_not_ended_by_a_policy_that_would_have_called() -> None:
    route = {"name": "content", "when": "true", "because": "call everybody", "sla": "hand_raise", "text": "hand_raise"}
    eager = cases.changed(routes=[{**route, "open": ["live_transfer"], "closed": ["text_back"]}])
    after = nurtured().adopted(eager)
    assert (after.rest is not None, after.owner, after.pinned) == (True, None, eager.hash)
    assert {item.key: item for item in after.agenda} == {item.key: item for item in nurtured().lead.agenda}


def test_a_rep_whom_only_the_new_policy_calls_for_is_chosen_from_todays_team_and_their_turn_counts() -> None:
    found = Running("paid_lead_form")
    assert (found.lead.owner, found.lead.hop) == (None, 0)
    quiet = judged(found, eager())
    assert quiet.decision.owner is not None
    first = quiet.decision.owner
    full = judged(Running("paid_lead_form"), eager(), RepLoad(rep=first, away=True))
    assert full.decision.owner not in (None, first)
    assert full.trace.assignment is not None
    assert (full.trace.assignment.owner, full.trace.assignment.step > 0) == (full.decision.owner, True)


def test_nobody_is_chosen_anew_for_a_lead_that_somebody_has() -> None:
    found = waiting()
    moved = judged(found, eager(), RepLoad(rep=str(found.lead.owner), away=True))
    assert (moved.decision.owner, moved.trace.assignment) == (found.lead.owner, None)


def test_a_rep_whom_the_search_sets_away_is_told() -> None:
    found = Running("paid_lead_form")
    moved = judged(found, eager(), RepLoad(rep="ada", missed=50))
    assert [gone.rep for gone in moved.trace.went_away] == ["ada"]
    assert [item.template for item in moved.decision.agenda if item.key == "away-ada"] == ["set_away:ada"]
