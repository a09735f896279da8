"""What became of each thing a decision planned, by the lead's own story: made, put off, refused, overtaken, to come."""

from datetime import timedelta

import pytest

from domain import events as e
from domain import outcomes, transitions
from domain.decisions import Decision, DecisionKind, Item, Outcome, Rest
from domain.outcomes import Became, ItemOutcome, Told
from domain.values import Action, Channel, ClosedReason, Code, Refusal, Until
from tests.builders import NOON, a_decision, a_lead, an_item

MINUTE = timedelta(minutes=1)
OFFER = an_item("offer-1", action=Action.OFFER)
WARN = an_item("warn-1", 2.5, rule="sla/hand_raise")
TEXT = an_item("text-1", action=Action.TEXT, until=Until.CONTACTED, template="hand_raise", held_by=("courtesy/sms",))
CRM = an_item("crm-1", action=Action.CRM, until=Until.NEVER)
DECIDED = e.Decided(at=NOON, decision=a_decision(agenda=(OFFER, WARN, TEXT, CRM)))


def on_agenda(item: Item) -> Item:
    return item.model_copy(update={"key": f"1:{item.key}"})


def became(
    *facts: e.AnyFact, decision: Decision = DECIDED.decision, states: dict[str, str] | None = None
) -> dict[str, ItemOutcome]:
    """By key, of a lead to which this happened after its first decision."""
    lead, story = a_lead(), []
    for fact in (DECIDED, *facts):
        lead = transitions.apply(lead, fact)
        story.append(Told(cycle=lead.cycle, fact=fact))
    return {each.key[2:]: each for each in outcomes.of(decision, 1, story, lead, states or {})}


def test_what_is_on_the_agenda_waits_until_it_is_due() -> None:
    found = became()
    assert [each.became for each in found.values()] == [Became.WAITING] * 4
    assert (found["warn-1"].at, found["text-1"].held_by) == (WARN.at, ("courtesy/sms",))


def test_what_was_made_says_when_on_what_and_what_the_ledger_says_of_it() -> None:
    made = e.Performed(at=NOON + MINUTE, item=on_agenda(TEXT), touch_id="t1", channel=Channel.SMS)
    text = became(made, states={"t1": "delivered"})["text-1"]
    assert (text.became, text.at, text.touch_id, text.touch_state) == (Became.MADE, NOON + MINUTE, "t1", "delivered")
    assert (text.template, text.planned_at) == ("hand_raise", TEXT.at)


def test_an_offer_says_to_whom_it_went() -> None:
    offered = e.Offered(at=NOON, owner="ada", number=1)
    again = e.Offered(at=NOON + 5 * MINUTE, owner="ben", number=2)
    found = became(offered, e.Performed(at=NOON, item=on_agenda(OFFER), channel=Channel.CHAT), again)
    assert (found["offer-1"].became, found["offer-1"].to) == (Became.MADE, "ada")


def test_what_the_guard_put_off_says_each_time_until_when_and_by_which_rule() -> None:
    night = NOON + timedelta(hours=9)
    held = e.Held(at=NOON, item=on_agenda(TEXT), until=night, because="us-2026-11/TX")
    text = became(held)["text-1"]
    assert (text.became, text.at) == (Became.WAITING, night)
    assert [(hold.until, hold.because) for hold in text.holds] == [(night, "us-2026-11/TX")]
    sent = became(held, e.Performed(at=night, item=on_agenda(TEXT), touch_id="t1"))["text-1"]
    assert (sent.became, sent.at, len(sent.holds)) == (Became.MADE, night, 1)


def test_what_was_refused_says_by_which_rule() -> None:
    dropped = e.Dropped(at=NOON, item=on_agenda(TEXT), because="cap/3-in-24h", refusal=Refusal.CAP_REACHED)
    text = became(dropped)["text-1"]
    assert (text.became, text.refusal, text.because) == (Became.REFUSED, Refusal.CAP_REACHED, "cap/3-in-24h")


def test_what_nobody_knows_is_told_so() -> None:
    text = became(e.Unsettled(at=NOON, item=on_agenda(TEXT), touch_id="t1"), states={"t1": "unknown"})["text-1"]
    assert (text.became, text.touch_state) == (Became.UNSETTLED, "unknown")


@pytest.mark.parametrize(
    ("fact", "overtaken", "because"),
    [
        (e.Accepted(at=NOON + MINUTE, rep="ada"), {"offer-1", "warn-1"}, "ada accepted"),
        (e.Replied(at=NOON + MINUTE, row_id="r"), {"offer-1", "warn-1", "text-1"}, "they answered"),
        (
            e.Disposed(at=NOON + MINUTE, code=Code.WON, by="ada"),
            {"offer-1", "warn-1", "text-1"},
            "ada said won",
        ),
        (e.OptedOut(at=NOON + MINUTE, row_id="r"), {"offer-1", "warn-1", "text-1"}, "they opted out"),
        (
            e.Closed(at=NOON + MINUTE, reason=ClosedReason.TEST),
            {"offer-1", "warn-1", "text-1"},
            "closed",
        ),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_what_somebody_made_pointless_says_by_what(fact: e.AnyFact, overtaken: set[str], because: str) -> None:
    found = became(fact)
    assert {key for key, each in found.items() if each.became is Became.OVERTAKEN} == overtaken
    assert {each.because for each in found.values() if each.became is Became.OVERTAKEN} == {because}
    assert found["crm-1"].became is Became.WAITING
    assert all(each.at == NOON + MINUTE for each in found.values() if each.became is Became.OVERTAKEN)


def test_a_rest_or_a_later_ladder_takes_its_place() -> None:
    rest = Rest(track="re_engage", until=NOON + timedelta(days=7))
    resting = a_decision(decision_id="d", kind=DecisionKind.DISPOSE, outcome=Outcome.REST, rest=rest, agenda=())
    assert became(e.Decided(at=NOON + MINUTE, decision=resting))["text-1"].because == "laid to rest"
    later = an_item("warn-1.reply", 60, rule="sla/hand_raise", until=Until.DISPOSED)
    reply = a_decision(decision_id="r", kind=DecisionKind.REPLY, outcome=Outcome.KEEP, agenda=(later,))
    assert became(e.Decided(at=NOON + MINUTE, decision=reply))["warn-1"].because == "a later ladder"


def test_the_offer_of_a_reoffer_is_made_by_the_step_that_asked() -> None:
    hop = an_item("offer-hop-2", 5, action=Action.OFFER)
    decision = a_decision(decision_id="o", kind=DecisionKind.REOFFER, owner="ben", agenda=(hop,))
    at = NOON + 5 * MINUTE
    found = became(e.Decided(at=at, decision=decision), e.Offered(at=at, owner="ben", number=2), decision=decision)
    assert (found["offer-hop-2"].became, found["offer-hop-2"].to) == (Became.MADE, "ben")
    nobody = became(e.Decided(at=at, decision=decision), e.Accepted(at=at, rep="ada"), decision=decision)
    assert nobody["offer-hop-2"].because == "ada accepted"


def test_a_story_that_is_not_written_down_yet_is_told_so() -> None:
    assert {each.became for each in outcomes.of(DECIDED.decision, 1, (), a_lead(), {})} == {Became.UNTOLD}
