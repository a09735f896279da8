"""What a lead is worth: fit and intent apart, each point's reason, bands by sum or matrix, disqualifiers, accounts."""

from datetime import timedelta

import pytest

from domain.companies import ColleagueSignal, CompanyFacts
from domain.decisions import Judgement
from domain.facts import Facts, PersonFacts, SignalFact
from domain.values import Band, Motion, Source
from policy import explain, qualify
from policy.load import LoadedPolicy, PolicyInvalid
from policy.triage import triage
from tests.policy.cases import TUESDAY, changed, default, lead, person

RICH = person(company="Ortiz Roofing", title="Owner")
MATRIX = {
    "fit": {"high": 30, "medium": 10},
    "intent": {"high": 40, "medium": 10},
    "bands": {
        "high": {"high": "A", "medium": "A", "low": "B"},
        "medium": {"high": "B", "medium": "B", "low": "C"},
        "low": {"high": "B", "medium": "C", "low": "D"},
    },
}


def judged(facts: Facts, loaded: LoadedPolicy | None = None) -> Judgement:
    return triage(facts, loaded or default(), TUESDAY, "lead-1:1:triage:0")


def did(who: str, page: str | None = "/pricing", kind: str = "page_view", days: float = 1) -> ColleagueSignal:
    inquiry = kind in list(Source)
    return ColleagueSignal(person=who, kind=kind, page=page, at=TUESDAY - timedelta(days=days), inquiry=inquiry)


def views(count: int) -> tuple[SignalFact, ...]:
    return tuple(SignalFact(kind="page_view", page="/pricing", at=TUESDAY) for _ in range(count))


@pytest.mark.parametrize(
    ("facts", "counted"),
    [
        (lead(), {"asked_for_us": 40, "reachable": 10}),
        (lead("paid_lead_form"), {"paid_form": 20, "reachable": 10}),
        (lead("newsletter", page="/pricing/teams"), {"pricing_interest": 15, "reachable": 10}),
        (lead("newsletter", signals=views(1)), {"some_intent": 10, "reachable": 10}),
        (lead("newsletter", signals=views(2)), {"repeated_intent": 20, "reachable": 10}),
        (lead("newsletter", answers={"timeline": "now"}), {"soon": 10, "reachable": 10}),
        (lead("newsletter", person=RICH), {"decides": 15, "company_known": 10, "reachable": 10}),
        (lead("newsletter", person=person(title="Analyst")), {"reachable": 10}),
        (lead("newsletter", person=person(email=None)), {}),
        (
            lead("newsletter", company=CompanyFacts(domain="customer.example", employees=200)),
            {"right_size": 15, "reachable": 10},
        ),
        (lead("newsletter", company=CompanyFacts(domain="customer.example", employees=19)), {"reachable": 10}),
        (lead("newsletter", colleagues=(did("ann"), did("bob"))), {"colleagues": 15, "reachable": 10}),
        (lead("newsletter", person=person(flags=("invalid_email",))), {"reachable": 10, "doubtful_address": -20}),
    ],
)
def test_each_point_is_listed_with_its_reason_and_what_it_is_for(facts: Facts, counted: dict[str, int]) -> None:
    judgement = judged(facts)
    points = judgement.trace.points
    assert {each.rule.removeprefix("score/"): each.points for each in points} == counted
    by_name = {point.name: point for point in default().policy.score}
    for each in points:
        point = by_name[each.rule.removeprefix("score/")]
        assert (each.because, each.kind) == (f"{point.points:+d}: {point.because}", point.kind)
    decision = judgement.decision
    assert (decision.fit, decision.intent) == tuple(
        sum(each.points for each in points if each.kind == kind) for kind in ("fit", "intent")
    )
    assert decision.score == decision.fit + decision.intent


def test_the_table_has_a_row_for_every_point_of_the_default_policy() -> None:
    names = {point.name for point in default().policy.score}
    rows = test_each_point_is_listed_with_its_reason_and_what_it_is_for.pytestmark[0].args[1]  # type: ignore[attr-defined]  # pytest puts it there
    assert names == {name for _, counted in rows for name in counted}


