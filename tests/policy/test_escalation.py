"""What a reply leads to, by what it says: a call, the owner's answer, or the end of the ladder (R15, R23, R57)."""

from datetime import datetime

import pytest

from domain.decisions import Decision, DecisionKind, Judgement, Outcome
from domain.facts import ConsentFacts, Facts
from domain.replies import ReplyKind
from domain.values import Action, Channel, Code, Motion, Purpose, Until
from policy import sla
from tests.policy import cases
from tests.policy.cases import LIVE, TEXT, TUESDAY, WHISPER, at, changed, default, known, lead, loads, steps
from tests.policy.tables import law

BUYING, QUESTION, NOT_NOW = ReplyKind.BUYING_SIGNAL, ReplyKind.QUESTION, ReplyKind.NOT_NOW
WRONG, OTHER = ReplyKind.WRONG_PERSON, ReplyKind.OTHER
EVENING = at("2026-11-24 19:00")


def judged(said: ReplyKind | None, now: datetime = TUESDAY, facts: Facts | None = None, **about: object) -> Judgement:
    """The answer to a reply at `now`, by default of an ad's lead whom nobody owns."""
    asked = cases.ask(
        DecisionKind.REPLY, said=said, since=now, **{"route": "paid_lead_form", "motion": "text_back", **about}
    )
    return sla.after_reply(facts or lead("paid_lead_form", reps=loads(ben=5, dev=4)), default(), now, asked)


def answered(said: ReplyKind | None, now: datetime = TUESDAY, facts: Facts | None = None, **about: object) -> Decision:
    return judged(said, now, facts, **about).decision


def test_a_buying_signal_in_hours_is_a_live_call_to_whoever_is_next_within_five_minutes() -> None:
    decision = answered(BUYING)
    assert (decision.outcome, decision.motion, decision.channel) == (Outcome.HAND_OFF, LIVE, Channel.CALL)
    assert (decision.owner, decision.sla_due_at) == ("ada", at("2026-11-24 10:05"))
    assert decision.fallbacks == (WHISPER, TEXT)
    assert decision.fallback_text == "call_soon"
    assert decision.dials
    assert steps(decision)[:5] == [
        ("Tue 10:00:00", "call"),
        ("Tue 10:00:00", "offer"),
        ("Tue 10:02:30", "warn"),
        ("Tue 10:03:45", "warn"),
        ("Tue 10:05:00", "rescue"),
    ]
    assert Action.NURTURE not in [item.action for item in decision.agenda], "contact was made: it is worked, not left"


def test_after_hours_the_call_waits_for_the_next_window_and_a_text_says_so_at_once() -> None:
    decision = answered(BUYING, EVENING)
    assert (decision.motion, decision.sla_due_at) == (WHISPER, at("2026-11-25 09:05"))
    text, call, offer = decision.agenda[:3]
    assert (text.action, text.template, text.at, text.purpose) == (Action.TEXT, "call_soon", EVENING, "responsive")
    assert (offer.action, offer.at, offer.held_by) == (Action.OFFER, at("2026-11-25 09:00"), ("business_hours",))
    assert (call.action, call.at, call.held_by, call.purpose) == (Action.CALL, offer.at, offer.held_by, "responsive")
    assert call.until is Until.DISPOSED, "they asked for it: further words don't take it back"


def test_where_the_text_would_come_no_sooner_than_the_call_none_is_sent() -> None:
    decision = answered(BUYING, at("2026-11-24 22:00"))
    assert steps(decision, Action.TEXT, Action.OFFER) == [("Wed 09:00:00", "offer")]


@pytest.mark.parametrize("hour", range(24))
def test_at_no_hour_is_a_floridian_called_or_texted_outside_the_law(hour: int) -> None:
    facts = lead("paid_lead_form", cases.FLORIDA)
    for item in answered(BUYING, at(f"2026-11-24 {hour:02}:30"), facts).agenda:
        if item.action in (Action.CALL, Action.OFFER, Action.TEXT, Action.RESCUE):
            assert law.inside(cases.FLORIDA, item.at), item
        if item.action is Action.OFFER:
            assert law.business_is_open(item.at), item


def test_their_own_words_of_a_moment_ago_are_no_recent_contact_that_forbids_the_call() -> None:
    facts = lead("paid_lead_form", history=known(last_contact_at=TUESDAY))
    decision = answered(BUYING, facts=facts)
    assert decision.motion is LIVE
    (rescue,) = [item for item in decision.agenda if item.action is Action.RESCUE]
    assert rescue.purpose is Purpose.RESPONSIVE


@pytest.mark.parametrize("source", ["missed_call", "inbound_sms"])
def test_whoever_never_ticked_texts_is_rescued_by_none_though_they_called_or_texted(source: str) -> None:
    decision = answered(BUYING, facts=lead(source, consent=ConsentFacts()), route=source)
    assert decision.motion is LIVE
    assert [item for item in decision.agenda if item.action is Action.RESCUE] == []


@pytest.mark.parametrize(
    "facts",
    [lead("paid_lead_form", consent=ConsentFacts(sms=True, kind="none")), lead("paid_lead_form", ())],
    ids=["no leave to call", "nobody knows where they are"],
)
def test_who_may_not_be_called_is_answered_by_the_owner_in_half_an_hour(facts: Facts) -> None:
    judgement = judged(BUYING, facts=facts)
    decision = judgement.decision
    assert (decision.outcome, decision.motion, decision.sla_due_at) == (Outcome.KEEP, TEXT, at("2026-11-24 10:30"))
    assert "motion/live_transfer" in [each.what for each in judgement.trace.not_taken]


