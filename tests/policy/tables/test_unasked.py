"""A cycle that begins because a rest ran out: nobody did anything, so its calls and texts solicit (decision 0015).

The law behind it: the answer to a missed call is one service reply, an on-demand text a one-time response (FCC, by
https://www.allwirelessnews.com/features/fcc-to-clarify-scope-of-tcpa.html), and an inquiry exempts from the registry
for three months (https://www.cornbelttelephone.com/do-not-call-registry/).
"""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from domain.decisions import Decision, Item
from domain.facts import ConsentFacts, Facts, Listing, PastInquiry, PastTouch
from domain.values import Action, CallList, Cue, Motion, Purpose, Source
from policy.load import LoadedPolicy
from policy.suppression import why_not_text
from policy.triage import triage
from tests.policy import cases
from tests.policy.cases import (
    CALL,
    LIVE,
    NURTURE,
    SMS,
    TASK,
    TEXT,
    TUESDAY,
    WHISPER,
    WILLING,
    at,
    changed,
    default,
    known,
    lead,
)

DAY = timedelta(days=1)
UNTICKED = ConsentFacts(kind="inquiry")
FEDERAL = Listing(kept_by=CallList.FEDERAL, since=at("2026-11-20 00:00"))


def later(
    source: str = "demo_request", cycle: int = 2, history: Mapping[str, object] | None = None, **more: object
) -> Facts:
    """A lead of two weeks ago whose rest is over."""
    past = known(**{"handoffs": cycle - 1, "registry_as_of": TUESDAY - DAY, **(history or {})})
    about = {"received_at": TUESDAY - 14 * DAY, "cycle": cycle, "prompted": False, "history": past, **more}
    return lead(source, cases.TEXAS, **about)


def judged(facts: Facts, loaded: LoadedPolicy | None = None) -> Decision:
    return triage(facts, loaded or default(), TUESDAY, f"lead-1:{facts.cycle}:triage:0").decision


def texts(decision: Decision) -> list[Item]:
    return [item for item in decision.agenda if item.action in (Action.TEXT, Action.RESCUE)]


def test_nobody_is_told_two_weeks_later_that_we_are_sorry_we_missed_their_call() -> None:
    decision = judged(later("missed_call", consent=UNTICKED))
    assert decision.motion is WHISPER
    assert texts(decision) == []
    assert (decision.fallbacks, decision.fallback_text, decision.cue) == ((), None, None)
    assert "unasked" in decision.rules


def test_the_call_itself_is_answered_and_so_is_a_second_one() -> None:
    first = judged(lead("missed_call", consent=UNTICKED))
    again = judged(later("missed_call", consent=UNTICKED, prompted=True))
    for decision in (first, again):
        assert [(item.template, item.purpose) for item in texts(decision)] == [("missed_call", Purpose.RESPONSIVE)]
        assert decision.cue is Cue.APOLOGETIC
        assert "unasked" not in decision.rules


def test_an_inquiry_of_july_on_the_federal_list_is_not_called_in_november() -> None:
    july = at("2026-07-01 10:00")
    history = {"do_not_call": (FEDERAL,), "inquiries": (PastInquiry(source="demo_request", at=july),)}
    facts = later(cycle=3, received_at=july, history=history)
    assert judged(facts).motion is TASK
    assert texts(judged(facts)) == []
    asked_again = PastInquiry(source="demo_request", at=TUESDAY)
    fresh = later(cycle=3, received_at=july, prompted=True, history={**history, "inquiries": (asked_again,)})
    assert judged(fresh).motion is LIVE


@pytest.mark.parametrize(("cycle", "woken", "unasked"), [(1, 0, False), (2, 0, True), (2, 1, False), (3, 1, True)])
def test_facts_that_do_not_tell_how_a_cycle_began_count_as_unasked_where_one_may_have_been(
    cycle: int, woken: int, unasked: bool
) -> None:
    assert later(cycle=cycle, prompted=None, history={"woken": woken}).is_unasked is unasked


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("when", ["2026-11-24 10:00", "2026-11-24 21:30"])
def test_whatever_a_route_says_every_text_of_such_a_cycle_solicits(source: Source, when: str) -> None:
    decision = triage(later(source), default(), at(when), "lead-1:2:triage:0").decision
    assert {item.purpose for item in texts(decision)} <= {Purpose.SOLICITATION}
    assert decision.fallback_text is None or decision.fallback_purpose is Purpose.SOLICITATION
    answers = {"hand_raise", "missed_call", "inbound_sms", "one_question"}
    assert not answers & {item.template for item in texts(decision)}


@pytest.mark.parametrize(
    ("source", "motion", "sent"),
    [
        ("paid_lead_form", TEXT, ["nurture_check"]),
        ("inbound_sms", TEXT, ["nurture_check", "rescue"]),
        ("referral", WHISPER, ["rescue"]),
        ("content_download", NURTURE, ["nurture_hello", "nurture_tip", "nurture_check"]),
    ],
)
def test_it_begins_with_the_text_that_the_policy_names(source: str, motion: Motion, sent: list[str]) -> None:
    decision = judged(later(source))
    assert (decision.motion, [item.template for item in texts(decision)]) == (motion, sent)


def test_without_such_a_text_it_begins_with_a_call_or_what_is_always_possible() -> None:
    silent = changed(recycle={"text": None})
    assert judged(later("inbound_sms"), silent).motion is WHISPER
    assert judged(later("paid_lead_form"), silent).motion is NURTURE


@pytest.mark.parametrize("source", ["missed_call", "inbound_sms"])
def test_who_was_spoken_to_today_or_has_a_deal_is_left_to_a_person(source: str) -> None:
    for history in ({"last_contact_at": TUESDAY - timedelta(hours=2)}, {"active_deal": True}):
        decision = judged(later(source, history=history))
        assert (decision.motion, texts(decision)) == (TASK, [])


def test_our_caps_bind_the_first_text_of_such_a_cycle() -> None:
    three = tuple(PastTouch(channel=SMS, purpose=Purpose.SOLICITATION, at=TUESDAY - n * DAY / 8) for n in (1, 2, 3))
    (text,) = (item for item in texts(judged(later("paid_lead_form", history={"touches": three}))))
    assert text.at > TUESDAY
    assert text.held_by[0] == "cap/3-in-24h"


def test_the_guard_asks_such_a_text_for_a_ticked_box() -> None:
    (text,) = texts(judged(later("paid_lead_form", consent=WILLING)))
    refused = why_not_text(later("missed_call", consent=UNTICKED), default(), TUESDAY, text.purpose, text.template)
    assert refused is not None
    assert refused[2] == "consent/sms"


def test_windows_are_told_for_what_it_is() -> None:
    windows = triage(later(), default(), TUESDAY, "lead-1:2:triage:0").trace.windows
    assert {(each.channel, each.purpose) for each in windows} == {
        (SMS, Purpose.SOLICITATION),
        (CALL, Purpose.SOLICITATION),
    }
