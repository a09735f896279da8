"""Ladders, to the second: the hand-raise of G5, the clocks of R44-R49, business time over nights and holidays."""

import dataclasses

import pytest

from domain.decisions import DecisionKind, Outcome
from domain.facts import ConsentFacts
from domain.values import Action, Purpose, Until
from policy import sla
from policy.business_time import BusinessClock
from policy.loaded import LoadedPolicy
from policy.notes import Notes
from policy.triage import triage
from tests.policy import cases
from tests.policy.cases import TUESDAY, at, changed, default, lead, loads, person, steps, with_ada

LADDER = tuple(
    Action(name) for name in ("offer", "warn", "rescue", "reoffer", "pool", "remind", "supervisor", "nurture")
)
HAND_RAISE = [
    ("Tue 10:00:00", "offer"),
    ("Tue 10:02:30", "warn"),
    ("Tue 10:03:45", "warn"),
    ("Tue 10:05:00", "rescue"),
    ("Tue 10:05:00", "reoffer"),
    ("Tue 10:10:00", "reoffer"),
    ("Tue 10:15:00", "reoffer"),
    ("Tue 10:20:00", "pool"),
    ("Tue 10:30:00", "remind"),
    ("Tue 12:00:00", "supervisor"),
    ("Wed 17:00:00", "nurture"),
]


def climbed(now: object = TUESDAY, **changes: object) -> list[tuple[str, str]]:
    return steps(triage(lead(**changes), default(), now, "d").decision, *LADDER)  # type: ignore[arg-type]  # table's cells


def test_the_ladder_of_a_hand_raise() -> None:
    decision = triage(lead(), default(), TUESDAY, "d").decision
    assert steps(decision, *LADDER) == HAND_RAISE
    assert decision.sla_due_at == at("2026-11-24 10:05")


def test_what_ends_each_rung() -> None:
    decision = triage(lead(), default(), TUESDAY, "d").decision
    ends = {str(item.action): item.until for item in decision.agenda}
    assert {name for name, until in ends.items() if until is Until.ACCEPTED} == {
        "offer",
        "warn",
        "rescue",
        "reoffer",
        "pool",
    }
    assert {name for name, until in ends.items() if until is Until.CONTACTED} == {
        "call",
        "remind",
        "supervisor",
        "nurture",
    }


def test_the_rescue_is_a_solicitation_and_goes_only_with_leave() -> None:
    decision = triage(lead(), default(), TUESDAY, "d").decision
    rescue = next(item for item in decision.agenda if item.action is Action.RESCUE)
    assert (rescue.template, rescue.purpose) == ("rescue", Purpose.SOLICITATION)
    judgement = triage(lead(consent=ConsentFacts(call=True)), default(), TUESDAY, "d")
    assert steps(judgement.decision, *LADDER) == [step for step in HAND_RAISE if step[1] != "rescue"]
    assert "rescue" in [road.what for road in judgement.trace.not_taken]


def test_a_rescue_after_the_persons_window_waits_for_it() -> None:
    facts = lead(places=cases.FLORIDA, consent=cases.SIGNED)
    late = changed(business={"hours": "Mo-Fr 09:00-22:00"})
    decision = triage(facts, late, at("2026-11-24 19:58", cases.NEW_YORK), "d").decision
    rescue = next(item for item in decision.agenda if item.action is Action.RESCUE)
    assert rescue.at == at("2026-11-25 08:00", cases.NEW_YORK)
    assert rescue.held_by == ("us-2026-11/FL",)


@pytest.mark.parametrize(
    ("now", "due", "second_warning", "supervisor", "nurture"),
    [
        ("2026-11-24 16:58", "Wed 09:03:00", "Wed 09:01:45", "Wed 10:58:00", "Wed 17:00:00"),  # over the night
        ("2026-11-27 16:58", "Mon 09:03:00", "Mon 09:01:45", "Mon 10:58:00", "Mon 17:00:00"),  # over the weekend
        ("2026-11-25 16:58", "Fri 09:03:00", "Fri 09:01:45", "Fri 10:58:00", "Fri 17:00:00"),  # over Thanksgiving
        ("2026-11-28 12:00", "Mon 09:05:00", "Mon 09:03:45", "Mon 11:00:00", "Tue 17:00:00"),  # on a Saturday
        ("2026-12-24 16:58", "Mon 09:03:00", "Mon 09:01:45", "Mon 10:58:00", "Mon 17:00:00"),  # Christmas, a Friday
    ],
)
def test_clocks_stand_still_while_the_business_is_closed(
    now: str, due: str, second_warning: str, supervisor: str, nurture: str
) -> None:
    decision = triage(lead(), default(), at(now), "d").decision
    found = steps(decision, *LADDER)
    assert decision.sla_due_at is not None
    assert f"{decision.sla_due_at.astimezone(cases.CHICAGO):%a %H:%M:%S}" == due
    assert [when for when, action in found if action == "warn"][1] == second_warning
    assert [when for when, action in found if action in ("supervisor", "nurture")] == [supervisor, nurture]


