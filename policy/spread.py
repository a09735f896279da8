"""Retries spread over the day (N9): not again at the time of day at which an earlier touch went unanswered.

A courtesy among ourselves: where no time of the day is left, it gives way. It knows no law.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.decisions import Window
from domain.facts import Facts
from domain.values import Channel
from policy.loaded import LoadedPolicy

_DAY = int(timedelta(days=1).total_seconds())
_GIVES_WAY = timedelta(days=8)
_ROUNDS = 60


def unanswered(facts: Facts, loaded: LoadedPolicy, now: datetime) -> tuple[datetime, ...]:
    """When calls and texts were made that had time for an answer and got none."""
    heard, due = facts.history.last_contact_at, now - loaded.policy.contact.spread
    reaching = (touch.at for touch in facts.history.touches if touch.channel in (Channel.SMS, Channel.CALL))
    return tuple(at for at in reaching if at <= due and (heard is None or at > heard))


def away(
    facts: Facts, loaded: LoadedPolicy, start: datetime, tried: Iterable[datetime], find: Callable[[datetime], Window]
) -> Window:
    """The first window from `start` on (`find` tells them) that keeps away from the times of day of `tried`; held by
    `spread` when that puts it off."""
    zone, apart = _zone(facts, loaded), loaded.policy.contact.spread
    times, first = [_seconds(at, zone) for at in tried], find(start)
    window = first
    for _ in range(_ROUNDS):
        if window.earliest is None or first.earliest is None or window.earliest - first.earliest > _GIVES_WAY:
            return first
        wait = _wait(_seconds(window.earliest, zone), times, int(apart.total_seconds()))
        if not wait:
            return window
        window = find(window.earliest + timedelta(seconds=wait))
        window = window.model_copy(update={"held_by": ("spread", *window.held_by)})
    return first


def _wait(moment: int, times: list[int], apart: int) -> int:
    """Seconds until the time of day is `apart` from the first of `times` that it is too near to; 0 when from all."""
    near = ((moment - time + _DAY // 2) % _DAY - _DAY // 2 for time in times)
    return next((apart - ahead for ahead in near if abs(ahead) < apart), 0)


def _seconds(moment: datetime, zone: ZoneInfo) -> int:
    """The time of day where the person is."""
    local = moment.astimezone(zone)
    return local.hour * 3600 + local.minute * 60 + local.second


def _zone(facts: Facts, loaded: LoadedPolicy) -> ZoneInfo:
    places = facts.person.places
    return ZoneInfo(places[0].zone if places else loaded.policy.business.zone)
