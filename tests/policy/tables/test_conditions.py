"""Conditions over real leads: one that fails counts as false and is named; intent is counted within its week."""

from dataclasses import replace
from datetime import datetime, timedelta

import cel
import pytest

from domain.decisions import Judgement
from domain.facts import Facts, SignalFact
from domain.values import Band
from policy import qualify
from policy.conditions import LEAD_FACTS, problem_of
from policy.criteria import Point
from policy.load import LoadedPolicy
from policy.notes import Notes
from policy.triage import triage
from tests.policy.cases import TUESDAY, default, known, lead, person


def with_point(when: str, points: int = 7) -> LoadedPolicy:
    """The default policy with one point of ours, tried on the sample lead and accepted."""
    assert problem_of(when, LEAD_FACTS) is None
    ours = Point(name="ours", when=when, points=points, because="tried")
    policy = default().policy.model_copy(update={"score": (ours,)})
    return replace(default(), policy=policy, programs={**default().programs, when: cel.compile(when)})


def judged(loaded: LoadedPolicy, facts: Facts, now: datetime = TUESDAY) -> Judgement:
    return triage(facts, loaded, now, "d")


@pytest.mark.parametrize(
    "when",
    [
        "pages[0] == '/pricing'",  # this lead viewed none
        "flags[0] == 'toll_free'",
        "answers['timeline'] == 'now'",
        "answers['timeline'] in ['now']",
        "10 / high_intent_visits > 3",  # nobody divides by what may be nought, until somebody does
        "10 % high_intent_visits == 1",
        "title.matches(company)",
        "9223372036854775807 + handoffs > 0",
    ],
)
def test_a_condition_that_fails_on_a_lead_is_false_and_named_and_the_lead_is_judged(when: str) -> None:
    facts = lead(person=person(title="Owner", company="("), history=known(handoffs=1))
    judgement = judged(with_point(when), facts)
    assert judgement.decision.score == 0
    assert [fault.rule for fault in judgement.trace.faults] == ["score/ours"]
    assert judgement.decision.owner == "ada"


@pytest.mark.parametrize(
    "when",
    [
        'has(answers.timeline) && answers.timeline == "now"',
        '"timeline" in answers && answers["timeline"] == "now"',
        "size(pages) > 0 && pages[0] == '/pricing'",
        "pages.exists(page, page.startsWith('/pricing'))",
        "high_intent_visits > 0 && 10 / high_intent_visits > 3",
        "returning && handoffs > 0",
    ],
)
def test_a_guarded_condition_is_quietly_false(when: str) -> None:
    judgement = judged(with_point(when), lead())
    assert (judgement.decision.score, judgement.trace.faults) == (0, ())


@pytest.mark.parametrize(
    "when",
    ["source == 'demo_request' ? true : false", "size(source) == 12", "source.matches('^demo')", "!returning && open"],
)
def test_a_true_condition_counts(when: str) -> None:
    assert judged(with_point(when), lead()).decision.score == 7


@pytest.mark.parametrize(
    "when",
    ["1", "source", "source = 'x'", "nobody == 1", "score > 1", "source.lower() == 'x'", "source > 1", "", "1/0 == 1"],
)
def test_what_can_never_work_is_refused_when_the_policy_is_loaded(when: str) -> None:
    assert problem_of(when, LEAD_FACTS)


def views(*hours_ago: float, page: str = "/pricing") -> tuple[SignalFact, ...]:
    return tuple(SignalFact(kind="page_view", page=page, at=TUESDAY - timedelta(hours=ago)) for ago in hours_ago)


@pytest.mark.parametrize(
    ("signals", "visits", "points"),
    [
        ((), 0, 0),
        (views(1), 1, 10),
        (views(1, 2), 2, 20),
        (views(1, 2, 3, 4), 4, 20),
        (views(1, 7 * 24 - 0.001), 2, 20),
        (views(1, 7 * 24), 1, 10),  # a week ago to the minute is over
        (views(1, 2, page="/blog"), 0, 0),
        (views(1, page="/pricing/teams") + views(2, page="/compare"), 2, 20),
        (views(1, page="/blog/pricing"), 0, 0),
        ((SignalFact(kind="email_click", at=TUESDAY), SignalFact(kind="email_open", at=TUESDAY)), 1, 10),
    ],
)
def test_repeated_high_intent_visits_within_a_week_are_counted(
    signals: tuple[SignalFact, ...], visits: int, points: int
) -> None:
    facts = lead("webinar", signals=signals)
    assert qualify.values(facts, default(), TUESDAY)["high_intent_visits"] == visits
    standing = qualify.standing(facts, default(), TUESDAY, Notes())
    assert standing.score == 10 + points  # reachable by phone and e-mail


@pytest.mark.parametrize(
    ("points", "band"),
    [(-20, Band.D), (19, Band.D), (20, Band.C), (44, Band.C), (45, Band.B), (69, Band.B), (70, Band.A), (200, Band.A)],
)
def test_a_band_begins_at_its_figure(points: int, band: Band) -> None:
    assert judged(with_point("true", points), lead()).decision.band is band


@pytest.mark.parametrize(
    ("changes", "closed", "rule"),
    [
        ({"email_domain": "brightside.example"}, "not_icp", "disqualify/own_staff"),
        ({"email_domain": "rival.example"}, "not_icp", "disqualify/competitor"),
        ({"email_domain": "cs.school.edu"}, None, "disqualify/student"),
        ({"title": "PhD Student"}, None, "disqualify/student"),
        ({"title": "Studental Ltd"}, None, "route/demo_request"),
        ({"flags": ("disposable_email",)}, None, "route/demo_request"),  # a number makes up for it
        ({"flags": ("disposable_email",), "phone": None}, "not_icp", "disqualify/invalid_domain"),
        ({"email_domain": "brightside.example", "title": "Student"}, "not_icp", "disqualify/own_staff"),
    ],
)
def test_the_first_disqualifier_that_is_true_decides(changes: dict[str, object], closed: str | None, rule: str) -> None:
    decision = judged(default(), lead(person=person().model_copy(update=changes))).decision
    assert decision.closed == closed
    assert decision.rules[0] == rule
