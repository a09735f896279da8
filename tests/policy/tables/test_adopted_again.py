"""A lead that is migrated more than once, or while something happens: each adoption asks the cycle's own questions, so
that going there and back leaves a lead where it was, and what people were told meanwhile stands."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain import events as e
from domain.decisions import DecisionKind, Item
from domain.lead import Lead
from domain.values import Action, Code
from policy import judgements
from policy.load import LoadedPolicy
from tests.policy import cases
from tests.policy.cases import TUESDAY
from tests.policy.running import STANDS, Running, accepted, at_night, nurtured, resting, waiting, worked

HOUR = timedelta(hours=1)
SAME = cases.changed(hops=2)
NO_DRIP = cases.changed(tracks={"re_engage": {"rest": "5d", "steps": []}})


def standing(lead: Lead) -> tuple[object, ...]:
    return {(item.key, item.at) for item in lead.agenda}, lead.rest, lead.sla_due_at, lead.owner, lead.queue


@pytest.mark.parametrize("stands", STANDS)
def test_there_and_back_twice_leaves_a_lead_where_it_was(stands: Callable[[], Running]) -> None:
    found = stands()
    before = standing(found.lead)
    for loaded in (SAME, cases.default(), SAME, cases.default()):
        found.at += timedelta(seconds=5)
        found.migrates(loaded)
    assert standing(found.lead) == before


def test_who_said_not_now_is_not_told_more_by_a_second_migration() -> None:
    found = worked().disposed(Code.NOT_NOW)
    rest = found.lead.rest
    assert rest is not None
    for loaded in (SAME, cases.default()):
        found.at += HOUR
        found.migrates(loaded)
        assert (found.lead.rest, [item.template for item in texts(found.lead)]) == (rest, ["nurture_check"])


def test_a_drip_that_a_policy_drops_is_dropped_by_a_later_migration_too_and_comes_back_with_the_old_policy() -> None:
    found = resting()
    had = [(item.key, item.at) for item in texts(found.lead)]
    assert had
    for loaded, left in ((SAME, had), (NO_DRIP, []), (cases.default(), had)):
        found.at += HOUR
        found.migrates(loaded)
        assert [(item.key, item.at) for item in texts(found.lead)] == left


def texts(lead: Lead) -> list[Item]:
    return [item for item in lead.agenda if item.action is Action.TEXT]


def test_the_same_words_are_not_said_again_when_a_policy_puts_a_text_before_them() -> None:
    found = nurtured()  # heard nurture_hello and, on day 7, nurture_tip
    steps = [{"after": "0m", "text": "nurture_hello"}, {"after": "3d", "text": "nurture_check"},
             {"after": "7d", "text": "nurture_tip"}, {"after": "21d", "text": "nurture_check"}]  # fmt: skip
    found.migrates(cases.changed(tracks={"warm": {"rest": "30d", "steps": steps}}))
    assert [(item.template, item.at.date()) for item in texts(found.lead)] == [
        ("nurture_check", (TUESDAY + timedelta(days=21)).date())
    ]


def answer(found: Running, loaded: LoadedPolicy) -> e.Decided:
    """The answer to a migration asked for now; what is heard before it happened while policy was asked."""
    ask = found.question(loaded)
    decision = judgements.of(found.facts, ask, loaded, found.at, ask.decision_id).decision
    return e.Decided(at=found.at, decision=decision, cycle=1, adopts=loaded.hash)


def test_an_offer_that_goes_out_while_policy_is_asked_stands() -> None:
    found = waiting()
    found.hears(e.Offered(at=found.at, owner=found.lead.owner, number=1))
    adoption = answer(found, SAME)
    found.hears(e.Offered(at=found.at + timedelta(milliseconds=30), owner="zoe", number=2))
    found.hears(adoption)
    assert (found.lead.owner, found.lead.pinned) == ("zoe", SAME.hash)


def test_a_lead_laid_to_rest_while_policy_is_asked_gets_no_rungs_and_is_asked_about_again() -> None:
    ladder = [{"at": "4h", "do": "remind"}, {"at": "6h", "do": "supervisor"}, {"at": "5bd", "do": "nurture"}]
    more = cases.changed(sla={"work": {"ladder": ladder}})
    found = worked()
    adoption = answer(found, more)
    found.at += timedelta(milliseconds=20)
    found.asks(found.followup(DecisionKind.DISPOSE))
    rests = standing(found.lead)
    found.hears(adoption)
    assert (standing(found.lead), found.lead.adopting) == (rests, more.hash)
    found.migrates(more)
    assert (found.lead.rest is not None, found.lead.adopting, found.lead.pinned) == (True, None, more.hash)


@pytest.mark.parametrize("adopts_first", [True, False])
def test_an_answer_that_comes_beside_an_adoption_is_put_to_the_new_policy_too(adopts_first: bool) -> None:
    ladder = [{"at": "0m", "do": "offer"}, {"at": "9m", "do": "supervisor"}]
    quick = cases.changed(sla={"reply": {"due": "9m", "ladder": ladder}})
    found = accepted()
    found.hears(e.Replied(at=found.at, row_id="r1"))
    found.at += timedelta(seconds=1)
    adoption = answer(found, quick)  # both are asked at once, and neither knows of the other's answer
    if adopts_first:
        found.hears(adoption)
    found.asks(found.followup(DecisionKind.REPLY, since=found.at - timedelta(seconds=1)))
    if not adopts_first:
        found.hears(adoption)
    asks_again = found.lead
    assert asks_again.adopting == quick.hash
    found.migrates(quick)
    after = found.lead
    assert (after.adopting, after.pinned) == (None, quick.hash)
    assert after.sla_due_at is not None
    assert after.sla_due_at - found.at <= timedelta(minutes=9)


def without(*handles: str) -> LoadedPolicy:
    team = [rep.model_dump(mode="json", exclude_none=True) for rep in cases.default().policy.team]
    return cases.changed(team=[rep for rep in team if rep["handle"] not in handles])


def test_a_rep_whom_the_new_policy_does_not_know_is_not_asked_in_the_morning() -> None:
    found = at_night()
    gone = without(str(found.lead.owner))
    assert (found.lead.owner is not None, found.lead.hop) == (True, 0)
    found.migrates(gone)
    assert found.lead.owner in [rep.handle for rep in gone.policy.team]
    took = found.lead.owner
    found.migrates(SAME)
    assert found.lead.owner == took, "who has it keeps it"


def test_a_lead_on_offer_to_somebody_whom_the_new_policy_does_not_know_goes_to_the_next_at_once() -> None:
    found = waiting()
    found.hears(e.Offered(at=found.at, owner=found.lead.owner, number=1))
    moved = found.under(without(str(found.lead.owner)))
    assert moved is not None
    assert (moved.after.action, moved.after.at, moved.fires) == ("reoffer", found.at, True)


def test_a_preview_says_that_nothing_would_be_left_to_ask_for_an_outcome_by() -> None:
    found = worked()
    found.does(found.at + timedelta(hours=5))
    bare = {"ladder": [{"at": "4h", "do": "remind"}]}
    moved = found.under(
        cases.changed(sla={"work": bare, "reply": {"due": "30m", "ladder": [{"at": "0m", "do": "remind"}]}})
    )
    assert moved is not None
    assert (moved.after.action, moved.fires) == ("end", True)
