"""Every default source at five moments: what is done, by whom, and when its text and its call really happen."""

from datetime import datetime

import pytest

from domain.decisions import Decision, Outcome
from domain.facts import ConsentFacts, Facts
from domain.values import Action, Motion, Source
from policy.explain import first_step, send_at
from policy.triage import triage
from tests.policy.cases import (
    CHICAGO,
    FLORIDA,
    LIVE,
    NURTURE,
    SCRUBBED,
    TASK,
    TEXT,
    WHISPER,
    at,
    default,
    lead,
    person,
)
from tests.policy.tables import law

LAW = ("courtesy/sms", "us-2026-11/federal", "us-2026-11/TX")

# now, whether people can talk, when a text may go and by what it is held, when a call is offered
MOMENTS = {
    "tuesday ten": ("2026-11-24 10:00", True, "Tue 24 10:00", (), "Tue 24 10:00"),
    "nine in the evening": ("2026-11-24 21:00", False, "Wed 25 09:00", LAW, "Wed 25 09:00"),
    "three in the morning": ("2026-11-25 03:00", False, "Wed 25 09:00", LAW, "Wed 25 09:00"),
    "sunday noon": ("2026-11-29 12:00", False, "Sun 29 12:00", (), "Mon 30 09:00"),
    "thanksgiving": ("2026-11-26 10:00", False, "Thu 26 10:00", (), "Fri 27 09:00"),
}

# motion while open and while closed, whether a text goes beside the call while open, the owner, the queue
SOURCES: dict[Source, tuple[Motion, Motion, bool, str | None, str | None]] = {
    Source.DEMO_REQUEST: (LIVE, TEXT, False, "ada", None),
    Source.CONTACT_SALES: (LIVE, TEXT, False, "ada", None),
    Source.PRICING_PAGE: (LIVE, TEXT, False, "ada", None),
    Source.MISSED_CALL: (WHISPER, TEXT, True, "ada", None),
    Source.INBOUND_SMS: (TEXT, TEXT, True, "ada", None),
    Source.REFERRAL: (WHISPER, TEXT, False, "ada", None),
    Source.CRM_STAGE: (WHISPER, TEXT, False, "ada", None),
    Source.PAID_LEAD_FORM: (TEXT, TEXT, True, None, "inbound"),
    Source.CONTENT_DOWNLOAD: (NURTURE, NURTURE, True, None, None),
    Source.WEBINAR: (NURTURE, NURTURE, True, None, None),
    Source.NEWSLETTER: (NURTURE, NURTURE, True, None, None),
    Source.IMPORT: (NURTURE, NURTURE, False, None, None),
}
CALLED = [source for source, row in SOURCES.items() if row[3]]


def decided(facts: Facts, now: str) -> Decision:
    return triage(facts, default(), at(now), "lead-1:1:triage:0").decision


def told(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(CHICAGO):%a %d %H:%M}" if moment else None


def moments(decision: Decision, *actions: Action) -> list[tuple[str | None, tuple[str, ...]]]:
    return [(told(item.at), item.held_by) for item in decision.agenda if item.action in actions]


def test_the_table_has_every_default_source() -> None:
    assert set(SOURCES) == set(Source) - {Source.INBOUND_CALL}, "somebody speaks with those already, at any hour"


@pytest.mark.parametrize("clock", MOMENTS)
@pytest.mark.parametrize("source", SOURCES)
def test_each_source_has_its_motion_owner_and_channel_at_each_moment(source: Source, clock: str) -> None:
    now, is_open, _, _, _ = MOMENTS[clock]
    while_open, while_closed, _, owner, queue = SOURCES[source]
    decision = decided(lead(source, history=SCRUBBED), now)
    motion = while_open if is_open else while_closed
    assert (decision.motion, decision.owner, decision.queue) == (motion, owner, queue)
    assert decision.channel == ("call" if motion in (LIVE, WHISPER) else "sms")
    assert decision.outcome is (Outcome.NURTURE if motion is NURTURE else Outcome.HAND_OFF)


@pytest.mark.parametrize("clock", MOMENTS)
@pytest.mark.parametrize("source", [source for source in SOURCES if source is not Source.IMPORT])
def test_the_first_text_goes_at_the_first_lawful_moment(source: Source, clock: str) -> None:
    now, is_open, text, held_by, _ = MOMENTS[clock]
    decision = decided(lead(source, history=SCRUBBED), now)
    expected = [(text, held_by)] if SOURCES[source][2] or not is_open else []
    assert moments(decision, Action.TEXT)[:1] == expected


