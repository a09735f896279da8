"""Home services: a missed call has its text within the minute, an emergency somebody on call at any hour."""

from datetime import timedelta

import pytest

from domain.decisions import DecisionKind
from domain.facts import Facts, History, PastTouch
from domain.replies import ReplyKind
from domain.values import Action, Channel, Motion, Purpose
from policy import sla
from policy import texts as words
from tests.policy.cases import TUESDAY, ask, at, lead, person
from tests.policy.packs.shelf import due, group, judged, offered, pack, route, texts

TEN, NINE, HOLIDAY, SATURDAY = "2026-11-24 10:00", "2026-11-24 21:00", "2026-11-26 10:00", "2026-11-28 12:00"
SUMMER_SATURDAY = "2027-06-05 18:30"
LINE = "emergency-line"


@pytest.mark.parametrize(
    "row",
    [
        ("missed_call", TEN, "missed_call", "whisper_call", "Tue 10:03", [("missed_call", "Tue 10:00")]),
        ("missed_call", NINE, "missed_call", "text_back", "Wed 09:03", [("missed_call", "Wed 09:00")]),
        ("missed_call", HOLIDAY, "missed_call", "text_back", "Fri 09:03", [("missed_call", "Thu 10:00")]),
        ("missed_call", SATURDAY, "missed_call", "whisper_call", "Sat 12:03", [("missed_call", "Sat 12:00")]),
        ("missed_call", "2026-11-28 13:30", "missed_call", "text_back", "Mon 09:03", [("missed_call", "Sat 13:30")]),
        ("inbound_sms", TEN, "inbound_sms", "text_back", "Tue 10:03", [("inbound_sms", "Tue 10:00")]),
        ("estimate_request", TEN, "estimate", "appointment", "Tue 10:30", [("slots", "Tue 10:00")]),
        ("estimate_request", NINE, "estimate", "appointment", "Wed 09:30", [("slots", "Wed 09:00")]),
        ("contact_sales", TEN, "asks_for_us", "live_transfer", "Tue 10:03", []),
        ("paid_lead_form", TEN, "paid_lead_form", "text_back", None, [("one_question", "Tue 10:00")]),
        ("tiktok", TEN, "fallback", "human_task", "Tue 10:30", []),
    ],
)
def test_each_source_has_its_motion_its_minute_and_its_text(
    row: tuple[str, str, str, str, str | None, list[tuple[str, str]]],
) -> None:
    source, when, *expected = row
    facts = lead(source) if source != "tiktok" else lead(source, person=person(email=None), consent={})
    decision = judged("home_services", facts, when).decision
    assert [route(decision), decision.motion, due(decision), texts(decision)] == expected


def test_a_missed_call_is_answered_within_the_minute_by_a_text_that_names_the_business() -> None:
    decision = judged("home_services", lead("missed_call", consent={}), TEN).decision
    (text,) = [item for item in decision.agenda if item.action is Action.TEXT]
    assert text.at - at(TEN) < timedelta(seconds=60)
    assert "{{ business }}" in pack("home_services").policy.texts[text.template or ""]


def test_the_second_missed_call_within_a_quarter_of_an_hour_has_no_second_text() -> None:

    sent = PastTouch(channel=Channel.SMS, purpose=Purpose.RESPONSIVE, at=at("2026-11-24 09:50"), template="missed_call")
    decision = judged("home_services", lead("missed_call", history=History(touches=(sent,))), TEN).decision
    assert (decision.motion, texts(decision)) == (Motion.WHISPER_CALL, [])


@pytest.mark.parametrize("when", [NINE, HOLIDAY, "2026-11-26 03:00", "2026-12-25 05:00"])
@pytest.mark.parametrize(
    "facts",
    [
        lead("missed_call", campaign=LINE),
        lead("inbound_sms", campaign=LINE),
        lead("contact_sales", answers={"urgency": "emergency"}),
        lead("contact_sales", answers={"message": "A pipe BURST in the kitchen"}),
        lead("estimate_request", answers={"message": "se inundó el baño, es una fuga"}),
    ],
)
def test_an_emergency_reaches_whoever_is_on_call_at_once_at_any_hour(facts: Facts, when: str) -> None:
    judgement = judged("home_services", facts, when)
    decision = judgement.decision
    assert (route(decision), decision.motion, group(judgement)) == ("emergency", Motion.HUMAN_TASK, "on_call")
    assert offered(decision) == f"{at(when):%a %H:%M}"
    assert decision.sla_due_at == at(when) + timedelta(minutes=5)


def test_on_call_goes_by_the_week() -> None:
    nights = ("2026-11-25 02:00", "2026-12-02 02:00", "2026-12-09 02:00")
    owners = [judged("home_services", lead("missed_call", campaign=LINE), night).decision.owner for night in nights]
    assert owners == ["hana", "gus", "hana"]


def test_by_day_an_emergency_is_texted_and_called_at_once() -> None:
    decision = judged("home_services", lead("missed_call", campaign=LINE), TEN).decision
    assert (decision.motion, texts(decision)) == (Motion.WHISPER_CALL, [("emergency", "Tue 10:00")])


def test_a_call_at_night_that_is_no_emergency_wakes_nobody() -> None:
    decision = judged("home_services", lead("missed_call"), NINE).decision
    assert (decision.owner, offered(decision)) == ("dana", "Wed 09:00")


def test_in_summer_the_desk_is_open_on_saturday_evening_and_in_winter_it_is_not() -> None:
    clock = pack("home_services").clock()
    assert (clock.is_open(at(SUMMER_SATURDAY)), clock.is_open(at("2026-12-05 18:30"))) == (True, False)


def test_a_large_job_is_the_estimators_and_a_spanish_caller_has_somebody_who_speaks_it() -> None:
    large = judged("home_services", lead("estimate_request", answers={"product_line": "Water heater"}), TEN).decision
    spanish = judged("home_services", lead("missed_call", person=person(language="es")), TEN).decision
    assert (large.owner, spanish.owner) == ("marta", "luis")


def test_a_yes_to_an_ads_question_becomes_a_call_at_once() -> None:
    asking = ask(DecisionKind.REPLY, route="paid_lead_form", motion=Motion.TEXT_BACK, said=ReplyKind.BUYING_SIGNAL)
    decision = sla.after_reply(lead("paid_lead_form"), pack("home_services"), TUESDAY, asking).decision
    assert (decision.motion, decision.owner) == (Motion.LIVE_TRANSFER, "dana")
    assert due(decision) == "Tue 10:03"


@pytest.mark.parametrize(
    ("postal_code", "closed"), [("78704", None), ("78641", None), ("10001", "not_icp"), (None, None)]
)
def test_a_job_where_we_do_not_work_is_closed_and_an_unsaid_place_is_not(
    postal_code: str | None, closed: str | None
) -> None:
    decision = judged("home_services", lead("missed_call", person=person(postal_code=postal_code)), TEN).decision
    assert decision.closed == closed


@pytest.mark.parametrize(("language", "begins"), [("es", "Hola"), ("en", "Hi"), ("fr", "Hi")])
def test_the_answer_is_in_their_language(language: str, begins: str) -> None:
    text = pack("home_services").policy.text("missed_call", language) or ""
    assert words.fill(text, {**words.SAMPLE, "language": language}).startswith(begins)
