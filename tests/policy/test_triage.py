"""Source × clock → first motion, over every default source, and what else the first decision says."""

import pytest

from domain.decisions import Judgement, Outcome
from domain.facts import ConsentFacts, Facts, PersonFacts, SignalFact
from domain.values import Action, Band, Channel, ClosedReason, Motion, Purpose, Source
from policy.triage import triage
from tests.policy import cases
from tests.policy.cases import (
    LIVE,
    NURTURE,
    TASK,
    TEXT,
    TUESDAY,
    WHISPER,
    at,
    changed,
    default,
    lead,
    person,
    steps,
)

NINE_PM = at("2026-11-24 21:00")
NOTHING_SAID = ConsentFacts()

# source, open, closed, what is done at once while open
TABLE = [
    (Source.DEMO_REQUEST, LIVE, TEXT, ["call", "offer"]),
    (Source.CONTACT_SALES, LIVE, TEXT, ["call", "offer"]),
    (Source.PRICING_PAGE, LIVE, TEXT, ["call", "offer"]),
    (Source.MISSED_CALL, WHISPER, TEXT, ["text", "call", "offer"]),
    (Source.INBOUND_SMS, TEXT, TEXT, ["text", "offer"]),
    (Source.INBOUND_CALL, Motion.HUMAN_TASK, Motion.HUMAN_TASK, ["offer"]),
    (Source.REFERRAL, WHISPER, TEXT, ["call", "offer"]),
    (Source.CRM_STAGE, WHISPER, TEXT, ["call", "offer"]),
    (Source.PAID_LEAD_FORM, TEXT, TEXT, ["text"]),
    (Source.CONTENT_DOWNLOAD, NURTURE, NURTURE, ["text"]),
    (Source.WEBINAR, NURTURE, NURTURE, ["text"]),
    (Source.NEWSLETTER, NURTURE, NURTURE, ["text"]),
    (Source.IMPORT, NURTURE, NURTURE, []),
]


def judged(facts: Facts, now: object = TUESDAY) -> Judgement:
    return triage(facts, default(), now, "lead-1:1:triage:0")  # type: ignore[arg-type]  # a table's cell


@pytest.mark.parametrize(("source", "motion", "_closed", "at_once"), TABLE)
def test_while_open_each_source_has_its_motion(
    source: Source, motion: Motion, _closed: Motion, at_once: list[str]
) -> None:
    decision = judged(lead(source, history=cases.SCRUBBED)).decision
    assert decision.motion is motion
    assert [str(item.action) for item in decision.agenda if item.at == TUESDAY and item.action != "crm"] == at_once


@pytest.mark.parametrize(("source", "_open", "motion", "_at_once"), TABLE)
def test_at_night_the_clock_overrides_the_source(
    source: Source, _open: Motion, motion: Motion, _at_once: list[str]
) -> None:
    decision = judged(lead(source, history=cases.SCRUBBED), NINE_PM).decision
    assert decision.motion is motion
    assert all(item.at >= at("2026-11-25 09:00") for item in decision.agenda if item.action is not Action.CRM)


@pytest.mark.parametrize("source", [Source.CONTENT_DOWNLOAD, Source.WEBINAR, Source.NEWSLETTER])
@pytest.mark.parametrize("now", [TUESDAY, NINE_PM])
def test_content_is_never_called_even_when_somebody_referred_them(source: Source, now: object) -> None:
    """R16."""
    decision = judged(lead(source, referred=True), now).decision
    assert (decision.motion, decision.owner) == (NURTURE, None)
    assert {str(item.action) for item in decision.agenda} == {"text", "crm"}


def test_anybody_else_who_was_referred_is_called() -> None:
    assert judged(lead("trade_fair", referred=True)).decision.motion is WHISPER


def test_the_table_names_every_default_source() -> None:
    assert {row[0] for row in TABLE} == set(Source)


def test_a_demo_request_at_nine_in_the_evening_dials_nobody_and_texts_in_the_morning() -> None:
    decision = judged(lead(), NINE_PM).decision
    assert decision.motion is TEXT
    assert decision.channel is Channel.SMS
    assert steps(decision, Action.TEXT, Action.OFFER) == [("Wed 09:00:00", "text"), ("Wed 09:00:00", "offer")]
    text, offer = (item for item in decision.agenda if item.action in (Action.TEXT, Action.OFFER))
    assert text.held_by == ("courtesy/sms", "us-2026-11/federal", "us-2026-11/TX")
    assert offer.held_by[0] == "business_hours"


def test_after_hours_but_within_the_window_the_text_goes_at_once_and_the_call_waits() -> None:
    decision = judged(lead(), at("2026-11-24 18:30")).decision
    assert steps(decision, Action.TEXT, Action.OFFER) == [("Tue 18:30:00", "text"), ("Wed 09:00:00", "offer")]


