"""A reply's answer folded into a lead: a call in place of what was to come, words that don't slow it, and the end."""

from datetime import datetime, timedelta

import pytest

from domain import events as e
from domain.decisions import Decision, DecisionKind, Item, Outcome
from domain.lead import Lead
from domain.messages import read_row
from domain.replies import ReplyKind
from domain.values import Action, Code, Cue, Motion, Stage, Until
from tests.builders import NOON, a_decision
from tests.domain.test_transitions import after, handed_off

LATER = NOON + timedelta(minutes=2)


def rung(key: str, rule: str, action: Action = Action.REMIND, until: Until = Until.DISPOSED) -> Item:
    return Item(key=key, at=LATER, action=action, until=until, rule=rule)


def answered(outcome: Outcome, *items: Item, at: datetime = NOON, **changes: object) -> e.Decided:
    """Policy's answer to a reply."""
    given = {"kind": DecisionKind.REPLY, "outcome": outcome, "agenda": items, "owner": "ada", "sla_due_at": None}
    decision = Decision.model_validate({**a_decision().model_dump(), **given, **changes})
    return e.Decided(at=at, decision=decision)


def called(at: datetime = NOON) -> e.Decided:
    """A buying signal's answer: a live transfer, on offer."""
    offer = rung("offer-1.reply-1", "sla/hand_raise", Action.OFFER, Until.ACCEPTED)
    return answered(
        Outcome.HAND_OFF,
        offer,
        rung("remind-1.reply-1", "sla/hand_raise"),
        at=at,
        motion=Motion.LIVE_TRANSFER,
        cue=Cue.REPLY,
        whisper=True,
        sla_due_at=LATER,
    )


def replied(lead: Lead, row: str = "r1") -> Lead:
    return after(lead, e.Replied(at=NOON, row_id=row, said=ReplyKind.BUYING_SIGNAL))


def rules(lead: Lead) -> list[str]:
    return [item.rule for item in lead.agenda if item.rule]


def test_a_call_becomes_the_leads_motion_and_takes_the_place_of_an_earlier_replys_ladder() -> None:
    before = after(replied(handed_off()), answered(Outcome.KEEP, rung("remind-1.reply-0", "sla/reply")))
    lead = after(before, called())
    assert lead.plan is not None
    assert (lead.plan.motion, lead.plan.cue, lead.plan.whisper) == (Motion.LIVE_TRANSFER, Cue.REPLY, True)
    assert (lead.escalated_at, lead.sla_due_at) == (NOON, LATER)
    assert rules(lead) == ["sla/hand_raise", "sla/hand_raise"]


def test_what_contact_owes_is_climbed_beside_a_replys_ladder() -> None:
    work = answered(Outcome.KEEP, rung("remind-1.work-0", "sla/work"), kind=DecisionKind.WORK)
    assert rules(after(replied(handed_off()), work, called())) == ["sla/work", "sla/hand_raise", "sla/hand_raise"]


@pytest.mark.parametrize(
    "items", [(), (rung("remind-1.reply-2", "sla/reply"),)], ids=["on offer", "asked before it was"]
)
def test_further_words_dont_slow_a_call_that_is_on_offer(items: tuple[Item, ...]) -> None:
    lead = after(replied(handed_off()), called())
    again = after(replied(lead, "r2"), answered(Outcome.KEEP, *items))
    assert (rules(again), again.sla_due_at) == (rules(lead), LATER)


def test_words_that_plan_nothing_leave_the_ladder_of_whoever_has_taken_the_call_meanwhile() -> None:
    taken = after(replied(handed_off()), called(), e.Accepted(at=NOON, rep="ada"))
    assert taken.escalated_at is None
    assert rules(after(taken, answered(Outcome.KEEP))) == ["sla/hand_raise"]


def test_a_no_ends_the_call_and_whoever_accepts_ends_the_no() -> None:
    end = Item(key="nurture-1.reply-2", at=LATER, action=Action.NURTURE, until=Until.ACCEPTED, code=Code.NOT_NOW,
               rule="reply/not_now")  # fmt: skip
    lead = after(replied(handed_off()), called(), answered(Outcome.REST, end))
    assert (rules(lead), lead.escalated_at, lead.sla_due_at) == (["reply/not_now"], None, None)
    assert rules(after(lead, e.Accepted(at=NOON, rep="ben"))) == []
    assert rules(after(replied(lead, "r3"), called())) == ["sla/hand_raise", "sla/hand_raise"]


def test_a_disposition_ends_a_call_on_offer() -> None:
    lead = after(replied(handed_off()), called(), e.Disposed(at=NOON, code=Code.WON, by="ada"))
    assert (lead.escalated_at, rules(lead)) == (None, [])


def test_a_machines_answer_changes_nothing_but_is_told() -> None:
    before = handed_off()
    lead = after(before, e.AutoReplied(at=NOON, row_id="r1"))
    (told,) = [item for item in lead.agenda if item not in before.agenda]
    assert (told.action, told.template, told.row_id) == (Action.TELL, "auto_reply", "r1")
    assert (lead.contacted_at, lead.replied_at, lead.stage, lead.owner) == (None, None, before.stage, before.owner)


def test_a_machines_answer_wakes_nobody_and_a_closed_lead_hears_none() -> None:
    closed = after(handed_off(), e.OptedOut(at=NOON, row_id="r0"))
    assert after(closed, e.AutoReplied(at=NOON, row_id="r1")).agenda == ()
    assert after(handed_off(), e.AutoReplied(at=NOON, row_id="r1")).stage is not Stage.WORKING


@pytest.mark.parametrize("said", ["sarcasm", 7, None, ["yes"], {"kind": "buying_signal"}, "BUYING_SIGNAL"])
def test_a_reply_of_a_kind_that_nobody_knows_here_is_a_reply_all_the_same(said: object) -> None:
    row = read_row({"row_id": "r1", "kind": "reply", "at": NOON.isoformat(), "said": said})
    assert row is not None
    assert row.said is None
