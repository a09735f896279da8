"""Reason code → rest, the next cycle or the end; drips while at rest; and what news starts a lead over."""

from datetime import timedelta

import pytest

from domain.decisions import DecisionKind, Judgement, Outcome
from domain.facts import ConsentFacts, Facts, SignalFact
from domain.values import Action, ClosedReason, Code, Motion, Purpose, Until
from policy import recycle
from policy.at_capture import AtCapture
from policy.news import on_news
from tests.policy import cases
from tests.policy.cases import CHICAGO, TUESDAY, default, known, lead, person, steps

DAY = timedelta(days=1)


def disposed(code: Code | None, facts: Facts | None = None, **changes: object) -> Judgement:
    asking = cases.ask(DecisionKind.DISPOSE, code=code, owner="ada", motion="live_transfer", **changes)
    return recycle.after_disposition(facts or lead(), default(), TUESDAY, asking)


@pytest.mark.parametrize(
    ("code", "track", "days", "least", "most"),
    [
        (Code.NO_RESPONSE, "re_engage", 10, 7, 14),  # R56
        (Code.NOT_NOW, "long_cycle", 60, 30, 90),  # R57
        (Code.BAD_NUMBER, "email_only", 14, 7, 90),
        (None, "re_engage", 7, 7, 14),  # the ladder ran out
    ],
)
def test_codes_that_rest(code: Code | None, track: str, days: int, least: int, most: int) -> None:
    decision = disposed(code).decision
    assert (decision.kind, decision.outcome) == (DecisionKind.DISPOSE, Outcome.REST)
    assert decision.rest is not None
    assert (decision.rest.track, decision.rest.because) == (track, code)
    assert decision.rest.until == TUESDAY + days * DAY
    assert least <= days <= most


@pytest.mark.parametrize(
    ("code", "closed"),
    [
        (Code.NOT_ICP, ClosedReason.NOT_ICP),
        (Code.COMPETITOR, ClosedReason.LOST),
        (Code.DUPLICATE, ClosedReason.DUPLICATE),
        (Code.WON, ClosedReason.WON),
        (Code.LOST, ClosedReason.LOST),
        (Code.OPTED_OUT, ClosedReason.OPTED_OUT),
    ],
)
def test_codes_that_close(code: Code, closed: ClosedReason) -> None:
    decision = disposed(code).decision
    assert (decision.outcome, decision.closed, decision.agenda) == (Outcome.CLOSE, closed, ())


@pytest.mark.parametrize("code", [Code.CONNECTED, Code.MEETING_SET])
def test_codes_that_go_on_owe_a_further_one(code: Code) -> None:
    decision = disposed(code).decision
    assert (decision.kind, decision.outcome, decision.owner) == (DecisionKind.DISPOSE, Outcome.KEEP, "ada")
    assert steps(decision)[:2] == [("Tue 14:00:00", "remind"), ("Wed 10:00:00", "supervisor")]
    assert decision.rules[0] == f"recycle/{code}"


def test_every_code_has_its_line_in_the_default_policy() -> None:
    assert set(default().policy.recycle.codes) == set(Code)


def test_the_last_cycle_ends_as_exhausted_instead_of_resting() -> None:
    assert disposed(Code.NO_RESPONSE, cycle=3).decision.outcome is Outcome.REST
    last = disposed(Code.NO_RESPONSE, cycle=4).decision
    assert (last.outcome, last.closed) == (Outcome.CLOSE, ClosedReason.EXHAUSTED)
    spent = disposed(None, lead(history=known(handoffs=4))).decision
    assert spent.closed is ClosedReason.EXHAUSTED
    kept_open = disposed(None, lead(history=known(handoffs=5, woken=3)), cycle=6).decision
    assert kept_open.outcome is Outcome.REST, "three of the six began because they asked again"
    assert disposed(None, lead(history=known(handoffs=6, woken=3)), cycle=7).decision.closed is ClosedReason.EXHAUSTED
    assert disposed(Code.WON, cycle=9).decision.closed is ClosedReason.WON


