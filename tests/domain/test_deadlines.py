"""When a lead must be looked at next, whatever is on its agenda."""

from datetime import timedelta

from domain import events as e
from domain.transitions import apply
from domain.values import Action
from tests.builders import NOON, a_decision, a_lead, an_item

FIVE = NOON + timedelta(minutes=5)


def test_the_end_of_the_sla_is_a_moment_of_its_own_until_somebody_moves() -> None:
    offered = apply(a_lead(), e.Decided(at=NOON, decision=a_decision(agenda=())))
    assert (offered.next_due(), offered.is_late(FIVE)) == (FIVE, True)
    taken = apply(offered, e.Accepted(at=NOON, rep="ada"))
    assert not taken.is_late(FIVE)
    assert FIVE not in (taken.next_due(), taken.deadline(FIVE))
    missed = apply(offered, e.SlaMissed(at=FIVE))
    assert (missed.breached, missed.next_due()) == (True, None)


def test_a_step_for_a_taker_is_due_by_the_end_of_the_sla_and_then_by_the_next_step() -> None:
    steps = (an_item("reoffer-1", 5, action=Action.REOFFER), an_item("reoffer-2", 10, action=Action.REOFFER))
    lead = apply(a_lead(), e.Decided(at=NOON, decision=a_decision(agenda=steps)))
    assert (lead.deadline(NOON), lead.deadline(FIVE)) == (FIVE, NOON + timedelta(minutes=10))
    assert lead.deadline(NOON + timedelta(minutes=10)) is None


def test_of_steps_for_a_taker_that_are_due_together_the_one_that_goes_furthest_is_made() -> None:
    steps = (
        an_item("warn-1", 1),
        an_item("reoffer-1", 5, action=Action.REOFFER),
        an_item("remind-1", 6, action=Action.REMIND),
        an_item("pool-1", 7, action=Action.POOL),
    )
    lead = a_lead(agenda=steps)
    late = NOON + timedelta(minutes=25)
    assert [item.key for item in lead.overtaken(late)] == ["warn-1", "reoffer-1"]
    assert lead.overtaken(NOON + timedelta(minutes=2)) == ()


def test_one_step_for_a_taker_at_a_time_and_the_crms_entries_in_their_order() -> None:
    entries = (an_item("crm-1", action=Action.CRM), an_item("crm-2", action=Action.CRM))
    lead = a_lead(agenda=(an_item("offer-1", action=Action.OFFER), an_item("warn-1"), *entries))
    assert lead.behind(()) == ("crm-2",)
    assert lead.behind(("offer-1",)) == ("crm-2", "offer-1", "warn-1")
    assert lead.behind(("crm-1",)) == ("crm-2",)


def test_texts_that_are_due_together_go_one_at_a_time_in_their_order() -> None:
    texts = (
        an_item("text-2", 2, action=Action.TEXT),
        an_item("rescue-1", 1, action=Action.RESCUE),
        an_item("text-3", 2, action=Action.TEXT),
        an_item("text-9", 9, action=Action.TEXT),
    )
    lead = a_lead(agenda=(an_item("offer-1", 1, action=Action.OFFER), *texts))
    assert lead.texts_in_turn(FIVE, ()) == ("text-2", "text-3")
    assert lead.texts_in_turn(FIVE, ("text-3",)) == ("rescue-1", "text-2"), "whichever is under way is waited for"
    assert lead.texts_in_turn(FIVE, ("offer-1",)) == ("text-2", "text-3")
    assert lead.texts_in_turn(NOON + timedelta(minutes=1), ()) == ()
