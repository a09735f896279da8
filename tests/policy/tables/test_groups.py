"""Which group takes a lead and who in it: conditions, territory, language, licence, sticky owners, limits, time off."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.assignments import Assignment, Credit, PassedOver, Why
from domain.decisions import DecisionKind, Judgement
from domain.facts import Facts, Place, RepLoad, TimeOff, Turn
from domain.values import Code
from policy import assign, recycle
from policy.load import LoadedPolicy, PolicyInvalid
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

OKLAHOMA_OR_TEXAS = (*TEXAS, Place(zone="America/Chicago", region="OK"))
LICENSED = {"assign": [{"name": "licensed", "match": ["licence", "territory"]}]}


def team(**changes: dict[str, object]) -> LoadedPolicy:
    """The default policy with some reps changed."""
    return changed(team=_reps(changes))


def grouped(*groups: dict[str, object], **changes: dict[str, object]) -> LoadedPolicy:
    """The default policy with other groups, a second queue, and some reps changed."""
    queues = [{"name": "inbound", "channel": "C0POOL"}, {"name": "spanish", "channel": "C0SPAIN"}]
    return changed(assign=list(groups), queues=queues, team=_reps(changes))


def _reps(changes: dict[str, dict[str, object]]) -> list[dict[str, object]]:
    reps = [rep.model_dump(mode="json", exclude_none=True) for rep in default().policy.team]
    return [rep | changes.get(str(rep["handle"]), {}) for rep in reps]


def judged(loaded: LoadedPolicy, facts: Facts, now: datetime = TUESDAY) -> Judgement:
    return triage(facts, loaded, now, "d")


def owner(loaded: LoadedPolicy, facts: Facts, now: datetime = TUESDAY) -> str | None:
    decision = judged(loaded, facts, now).decision
    return decision.owner or decision.queue


def looked(loaded: LoadedPolicy, facts: Facts, now: datetime = TUESDAY) -> Assignment:
    found = judged(loaded, facts, now).trace.assignment
    assert found is not None
    return found


def reasons(assignment: Assignment) -> dict[str, PassedOver | None]:
    return {each.rep: each.reason for each in assignment.considered}


@pytest.mark.parametrize(
    ("changes", "region", "places", "expected"),
    [
        ({"ada": {"licences": ["TX"]}}, "TX", TEXAS, "ada"),
        ({"ben": {"licences": ["TX"]}}, "TX", TEXAS, "ben"),  # hers by territory, and she may not
        ({"ben": {"licences": ["WA"]}}, "TX", TEXAS, "inbound"),  # a licence elsewhere is none here
        ({"ada": {"licences": ["TX"]}}, None, OKLAHOMA_OR_TEXAS, "inbound"),  # it may be Oklahoma
        ({"ada": {"licences": ["OK", "TX"]}}, None, OKLAHOMA_OR_TEXAS, "ada"),
        ({"ada": {"licences": ["TX"]}}, "TX", OKLAHOMA_OR_TEXAS, "ada"),  # they said so
        ({"ada": {"licences": ["TX"]}}, None, (), "inbound"),  # nowhere is nobody's
    ],
)
def test_where_a_licence_is_asked_for_nobody_without_one_takes_the_lead(
    changes: dict[str, dict[str, object]], region: str | None, places: tuple[Place, ...], expected: str
) -> None:
    loaded = grouped({"name": "licensed", "match": ["licence", "territory"]}, **changes)
    assert owner(loaded, lead("tiktok", person=person(places, region=region))) == expected


def test_a_licence_is_asked_of_the_owner_they_know_and_of_the_last_resort_too() -> None:
    group = {"name": "licensed", "match": ["licence"], "anybody": True}
    loaded = grouped(group, ada={"licences": ["FL"]}, ben={"licences": ["TX"]})
    facts = lead(history=known(last_owner="ada"))
    assert owner(loaded, facts) == "ben"
    assert owner(loaded, lead(reps=(RepLoad(rep="ben", away=True),))) == "inbound"


@pytest.mark.parametrize(
    ("told", "answers", "expected"),
    [
        ("es", {}, "cleo"),
        (None, {"language": "ES"}, "cleo"),
        (None, {"language": "es-MX"}, "cleo"),
        ("fr", {}, "spanish"),  # nobody speaks it: the group's own queue
        (None, {}, "ada"),  # English, hers by territory
        (None, {"language": "’; drop"}, "ada"),
    ],
)
def test_a_language_that_is_asked_for_has_to_be_spoken(
    told: str | None, answers: dict[str, str], expected: str
) -> None:
    loaded = grouped(
        {"name": "languages", "when": 'language != "en"', "match": ["language"], "fallback_queue": "spanish"},
        {"name": "rest", "match": ["territory", "language"], "anybody": True},
        cleo={"languages": ["en", "es"]},
    )
    assert owner(loaded, lead(person=person(language=told), answers=answers)) == expected


def test_the_first_group_that_holds_and_has_somebody_takes_it() -> None:
    loaded = grouped(
        {"name": "pricey", "when": 'product_line == "solar_roof"', "reps": ["dev"]},
        {"name": "texas", "when": 'region == "TX"', "reps": ["ben"]},
        {"name": "never", "when": 'answers["budget"] == "high"', "reps": ["cleo"]},
    )
    assert owner(loaded, lead(answers={"product_line": " Solar Roof "})) == "dev"
    assert owner(loaded, lead(answers={"product_line": "solar_roof"}, reps=(RepLoad(rep="dev", away=True),))) == "ben"
    assert owner(loaded, lead()) == "ben"
    assert owner(loaded, lead(places=FLORIDA)) == "inbound"  # no group for it
    assert reasons(looked(loaded, lead(places=FLORIDA))) == dict.fromkeys(
        ("ada", "ben", "cleo", "dev"), PassedOver.NOT_IN_GROUP
    )


def test_who_is_named_for_a_product_line_comes_before_who_takes_any() -> None:
    loaded = grouped(
        {"name": "lines", "match": ["product_line"]},
        ben={"product_lines": ["solar"]},
        dev={"product_lines": ["roofing"]},
    )
    assert owner(loaded, lead(answers={"product_line": "solar"})) == "ben"
    assert owner(loaded, lead(answers={"product_line": "gutters"})) == "ada"
    found = looked(loaded, lead(answers={"product_line": "solar"}))
    assert reasons(found) == {
        "ada": PassedOver.OTHERS_NAME_IT,
        "ben": None,
        "cleo": PassedOver.OTHERS_NAME_IT,
        "dev": PassedOver.OTHER_PRODUCT_LINE,
    }
    assert (found.line, found.why, found.owner) == ("lines", Why.TURN, "ben")


@pytest.mark.parametrize(
    ("sticky", "history", "expected"),
    [
        ({}, {"last_owner": "dev"}, "dev"),
        ({"last_owner": False}, {"last_owner": "dev"}, "ada"),
        ({"last_owner": False}, {"last_owner": "dev", "crm_owner": "103"}, "cleo"),
        ({"crm_owner": False}, {"crm_owner": "103"}, "ada"),
        ({"within": "30d"}, {"last_owner": "dev", "last_owner_at": TUESDAY - timedelta(days=30)}, "dev"),
        ({"within": "30d"}, {"last_owner": "dev", "last_owner_at": TUESDAY - timedelta(days=31)}, "ada"),
        ({"within": "30d"}, {"last_owner": "dev"}, "dev"),  # when isn't known
    ],
)
def test_whom_they_know_comes_first_for_as_long_as_the_policy_says(
    sticky: dict[str, object], history: dict[str, object], expected: str
) -> None:
    assert owner(changed(sticky=sticky), lead(history=known(**history))) == expected


def test_an_owner_who_is_not_there_keeps_nothing() -> None:
    """A returning lead that waits for an absent owner is what users of other systems complain of."""
    history = known(last_owner="dev")
    until = TUESDAY + timedelta(hours=1)
    for load in (
        RepLoad(rep="dev", away=True),
        RepLoad(rep="dev", away=True, away_until=until),
        RepLoad(rep="dev", time_off=(TimeOff(start=TUESDAY, end=until),)),
        RepLoad(rep="dev", missed=2),
    ):
        assert owner(default(), lead(history=history, reps=(load,))) == "ada"
    assert owner(team(dev={"away": True}), lead(history=history)) == "ada"
    assert owner(team(dev={"max_open": 1}), lead(history=history, reps=(RepLoad(rep="dev", open_leads=1),))) == "ada"


def test_a_lead_of_an_owner_is_nobodys_turn() -> None:
    found = looked(default(), lead(history=known(last_owner="dev")))
    assert (found.why, found.line, found.step) == (Why.OWNER, None, 0)
    assert reasons(found) == {"dev": None, **dict.fromkeys(("ada", "ben", "cleo"), PassedOver.OWNER_FIRST)}


@pytest.mark.parametrize(
    ("time_off", "now", "expected"),
    [
        (["2026-11-24"], "2026-11-24 10:00", "ben"),
        (["2026-11-25"], "2026-11-24 10:00", "ada"),
        ([{"first": "2026-11-20", "last": "2026-11-24"}], "2026-11-24 16:59", "ben"),
        ([{"first": "2026-11-20", "last": "2026-11-24"}], "2026-11-25 09:00", "ada"),
        (["2026-11-25"], "2026-11-24 21:00", "ben"),  # tomorrow's lead, and tomorrow she is off
        (["2026-11-24"], "2026-11-24 21:00", "ada"),
    ],
)
def test_days_off_are_days_of_the_reps_own_calendar(time_off: list[object], now: str, expected: str) -> None:
    assert owner(team(ada={"time_off": time_off}), lead(), at(now)) == expected


@pytest.mark.parametrize(
    ("lately", "now", "expected"),
    [
        ((3,), "2026-11-24 10:10", "ben"),
        ((2,), "2026-11-24 10:10", "ada"),
        ((1, 1, 1), "2026-11-24 10:10", "ben"),
        ((0,) * 20 + (3,), "2026-11-24 10:10", "ben"),  # at midnight
        ((0,) * 21 + (3,), "2026-11-24 10:10", "ada"),  # before it
        ((0,) * 42 + (3,), "2026-11-01 20:10", "ben"),  # the day has 25 hours: midnight was 21 hours ago
        ((0,) * 43 + (3,), "2026-11-01 20:10", "ada"),
        ((0,) * 38 + (3,), "2027-03-14 20:10", "ben"),  # and 23
        ((0,) * 39 + (3,), "2027-03-14 20:10", "ada"),
    ],
)
def test_a_limit_of_a_day_counts_from_the_reps_own_midnight(lately: tuple[int, ...], now: str, expected: str) -> None:
    loaded = team(ada={"max_per_day": 3, "hours": "24/7"}, ben={"hours": "24/7"})
    facts = lead(reps=(RepLoad(rep="ada", lately=lately), *loads(dev=9)))
    assert owner(replace(loaded, clocks={**loaded.clocks, None: loaded.clock("ada")}), facts, at(now)) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-08 01:59", "ada"),  # the shift ends where the hour is skipped
        ("2026-03-08 03:00", "ben"),
        ("2026-11-01 01:30", "ada"),
        ("2026-11-01 02:00", "ben"),
    ],
)
def test_a_shift_that_ends_in_the_hour_of_the_change(now: str, expected: str) -> None:
    day: dict[str, object] = {"hours": "24/7"}
    loaded = team(ada={"hours": "Mo-Su 00:00-02:00"}, ben=day, cleo=day, dev=day)
    always = replace(loaded, clocks={**loaded.clocks, None: loaded.clock("ben")})
    assert owner(always, lead(), at(now)) == expected


def test_the_words_are_a_managers() -> None:
    def said(loaded: LoadedPolicy, facts: Facts) -> str:
        return next(each.because for each in judged(loaded, facts).trace.reasons if each.rule.startswith("assign/"))

    turns = {name: (Turn(line="round_robin", offers=offers, position=offers * 2520),) for name, offers in TURNS.items()}
    busy = tuple(RepLoad(rep=name, turns=each) for name, each in turns.items())
    assert said(default(), lead()) == "ada is the only one free for TX"
    assert said(default(), lead(places=WASHINGTON, reps=busy)) == (
        "it is dev's turn of the 2 free without a territory (dev has had 4 turns; ben has had 5 turns)"
    )
    owed = tuple(
        each.model_copy(update={"turns": (each.turns[0].model_copy(update={"owed": int(each.rep == "ben")}),)})
        for each in busy
    )
    assert said(default(), lead(places=WASHINGTON, reps=owed)) == (
        "it is ben's turn of the 2 free without a territory (ben is owed 1 turn for leads that were none)"
    )


TURNS = {"ben": 5, "dev": 4}


def test_what_leads_nowhere_in_groups_is_named_at_its_place() -> None:
    with pytest.raises(PolicyInvalid) as caught:
        grouped(
            {"name": "one", "reps": ["ada", "benn"], "fallback_queue": "inbund"},
            {"name": "one", "when": "region = 'TX'"},
            {"name": "nobody", "reps": ["dev"], "match": ["licence"]},
            dev={"weight": 0},
        )
    said = [each.message + (f" {each.suggestion}" if each.suggestion else "") for each in caught.value.problems]
    assert said == [
        "there is no rep “benn” ben",
        "there is no queue “inbund” inbound",
        "never asked: group “one” takes every lead, to its own queue if need be",
        "a second group is called “one”",
        "assign.1.when: not a condition: a single = means nothing; compare with ==",
        "never asked: group “one” takes every lead, to its own queue if need be",
        "nobody of this group takes turns: each of them has weight 0",
        "nobody of this group has “licences”, so nobody could take a lead",
    ]


def test_who_missed_too_many_is_set_away_and_told_once() -> None:
    missed = lead(reps=(RepLoad(rep="dev", missed=2), RepLoad(rep="ben", missed=1)))
    judgement = judged(default(), missed)
    assert [(each.rep, each.because) for each in judgement.trace.went_away] == [("dev", "missed 2 offers in a row")]
    told = [item for item in judgement.decision.agenda if item.template == "set_away:dev"]
    assert [(item.action, item.at, item.key) for item in told] == [("tell", TUESDAY, "away-dev")]
    assert judged(default(), lead(reps=(RepLoad(rep="dev", missed=2, away=True),))).trace.went_away == ()
    assert judged(changed(away_after=3), missed).trace.went_away == ()


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({}, ("ada",)),  # the offer that has just run out is the second
        ({"passed": True}, ()),
        ({"accepted": True}, ()),  # worked on, and no reason given: no offer
        ({"owner": "ben"}, ()),
        ({"owner": None}, ()),
    ],
)
def test_the_offer_that_ran_out_just_now_counts(changes: dict[str, object], gone: tuple[str, ...]) -> None:
    facts = lead(reps=(RepLoad(rep="ada", missed=1),))
    asking = ask(DecisionKind.REOFFER, **{"owner": "ada", "tried": ("ada",), "hop": 1, **changes})
    judgement = assign.reoffer(facts, default(), TUESDAY, asking)
    assert tuple(each.rep for each in judgement.trace.went_away) == gone
    assert [item.template for item in judgement.decision.agenda[1:]] == [f"set_away:{rep}" for rep in gone]


@pytest.mark.parametrize(
    ("code", "owner", "credited"),
    [("duplicate", "ada", True), ("bad_number", "ada", True), ("not_icp", "ada", False), ("duplicate", "gone", False)],
)
def test_a_lead_that_was_none_gives_the_turn_back(code: str, owner: str, credited: bool) -> None:
    asking = ask(DecisionKind.DISPOSE, owner=owner, code=code)
    trace = recycle.after_disposition(lead(), default(), TUESDAY, asking).trace
    assert trace.credit == (Credit(rep=owner, code=Code(code)) if credited else None)
    kept = changed(credit_back=["connected"])
    asking = ask(DecisionKind.DISPOSE, owner="ada", code="connected")
    assert recycle.after_disposition(lead(), kept, TUESDAY, asking).trace.credit is not None  # the work goes on


def test_a_class_may_have_hops_of_its_own() -> None:
    classes = {"hand_raise": {"hops": 1}}
    asking = ask(DecisionKind.REOFFER, tried=("ada", "ben"), hop=2, route="demo_request")
    assert assign.reoffer(lead(), changed(sla=classes), TUESDAY, asking).decision.queue == "inbound"
    assert assign.reoffer(lead(), default(), TUESDAY, asking).decision.owner == "dev"
    elsewhere = asking.model_copy(update={"route": "assist"})
    assert assign.reoffer(lead(), changed(sla=classes), TUESDAY, elsewhere).decision.owner == "dev"