@pytest.mark.parametrize(
    ("when", "kind"),
    [
        ('source == "webinar"', "intent"),
        ("high_intent_visits > 1 && has_phone", "intent"),
        ('"timeline" in answers', "intent"),
        ("account_people > 1", "intent"),
        ('seniority == "owner"', "fit"),
        ("employees > 10", "fit"),
        ("has_phone", "fit"),
    ],
)
def test_a_point_without_a_kind_is_for_what_its_condition_asks_about(when: str, kind: str) -> None:
    point = {"name": "one", "when": when, "points": 7, "because": "so"}
    assert changed(score=[point]).policy.score[0].axis == kind
    other = "fit" if kind == "intent" else "intent"
    assert changed(score=[point | {"kind": other}]).policy.score[0].axis == other


@pytest.mark.parametrize(
    ("fit", "intent", "band"),
    [
        (30, 40, "A"),
        (30, 39, "A"),
        (29, 40, "B"),
        (10, 10, "B"),
        (9, 40, "B"),
        (10, 9, "C"),
        (9, 9, "D"),
        (-20, 0, "D"),
    ],
)
def test_a_matrix_weighs_fit_against_intent(fit: int, intent: int, band: str) -> None:
    loaded = changed(matrix=MATRIX)
    assert qualify.band_of(fit, intent, loaded) == Band(band)
    points = [
        {"name": name, "when": "has_phone", "points": points, "kind": name, "because": name}
        for name, points in (("fit", fit), ("intent", intent))
    ]
    decision = judged(lead(), changed(matrix=MATRIX, score=points)).decision
    assert (decision.fit, decision.intent, decision.band) == (fit, intent, Band(band))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"bands": {"high": {"high": "A"}}}, "no band for fit high and intent medium"),
        ({"fit": {"high": 10, "medium": 10}}, "“high” must be above “medium”"),
        ({"bands": MATRIX["bands"] | {"low": {"high": "A", "medium": "C", "low": "D"}}}, "bands must fall"),  # type: ignore[operator]  # a dict
    ],
)
def test_a_matrix_with_a_hole_or_that_rises_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(PolicyInvalid, match=said):
        changed(matrix=MATRIX | wrong)


@pytest.mark.parametrize(
    ("who", "rule"),
    [
        (person(email_domain="brightside.example"), "own_staff"),
        (person(email_domain="mail.brightside.example"), "own_staff"),
        (person(email_domain="notbrightside.example"), None),
        (person(email_domain="eu.rival.example"), "competitor"),
        (person(company="RIVAL, Inc."), "competitor"),
        (person(company="Rival Roofing"), None),
        (person(email_domain="cs.state.edu"), "student"),
        (person(email_domain="unam.edu.mx"), "student"),
        (person(email_domain="ox.ac.uk"), "student"),
        (person(email_domain="edu.example"), None),
        (person(title="Estudiante"), "student"),
        (person(title="Becario"), "student"),
        (person(title="Director of Student Affairs"), None),
        (person(phone=None, flags=("disposable_email",)), "invalid_domain"),
        (person(flags=("disposable_email",)), None),  # there is a phone number
        (person(phone=None, flags=("typo_email",)), None),  # asked, not dropped
    ],
)
def test_who_is_disqualified_and_who_only_looks_like_it(who: PersonFacts, rule: str | None) -> None:
    fired = [name for name in judged(lead(person=who)).decision.rules if name.startswith("disqualify/")]
    assert fired == ([f"disqualify/{rule}"] if rule else [])


def test_a_disqualifier_that_asks_nothing_and_a_domain_that_is_none_are_refused() -> None:
    nothing = {"name": "x", "because": "y", "then": "close"}
    with pytest.raises(PolicyInvalid, match="needs “when”, “domains” or “companies”"):
        changed(disqualify=[nothing])
    with pytest.raises(PolicyInvalid, match="is not a domain in small letters"):
        changed(disqualify=[nothing | {"domains": ["https://Rival.example"]}])


@pytest.mark.parametrize(
    ("source", "kinds", "raised"),
    [
        ("demo_request", (), True),
        ("missed_call", (), True),
        ("newsletter", (), False),
        ("newsletter", ("page_view",), False),
        ("newsletter", ("meeting_request",), True),
    ],
)
def test_a_raised_hand_is_a_fact(source: str, kinds: tuple[str, ...], raised: bool) -> None:
    signals = tuple(SignalFact(kind=kind, at=TUESDAY) for kind in kinds)
    assert qualify.values(lead(source, signals=signals), default(), TUESDAY)["hand_raise"] is raised