def test_the_owners_own_calendar_counts() -> None:
    early = with_ada(hours="Mo-Fr 09:00-10:03")
    decision = triage(lead(), early, TUESDAY, "d").decision
    assert decision.owner == "ada"
    assert decision.sla_due_at == at("2026-11-25 09:02")  # three minutes today, two tomorrow


@pytest.mark.parametrize(
    ("facts", "now", "due"),
    [
        (lead(person=person(email_domain="bigcorp.example"), source="newsletter"), "2026-11-24 10:00", "Tue 17:00:00"),
        (lead(person=person(email_domain="bigcorp.example"), source="newsletter"), "2026-11-24 18:00", "Wed 17:00:00"),
        (lead(person=person(phone=None), source="fax"), "2026-11-24 10:00", "Tue 10:30:00"),
    ],
)
def test_other_classes_of_urgency(facts: object, now: str, due: str) -> None:
    decision = triage(facts, default(), at(now), "d").decision  # type: ignore[arg-type]  # a table's cell
    assert decision.sla_due_at is not None
    assert f"{decision.sla_due_at.astimezone(cases.CHICAGO):%a %H:%M:%S}" == due


def climb_of(loaded: LoadedPolicy, name: str, start: str) -> sla.Ladder:
    return sla.ladder(lead(), loaded, sla.Climb(sla=name, start=at(start), owner=None), Notes())


def rungs(ladder: sla.Ladder, *actions: Action) -> list[str]:
    return [cases.told(item) for item in ladder.items if item.action in actions]


def test_one_business_day_is_the_same_hour_of_the_next_one() -> None:
    assert climb_of(default(), "assist", "2026-11-25 15:00").due == at("2026-11-27 15:00")  # Thursday is Thanksgiving


def test_two_and_three_business_days_from_a_short_day_are_two_and_three_days() -> None:
    short = changed(business={"hours": "Mo-Th 09:00-17:00; Fr 09:00-11:00"})
    ladder = climb_of(short, "assist", "2026-11-27 10:00")
    assert rungs(ladder, Action.REOFFER, Action.POOL, Action.NURTURE) == [
        "Mon 10:00:00",
        "Tue 10:00:00",
        "Wed 10:00:00",
    ]


def test_a_lead_is_not_given_up_before_the_supervisor_was_told() -> None:
    """Wednesday is open for half an hour, so it ends before the two hours of the supervisor's rung."""
    short = changed(business={"hours": "Mo-Fr 09:00-17:00; 2026 Nov 25 09:00-09:30"})
    ladder = climb_of(short, "hand_raise", "2026-11-24 16:50")
    assert rungs(ladder, Action.REMIND, Action.SUPERVISOR, Action.NURTURE) == [
        "Wed 09:20:00",
        "Fri 10:20:00",
        "Fri 10:20:00",
    ]
    assert [item.action for item in ladder.items][-2:] == [Action.SUPERVISOR, Action.NURTURE]


def test_a_calendar_that_runs_out_does_not_keep_a_lead_waiting() -> None:
    """Hours that end for good on Tuesday at noon: the rest of the ladder counts every hour, and says so."""
    loaded = default()
    gone = dataclasses.replace(loaded, clocks={None: BusinessClock("2026 Nov 24 09:00-12:00", "America/Chicago")})
    judgement = triage(lead(), gone, TUESDAY, "d")
    assert steps(judgement.decision, *LADDER)[-2:] == [("Tue 12:00:00", "supervisor"), ("Thu 00:00:00", "nurture")]
    assert [each.because for each in judgement.trace.reasons if "every hour counts" in each.because]
    no_texts = lead(consent=ConsentFacts(call=True))
    later = triage(no_texts, gone, at("2026-11-24 13:00"), "d").decision
    assert (later.outcome, later.owner is None) == (Outcome.HUMAN_TASK, False)
    assert steps(later, Action.OFFER) == [("Tue 13:00:00", "offer")]