def test_a_person_whose_morning_has_not_begun_is_texted_and_called_once_it_has() -> None:
    decision = judged(lead(places=cases.HAWAII)).decision  # 06:00 in Honolulu; assumed rule: from 09:00
    assert decision.motion is TEXT
    assert steps(decision, Action.TEXT, Action.OFFER) == [("Tue 13:00:00", "text"), ("Tue 13:00:00", "offer")]


def test_the_first_decision_is_made_for_the_asking_moment_and_keeps_two_minutes() -> None:
    decision = judged(lead()).decision
    assert (decision.decided_at, decision.policy_hash) == (TUESDAY, default().hash)
    assert (decision.good_until - decision.decided_at).total_seconds() == 120


@pytest.mark.parametrize(
    ("facts", "motion", "outcome"),
    [
        (lead(person=person(phone=None)), TASK, Outcome.HUMAN_TASK),  # e-mail alone: a person writes
        (lead(person=person(phone=None, email=None)), TASK, Outcome.HUMAN_TASK),
        (lead("content_download", person=person(phone=None, email=None)), TASK, Outcome.HUMAN_TASK),
        (lead("content_download", person=person(phone=None)), NURTURE, Outcome.NURTURE),
        (lead(places=()), TASK, Outcome.HUMAN_TASK),  # nowhere we know: neither dialled nor texted
        (lead(places=cases.LONDON), TASK, Outcome.HUMAN_TASK),
        (lead("fax_machine"), TEXT, Outcome.HAND_OFF),  # an unknown source takes the fallback
        (lead(consent=ConsentFacts(kind="none")), TASK, Outcome.HUMAN_TASK),
        (lead(consent=NOTHING_SAID), LIVE, Outcome.HAND_OFF),
        (lead("paid_lead_form", consent=NOTHING_SAID), NURTURE, Outcome.NURTURE),
        (lead("missed_call", consent=NOTHING_SAID), WHISPER, Outcome.HAND_OFF),
    ],
)
def test_what_the_person_allows_decides(facts: Facts, motion: Motion, outcome: Outcome) -> None:
    decision = judged(facts).decision
    assert (decision.motion, decision.outcome) == (motion, outcome)
    if motion is TASK:
        assert not [item for item in decision.agenda if item.action in (Action.TEXT, Action.RESCUE)]
        assert decision.owner is not None


def test_a_missed_call_is_leave_for_one_text_without_a_box_ticked() -> None:
    decision = judged(lead("missed_call", consent=NOTHING_SAID)).decision
    texts = [item for item in decision.agenda if item.action in (Action.TEXT, Action.RESCUE)]
    assert [(item.key, item.template, item.purpose) for item in texts] == [
        ("text-1", "missed_call", Purpose.RESPONSIVE)
    ]


def test_at_night_without_leave_to_text_the_call_is_queued_alone() -> None:
    judgement = judged(lead(consent=NOTHING_SAID), NINE_PM)
    assert judgement.decision.motion is LIVE
    assert steps(judgement.decision, Action.TEXT, Action.OFFER) == [("Wed 09:00:00", "offer")]
    assert ("motion/text_back", "consent/sms") in [(each.what, each.because) for each in judgement.trace.not_taken]


@pytest.mark.parametrize(
    ("who", "outcome", "closed", "rule"),
    [
        (person(email_domain="rival.example"), Outcome.CLOSE, ClosedReason.NOT_ICP, "disqualify/competitor"),
        (person(email_domain="brightside.example"), Outcome.CLOSE, ClosedReason.NOT_ICP, "disqualify/own_staff"),
        (person(email_domain="state.edu"), Outcome.NURTURE, None, "disqualify/student"),
        (person(title="Summer intern"), Outcome.NURTURE, None, "disqualify/student"),
        (
            person(phone=None, flags=("disposable_email",)),
            Outcome.CLOSE,
            ClosedReason.NOT_ICP,
            "disqualify/invalid_domain",
        ),
    ],
)
def test_disqualified_leads_reach_no_rep(
    who: PersonFacts, outcome: Outcome, closed: ClosedReason | None, rule: str
) -> None:
    decision = judged(lead(person=who)).decision
    assert (decision.outcome, decision.closed, decision.rules[0]) == (outcome, closed, rule)
    assert decision.owner is None
    assert not steps(decision, Action.TEXT, Action.OFFER)


def views(count: int) -> tuple[SignalFact, ...]:
    return tuple(SignalFact(kind="page_view", page="/pricing/teams", at=TUESDAY) for _ in range(count))


RICH = person(company="Ortiz Roofing", title="Owner")


@pytest.mark.parametrize(
    ("facts", "score", "band"),
    [
        (lead(person=RICH, answers={"timeline": "this month"}, page="/pricing"), 100, Band.A),
        (lead(), 50, Band.B),
        (lead("paid_lead_form"), 30, Band.C),
        (lead("newsletter"), 10, Band.D),
        (lead("newsletter", person=RICH, signals=views(3), page="/pricing"), 70, Band.A),
        (lead(person=person(flags=("disposable_email",))), 30, Band.C),
    ],
)
def test_points_add_up_to_a_band(facts: Facts, score: int, band: Band) -> None:
    judgement = judged(facts)
    assert (judgement.decision.score, judgement.decision.band) == (score, band)
    assert sum(int(point.because.partition(":")[0]) for point in judgement.trace.points) == score