@pytest.mark.parametrize("clock", MOMENTS)
@pytest.mark.parametrize("source", CALLED)
def test_a_call_is_offered_when_business_and_person_can_both_talk(source: Source, clock: str) -> None:
    now, is_open, _, _, offer = MOMENTS[clock]
    ((moment, held_by),) = moments(decided(lead(source), now), Action.OFFER)
    assert moment == offer
    assert held_by[:1] == (() if is_open else ("business_hours",))


@pytest.mark.parametrize("now", [row[0] for row in MOMENTS.values()])
@pytest.mark.parametrize("source", ["content_download", "webinar", "newsletter", "import"])
def test_a_reader_is_never_called_whatever_the_clock(source: str, now: str) -> None:
    decision = decided(lead(source), now)
    assert {item.action for item in decision.agenda} <= {Action.TEXT, Action.CRM}
    assert decision.rest is not None
    assert decision.rest.until > at(now)


@pytest.mark.parametrize(
    ("now", "expected"), [("2026-11-24 21:00", "Fri 25 09:00"), ("2026-11-26 10:00", "Sat 26 10:00")]
)
def test_an_imported_lead_first_hears_from_us_a_month_later(now: str, expected: str) -> None:
    judgement = triage(lead("import", history=SCRUBBED), default(), at(now), "lead-1:1:triage:0")
    assert [told(item.at) for item in judgement.decision.agenda if item.action is Action.TEXT] == [expected]
    assert (send_at(judgement), first_step(judgement)) == (at(now), None)  # it rests from now on; nothing puts that off


def test_an_imported_lead_hears_nothing_without_the_registry_for_a_list_is_no_inquiry() -> None:
    judgement = triage(lead("import"), default(), at("2026-11-24 10:00"), "lead-1:1:triage:0")
    assert moments(judgement.decision, Action.TEXT) == []
    assert "do_not_call/no_extract" in judgement.trace.not_taken[-1].because


@pytest.mark.parametrize("clock", [name for name, row in MOMENTS.items() if not row[1]])
@pytest.mark.parametrize("source", CALLED)
def test_without_leave_to_text_nothing_but_the_call_waits(source: Source, clock: str) -> None:
    now, _, text, _, offer = MOMENTS[clock]
    decision = decided(lead(source, consent=ConsentFacts(), history=SCRUBBED), now)
    answers = source in (Source.MISSED_CALL, Source.INBOUND_SMS)  # their own call or text is leave for one answer
    assert decision.motion is (TEXT if answers else SOURCES[source][0])
    assert [moment for moment, _ in moments(decision, Action.TEXT, Action.RESCUE)] == ([text] if answers else [])
    assert [moment for moment, _ in moments(decision, Action.OFFER)] == [offer]


@pytest.mark.parametrize("source", SOURCES)
def test_a_lead_of_an_unknown_place_is_neither_called_nor_texted(source: Source) -> None:
    for now in ("2026-11-24 10:00", "2026-11-24 21:00"):
        decision = decided(lead(source, ()), now)
        assert decision.motion is (NURTURE if source in list(SOURCES)[-4:] or source == "paid_lead_form" else TASK)
        assert decision.channel in ("chat", "email")
        assert moments(decision, Action.TEXT, Action.RESCUE) == []


@pytest.mark.parametrize("source", ["demo_request", "missed_call", "tiktok", "newsletter"])
def test_without_any_address_a_person_has_to_look(source: str) -> None:
    decision = decided(
        lead(source, (), person=person((), phone=None, email=None, email_domain=None)), "2026-11-24 21:00"
    )
    assert (decision.outcome, decision.motion, decision.owner) == (Outcome.HUMAN_TASK, TASK, "ben")
    assert moments(decision, Action.OFFER) == [("Wed 25 09:00", ("business_hours",))]


def test_at_five_in_the_afternoon_sharp_the_business_is_closed_and_a_second_earlier_it_is_not() -> None:
    assert decided(lead(), "2026-11-24 16:59:59").motion is LIVE
    assert decided(lead(), "2026-11-24 17:00").motion is TEXT
    assert decided(lead(), "2026-11-24 08:59:59.999999").motion is TEXT
    assert decided(lead(), "2026-11-24 09:00").motion is LIVE


@pytest.mark.parametrize("hour", range(24))
def test_over_a_whole_day_no_call_is_offered_to_a_floridian_out_of_hours(hour: int) -> None:
    decision = decided(lead("missed_call", FLORIDA), f"2026-11-24 {hour:02}:30")
    for item in decision.agenda:
        if item.action is Action.OFFER:
            assert law.inside(FLORIDA, item.at), item
            assert law.business_is_open(item.at), item
        if item.action in (Action.TEXT, Action.RESCUE):
            assert law.inside(FLORIDA, item.at), item
