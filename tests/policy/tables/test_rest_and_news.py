"""What a reason code leads to within the figures of R53-R57, how often, and which news wakes a lead (R6)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.decisions import Decision, DecisionKind, Outcome
from domain.facts import Facts, SignalFact
from domain.values import Action, Code, Motion, Source
from policy import recycle
from policy.news import on_news
from policy.triage import triage
from tests.policy.cases import (
    LIVE,
    NURTURE,
    TASK,
    TEXT,
    TUESDAY,
    WHISPER,
    ask,
    at,
    default,
    known,
    lead,
    person,
)
from tests.policy.tables import law

DAY = timedelta(days=1)

# least and most days of rest by R56 and R57; None where the work goes on or ends
RESTS: dict[Code | None, tuple[int, int] | None] = {
    None: (7, 14),
    Code.NO_RESPONSE: (7, 14),
    Code.NOT_NOW: (30, 90),
    Code.BAD_NUMBER: (7, 30),
    **dict.fromkeys((Code.CONNECTED, Code.MEETING_SET), None),
    **dict.fromkeys(
        (Code.NOT_ICP, Code.COMPETITOR, Code.DUPLICATE, Code.WON, Code.LOST, Code.OPTED_OUT),
        None,
    ),
}
KEPT = {Code.CONNECTED, Code.MEETING_SET}


def disposed(code: Code | None, facts: Facts | None = None, cycle: int = 1) -> Decision:
    asking = ask(DecisionKind.DISPOSE, code=code, cycle=cycle, owner="ada", motion=LIVE)
    return recycle.after_disposition(facts or lead(), default(), TUESDAY, asking).decision


def news(facts: Facts, source: str | None, motion: Motion | None) -> Decision:
    asking = ask(DecisionKind.NEWS, news_source=source, motion=motion, owner="ada")
    return on_news(facts, default(), TUESDAY, asking).decision


def test_every_reason_code_is_in_the_table() -> None:
    assert set(RESTS) == {None, *Code}


@pytest.mark.parametrize("code", RESTS)
def test_a_code_rests_within_its_days_or_closes_or_goes_on(code: Code | None) -> None:
    decision = disposed(code)
    days = RESTS[code]
    if days is not None:
        assert decision.outcome is Outcome.REST
        assert decision.rest is not None
        assert days[0] * DAY <= decision.rest.until - TUESDAY <= days[1] * DAY
        assert decision.rest.because is code
        assert decision.closed is None
    elif code in KEPT:
        assert (decision.outcome, decision.closed, decision.rest) == (Outcome.KEEP, None, None)
        assert decision.agenda
    else:
        assert (decision.outcome, decision.rest, decision.agenda) == (Outcome.CLOSE, None, ())
        assert decision.closed is not None
    assert decision.owner == "ada"


@pytest.mark.parametrize("code", [code for code, days in RESTS.items() if days])
@pytest.mark.parametrize(
    ("cycle", "handoffs", "over"), [(1, 0, False), (3, 3, False), (4, 0, True), (1, 4, True), (9, 9, True)]
)
def test_a_rest_follows_each_cycle_but_the_last(code: Code | None, cycle: int, handoffs: int, over: bool) -> None:
    decision = disposed(code, lead(history=known(handoffs=handoffs)), cycle)
    assert decision.outcome is (Outcome.CLOSE if over else Outcome.REST)
    assert decision.closed == ("exhausted" if over else None)


@pytest.mark.parametrize("code", [Code.WON, Code.OPTED_OUT, Code.NOT_ICP])
def test_a_code_that_ends_a_lead_ends_it_as_itself_even_in_the_last_cycle(code: Code) -> None:
    assert str(disposed(code, cycle=4).closed) == str(code)


def test_a_fifth_cycle_is_never_begun() -> None:
    assert triage(lead(cycle=4), default(), TUESDAY, "d").decision.outcome is Outcome.HAND_OFF
    assert triage(lead(cycle=5), default(), TUESDAY, "d").decision.closed == "exhausted"


@pytest.mark.parametrize("hour", [0, 8, 12, 20, 23])
def test_every_text_of_a_rest_is_lawful_and_within_it(hour: int) -> None:
    now = at(f"2026-11-28 {hour:02}:30")
    for code in (None, Code.NO_RESPONSE, Code.NOT_NOW):
        asking = ask(DecisionKind.DISPOSE, code=code)
        decision = recycle.after_disposition(lead(), default(), now, asking).decision
        assert decision.rest is not None
        assert decision.agenda
        for item in decision.agenda:
            assert (item.action, item.purpose) == (Action.TEXT, "solicitation")
            assert law.inside(lead().person.places, item.at)
            assert now < item.at < decision.rest.until


def test_not_now_hears_nothing_for_thirty_days() -> None:
    assert all(item.at - TUESDAY >= 30 * DAY for item in disposed(Code.NOT_NOW).agenda)


# What each source would do on its own, from the coldest to the hottest.
HEAT: dict[int, list[Motion | None]] = {
    0: [NURTURE, None],
    1: [TASK, TEXT],
    2: [Motion.APPOINTMENT, WHISPER],
    3: [LIVE],
}
ASKS_FOR = {
    **dict.fromkeys((Source.DEMO_REQUEST, Source.CONTACT_SALES, Source.PRICING_PAGE), 3),
    **dict.fromkeys((Source.MISSED_CALL, Source.REFERRAL, Source.CRM_STAGE), 2),
    **dict.fromkeys((Source.INBOUND_SMS, Source.PAID_LEAD_FORM), 1),
    **dict.fromkeys((Source.CONTENT_DOWNLOAD, Source.WEBINAR, Source.NEWSLETTER, Source.IMPORT), 0),
}


@pytest.mark.parametrize("level", HEAT)
@pytest.mark.parametrize("source", ASKS_FOR)
def test_a_joined_inquiry_starts_over_exactly_when_it_is_hotter_than_what_is_under_way(
    source: Source, level: int
) -> None:
    for motion in HEAT[level]:
        decision = news(lead("newsletter"), source, motion)
        assert decision.outcome is (Outcome.RESTART if ASKS_FOR[source] > level else Outcome.KEEP)
        assert (decision.motion, decision.owner) == (motion, "ada")
        is_called_back = source is Source.MISSED_CALL and decision.outcome is Outcome.KEEP  # each is answered (R14)
        assert [item.action for item in decision.agenda] == [Action.TEXT, Action.CALL] * is_called_back
        assert decision.rules


@pytest.mark.parametrize(
    ("visits", "title", "outcome"), [(2, "Owner", "keep"), (3, "Owner", "restart"), (9, "Clerk", "keep")]
)
def test_a_reader_is_handed_over_at_the_third_visit_of_somebody_who_fits(visits: int, title: str, outcome: str) -> None:
    signals = tuple(
        SignalFact(kind="page_view", page="/pricing", at=TUESDAY - timedelta(hours=n)) for n in range(visits)
    )
    # 15 prices, 20 came back, 15 decides, 10 company, 10 reachable: exactly an A, and no more
    facts = lead("webinar", page="/pricing", person=person(title=title, company="Ortiz"), signals=signals)
    assert news(facts, "page_view", None).outcome == outcome


def test_a_meeting_request_wakes_whoever_rests() -> None:
    signals = (SignalFact(kind="meeting_request", at=TUESDAY),)
    for source in ASKS_FOR:
        assert news(lead(source, signals=signals), "meeting_request", None).outcome is Outcome.RESTART


@pytest.mark.parametrize("domain", ["rival.example", "school.edu", "brightside.example"])
@pytest.mark.parametrize("source", ["demo_request", "page_view", None])
def test_no_news_makes_a_disqualified_person_a_hand_off(domain: str, source: str | None) -> None:
    """Else each strong signal of a student would spend a cycle and send the track's first text again."""
    decision = news(lead("demo_request", person=person(email_domain=domain)), source, NURTURE)
    assert decision.outcome is Outcome.KEEP
    assert decision.rules[0].startswith("disqualify/")


def test_an_unknown_source_asks_for_what_the_fallback_does() -> None:
    assert (
        news(lead("newsletter"), "tiktok", NURTURE).outcome is Outcome.KEEP
    )  # behaviour: the lead's own source counts
    assert news(lead("tiktok"), "tiktok", NURTURE).outcome is Outcome.RESTART
    assert news(lead("tiktok"), "tiktok", TEXT).outcome is Outcome.KEEP


def test_a_code_the_policy_says_nothing_of_keeps_the_work_going() -> None:
    policy = default().policy
    silent = policy.model_copy(update={"recycle": policy.recycle.model_copy(update={"codes": {}})})
    asking = ask(DecisionKind.DISPOSE, code=Code.NOT_NOW, owner="ada")
    decision = recycle.after_disposition(lead(), replace(default(), policy=silent), TUESDAY, asking).decision
    assert (decision.outcome, decision.owner, decision.rest) == (Outcome.KEEP, "ada", None)
