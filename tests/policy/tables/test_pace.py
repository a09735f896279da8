"""How fast leads were served: targets by source, the SLA's own due moment, business time, what a window put off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from domain.decisions import DecisionKind, Followup
from domain.speeds import Group, Pace, Speed, Timed
from domain.values import Code
from policy import judgements
from policy.loaded import LoadedPolicy
from policy.pace import Paces
from tests.policy.cases import TUESDAY, at, changed, default, lead

MINUTE = timedelta(minutes=1)


def timed(number: int = 0, opened: datetime = TUESDAY, **changes: object) -> Timed:
    plain = Timed(
        lead_id=f"lead-{number}",
        group="demo_request",
        source="demo_request",
        owner="ada",
        opened_at=opened,
        now=opened + timedelta(days=1),
        decided_after=0.2,
        text_at=None,
        is_held=False,
        due_at=None,
        first_automation_at=None,
        first_human_attempt_at=None,
        first_two_way_contact_at=None,
        first_meeting_at=None,
    )
    return plain.model_copy(update=changes)


def groups(leads: Sequence[Timed], by: str | None = None, policy: LoadedPolicy | None = None) -> dict[str, Group]:
    paces = Paces(policy or default(), by)
    for each in leads:
        paces.take(each)
    return {group.name: group for group in paces.groups()}


def pace(speed: Speed, *leads: Timed, policy: LoadedPolicy | None = None) -> Pace:
    return next(each for each in groups(leads, policy=policy)["all"].speeds if each.speed is speed)


def test_percentiles_are_those_of_the_nearest_rank() -> None:
    found = pace(Speed.DECISION, *(timed(n, decided_after=n + 1) for n in range(100)))
    assert found.wall_clock is not None
    assert (found.wall_clock.median, found.wall_clock.p90, found.wall_clock.p99) == (50, 90, 99)
    assert (found.target, found.within, found.of, found.share) == ("10s", 10, 100, 0.1)
    only = pace(Speed.DECISION, timed(decided_after=3.25)).wall_clock
    assert only is not None
    assert (only.median, only.p99) == (3.25, 3.25)


@pytest.mark.parametrize(
    ("source", "after", "is_within"),
    [
        ("missed_call", timedelta(seconds=60), 1),
        ("missed_call", timedelta(seconds=61), 0),
        ("paid_lead_form", timedelta(seconds=61), 1),
        ("paid_lead_form", timedelta(seconds=301), 0),
    ],
)
def test_a_missed_calls_text_has_sixty_seconds(source: str, after: timedelta, is_within: int) -> None:
    found = pace(Speed.FIRST_AUTOMATION, timed(source=source, text_at=TUESDAY, first_automation_at=TUESDAY + after))
    assert (found.within, found.of, found.target) == (is_within, 1, "by source")


def test_what_a_window_put_off_counts_from_its_permitted_moment() -> None:
    night, morning = at("2026-11-24 22:30"), at("2026-11-25 09:00")
    held = timed(
        opened=night, source="missed_call", text_at=morning, is_held=True, first_automation_at=morning + MINUTE / 2
    )
    found = pace(Speed.FIRST_AUTOMATION, held)
    assert (found.within, found.of) == (1, 1)
    assert found.wall_clock is not None
    assert found.wall_clock.median == timedelta(hours=10, minutes=30, seconds=30).total_seconds()


def test_a_lead_that_was_to_get_no_text_has_no_target_for_one() -> None:
    rescued = timed(1, first_automation_at=TUESDAY + 5 * MINUTE)
    found = pace(Speed.FIRST_AUTOMATION, timed(), rescued)
    assert (found.happened, found.not_yet, found.of, found.share) == (1, 1, 0, None)


def test_a_reps_attempt_is_held_to_the_sla_of_its_lead_and_timed_in_business_hours() -> None:
    evening, due = at("2026-11-24 16:58"), at("2026-11-25 09:03")
    in_time = timed(1, opened=evening, due_at=due, first_human_attempt_at=at("2026-11-25 09:02"))
    late = timed(2, opened=evening, due_at=due, first_human_attempt_at=at("2026-11-25 09:04"))
    found = pace(Speed.FIRST_HUMAN_ATTEMPT, in_time, late)
    assert (found.within, found.of, found.share, found.target) == (1, 2, 0.5, "sla")
    assert found.wall_clock is not None
    assert found.business_time is not None
    assert (found.business_time.median, found.business_time.p99) == (240, 360), "the night does not count"
    assert found.wall_clock.median == timedelta(hours=16, minutes=4).total_seconds()


def test_a_miss_is_counted_before_it_happens_and_time_that_is_left_is_none() -> None:
    waiting = timed(1, due_at=TUESDAY + 5 * MINUTE, now=TUESDAY + 4 * MINUTE)
    missed = timed(2, due_at=TUESDAY + 5 * MINUTE, now=TUESDAY + 6 * MINUTE)
    found = pace(Speed.FIRST_HUMAN_ATTEMPT, waiting, missed)
    assert (found.not_yet, found.within, found.of) == (2, 0, 1)


def test_groups_come_after_all_the_largest_first_and_each_source_has_its_target() -> None:
    leads = [timed(n, group="webinar", source="webinar") for n in range(3)]
    leads += [timed(n, group="missed_call", source="missed_call") for n in range(2)]
    found = groups(leads, "source")
    assert [(name, group.leads) for name, group in found.items()] == [("all", 5), ("webinar", 3), ("missed_call", 2)]
    targets = {name: group.speeds[1].target for name, group in found.items()}
    assert targets == {"all": "by source", "webinar": "300s", "missed_call": "60s"}
    assert [each.speed for each in found["all"].speeds] == list(Speed)


def test_a_group_that_is_called_all_is_counted_once() -> None:
    assert groups([timed(group="all")], "owner")["all"].leads == 1


def test_contact_and_meeting_have_the_targets_that_the_policy_names() -> None:
    policy = changed(speeds={"first_meeting": {"within": "2d"}, "first_two_way_contact": {"within": "1h"}})
    one = timed(first_two_way_contact_at=TUESDAY + 59 * MINUTE, first_meeting_at=TUESDAY + timedelta(days=3))
    contact, meeting = (pace(speed, one, policy=policy) for speed in list(Speed)[3:])
    assert (contact.within, contact.of, meeting.within, meeting.of) == (1, 1, 0, 1)
    assert contact.business_time is not None
    assert meeting.business_time is None


REPLY = Followup(kind=DecisionKind.REPLY, decision_id="r", owner="ada", since=TUESDAY - MINUTE)


@pytest.mark.parametrize(
    ("counts", "asked", "contact_at"),
    [
        ({}, REPLY, TUESDAY - MINUTE),
        ({"reply": False}, REPLY, None),
        ({}, Followup(kind=DecisionKind.DISPOSE, decision_id="d", code=Code.CONNECTED), TUESDAY),
        ({}, Followup(kind=DecisionKind.DISPOSE, decision_id="d", code=Code.MEETING_SET), TUESDAY),
        ({}, Followup(kind=DecisionKind.DISPOSE, decision_id="d", code=Code.NO_RESPONSE), None),
        ({}, Followup(kind=DecisionKind.DISPOSE, decision_id="d"), None),
        ({"codes": ["won"]}, Followup(kind=DecisionKind.DISPOSE, decision_id="d", code=Code.WON), TUESDAY),
        ({"codes": ["won"]}, Followup(kind=DecisionKind.DISPOSE, decision_id="d", code=Code.CONNECTED), None),
        ({}, Followup(kind=DecisionKind.WORK, decision_id="w"), None),
        ({}, Followup(kind=DecisionKind.NEWS, decision_id="n"), None),
    ],
)
def test_contact_is_what_the_policy_says_it_is(
    counts: dict[str, object], asked: Followup, contact_at: datetime | None
) -> None:
    policy = changed(contact_counts=counts) if counts else default()
    answer = judgements.of(lead("demo_request"), asked, policy, TUESDAY, asked.decision_id)
    assert answer.decision.contact_at == contact_at
