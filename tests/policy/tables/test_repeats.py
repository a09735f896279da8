"""The same request again, and a colder one, start nothing over: whatever the source, the hour and what was possible
(N12, R18)."""

from datetime import timedelta

import pytest

from domain.decisions import Decision, DecisionKind, Outcome
from domain.facts import ConsentFacts, Facts, PersonFacts
from domain.values import Motion, Source
from policy.news import on_news
from policy.triage import triage
from tests.policy.cases import LIVE, TASK, TEXT, WILLING, ask, at, default, known, lead, person

HOURS = {
    "noon": "2026-11-24 12:00",
    "after closing": "2026-11-24 17:30",
    "before opening": "2026-11-24 08:30",
    "night": "2026-11-25 03:00",
    "sunday": "2026-11-29 12:00",
    "thanksgiving": "2026-11-26 12:00",
}
ALLOWS_NOTHING = ConsentFacts(kind="none")
PEOPLE: dict[str, tuple[ConsentFacts, PersonFacts]] = {
    "willing": (WILLING, person()),
    "ticked nothing": (ConsentFacts(), person()),
    "allows nothing": (ALLOWS_NOTHING, person()),
    "no phone": (WILLING, person(phone=None)),
    "neither phone nor mail": (WILLING, person(phone=None, email=None)),
    "place unknown": (WILLING, person(())),
}


def heard(first: Facts, again: str, then: str, later: timedelta) -> tuple[Decision, Decision]:
    """What is decided for `first` at `then`, and what for an inquiry of the source `again` so much later."""
    plan = triage(first, default(), at(then), "d").decision
    route, motion = (None, None) if plan.rest else (plan.route, plan.motion)  # as the workflow asks
    asking = ask(DecisionKind.NEWS, news_source=again, owner=plan.owner, route=route, motion=motion)
    return plan, on_news(first, default(), at(then) + later, asking).decision


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("source", [*Source, "tiktok"])
def test_the_same_request_again_is_no_news(source: str, hour: str, who: str) -> None:
    consent, somebody = PEOPLE[who]
    first = lead(source, consent=consent, person=somebody)
    for later in (timedelta(seconds=2), timedelta(minutes=40), timedelta(hours=16)):
        assert heard(first, source, HOURS[hour], later)[1].outcome is Outcome.KEEP


def test_a_request_that_could_only_be_a_task_is_no_news_when_it_comes_again() -> None:
    plan, again = heard(lead(consent=ALLOWS_NOTHING), "demo_request", HOURS["noon"], timedelta(minutes=1))
    assert (plan.motion, again.outcome) == (TASK, Outcome.KEEP)
    assert again.rules == ("news/demo_request",)


COLDER = [
    (Source.DEMO_REQUEST, Source.MISSED_CALL),
    (Source.DEMO_REQUEST, Source.WEBINAR),
    (Source.DEMO_REQUEST, Source.CONTACT_SALES),
    (Source.MISSED_CALL, Source.REFERRAL),
    (Source.MISSED_CALL, Source.PAID_LEAD_FORM),
    (Source.PAID_LEAD_FORM, Source.NEWSLETTER),
]


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize(("first", "then"), COLDER)
def test_nothing_that_is_no_hotter_starts_over(first: Source, then: Source, hour: str) -> None:
    assert heard(lead(first), then, HOURS[hour], timedelta(minutes=3))[1].outcome is Outcome.KEEP


@pytest.mark.parametrize("hour", HOURS)
def test_a_hotter_request_starts_over_at_any_hour_for_it_needs_an_owner(hour: str) -> None:
    plan, news = heard(lead("paid_lead_form"), "demo_request", HOURS[hour], timedelta(minutes=3))
    assert (plan.motion, plan.owner, news.outcome) == (TEXT, None, Outcome.RESTART)


def test_at_rest_only_what_would_be_handed_over_now_starts_over() -> None:
    def woken(source: str, consent: ConsentFacts = WILLING, motion: Motion | None = None) -> Outcome:
        asking = ask(DecisionKind.NEWS, news_source=source, motion=motion)
        return on_news(lead(source, consent=consent), default(), at(HOURS["night"]), asking).decision.outcome

    assert woken("paid_lead_form", consent=WILLING) is Outcome.RESTART
    assert woken("paid_lead_form", consent=ConsentFacts()) is Outcome.KEEP  # no text may go: nurture again
    assert woken("demo_request", consent=ALLOWS_NOTHING) is Outcome.RESTART  # a person looks
    assert woken("demo_request", motion=LIVE) is Outcome.KEEP


def test_cycles_that_news_began_exhaust_nobody() -> None:
    judged = triage(lead(cycle=7, history=known(woken=3)), default(), at(HOURS["noon"]), "d").decision
    assert judged.outcome is Outcome.HAND_OFF
    assert (
        triage(lead(cycle=8, history=known(woken=3)), default(), at(HOURS["noon"]), "d").decision.closed == "exhausted"
    )