@pytest.mark.parametrize(
    ("facts", "people", "signals"),
    [
        (lead("newsletter"), 0, 0),
        (lead("demo_request"), 1, 1),
        (lead("newsletter", signals=views(2)), 1, 2),
        (lead("newsletter", colleagues=(did("ann"), did("ann"), did("bob"))), 2, 3),
        (lead("newsletter", signals=views(1), colleagues=(did("ann"), did("bob"))), 3, 3),
        (lead("newsletter", colleagues=(did("ann", "/blog"),)), 0, 0),
        (lead("newsletter", colleagues=(did("ann", None, "demo_request"),)), 1, 1),
        (lead("newsletter", colleagues=(did("ann", None, "newsletter"),)), 0, 0),
        (lead("newsletter", colleagues=(did("ann", days=29.9), did("bob", days=30))), 1, 1),
        (lead("newsletter", colleagues=(did("ann", days=-1),)), 0, 0),  # not yet
        (lead("newsletter", person=person(email_domain="gmail.com"), colleagues=(did("ann"), did("bob"))), 0, 0),
        (lead("newsletter", person=person(email_domain=None), colleagues=(did("ann"),)), 0, 0),
    ],
)
def test_people_of_one_company_are_counted(facts: Facts, people: int, signals: int) -> None:
    found = qualify.values(facts, default(), TUESDAY)
    assert (found["account_people"], found["account_signals"]) == (people, signals)


def test_a_policys_own_free_mail_makes_no_company() -> None:
    facts = lead("newsletter", person=person(email_domain="mail.valley.example"), colleagues=(did("ann"), did("bob")))
    assert qualify.values(facts, default(), TUESDAY)["account_people"] == 2
    loaded = changed(accounts={"free_mail": ["valley.example"]})
    found = qualify.values(facts, loaded, TUESDAY)
    assert (found["account_people"], found["company_domain"], found["free_mail"]) == (0, "", True)


@pytest.mark.parametrize(
    ("who", "company", "account"),
    [
        (person(email_domain="bigcorp.example"), None, "Bigcorp"),
        (person(email_domain="eu.bigcorp.example"), None, "Bigcorp"),
        (person(), None, ""),
        (person(), CompanyFacts(domain="customer.example", name="Customer Inc", target=True), "Customer Inc"),
        (person(), CompanyFacts(domain="customer.example", target=True), "customer.example"),
        (person(), CompanyFacts(domain="customer.example", name="Customer Inc"), ""),
        (person(email_domain="gmail.com"), CompanyFacts(domain="gmail.com", target=True), ""),
    ],
)
def test_an_account_is_named_by_policy_or_by_the_company_table(
    who: PersonFacts, company: CompanyFacts | None, account: str
) -> None:
    facts = lead("newsletter", person=who, company=company)
    assert qualify.values(facts, default(), TUESDAY)["account"] == account
    decision = judged(facts).decision
    assert (decision.route == "strategic_account") is (account != "")
    if account:  # R46: a person, the same day
        assert decision.motion is Motion.HUMAN_TASK
        assert decision.sla_due_at == TUESDAY.replace(hour=17)


def test_three_people_of_one_company_are_a_buying_group_while_somebody_has_time() -> None:
    group = lead("webinar", signals=views(1), colleagues=(did("ann"), did("bob", None, "pricing_page")))
    decision = judged(group).decision
    assert (decision.route, decision.motion) == ("buying_group", Motion.HUMAN_TASK)
    assert decision.sla_due_at == TUESDAY.replace(hour=17)
    assert judged(group.model_copy(update={"colleagues": (did("ann"),)})).decision.motion is Motion.NURTURE


def test_explain_shows_band_score_fit_and_intent() -> None:
    facts = lead(person=RICH)
    judgement = judged(facts)
    found = explain.as_json(judgement, default(), facts)
    assert (found["band"], found["score"], found["fit"], found["intent"]) == ("A", 75, 35, 40)
    assert found["points"][0] == {
        "rule": "score/asked_for_us",
        "because": "+40: asked for a person",
        "points": 40,
        "kind": "intent",
    }
    said = [line for line in explain.sentences(judgement, facts) if line.startswith("Score")]
    assert said[0].startswith("Score 75 (fit 35, intent 40), band A: +40: asked for a person; ")
