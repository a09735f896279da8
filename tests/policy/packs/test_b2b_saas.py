"""Software for companies: who takes a lead by the company's size and the person's language; what a trial is worth."""

import pytest

from domain.companies import ColleagueSignal, CompanyFacts
from domain.decisions import DecisionKind
from domain.facts import Facts, RepLoad, SignalFact
from domain.values import Band, Code, Motion
from policy import qualify, recycle
from policy.notes import Notes
from tests.policy.cases import TUESDAY, ask, at, lead, person
from tests.policy.packs.shelf import due, group, judged, offered, pack, route, texts

TEN, SIX, NINE = "2026-11-24 10:00", "2026-11-24 18:00", "2026-11-24 21:00"
USED = tuple(SignalFact(kind=kind, at=TUESDAY) for kind in ("trial_activated", "teammate_invited"))


def asked(source: str, employees: int = 0, signals: tuple[SignalFact, ...] = (), **who: str) -> Facts:
    """A lead of a company of so many people."""
    firm = CompanyFacts(domain="customer.example", employees=employees or None)
    return lead(source, company=firm, signals=signals, person=person().model_copy(update=who))


@pytest.mark.parametrize(
    "row",
    [
        (asked("demo_request"), TEN, "live_transfer", "smb", "rosa", "Tue 10:05"),
        (asked("demo_request", 99), TEN, "live_transfer", "smb", "rosa", "Tue 10:05"),
        (asked("demo_request", 100), TEN, "live_transfer", "mid_market", "priya", "Tue 10:05"),
        (asked("demo_request", 999), NINE, "text_back", "mid_market", "priya", "Wed 09:05"),
        (asked("demo_request", 1000), TEN, "whisper_call", "enterprise", "nora", "Tue 10:05"),
        (asked("contact_sales", 300), SIX, "text_back", "mid_market", "quinn", "Wed 10:05"),
        (asked("demo_request", 50, language="fr"), TEN, "live_transfer", "smb", "tess", "Tue 10:05"),
        (asked("demo_request", 300, language="fr"), TEN, "live_transfer", "whoever_speaks_it", "omar", "Tue 10:05"),
        (asked("demo_request", 300, language="es"), TEN, "live_transfer", "mid_market", "quinn", "Tue 10:05"),
        (asked("demo_request", 300, language="de"), TEN, "live_transfer", "inbound", None, "Tue 10:05"),
        (asked("missed_call"), TEN, "whisper_call", "smb", "rosa", "Tue 10:05"),
        (
            asked("newsletter", email="dana@bigcorp.example", email_domain="bigcorp.example"),
            TEN,
            "human_task",
            "enterprise",
            "nora",
            "Tue 16:00",
        ),
        (asked("free_trial", 300, USED), TEN, "human_task", "mid_market", "priya", "Wed 10:00"),
        (asked("free_trial", 300), TEN, "nurture", None, None, None),
        (asked("paid_lead_form", 300), TEN, "text_back", "inbound", None, None),
    ],
)
def test_size_language_and_clock_say_who_does_what_by_when(
    row: tuple[Facts, str, str, str | None, str | None, str | None],
) -> None:
    facts, when, *expected = row
    judgement = judged("b2b_saas", facts, when)
    decision = judgement.decision
    found = group(judgement) or decision.queue
    assert [decision.motion, found, decision.owner, due(decision)] == expected


def test_after_six_where_they_are_nobody_is_called_though_the_west_is_at_work() -> None:
    decision = judged("b2b_saas", asked("demo_request", 300), SIX).decision
    assert pack("b2b_saas").clock().is_open(at(SIX))
    assert (texts(decision), offered(decision)) == ([("hand_raise", "Wed 09:00")], "Wed 10:00")


def test_three_people_of_one_company_are_looked_at_the_same_day_whoever_they_are() -> None:
    theirs = tuple(ColleagueSignal(person=f"p{n}", kind="page_view", page="/pricing", at=TUESDAY) for n in range(3))
    found = judged("b2b_saas", asked("webinar", 300).model_copy(update={"colleagues": theirs}), TEN)
    assert (route(found.decision), due(found.decision)) == ("buying_group", "Tue 16:00")


def test_a_used_trial_stays_with_the_automation_while_nobody_has_time() -> None:
    away = tuple(RepLoad(rep=rep.handle, away=True) for rep in pack("b2b_saas").policy.team)
    decision = judged("b2b_saas", asked("free_trial", 300, USED).model_copy(update={"reps": away}), TEN).decision
    assert (decision.motion, decision.rest and decision.rest.track) == (Motion.NURTURE, "trial")


@pytest.mark.parametrize(
    ("changes", "closed", "track"),
    [
        ({"email": "x@tallyworks.example", "email_domain": "tallyworks.example"}, "not_icp", None),
        ({"email": "x@eu.rival.example", "email_domain": "eu.rival.example"}, "not_icp", None),
        ({"company": "Abacus, Inc."}, "not_icp", None),
        ({"email": "x@state.edu", "email_domain": "state.edu"}, None, "email_only"),
        ({"title": "Student"}, None, "email_only"),
    ],
)
def test_own_people_competitors_and_students_are_handed_to_nobody(
    changes: dict[str, str], closed: str | None, track: str | None
) -> None:
    decision = judged("b2b_saas", asked("demo_request", 0, (), **changes), TEN).decision
    assert (decision.closed, decision.rest.track if decision.rest else None) == (closed, track)


@pytest.mark.parametrize(
    ("facts", "band"),
    [
        (asked("demo_request", 300, title="VP Finance"), Band.A),
        (asked("newsletter", 300, title="VP Finance"), Band.B),
        (asked("demo_request", email="x@gmail.com", email_domain="gmail.com"), Band.B),
        (asked("newsletter", email="x@gmail.com", email_domain="gmail.com"), Band.D),
    ],
)
def test_an_a_takes_fit_and_intent(facts: Facts, band: Band) -> None:
    assert qualify.standing(facts, pack("b2b_saas"), TUESDAY, Notes()).band is band


def test_an_unknown_company_is_waited_for_two_seconds_while_they_wait_and_a_minute_otherwise() -> None:
    for source, seconds in (("demo_request", 2), ("free_trial", 60)):
        facts = lead(source, enriches=True, signals=USED)
        until = judged("b2b_saas", facts, TEN).decision.enrich_by
        assert until is not None
        assert (until - at(TEN)).total_seconds() == seconds


@pytest.mark.parametrize(("code", "days"), [(Code.NO_RESPONSE, 10), (Code.NOT_NOW, 60)])
def test_no_answer_rests_for_days_and_not_now_for_months(code: Code, days: int) -> None:
    asking = ask(DecisionKind.DISPOSE, owner="rosa", code=code)
    rest = recycle.after_disposition(asked("demo_request"), pack("b2b_saas"), TUESDAY, asking).decision.rest
    assert rest is not None
    assert ((rest.until - TUESDAY).days, rest.wake_on_intent) == (days, code is Code.NO_RESPONSE)