def test_a_rest_sends_its_tracks_texts_at_lawful_moments() -> None:
    decision = disposed(Code.NOT_NOW, lead(places=cases.HAWAII)).decision  # 06:00 in Honolulu
    texts = [item for item in decision.agenda if item.action is Action.TEXT]
    assert [(item.at.astimezone(cases.HONOLULU).isoformat(), item.template) for item in texts] == [
        ("2026-12-24T09:00:00-10:00", "nurture_check")
    ]
    assert (texts[0].purpose, texts[0].until) == (Purpose.SOLICITATION, Until.CONTACTED)
    assert texts[0].held_by == ("courtesy/sms", "us-2026-11/federal", "us-2026-11/assumed")


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        (lead(consent=ConsentFacts()), "consent/sms"),
        (lead(history=known(opted_out=True)), "opted_out"),
        (lead(history=known(active_deal=True)), "active_deal"),
        (lead(person=person(phone=None)), "no_number"),
        (lead(places=()), "place_unknown"),
    ],
)
def test_a_rest_is_silent_where_texts_may_not_go(facts: Facts, because: str) -> None:
    judgement = disposed(Code.NO_RESPONSE, facts)
    assert judgement.decision.outcome is Outcome.REST
    assert judgement.decision.agenda == ()
    assert because in judgement.trace.not_taken[0].because


def test_a_contact_today_does_not_silence_next_weeks_text() -> None:
    decision = disposed(Code.NO_RESPONSE, lead(history=known(last_contact_at=TUESDAY))).decision
    assert [item.at.astimezone(CHICAGO) for item in decision.agenda] == [TUESDAY + 3 * DAY]


def news(source: str | None, motion: Motion | None, facts: Facts | None = None) -> Outcome:
    asking = cases.ask(DecisionKind.NEWS, news_source=source, motion=motion, owner="ada")
    return on_news(facts or lead("newsletter"), default(), TUESDAY, asking).decision.outcome


@pytest.mark.parametrize(
    ("source", "motion", "outcome"),
    [
        ("demo_request", None, Outcome.RESTART),  # at rest
        ("demo_request", Motion.NURTURE, Outcome.RESTART),
        ("demo_request", Motion.TEXT_BACK, Outcome.RESTART),
        ("demo_request", Motion.WHISPER_CALL, Outcome.RESTART),
        ("demo_request", Motion.LIVE_TRANSFER, Outcome.KEEP),
        ("missed_call", Motion.NURTURE, Outcome.RESTART),
        ("missed_call", Motion.LIVE_TRANSFER, Outcome.KEEP),
        ("paid_lead_form", Motion.NURTURE, Outcome.RESTART),
        ("paid_lead_form", Motion.WHISPER_CALL, Outcome.KEEP),
        ("webinar", Motion.NURTURE, Outcome.KEEP),
        ("webinar", None, Outcome.KEEP),
        ("page_view", Motion.NURTURE, Outcome.KEEP),
    ],
)
def test_news_starts_over_only_what_it_would_make_hotter(source: str, motion: Motion | None, outcome: Outcome) -> None:
    assert news(source, motion) is outcome


def seen(kind: str, count: int, page: str = "/pricing") -> tuple[SignalFact, ...]:
    return tuple(SignalFact(kind=kind, page=page, at=TUESDAY) for _ in range(count))


@pytest.mark.parametrize(
    ("signals", "title", "outcome"),
    [
        (seen("page_view", 3), "Owner", Outcome.RESTART),  # repeated high-intent visits of somebody who fits (R6)
        (seen("page_view", 2), "Owner", Outcome.KEEP),
        (seen("page_view", 3, "/blog"), "Owner", Outcome.KEEP),
        (seen("page_view", 3), "Trainee", Outcome.KEEP),
        (seen("meeting_request", 1), "Trainee", Outcome.RESTART),
    ],
)
def test_behaviour_starts_a_nurtured_lead_over(signals: tuple[SignalFact, ...], title: str, outcome: Outcome) -> None:
    who = person(company="Ortiz Roofing", title=title)
    facts = lead("webinar", person=who, signals=signals, page="/pricing")
    assert news(signals[0].kind, Motion.NURTURE, facts) is outcome


def test_the_reason_to_start_over_is_the_first_rule() -> None:
    asking = cases.ask(DecisionKind.NEWS, news_source="demo_request", motion=Motion.NURTURE)
    decision = on_news(lead("newsletter"), default(), TUESDAY, asking).decision
    assert decision.rules == ("news/demo_request",)


