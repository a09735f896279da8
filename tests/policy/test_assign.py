"""Who takes a lead: the owner they know, the territory, fair turns, and never nobody."""

import pytest

from domain.companies import CompanyFacts
from domain.decisions import DecisionKind, Judgement, Outcome
from domain.facts import Facts, RepLoad
from domain.values import Action, Until
from policy import assign
from policy.load import LoadedPolicy
from policy.triage import triage
from tests.policy import cases
from tests.policy.cases import TUESDAY, at, default, known, lead, loads, with_ada

MAX_TWO = {"max_open": 2}
NIGHT_SHIFT = {"hours": "Mo-Su 18:00-24:00"}
OWN_LEADS_ONLY = {"weight": 0}
ACCOUNT = CompanyFacts(domain="customer.example", owner="dev")
ALL_AWAY = tuple(RepLoad(rep=rep, away=True) for rep in ("ada", "ben", "cleo", "dev"))


def taken(facts: Facts, loaded: LoadedPolicy | None = None) -> Judgement:
    return triage(facts, loaded or default(), TUESDAY, "d")


def away(rep: str) -> tuple[RepLoad, ...]:
    return (RepLoad(rep=rep, away=True),)


@pytest.mark.parametrize(
    ("facts", "owner", "rule"),
    [
        (lead(), "ada", "assign/round_robin"),  # Texas is hers
        (lead(places=cases.FLORIDA), "cleo", "assign/round_robin"),
        (lead(places=cases.WASHINGTON), "ben", "assign/round_robin"),  # nobody's: those without a territory
        (lead(places=cases.WASHINGTON, reps=loads(ben=7, dev=6)), "dev", "assign/round_robin"),
        (lead(places=cases.WASHINGTON, reps=loads(ben=7, dev=8)), "ben", "assign/round_robin"),
        (lead(places=cases.WASHINGTON, reps=loads(ben=7)), "dev", "assign/round_robin"),  # never offered comes first
        (lead(reps=away("ada")), "ben", "assign/round_robin"),
        (lead(reps=(*away("ben"), *away("dev")), places=cases.WASHINGTON), "ada", "assign/round_robin"),
        (lead(history=known(last_owner="dev")), "dev", "assign/known_owner"),
        (lead(history=known(crm_owner="103")), "cleo", "assign/known_owner"),  # the CRM's own id
        (lead(history=known(last_owner="dev", crm_owner="cleo")), "dev", "assign/known_owner"),
        (lead(history=known(last_owner="dev"), reps=away("dev")), "ada", "assign/round_robin"),
        (lead(history=known(last_owner="gone")), "ada", "assign/round_robin"),
        (lead(company=ACCOUNT), "dev", "assign/known_owner"),
        (lead(company=ACCOUNT, history=known(crm_owner="103")), "cleo", "assign/known_owner"),
        (lead(company=ACCOUNT, person=cases.person(email_domain="gmail.com")), "ada", "assign/round_robin"),
    ],
)
def test_whose_lead_it_is(facts: Facts, owner: str, rule: str) -> None:
    decision = taken(facts).decision
    assert (decision.owner, decision.queue) == (owner, None)
    assert rule in decision.rules


@pytest.mark.parametrize(
    ("change", "facts", "owner"),
    [
        (MAX_TWO, lead(reps=(RepLoad(rep="ada", open_leads=2),)), "ben"),
        (MAX_TWO, lead(reps=(RepLoad(rep="ada", open_leads=1),)), "ada"),
        (NIGHT_SHIFT, lead(), "ben"),
        (OWN_LEADS_ONLY, lead(), "ben"),
        (OWN_LEADS_ONLY, lead(history=known(last_owner="ada")), "ada"),
    ],
)
def test_limits_hours_and_weight(change: dict[str, object], facts: Facts, owner: str) -> None:
    assert taken(facts, with_ada(**change)).decision.owner == owner


def test_when_nobody_is_there_the_queue_has_it() -> None:
    judgement = taken(lead(reps=ALL_AWAY))
    assert (judgement.decision.owner, judgement.decision.queue) == (None, "inbound")
    passed_over = {road.what: road.because for road in judgement.trace.not_taken}
    assert passed_over["owner/ada"] == "is away"


def test_turns_are_fair_over_many_leads() -> None:
    """Each offer takes the next running number, as the directory keeps it."""
    offers: dict[str, int] = {}
    for number in range(1, 11):
        owner = taken(lead(places=cases.WASHINGTON, reps=loads(**offers))).decision.owner
        assert owner is not None
        offers[owner] = number
    assert offers == {"ben": 9, "dev": 10}


def reoffered(facts: Facts, tried: tuple[str, ...], hop: int) -> Judgement:
    asking = cases.ask(DecisionKind.REOFFER, tried=tried, hop=hop, motion="live_transfer")
    return assign.reoffer(facts, default(), TUESDAY, asking)


@pytest.mark.parametrize(
    ("tried", "hop", "owner", "action"),
    [
        (("ada",), 1, "ben", Action.OFFER),
        (("ada", "ben"), 2, "dev", Action.OFFER),
        (("ada", "ben", "dev"), 3, "cleo", Action.OFFER),  # the last resort: another territory's
        (("ada", "ben", "dev"), 4, None, Action.POOL),  # three hops are used up
        (("ada", "ben", "cleo", "dev"), 3, None, Action.POOL),  # nobody is left
    ],
)
def test_an_offer_not_taken_goes_on_for_three_hops_and_then_to_all(
    tried: tuple[str, ...], hop: int, owner: str | None, action: Action
) -> None:
    decision = reoffered(lead(), tried, hop).decision
    assert (decision.kind, decision.outcome) == (DecisionKind.REOFFER, Outcome.HAND_OFF)
    assert (decision.owner, decision.queue) == (owner, None if owner else "inbound")
    assert [(item.action, item.at, item.until) for item in decision.agenda] == [(action, TUESDAY, Until.ACCEPTED)]


def test_a_known_owner_who_let_it_pass_is_not_asked_again() -> None:
    facts = lead(history=known(last_owner="dev"))
    assert reoffered(facts, ("dev",), 1).decision.owner == "ada"


def test_at_night_everybody_who_is_not_away_may_be_given_tomorrows_lead() -> None:
    decision = triage(lead(), default(), at("2026-11-24 23:00"), "d").decision
    assert decision.owner == "ada"
