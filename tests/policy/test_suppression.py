"""Why a touch may not be made: each reason, until when, by which rule."""

from datetime import datetime, timedelta

import pytest

from domain.facts import ConsentFacts, Facts, History, PastTouch, Place
from domain.values import Action, Channel, Purpose, Refusal
from policy.explain import sentences
from policy.load import read_policy
from policy.refusal import Answer
from policy.suppression import why_not, why_not_text
from policy.triage import triage
from tests.policy import cases
from tests.policy.cases import (
    CALL,
    EMAIL,
    RESPONSIVE,
    SMS,
    SOLICITATION,
    TUESDAY,
    at,
    changed,
    default,
    known,
    lead,
    person,
)

HOUR = timedelta(hours=1)


def asked(
    facts: Facts, channel: Channel = SMS, purpose: Purpose = SOLICITATION, now: datetime = TUESDAY
) -> Answer | None:
    return why_not(facts, default(), now, channel, purpose)


@pytest.mark.parametrize("places", [(), cases.LONDON])
def test_an_answer_at_any_hour_needs_no_place_and_window_and_refusal_say_the_same(places: tuple[Place, ...]) -> None:
    """A missed call from a toll-free number, and an operator who answers at night."""
    night = at("2026-11-24 23:00")
    facts = lead("missed_call", places)
    for loaded, expected in ((changed(contact={"answers_at_night": True}), night), (default(), None)):
        judgement = triage(facts, loaded, night, "d")
        texts = [item.at for item in judgement.decision.agenda if item.action is Action.TEXT]
        assert texts == ([expected] if expected else [])
        assert [window.earliest for window in judgement.trace.windows if window.channel is SMS] == [expected]
        refused = why_not(facts, loaded, night, SMS, RESPONSIVE)
        assert (refused is None) is (expected is not None)
        assert why_not(facts, loaded, night, SMS, SOLICITATION) == (Refusal.PLACE_UNKNOWN, None, "place_unknown")
        assert why_not(facts, loaded, night, CALL, RESPONSIVE) == (Refusal.PLACE_UNKNOWN, None, "place_unknown")


def test_a_number_that_takes_no_texts_is_still_called() -> None:
    facts = lead("demo_request", history=known(takes_no_texts="30006"))
    for purpose in (RESPONSIVE, SOLICITATION):
        assert asked(facts, SMS, purpose) == (Refusal.BAD_NUMBER, None, "takes_no_texts")
    assert asked(facts, CALL) is None


def touched(*hours_ago: float, channel: Channel = SMS, purpose: Purpose = SOLICITATION) -> History:
    past = tuple(PastTouch(channel=channel, purpose=purpose, at=TUESDAY - HOUR * ago) for ago in hours_ago)
    return known(touches=past)


@pytest.mark.parametrize("purpose", [RESPONSIVE, SOLICITATION])
@pytest.mark.parametrize("channel", [SMS, CALL, EMAIL])
@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (lead(history=known(opted_out=True)), Refusal.OPTED_OUT),
        (lead(kill_switch=True), Refusal.KILL_SWITCH),
        (lead(test=True), Refusal.TEST_LEAD),
        (lead(kill_switch=True, test=True, history=known(opted_out=True)), Refusal.KILL_SWITCH),
    ],
)
def test_some_reasons_hold_on_every_channel_for_every_purpose(
    facts: Facts, refusal: Refusal, channel: Channel, purpose: Purpose
) -> None:
    assert asked(facts, channel, purpose) == (refusal, None, str(refusal))


