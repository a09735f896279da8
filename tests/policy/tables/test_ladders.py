"""Ladders to the second: the figures of the requirements (G5, R43-R49, N6, N7) from awkward starts."""

from datetime import datetime, timedelta

import pytest

from domain.decisions import Decision, DecisionKind, Item
from domain.facts import Facts, RepLoad, SignalFact
from domain.values import Action, Until
from policy import sla
from policy.triage import triage
from tests.policy.cases import CHICAGO, FLORIDA, SIGNED, TUESDAY, WASHINGTON, ask, at, default, lead, person, with_ada
from tests.policy.tables import law

HAND_RAISE = [
    ("offer-1", 0),
    ("warn-1", 2.5),
    ("warn-2", 3.75),
    ("rescue-1", 5),
    ("reoffer-1", 5),
    ("reoffer-2", 10),
    ("reoffer-3", 15),
    ("pool-1", 20),
    ("remind-1", 30),
    ("supervisor-1", 120),
]
STRATEGIC = lead("webinar", person=person(email="cto@bigcorp.example", email_domain="bigcorp.example"))


def rising(now: datetime) -> Facts:
    """Fit and rising engagement: an owner who came to prices again and again."""
    signals = tuple(
        SignalFact(kind="meeting_note", page="/pricing", at=now - timedelta(hours=ago)) for ago in (1, 2, 3)
    )
    return lead("webinar", person=person(title="Owner", company="Ortiz"), page="/pricing", signals=signals,
                answers={"timeline": "now"})  # fmt: skip


BESIDE = (Action.CALL, Action.CRM)
"""What is no rung of a ladder."""


def decided(facts: Facts, now: datetime) -> Decision:
    return triage(facts, default(), now, "lead-1:1:triage:0").decision


def ladder(decision: Decision) -> list[tuple[str, str]]:
    return [(item.key, told(item.at)) for item in decision.agenda if item.action not in BESIDE and item.key != "text-1"]


def told(moment: datetime) -> str:
    return f"{moment.astimezone(CHICAGO):%a %d %H:%M:%S}"


def kept(decision: Decision, action: Action) -> list[Item]:
    return [item for item in decision.agenda if item.action is action]


def test_a_hand_raise_in_the_middle_of_a_day_has_the_figures_of_the_requirements() -> None:
    decision = decided(lead(), TUESDAY)
    measured = [
        (item.key, (item.at - TUESDAY) / timedelta(minutes=1)) for item in decision.agenda if item.action not in BESIDE
    ]
    assert measured == [*HAND_RAISE, ("nurture-1", (31 * 60))]  # until the next business day ends, Wednesday 17:00
    assert decision.sla_due_at == TUESDAY + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("now", "given_up"),
    [
        ("2026-11-20 16:58", "Mon 23 17:00:00"),  # Friday, two minutes before the week ends
        ("2026-11-20 17:00", "Tue 24 17:00:00"),  # the closing moment is Monday's
        ("2026-11-21 12:00", "Tue 24 17:00:00"),  # Saturday
        ("2026-11-24 23:59", "Fri 27 17:00:00"),  # waits for Wednesday; the day after that is a holiday
        ("2026-11-25 16:31", "Fri 27 17:00:00"),  # the eve of Thanksgiving
        ("2026-11-26 10:00", "Mon 30 17:00:00"),  # Thanksgiving itself
        ("2026-12-31 15:30", "Mon 04 17:00:00"),  # New Year's Day, then a weekend
        ("2027-03-12 16:57", "Mon 15 17:00:00"),  # the clocks change over the weekend
    ],
)
def test_each_minute_of_a_hand_raise_is_a_business_minute(now: str, given_up: str) -> None:
    decision = decided(lead(received_at=at(now)), at(now))
    whole = [(key, minutes) for key, minutes in HAND_RAISE if minutes == int(minutes)]
    # A minute that ends with the business day ends at its close, so the oracle counts one step less and adds it.
    expected = [(key, told(_after(at(now), int(minutes)))) for key, minutes in whole]
    found = dict(ladder(decision))
    assert [(key, found[key]) for key, _ in whole] == expected
    assert found["nurture-1"] == given_up
    assert decision.sla_due_at is not None
    assert told(decision.sla_due_at) == found["reoffer-1"]


def _after(moment: datetime, minutes: int) -> datetime:
    return law.added(moment, minutes) if minutes else law.added(moment, 1) - timedelta(minutes=1)


def test_the_warnings_of_a_friday_at_two_to_five_come_on_friday_and_monday() -> None:
    assert ladder(decided(lead(), at("2026-11-20 16:57:00")))[:4] == [
        ("offer-1", "Fri 20 16:57:00"),
        ("warn-1", "Fri 20 16:59:30"),
        ("warn-2", "Mon 23 09:00:45"),
        ("rescue-1", "Mon 23 09:02:00"),
    ]


def test_seconds_and_microseconds_of_the_arrival_are_kept() -> None:
    now = at("2026-11-24 16:59:59.250000")
    assert [item.at for item in decided(lead(), now).agenda if item.key == "warn-1"] == [
        at("2026-11-25 09:02:29.250000").astimezone(CHICAGO)
    ]