def test_a_share_of_the_same_day_is_of_what_is_left_of_it() -> None:
    decision = triage(
        lead("newsletter", person=person(email_domain="bigcorp.example")), default(), TUESDAY, "d"
    ).decision
    assert steps(decision, Action.WARN) == [("Tue 13:30:00", "warn"), ("Tue 15:15:00", "warn")]


def test_an_ad_waits_for_an_answer_and_then_rests() -> None:
    decision = triage(lead("paid_lead_form"), default(), TUESDAY, "d").decision
    assert steps(decision, *LADDER) == [("Wed 17:00:00", "nurture")]
    assert (decision.owner, decision.queue, decision.sla_due_at) == (None, "inbound", None)


def test_from_a_reply_on_its_owner_is_reminded_and_the_supervisor_told() -> None:
    asking = cases.ask(DecisionKind.REPLY, owner="ben", accepted=True, since=at("2026-11-24 16:40"), motion="text_back")
    decision = sla.after_reply(lead(), default(), at("2026-11-24 16:41"), asking).decision
    assert (decision.outcome, decision.owner) == (Outcome.KEEP, "ben")
    assert steps(decision) == [("Wed 09:10:00", "remind"), ("Wed 10:40:00", "supervisor")]
    assert {item.until for item in decision.agenda} == {Until.DISPOSED}


def test_a_reply_that_nobody_owns_is_offered_to_the_next_rep() -> None:
    facts = lead("paid_lead_form", places=cases.CALIFORNIA, reps=loads(ben=5, dev=4))
    decision = sla.after_reply(facts, default(), at("2026-11-24 12:00"), cases.ask(DecisionKind.REPLY)).decision
    assert decision.owner == "dev"
    assert steps(decision) == [
        ("Tue 12:00:00", "offer"),
        ("Tue 12:05:00", "reoffer"),
        ("Tue 12:10:00", "reoffer"),
        ("Tue 12:15:00", "warn"),
        ("Tue 12:20:00", "pool"),
        ("Tue 12:22:30", "warn"),
        ("Tue 12:30:00", "remind"),
        ("Tue 14:00:00", "supervisor"),
    ]
    assert decision.sla_due_at == at("2026-11-24 12:30")


def test_a_reply_does_not_slow_an_offer_that_nobody_has_accepted_yet() -> None:
    asking = cases.ask(DecisionKind.REPLY, owner="ada", hop=1, since=at("2026-11-24 12:00"), motion="live_transfer")
    decision = sla.after_reply(lead(), default(), at("2026-11-24 12:00"), asking).decision
    assert decision.owner == "ada"
    assert steps(decision, *LADDER)[:2] == [("Tue 12:05:00", "reoffer"), ("Tue 12:10:00", "reoffer")]


def test_after_contact_a_reason_code_is_owed() -> None:
    asking = cases.ask(DecisionKind.WORK, owner="ada", since=TUESDAY)
    decision = sla.work_owed(lead(), default(), TUESDAY, asking).decision
    assert (decision.outcome, decision.owner) == (Outcome.KEEP, "ada")
    assert steps(decision) == [
        ("Tue 14:00:00", "remind"),
        ("Wed 10:00:00", "supervisor"),
        ("Fri 10:00:00", "reoffer"),
        ("Mon 10:00:00", "pool"),
        ("Wed 10:00:00", "nurture"),
    ]


def test_answers_of_one_cycle_never_share_a_key() -> None:
    first, second = (
        sla.after_reply(
            lead(), default(), TUESDAY, cases.ask(DecisionKind.REPLY, decision_id=f"lead-1:1:reply:{n}")
        ).decision
        for n in (3, 4)
    )
    plan = triage(lead(), default(), TUESDAY, "lead-1:1:triage:0").decision
    keys = [item.key for decision in (plan, first, second) for item in decision.agenda]
    assert len(keys) == len(set(keys))