@pytest.mark.parametrize(
    ("facts", "channel", "refusal", "rule"),
    [
        (lead(person=person(phone=None)), SMS, Refusal.NO_NUMBER, "no_number"),
        (lead(person=person(phone=None)), CALL, Refusal.NO_NUMBER, "no_number"),
        (lead(person=person(phone=None, flags=("invalid_phone",))), SMS, Refusal.BAD_NUMBER, "bad_number"),
        (lead(person=person(email=None)), EMAIL, Refusal.NO_ADDRESS, "no_address"),
        (lead(places=()), SMS, Refusal.PLACE_UNKNOWN, "place_unknown"),
        (lead(places=cases.LONDON), CALL, Refusal.PLACE_UNKNOWN, "place_unknown"),
        (lead(consent=ConsentFacts()), SMS, Refusal.NO_CONSENT, "consent/sms"),
        (lead(consent=ConsentFacts(sms=True, kind="none")), SMS, Refusal.NO_CONSENT, "consent/sms"),
        (lead(consent=ConsentFacts(call=True, kind="none")), CALL, Refusal.NO_CONSENT, "consent/call"),
        (lead("missed_call", consent=ConsentFacts()), SMS, Refusal.NO_CONSENT, "consent/sms"),
        (lead(history=known(active_deal=True)), SMS, Refusal.ACTIVE_DEAL, "active_deal"),
        (lead(history=known(active_sequence=True)), SMS, Refusal.ACTIVE_SEQUENCE, "active_sequence"),
    ],
)
def test_reasons_that_no_waiting_mends(facts: Facts, channel: Channel, refusal: Refusal, rule: str) -> None:
    assert asked(facts, channel) == (refusal, None, rule)


@pytest.mark.parametrize(
    ("facts", "channel", "purpose"),
    [
        (lead(), SMS, SOLICITATION),
        (lead(), CALL, SOLICITATION),
        (lead(), EMAIL, SOLICITATION),
        (lead(consent=ConsentFacts()), CALL, SOLICITATION),  # an inquiry is leave for a person to call
        (lead("missed_call", consent=ConsentFacts()), SMS, RESPONSIVE),
        (lead("inbound_sms", consent=ConsentFacts()), SMS, RESPONSIVE),
        (lead(history=known(active_deal=True)), SMS, RESPONSIVE),  # an answer is no duplicate follow-up
        (lead(history=known(last_contact_at=TUESDAY - HOUR)), SMS, RESPONSIVE),
        (lead(kill_switch=True, test=True), Channel.CHAT, Purpose.INTERNAL),
    ],
)
def test_what_may_be_done(facts: Facts, channel: Channel, purpose: Purpose) -> None:
    assert asked(facts, channel, purpose) is None


def test_outside_the_window_it_says_when_it_opens() -> None:
    assert asked(lead(), now=at("2026-11-24 21:00")) == (
        Refusal.OUTSIDE_WINDOW,
        at("2026-11-25 09:00"),
        "courtesy/sms",
    )
    found = asked(lead(places=cases.FLORIDA, consent=cases.SIGNED), now=at("2026-11-24 20:30", cases.NEW_YORK))
    assert found == (Refusal.OUTSIDE_WINDOW, at("2026-11-25 08:00", cases.NEW_YORK), "us-2026-11/FL")


def test_a_contact_a_short_while_ago_holds_solicitations_for_a_day() -> None:
    facts = lead(history=known(last_contact_at=TUESDAY - HOUR))
    assert asked(facts) == (Refusal.RECENT_CONTACT, TUESDAY + 23 * HOUR, "recent_contact")
    assert asked(facts, now=TUESDAY + 23 * HOUR) is None


@pytest.mark.parametrize(
    ("hours_ago", "freed_in", "rule"),
    [
        ((1, 2, 23), 1, "cap/3-in-24h"),
        ((1, 2, 3, 4), 21, "cap/3-in-24h"),  # free once only two are left within the day
        ((30, 50, 70, 90, 110, 130, 150), 18, "cap/7-in-168h"),
        ((1, 2, 3, 90, 110, 130, 150), 21, "cap/3-in-24h"),  # both bind; the later one counts
    ],
)
def test_the_caps_of_a_person_and_when_they_free(hours_ago: tuple[float, ...], freed_in: int, rule: str) -> None:
    facts = lead(history=touched(*hours_ago))
    freed = TUESDAY + HOUR * freed_in
    assert asked(facts) == (Refusal.CAP_REACHED, freed, rule)
    later = asked(facts, now=freed)
    assert later is None or later[0] is not Refusal.CAP_REACHED