@pytest.mark.parametrize("said", [None, QUESTION, OTHER])
def test_a_question_and_whatever_nobody_understood_is_answered_by_the_owner(said: ReplyKind | None) -> None:
    decision = answered(said)
    assert (decision.outcome, decision.motion, decision.sla_due_at) == (Outcome.KEEP, TEXT, at("2026-11-24 10:30"))
    assert decision.agenda == answered(None).agenda


def test_an_owner_who_has_accepted_is_asked_to_call_and_offered_nothing_again() -> None:
    decision = answered(BUYING, owner="cleo", accepted=True, hop=1)
    assert (decision.motion, decision.owner, decision.sla_due_at) == (LIVE, "cleo", at("2026-11-24 10:05"))
    rung = ("Tue 10:00:00", "call")
    assert steps(decision) == [rung, ("Tue 10:30:00", "remind"), ("Tue 12:00:00", "supervisor")]


def test_while_the_call_is_on_offer_further_words_change_nothing_but_a_no_ends_it() -> None:
    for said in (BUYING, QUESTION, OTHER, None):
        decision = answered(said, owner="ada", hop=1, escalated=True, motion="live_transfer")
        assert (decision.outcome, decision.agenda, decision.rules) == (Outcome.KEEP, (), ("reply/on_offer",))
    assert answered(NOT_NOW, owner="ada", hop=1, escalated=True).outcome is Outcome.REST


def test_not_now_rests_after_half_an_hour_in_which_somebody_may_claim_the_lead() -> None:
    decision = answered(NOT_NOW, at("2026-11-24 16:50"))
    (end,) = decision.agenda
    assert (decision.outcome, decision.sla_due_at) == (Outcome.REST, None)
    assert (end.action, end.code, end.at, end.until) == (
        Action.NURTURE,
        Code.NOT_NOW,
        at("2026-11-25 09:20"),
        Until.ACCEPTED,
    )


@pytest.mark.parametrize("said", [NOT_NOW, WRONG])
def test_until_it_rests_the_owner_has_the_lead_or_else_everybody(said: ReplyKind) -> None:
    owned, nobodys = answered(said, owner="cleo"), answered(said)
    assert (owned.owner, owned.queue) == ("cleo", None)
    assert (nobodys.owner, nobodys.queue) == (None, "inbound")


def test_a_wrong_number_is_given_up_at_once_at_any_hour() -> None:
    (end,) = answered(WRONG, at("2026-11-24 23:10")).agenda
    assert (end.action, end.code, end.at) == (Action.NURTURE, Code.BAD_NUMBER, at("2026-11-24 23:10"))


def test_a_reader_who_answers_is_called_by_a_briefed_rep_and_never_put_through_live() -> None:
    decision = answered(BUYING, facts=lead("webinar"), route="content", motion="nurture")
    assert (decision.motion, decision.fallbacks) == (WHISPER, (TEXT,))


def test_a_policy_without_replies_answers_as_before() -> None:
    loaded = changed(replies={"escalate": None, "ends": {"not_now": None, "wrong_person": None}})
    for said in ReplyKind:
        asked = cases.ask(DecisionKind.REPLY, said=said, since=TUESDAY, route="paid_lead_form", motion="text_back")
        decision = sla.after_reply(lead("paid_lead_form"), loaded, TUESDAY, asked).decision
        assert (decision.outcome, decision.motion) == (Outcome.KEEP, Motion.TEXT_BACK)


HELPS = {"help": "help"}
HELP_TEXT = "{{ business }}: call +1 512 555 0100 or mail help@example.com. Reply STOP to opt out."


def helped(now: datetime = TUESDAY, **about: object) -> Judgement:
    loaded = changed(replies=HELPS, texts={"help": HELP_TEXT})
    asked = cases.ask(DecisionKind.REPLY, said=ReplyKind.HELP, since=now, route="paid_lead_form", **about)
    return sla.after_reply(lead("paid_lead_form", reps=loads(ben=5, dev=4)), loaded, now, asked)


@pytest.mark.parametrize("escalated", [False, True])
def test_help_is_answered_by_the_policys_own_text_beside_whatever_else_is_under_way(escalated: bool) -> None:
    found = helped(escalated=escalated, owner="cleo")
    (text,) = [item for item in found.decision.agenda if item.rule == "help"]
    assert (text.action, text.template, text.at) == (Action.TEXT, "help", TUESDAY)
    assert (text.purpose, text.until) == (Purpose.RESPONSIVE, Until.NEVER)
    assert "help" in found.decision.rules
    assert (len(found.decision.agenda) > 1) is not escalated, "the owner answers as well"


def test_without_a_text_for_it_help_is_for_the_owner_alone() -> None:
    assert answered(ReplyKind.HELP).agenda == answered(OTHER).agenda
    assert not [item for item in answered(ReplyKind.HELP).agenda if item.action is Action.TEXT]


def test_a_policy_says_which_kinds_are_worth_a_call() -> None:
    call = {"on": ["question"], "open": ["whisper_call"], "closed": ["whisper_call"], "sla": "hand_raise"}
    loaded = changed(replies={"escalate": call})
    asked = cases.ask(DecisionKind.REPLY, said=QUESTION, since=TUESDAY, route="paid_lead_form")
    assert sla.after_reply(lead("paid_lead_form"), loaded, TUESDAY, asked).decision.motion is WHISPER
    asked = cases.ask(DecisionKind.REPLY, said=BUYING, since=TUESDAY, route="paid_lead_form")
    assert sla.after_reply(lead("paid_lead_form"), loaded, TUESDAY, asked).decision.motion is None
