"""When a first decision waits to learn of the lead's company: only where somebody can be asked, the company isn't
known, and its figures could give the lead another route (N13)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.companies import CompanyFacts
from domain.facts import Facts, SignalFact
from policy.load import LoadedPolicy, PolicyInvalid
from policy.triage import triage
from tests.policy.cases import TUESDAY, changed, default, lead, person

FIT = person(company="Ortiz Roofing", title="Owner")
KEEN = tuple(SignalFact(kind="page_view", page="/pricing", at=TUESDAY) for _ in range(3))
TWO, SIXTY = timedelta(seconds=2), timedelta(seconds=60)
BIG_FIRST = {
    "name": "big",
    "when": "employees >= 1000",
    "because": "a big company",
    "open": ["human_task"],
    "closed": ["human_task"],
    "sla": "strategic",
}


def waits(facts: Facts, loaded: LoadedPolicy | None = None) -> timedelta | None:
    decision = triage(facts, loaded or default(), TUESDAY, "lead-1:1:triage:0").decision
    return decision.enrich_by - TUESDAY if decision.enrich_by else None


def asking(source: str, **changes: Any) -> Facts:
    return lead(source, enriches=True, **changes)


def big_first() -> LoadedPolicy:
    """The default policy with a route for big companies before all others."""
    routes = [route.model_dump(mode="json", exclude_none=True) for route in default().policy.routes]
    return changed(routes=[BIG_FIRST, *routes])


KEEN_AND_FIT = asking("webinar", person=FIT, signals=KEEN)
"""Fits and keeps coming back: 65 points, 70 make an A, which earns a person's time."""


def test_a_lead_waits_whose_company_could_make_it_an_a() -> None:
    assert waits(KEEN_AND_FIT) == SIXTY
    reasons = triage(KEEN_AND_FIT, default(), TUESDAY, "d").trace.reasons
    assert "2026-11-24T10:01:00-06:00" in next(each.because for each in reasons if each.rule == "enrich")


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (asking("demo_request"), "the route of a raised hand asks for no company"),
        (asking("missed_call"), "likewise"),
        (asking("paid_lead_form", person=FIT, signals=KEEN), "likewise: routes after the one it has don't count"),
        (asking("webinar"), "nothing the company could bring makes it an A"),
        (asking("webinar", person=FIT), "no points give it the visits that the route asks for as well"),
        (asking("webinar", person=FIT, signals=KEEN, page="/pricing"), "it is an A already"),
        (KEEN_AND_FIT.model_copy(update={"enriches": False}), "nobody can be asked"),
        (asking("webinar", person=FIT, signals=KEEN, company=CompanyFacts(domain="c.example", asked=True)), "asked"),
        (asking("webinar", person=FIT, signals=KEEN, company=CompanyFacts(domain="c.example", employees=7)), "known"),
        (asking("webinar", person=FIT.model_copy(update={"email_domain": "gmail.com"}), signals=KEEN), "free mail"),
        (asking("webinar", person=FIT.model_copy(update={"email_domain": None}), signals=KEEN), "no address"),
        (asking("webinar", person=FIT.model_copy(update={"email_domain": "state.edu"}), signals=KEEN), "disqualified"),
    ],
)
def test_nobody_waits_to_no_end(facts: Facts, why: str) -> None:
    assert waits(facts) is None, why


def test_a_name_in_the_company_table_is_no_figure() -> None:
    named = CompanyFacts(domain="customer.example", name="Customer Inc")
    assert waits(KEEN_AND_FIT.model_copy(update={"company": named})) == SIXTY


@pytest.mark.parametrize("source", ["demo_request", "contact_sales", "pricing_page", "missed_call", "inbound_sms"])
def test_a_hot_lead_waits_two_seconds_where_a_route_before_its_own_asks_for_the_company(source: str) -> None:
    assert waits(asking(source), big_first()) == TWO
    assert waits(asking("newsletter"), big_first()) == SIXTY


def test_a_disqualifier_that_asks_for_the_company_is_waited_for() -> None:
    tiny = {"name": "tiny", "when": "known_company && employees < 3", "because": "too small", "then": "nurture"}
    assert waits(asking("demo_request"), changed(disqualify=[tiny])) == TWO
    assert waits(asking("demo_request"), changed(disqualify=[])) is None


def test_a_lead_waits_where_the_company_says_which_reps_take_it() -> None:
    big = {"name": "big", "when": "employees >= 1000", "reps": ["ada"]}
    anybody = {"name": "anybody", "anybody": True}
    assert waits(asking("demo_request"), changed(assign=[anybody])) is None
    assert waits(asking("demo_request"), changed(assign=[big, anybody])) == TWO
    assert waits(asking("newsletter"), changed(assign=[big, anybody])) is None, "nobody takes it"
    by_segment = {"name": "segments", "match": ["segment"], "anybody": True}
    assert waits(asking("demo_request"), changed(assign=[by_segment])) == TWO


def test_points_that_could_be_lost_are_waited_for_too() -> None:
    """An A that a wrong industry would make a B."""
    wrong = {"name": "wrong", "when": 'industry == "mining"', "points": -30, "because": "not our industry"}
    score = [point.model_dump(mode="json", exclude_none=True) for point in default().policy.score]
    score = [point for point in score if point["name"] != "right_size"]
    an_a = asking("webinar", person=FIT, signals=KEEN, page="/pricing")
    assert waits(an_a, changed(score=score)) is None
    assert waits(an_a, changed(score=[*score, wrong])) == SIXTY


def test_the_policy_says_how_long_and_whether_at_all() -> None:
    routes = [BIG_FIRST, *(route.model_dump(mode="json", exclude_none=True) for route in default().policy.routes)]
    for enrich, patience in (({"hot": "1s"}, 1), ({"hot": "0s"}, None), ({"hot_sources": []}, 60)):
        found = waits(asking("demo_request"), changed(routes=routes, enrich=enrich))
        assert found == (None if patience is None else timedelta(seconds=patience))
    assert waits(asking("demo_request"), changed(routes=routes, enrich=None)) is None


@pytest.mark.parametrize(
    ("enrich", "said"),
    [
        ({"hot": "11s"}, "11s is too long; a hot source waits 10s at most"),
        ({"other": "2m"}, "120s is too long; a lead waits 90s at most"),
        ({"warm": "2s"}, "warm"),
    ],
)
def test_a_wait_that_would_outlive_the_decision_is_refused(enrich: dict[str, object], said: str) -> None:
    with pytest.raises(PolicyInvalid, match=said):
        changed(enrich=enrich)