@pytest.mark.parametrize(
    "history",
    [
        touched(1, 2),
        touched(24, 25, 26),
        touched(1, 2, 3, purpose=Purpose.RESPONSIVE),
        touched(1, 2, 3, channel=Channel.CHAT),
    ],
)
def test_what_the_caps_do_not_count(history: History) -> None:
    assert asked(lead(history=history)) is None


def test_caps_count_over_channels_and_leave_answers_alone() -> None:
    facts = lead(history=touched(1, 2, 3, channel=Channel.CALL))
    assert asked(facts, SMS) == (Refusal.CAP_REACHED, TUESDAY + 21 * HOUR, "cap/3-in-24h")
    assert asked(facts, SMS, RESPONSIVE) is None


def test_a_sandbox_touches_test_leads() -> None:
    loaded = changed(sandbox=True)
    assert why_not(lead(test=True), loaded, TUESDAY, SMS, SOLICITATION) is None


def test_the_always_open_policy_still_keeps_opt_outs_and_consent() -> None:
    loaded = read_policy(cases.POLICIES / "always_open.yaml")
    night = at("2026-11-26 03:00")
    assert why_not(lead(places=()), loaded, night, SMS, SOLICITATION) is None
    out = why_not(lead(history=known(opted_out=True)), loaded, night, SMS, RESPONSIVE)
    assert out is not None
    assert out[0] is Refusal.OPTED_OUT


SECOND = timedelta(seconds=1)
TEN = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("ago", "past", "purpose", "refused"),
    [
        (2 * SECOND, {}, RESPONSIVE, True),
        (TEN - SECOND, {}, RESPONSIVE, True),
        (TEN, {}, RESPONSIVE, False),
        (-SECOND, {}, RESPONSIVE, False),  # planned, not made
        (SECOND, {"template": "hand_raise"}, RESPONSIVE, False),  # answers something else
        (SECOND, {"template": None}, RESPONSIVE, False),
        (SECOND, {"purpose": SOLICITATION}, RESPONSIVE, False),
        (SECOND, {"channel": CALL}, RESPONSIVE, False),
        (SECOND, {}, SOLICITATION, False),  # the caps are for these
    ],
)
def test_the_same_answer_goes_once_in_ten_minutes(
    ago: timedelta, past: dict[str, object], purpose: Purpose, refused: bool
) -> None:
    given = {"channel": SMS, "purpose": RESPONSIVE, "template": "missed_call", "at": TUESDAY - ago, **past}
    facts = lead("missed_call", history=known(touches=(PastTouch.model_validate(given),)))
    expected = (Refusal.CAP_REACHED, None, "same_answer/missed_call-in-10m") if refused else None
    assert why_not_text(facts, default(), TUESDAY, purpose, "missed_call") == expected


def test_how_often_the_same_answer_goes_is_the_policys_to_say() -> None:
    past = PastTouch(channel=SMS, purpose=RESPONSIVE, template="missed_call", at=TUESDAY - TEN)
    facts = lead("missed_call", history=known(touches=(past,)))
    hourly, always = (changed(contact={"same_answer": time}) for time in ("1h", "0m"))
    assert why_not_text(facts, hourly, TUESDAY, RESPONSIVE, "missed_call") is not None
    assert why_not_text(facts, always, TUESDAY - TEN + SECOND, RESPONSIVE, "missed_call") is None


@pytest.mark.parametrize(
    ("now", "motion"), [("2026-11-24 10:00", "whisper_call"), ("2026-11-24 17:30", "whisper_call")]
)
def test_a_second_missed_call_is_called_back_and_not_texted_again_and_explain_says_why(now: str, motion: str) -> None:
    past = PastTouch(channel=SMS, purpose=RESPONSIVE, template="missed_call", at=at(now) - 2 * SECOND)
    facts = lead("missed_call", history=known(touches=(past,)))
    judgement = triage(facts, default(), at(now), "d")
    assert judgement.decision.motion == motion
    assert Action.TEXT not in [item.action for item in judgement.decision.agenda]
    assert any("same_answer/missed_call-in-10m" in said for said in sentences(judgement, facts))