def test_a_cold_source_earns_a_persons_time_only_with_fit_intent_and_capacity() -> None:
    keen = lead("content_download", person=RICH, signals=views(3), page="/pricing")
    assert judged(keen).decision.rules[0] == "route/assist"
    assert judged(keen.model_copy(update={"signals": views(2)})).decision.motion is NURTURE
    away = tuple(load.model_copy(update={"away": True}) for load in cases.loads(ada=1, ben=1, cleo=1, dev=1))
    assert judged(keen.model_copy(update={"reps": away})).decision.motion is NURTURE


def test_intent_older_than_a_week_does_not_count() -> None:
    keen = lead("content_download", person=RICH, signals=views(3), page="/pricing")
    assert judged(keen, at("2026-12-02 10:00")).decision.motion is NURTURE


def test_a_condition_that_can_not_be_computed_is_false_and_named() -> None:
    point = {"name": "big", "when": 'answers["budget"] == "high"', "points": 10, "because": "can pay"}
    judgement = triage(lead(), changed(score=[point]), TUESDAY, "lead-1:1:triage:0")
    assert [(fault.rule, fault.because) for fault in judgement.trace.faults] == [
        ("score/big", "the lead gave no “budget”")
    ]


@pytest.mark.parametrize("source", Source)
def test_the_default_policy_can_compute_all_its_conditions(source: Source) -> None:
    assert judged(lead(source)).trace.faults == ()


def test_whoever_opted_out_and_calls_is_a_task_for_a_person_and_is_sent_nothing() -> None:
    called = triage(lead("missed_call", history=cases.known(opted_out=True)), cases.default(), TUESDAY, "d").decision
    assert (called.motion, called.owner, called.closed) == (Motion.HUMAN_TASK, "ada", None)
    assert {item.purpose for item in called.agenda} == {Purpose.INTERNAL}
    later = triage(lead("missed_call", history=cases.known(opted_out=True), cycle=2), cases.default(), TUESDAY, "d")
    assert later.decision.closed is ClosedReason.OPTED_OUT


@pytest.mark.parametrize(
    ("facts", "closed"),
    [
        (lead(history=cases.known(opted_out=True)), ClosedReason.OPTED_OUT),
        (lead(cycle=5), ClosedReason.EXHAUSTED),
    ],
)
def test_a_lead_that_is_over_is_closed(facts: Facts, closed: ClosedReason) -> None:
    decision = judged(facts).decision
    assert (decision.outcome, decision.closed) == (Outcome.CLOSE, closed)
    assert not steps(decision, Action.TEXT, Action.OFFER)


@pytest.mark.parametrize("history", [{"active_deal": True}, {"active_sequence": True}, {"last_contact_at": TUESDAY}])
def test_somebody_already_with_us_goes_to_their_owner_untexted(history: dict[str, object]) -> None:
    decision = judged(lead(history=cases.known(crm_owner="102", **history))).decision
    assert (decision.motion, decision.owner) == (TASK, "ben")
    assert not steps(decision, Action.TEXT, Action.RESCUE)


def test_a_caller_with_an_active_deal_is_still_answered() -> None:
    decision = judged(lead("missed_call", history=cases.known(active_deal=True))).decision
    assert decision.motion is WHISPER
    assert steps(decision, Action.TEXT) == [("Tue 10:00:00", "text")]


def test_a_test_lead_is_judged_as_any_other_and_flagged() -> None:
    judgement = judged(lead(test=True))
    assert judgement.decision.motion is LIVE
    assert "test_lead" in [reason.rule for reason in judgement.trace.reasons]


def test_a_nurtured_lead_rests_on_its_track_and_hears_from_us_within_the_window() -> None:
    decision = judged(lead("webinar"), at("2026-11-29 20:30")).decision  # a Sunday evening; Texas is open until nine
    assert decision.rest is not None
    assert (decision.rest.track, decision.rest.until) == ("warm", at("2026-12-29 20:30"))
    assert [item.at for item in decision.agenda if item.action is Action.TEXT] == [
        at("2026-11-29 20:30"),
        at("2026-12-07 09:00"),  # not in the evening again: three hours on, and then in the morning
        at("2026-12-21 12:00"),
    ]
    assert {item.purpose for item in decision.agenda if item.action is Action.TEXT} == {Purpose.SOLICITATION}


def test_the_same_facts_give_the_same_bytes() -> None:
    facts = lead("referral", places=cases.CALIFORNIA, reps=cases.loads(ben=3, dev=2), signals=views(2))
    assert (
        judged(facts).model_dump_json() == judged(Facts.model_validate_json(facts.model_dump_json())).model_dump_json()
    )


def test_keys_are_unique_within_the_agenda() -> None:
    for source in Source:
        keys = [item.key for item in judged(lead(source), NINE_PM).decision.agenda]
        assert len(keys) == len(set(keys))