@pytest.mark.parametrize(
    ("now", "due", "warned"),
    [
        ("2026-11-24 10:00", "Wed 25 10:00:00", ["Tue 24 14:00:00", "Tue 24 16:00:00"]),
        ("2026-11-25 16:00", "Fri 27 16:00:00", ["Fri 27 12:00:00", "Fri 27 14:00:00"]),  # over Thanksgiving
        ("2026-11-20 18:00", "Mon 23 17:00:00", ["Mon 23 13:00:00", "Mon 23 15:00:00"]),  # a weekend
    ],
)
def test_fit_and_rising_engagement_has_one_business_day(now: str, due: str, warned: list[str]) -> None:
    decision = decided(rising(at(now)), at(now))
    assert "route/assist" in decision.rules
    assert decision.sla_due_at is not None
    assert (told(decision.sla_due_at), [told(item.at) for item in kept(decision, Action.WARN)]) == (due, warned)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-24 09:00", "Tue 24 17:00:00"),
        ("2026-11-24 16:59", "Tue 24 17:00:00"),
        ("2026-11-24 17:00", "Wed 25 17:00:00"),
        ("2026-11-26 09:00", "Fri 27 17:00:00"),
    ],
)
def test_a_strategic_account_is_owed_an_answer_the_same_day(now: str, due: str) -> None:
    decision = decided(STRATEGIC, at(now))
    assert "route/strategic_account" in decision.rules
    assert decision.sla_due_at is not None
    assert told(decision.sla_due_at) == due


@pytest.mark.parametrize(
    ("since", "reminded", "supervised"),
    [
        ("2026-11-24 10:00", "Tue 24 10:30:00", "Tue 24 12:00:00"),
        ("2026-11-24 16:45", "Wed 25 09:15:00", "Wed 25 10:45:00"),
        ("2026-11-28 23:00", "Mon 30 09:30:00", "Mon 30 11:00:00"),
    ],
)
def test_a_reply_is_reminded_of_after_half_an_hour_and_escalated_after_two(
    since: str, reminded: str, supervised: str
) -> None:
    asking = ask(DecisionKind.REPLY, owner="ada", accepted=True, since=at(since))
    decision = sla.after_reply(lead(), default(), at(since) + timedelta(seconds=3), asking).decision
    assert [(item.action, told(item.at), item.until) for item in decision.agenda] == [
        ("remind", reminded, Until.DISPOSED),
        ("supervisor", supervised, Until.DISPOSED),
    ]


def test_the_rungs_follow_the_owners_own_calendar_and_not_the_businesss() -> None:
    loaded = with_ada(hours="Mo-Fr 10:00-17:00", zone="America/New_York")
    assert triage(lead(), loaded, at("2026-11-24 16:30"), "d").decision.owner == "ben"  # ada has gone home
    decision = triage(lead(), loaded, at("2026-11-24 15:58"), "d").decision
    assert ladder(decision)[:3] == [
        ("offer-1", "Tue 24 15:58:00"),
        ("warn-1", "Wed 25 09:00:30"),
        ("warn-2", "Wed 25 09:01:45"),
    ]


def test_a_rescue_that_must_wait_takes_its_place_among_the_later_rungs() -> None:
    """A business that works late, a person in Florida whose evening begins two minutes before the rescue."""
    loaded = with_ada(business={"hours": "Mo-Fr 09:00-22:00"}, territories=["FL"])
    away = tuple(RepLoad(rep=rep, away=True) for rep in ("ben", "cleo", "dev"))
    facts = lead("missed_call", FLORIDA, reps=away, consent=SIGNED)
    judgement = triage(facts, loaded, at("2026-11-24 18:57"), "d")
    rungs = [(item.key, told(item.at)) for item in judgement.trace.ladder]
    assert (judgement.decision.owner, rungs[0]) == ("ada", ("offer-1", "Tue 24 18:57:00"))
    assert ("reoffer-1", "Tue 24 19:02:00") in rungs
    assert ("rescue-1", "Wed 25 07:00:00") in rungs  # 08:00 in Florida
    assert rungs.index(("rescue-1", "Wed 25 07:00:00")) > rungs.index(("supervisor-1", "Tue 24 20:57:00"))
    assert [item.at for item in judgement.trace.ladder] == sorted(item.at for item in judgement.trace.ladder)


@pytest.mark.parametrize(("source", "first"), [("missed_call", "text_back"), ("demo_request", "text_back")])
def test_a_rep_who_works_late_is_not_given_a_call_outside_business_hours(source: str, first: str) -> None:
    """R18: calls wait until the business is open and the person may be called, however long the rep's own day is."""
    loaded = with_ada(hours="Mo-Su 06:00-22:00")
    judgement = triage(lead(source), loaded, at("2026-11-24 18:00"), "d")
    assert (judgement.decision.motion, judgement.decision.owner) == (first, "ada")
    assert ladder(judgement.decision)[0] == ("offer-1", "Wed 25 09:00:00")
    assert kept(judgement.decision, Action.OFFER)[0].held_by == ("business_hours",)


def test_a_task_needs_no_call_and_so_follows_the_reps_own_hours() -> None:
    loaded = with_ada(hours="Mo-Su 06:00-22:00")
    decision = triage(lead(person=person(phone=None, email=None)), loaded, at("2026-11-24 18:00"), "d").decision
    assert (decision.owner, ladder(decision)[0]) == ("ada", ("offer-1", "Tue 24 18:00:00"))


def test_nobody_is_offered_a_lead_twice_at_the_same_rung() -> None:
    for facts in (lead(), STRATEGIC, rising(TUESDAY), lead("tiktok"), lead("paid_lead_form", WASHINGTON)):
        keys = [item.key for item in decided(facts, TUESDAY).agenda]
        assert len(keys) == len(set(keys))
