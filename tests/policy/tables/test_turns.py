"""Who takes a lead, at the edges: part-time reps, limits, ties, known owners, offers that nobody takes (R33, N3)."""

from dataclasses import replace

import pytest

from domain.decisions import Decision, DecisionKind
from domain.facts import Facts, RepLoad
from domain.values import Action
from policy import assign
from policy.business_time import BusinessClock
from policy.load import LoadedPolicy
from policy.triage import triage
from tests.policy.cases import (
    FLORIDA,
    TEXAS,
    TUESDAY,
    WASHINGTON,
    ask,
    at,
    changed,
    default,
    known,
    lead,
    loads,
    person,
)

NIGHT = "2026-11-24 21:00"


def part_time(hours: str, zone: str = "America/Chicago") -> LoadedPolicy:
    """The default policy with another calendar for ada."""
    return replace(default(), clocks={**default().clocks, "ada": BusinessClock(hours, zone)})


def decided(facts: Facts, loaded: LoadedPolicy | None = None, now: str = "2026-11-24 10:00") -> Decision:
    return triage(facts, loaded or default(), at(now), "d").decision


@pytest.mark.parametrize(
    ("hours", "zone", "now", "owner"),
    [
        ("Mo 09:00-17:00", "America/Chicago", "2026-11-24 10:00", "ben"),  # Tuesday
        ("Mo 09:00-17:00", "America/Chicago", NIGHT, "ben"),  # the lead is Wednesday's, not next Monday's
        ("Mo 09:00-17:00", "America/Chicago", "2026-11-29 12:00", "ada"),  # Sunday: tomorrow she is there
        ("We 13:00-17:00", "America/Chicago", NIGHT, "ada"),  # she comes at one tomorrow
        ("Jan 09:00-17:00", "America/Chicago", NIGHT, "ben"),  # the season is over
        ("Fr 09:00-17:00", "America/Chicago", "2026-11-25 18:00", "ada"),  # Thursday is a holiday
        ("Mo-Fr 09:00-17:00", "America/Los_Angeles", NIGHT, "ada"),
        ("Mo-Fr 09:00-17:00", "America/Los_Angeles", "2026-11-24 10:00", "ben"),  # eight there
        ("Mo-Fr 09:00-17:00", "America/Los_Angeles", "2026-11-24 11:00", "ada"),
        ("Mo-Fr 12:00-13:00", "America/Chicago", "2026-11-24 12:59", "ada"),
        ("Mo-Fr 12:00-13:00", "America/Chicago", "2026-11-24 13:00", "ben"),
    ],
)
def test_a_rep_with_hours_of_their_own_is_asked_only_when_they_are_soon_there(
    hours: str, zone: str, now: str, owner: str
) -> None:
    decision = decided(lead(), part_time(hours, zone), now)
    assert decision.owner == owner
    (offer,) = (item for item in decision.agenda if item.action is Action.OFFER)
    assert offer.at < at("2026-12-01 00:00")


def test_a_known_owner_who_is_not_back_tomorrow_does_not_make_the_lead_wait() -> None:
    loaded = part_time("Mo 09:00-17:00")
    returning = lead(history=known(last_owner="ada"))
    assert decided(returning, loaded, NIGHT).owner == "ben"
    assert decided(returning, loaded, "2026-11-29 12:00").owner == "ada"


@pytest.mark.parametrize(
    ("places", "stated", "owner"),
    [
        (TEXAS, None, "ada"),
        (FLORIDA, None, "cleo"),
        (TEXAS, "FL", "cleo"),  # what they say beats where their number is from
        (TEXAS, "WA", "ben"),
        ((), "TX", "ada"),
        ((), None, "ben"),
        ((*FLORIDA, *TEXAS), None, "cleo"),  # the first place decides
    ],
)
def test_the_territory_is_the_stated_state_or_else_the_first_likely_place(
    places: tuple[()], stated: str | None, owner: str
) -> None:
    assert decided(lead("tiktok", places, person=person(places, region=stated))).owner == owner


@pytest.mark.parametrize(
    ("limit", "opened", "owner"),
    [(1, 0, "ada"), (1, 1, "ben"), (3, 2, "ada"), (3, 3, "ben"), (3, 99, "ben"), (None, 99, "ada")],
)
def test_a_limit_of_open_leads_counts_from_its_figure(limit: int | None, opened: int, owner: str) -> None:
    policy = default().policy
    ada = policy.team[0].model_copy(update={"max_open": limit})
    loaded = replace(default(), policy=policy.model_copy(update={"team": (ada, *policy.team[1:])}))
    assert decided(lead(reps=(RepLoad(rep="ada", open_leads=opened),)), loaded).owner == owner


def test_a_tie_of_turns_goes_by_the_order_of_the_file_every_time() -> None:
    facts = lead(places=WASHINGTON, reps=tuple(reversed(loads(ben=3, dev=3, ada=1))))
    assert {decided(facts).owner for _ in range(5)} == {"ben"}


def test_loads_of_people_who_left_the_team_mean_nothing() -> None:
    assert decided(lead(reps=(RepLoad(rep="gone", away=True), *loads(gone=0, ada=7)))).owner == "ada"


@pytest.mark.parametrize("now", ["2026-11-24 10:00", NIGHT, "2026-11-26 10:00"])
@pytest.mark.parametrize("source", ["demo_request", "missed_call", "referral", "tiktok"])
def test_with_everybody_away_the_queue_has_the_lead_and_the_clock_still_runs(source: str, now: str) -> None:
    away = tuple(RepLoad(rep=rep, away=True) for rep in ("ada", "ben", "cleo", "dev"))
    decision = decided(lead(source, reps=away), now=now)
    assert (decision.owner, decision.queue) == (None, "inbound")
    assert decision.sla_due_at is not None
    assert {Action.OFFER, Action.POOL} <= {item.action for item in decision.agenda}


def test_a_lead_nobody_takes_passes_through_everybody_once_and_ends_in_the_pool() -> None:
    facts, tried, hop = lead(), ["ada"], 1
    offers = []
    while hop < 9:
        asking = ask(DecisionKind.REOFFER, tried=tuple(tried), hop=hop, owner=tried[-1], motion="live_transfer")
        decision = assign.reoffer(facts, default(), TUESDAY, asking).decision
        offers.append((decision.owner, decision.queue, decision.agenda[0].action, decision.agenda[0].key))
        if decision.owner is None:
            break
        tried.append(decision.owner)
        hop += 1
    assert offers == [
        ("ben", None, "offer", "offer-hop-2"),
        ("dev", None, "offer", "offer-hop-3"),
        ("cleo", None, "offer", "offer-hop-4"),
        (None, "inbound", "pool", "pool-hop-5"),
    ]


def test_with_fewer_hops_the_pool_comes_earlier() -> None:
    loaded = changed(hops=1)
    first = assign.reoffer(lead(), loaded, TUESDAY, ask(DecisionKind.REOFFER, tried=("ada",), hop=1)).decision
    second = assign.reoffer(lead(), loaded, TUESDAY, ask(DecisionKind.REOFFER, tried=("ada", "ben"), hop=2)).decision
    assert (first.owner, second.owner, second.queue) == ("ben", None, "inbound")
