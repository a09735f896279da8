"""The four speeds of a lead, told apart: first automation, first human attempt, first two-way contact, first meeting.

Each is a moment in the lead's clock, taken from what happened and never moved again; they outlast cycles. Which replies
and outcomes count as contact is the policy's to say: its answers carry the moment (Decision.contact_at).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain import events as e
from domain.values import Action, Code, Stored

NO_PERSON = "reply"
"""Whose word a disposition is that a reply amounts to."""


class Speed(StrEnum):
    """What is timed, from a lead's arrival on. `decision` is ours alone: how long the first answer of policy took."""

    DECISION = "decision"
    FIRST_AUTOMATION = "first_automation"  # the system's first text
    FIRST_HUMAN_ATTEMPT = "first_human_attempt"  # a rep took the lead, or said how it went
    FIRST_TWO_WAY_CONTACT = "first_two_way_contact"  # as the policy's contact_counts has it
    FIRST_MEETING = "first_meeting"  # a meeting was set


class Speeds(Stored):
    """The moments, None where it hasn't happened."""

    first_automation_at: datetime | None = None
    first_human_attempt_at: datetime | None = None
    first_two_way_contact_at: datetime | None = None
    first_meeting_at: datetime | None = None


def of(facts: Iterable[e.AnyFact]) -> Speeds:
    """The earliest moment of each among these facts."""
    found: dict[str, datetime] = {}
    for fact in facts:
        for name, moment in _TOLD_BY.get(type(fact), _nothing)(fact):
            found[name] = min(found.get(name, moment), moment)
    return Speeds(**found)


Moments = list[tuple[str, datetime]]


def _nothing(fact: e.AnyFact) -> Moments:
    return []


def _performed(fact: e.Performed) -> Moments:
    is_text = fact.item.action in (Action.TEXT, Action.RESCUE)
    return [("first_automation_at", fact.at)] if is_text else []


def _called(fact: e.Called) -> Moments:
    return [("first_two_way_contact_at", fact.at - fact.talk)] if fact.contact else []


def _accepted(fact: e.Accepted) -> Moments:
    return [("first_human_attempt_at", fact.at)]


def _disposed(fact: e.Disposed) -> Moments:
    is_person = fact.by != NO_PERSON and ":" not in fact.by  # crm:hubspot is a system's name
    attempted = [("first_human_attempt_at", fact.at)] if is_person else []
    return [*attempted, *([("first_meeting_at", fact.at)] if fact.code is Code.MEETING_SET else [])]


def _decided(fact: e.Decided) -> Moments:
    moment = fact.decision.contact_at
    return [] if moment is None else [("first_two_way_contact_at", moment)]


_TOLD_BY: dict[type, Callable[[Any], Moments]] = {  # Any: each takes its own fact
    e.Performed: _performed,
    e.Called: _called,
    e.Accepted: _accepted,
    e.Disposed: _disposed,
    e.Decided: _decided,
}


class Timed(Stored):
    """A lead as the report of speeds reads it. Moments are in the lead's clock, `now` too; `decided_after` is real time
    in seconds."""

    lead_id: str
    group: str
    source: str
    owner: str | None  # a rep's handle, whose calendar business time is counted in
    opened_at: datetime
    now: datetime
    decided_after: float | None
    text_at: datetime | None  # when its first decision planned the first text, None without one
    is_held: bool  # whether a rule put that text off
    due_at: datetime | None  # by when its first decision had somebody move
    first_automation_at: datetime | None
    first_human_attempt_at: datetime | None
    first_two_way_contact_at: datetime | None
    first_meeting_at: datetime | None


class Spread(Stored):
    """Seconds: nearest-rank percentiles."""

    median: float
    p90: float
    p99: float


class Pace(Stored):
    """One speed of one group. `of` counts leads whose target was met or is past; `within` those that met it."""

    speed: Speed
    happened: int
    not_yet: int
    wall_clock: Spread | None
    business_time: Spread | None  # where the clock is the owner's calendar
    target: str | None  # 10s, 60s, or `sla`: each lead's own due moment
    within: int
    of: int
    share: float | None


class Group(Stored):
    """Leads of one source, segment, band or owner; `all` is every lead."""

    name: str
    leads: int
    speeds: tuple[Pace, ...]


class SpeedReport(Stored):
    """What GET /v1/reports/speed answers. Test leads are left out."""

    since: datetime
    by: str | None
    policy_hash: str  # whose targets and calendars count
    groups: tuple[Group, ...]
