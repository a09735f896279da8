"""How fast leads were served, group by group: medians and tails of each speed, and the share within its target. Pure.

Business time is counted in the owner's calendar, or the business's own; the SLA of a lead is the due moment that its
first decision named.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.speeds import Group, Pace, Speed, Spread, Timed
from policy.loaded import LoadedPolicy
from policy.speeds import Target

EVERYBODY = "all"
_OF_OWNER = (Speed.FIRST_HUMAN_ATTEMPT, Speed.FIRST_TWO_WAY_CONTACT)
"""Speeds that people make, so that only their working hours count."""


@dataclass(slots=True)
class _Count:
    """One speed of one group, as it fills."""

    wall: list[float] = field(default_factory=list)
    business: list[float] = field(default_factory=list)
    not_yet: int = 0
    within: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class _Taken:
    """One speed of one lead: seconds until it happened (None: not yet), and whether its target was met (None: it has
    none, or there is still time)."""

    wall: float | None
    business: float | None
    is_within: bool | None


class Paces:
    """Takes leads one after another, and tells all of it."""

    def __init__(self, loaded: LoadedPolicy, by: str | None) -> None:
        self._loaded = loaded
        self._by = by
        self._leads: dict[str, int] = {}
        self._counts: dict[tuple[str, Speed], _Count] = {}

    def take(self, lead: Timed) -> None:
        """Counts a lead among all and, where leads are grouped, in its group."""
        taken = {speed: measure(lead, self._loaded) for speed, measure in _MEASURES.items()}
        for name in dict.fromkeys((EVERYBODY, lead.group if self._by else EVERYBODY)):
            self._leads[name] = self._leads.get(name, 0) + 1
            for speed, one in taken.items():
                _add(self._counts.setdefault((name, speed), _Count()), one)

    def groups(self) -> tuple[Group, ...]:
        """All leads first, then the groups, the largest first."""
        names = sorted(self._leads, key=lambda name: (name != EVERYBODY, -self._leads[name], name))
        return tuple(Group(name=name, leads=self._leads[name], speeds=self._speeds(name)) for name in names)

    def _speeds(self, group: str) -> tuple[Pace, ...]:
        return tuple(_pace(speed, self._counts[group, speed], self._target(group, speed)) for speed in _MEASURES)

    def _target(self, group: str, speed: Speed) -> str | None:
        """In words where one holds for the whole group."""
        if speed is Speed.FIRST_HUMAN_ATTEMPT:
            return "sla"
        target = _target(speed, self._loaded)
        within = target.of(group) if self._by == "source" else target.within
        if target.sources and (self._by != "source" or group == EVERYBODY):
            return "by source"
        return None if within is None else f"{int(within.total_seconds())}s"


def _add(count: _Count, taken: _Taken) -> None:
    if taken.wall is None:
        count.not_yet += 1
    else:
        count.wall.append(taken.wall)
    if taken.business is not None:
        count.business.append(taken.business)
    if taken.is_within is not None:
        count.of += 1
        count.within += taken.is_within


def _pace(speed: Speed, count: _Count, target: str | None) -> Pace:
    return Pace(
        speed=speed,
        happened=len(count.wall),
        not_yet=count.not_yet,
        wall_clock=_spread(count.wall),
        business_time=_spread(count.business) if speed in _OF_OWNER else None,
        target=target,
        within=count.within,
        of=count.of,
        share=round(count.within / count.of, 4) if count.of else None,
    )


def _spread(seconds: list[float]) -> Spread | None:
    if not seconds:
        return None
    ranked = sorted(seconds)
    median, p90, p99 = (round(ranked[math.ceil(share * len(ranked)) - 1], 3) for share in (0.5, 0.9, 0.99))
    return Spread(median=median, p90=p90, p99=p99)


def _target(speed: Speed, loaded: LoadedPolicy) -> Target:
    targets = loaded.policy.speeds
    named = {
        Speed.DECISION: targets.decision,
        Speed.FIRST_AUTOMATION: targets.first_automation,
        Speed.FIRST_TWO_WAY_CONTACT: targets.first_two_way_contact,
        Speed.FIRST_MEETING: targets.first_meeting,
    }
    return named[speed]


def _decision(lead: Timed, loaded: LoadedPolicy) -> _Taken:
    target, taken = _target(Speed.DECISION, loaded).of(lead.source), lead.decided_after
    met = None if target is None or taken is None else taken <= target.total_seconds()
    return _Taken(taken, None, met)


def _automation(lead: Timed, loaded: LoadedPolicy) -> _Taken:
    target = _target(Speed.FIRST_AUTOMATION, loaded).of(lead.source)
    start = lead.text_at if lead.text_at is not None and lead.is_held else lead.opened_at
    if lead.text_at is None:
        target = None  # a call comes first, and a text only if nobody moves
    due = None if target is None else start + target
    return _taken(lead, lead.first_automation_at, due, None)


def _attempt(lead: Timed, loaded: LoadedPolicy) -> _Taken:
    return _taken(lead, lead.first_human_attempt_at, lead.due_at, loaded)


def _contact(lead: Timed, loaded: LoadedPolicy) -> _Taken:
    target = _target(Speed.FIRST_TWO_WAY_CONTACT, loaded).of(lead.source)
    due = None if target is None else lead.opened_at + target
    return _taken(lead, lead.first_two_way_contact_at, due, loaded)


def _meeting(lead: Timed, loaded: LoadedPolicy) -> _Taken:
    target = _target(Speed.FIRST_MEETING, loaded).of(lead.source)
    return _taken(lead, lead.first_meeting_at, None if target is None else lead.opened_at + target, None)


def _taken(lead: Timed, at: datetime | None, due: datetime | None, calendars: LoadedPolicy | None) -> _Taken:
    if at is None:
        return _Taken(None, None, False if due is not None and due < lead.now else None)
    wall = max(0.0, (at - lead.opened_at).total_seconds())
    business = None
    if calendars is not None:
        business = calendars.clock(lead.owner).between(lead.opened_at, max(at, lead.opened_at)).total_seconds()
    return _Taken(wall, business, None if due is None else at <= due)


_MEASURES: Mapping[Speed, Callable[[Timed, LoadedPolicy], _Taken]] = {
    Speed.DECISION: _decision,
    Speed.FIRST_AUTOMATION: _automation,
    Speed.FIRST_HUMAN_ATTEMPT: _attempt,
    Speed.FIRST_TWO_WAY_CONTACT: _contact,
    Speed.FIRST_MEETING: _meeting,
}