DAYS_AGO = {kind: tuple(SignalFact(kind=kind, at=TUESDAY - n * DAY) for n in range(9)) for kind in ("email_click", "x")}


def pages(*viewed: str) -> tuple[SignalFact, ...]:
    return tuple(SignalFact(kind="page_view", page=page, at=TUESDAY) for page in viewed)


@pytest.mark.parametrize(
    ("before", "now", "strong"),
    [
        (pages("/pricing", "/demo"), pages("/compare"), True),  # three pages that buyers read, each once
        (pages("/pricing"), pages("/compare"), False),
        (pages("/pricing", "/demo"), pages("/blog"), False),
        (pages("/blog", "/blog"), pages("/blog"), False),  # no page that buyers read
        (DAYS_AGO["email_click"][1:3], (SignalFact(kind="event_attended", at=TUESDAY),), True),
        (DAYS_AGO["email_click"][6:8], (SignalFact(kind="event_attended", at=TUESDAY),), False),  # one is too old
        ((), (SignalFact(kind="meeting_request", at=TUESDAY),), True),
        ((), (SignalFact(kind="reply", at=TUESDAY),), True),
        ((), (SignalFact(kind="meeting_request", at=TUESDAY - 8 * DAY),), False),  # told of long afterwards
        (DAYS_AGO["x"], (SignalFact(kind="x", at=TUESDAY),), False),
    ],
)
def test_behaviour_is_strong_by_its_kind_or_when_intent_was_shown_often_enough(
    before: tuple[SignalFact, ...], now: tuple[SignalFact, ...], strong: bool
) -> None:
    assert AtCapture(default()).is_strong(now[0], before, TUESDAY) is strong


def test_whatever_makes_a_nurtured_owner_a_hand_off_is_strong_enough_to_ask() -> None:
    who = person(company="Ortiz Roofing", title="Owner")
    for signals in (pages("/pricing", "/demo", "/compare"), DAYS_AGO["email_click"][:3]):
        facts = lead("webinar", person=who, signals=signals, page="/pricing")
        assert news(signals[-1].kind, None, facts) is Outcome.RESTART
        assert AtCapture(default()).is_strong(signals[0], signals[1:], TUESDAY)


def test_how_often_and_which_kinds_are_the_policys_to_say() -> None:
    own = AtCapture(cases.changed(intent={"repeated": 2, "strong": ["call_me"], "opens": {"call_me": "contact_sales"}}))
    assert own.is_strong(pages("/demo")[0], pages("/pricing"), TUESDAY)
    called = SignalFact(kind="call_me", at=TUESDAY)
    assert own.is_strong(called, (), TUESDAY)
    assert own.opens(called, TUESDAY) == "contact_sales"
    assert not own.is_strong(SignalFact(kind="meeting_request", at=TUESDAY), (), TUESDAY)


def test_a_request_for_a_meeting_opens_a_lead_and_nothing_else_does() -> None:
    judge = AtCapture(default())
    asks = SignalFact(kind="meeting_request", at=TUESDAY)
    assert judge.opens(asks, TUESDAY) == "contact_sales"
    assert judge.opens(asks, TUESDAY + 7 * DAY) is None  # told of long afterwards: nobody waits by the phone
    for kind in ("page_view", "email_click", "event_attended", "reply", "form_submit"):
        assert judge.opens(SignalFact(kind=kind, page="/pricing", at=TUESDAY), TUESDAY) is None
    opened = judge.triage(lead("contact_sales", signals=(asks,)), TUESDAY, "d").decision
    assert (opened.route, opened.motion, opened.owner) == ("meeting_request", Motion.LIVE_TRANSFER, "ada")


@pytest.mark.parametrize(
    ("meaning", "opted_out", "understood"),
    [("yes", True, "start"), ("yes", False, "reply"), ("stop", False, "stop"), ("reply", True, "reply")],
)
def test_yes_takes_back_an_opt_out_and_is_a_reply_of_anybody_else(
    meaning: str, opted_out: bool, understood: str
) -> None:
    assert AtCapture(default()).understood(meaning, opted_out) == understood
