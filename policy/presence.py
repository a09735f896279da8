"""Who is there and has room: shifts, time off, away, limits. It doesn't ask whether a rep fits a lead."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.assignments import PassedOver
from domain.facts import Facts, RepLoad
from policy.business_time import BusinessClock
from policy.loaded import LoadedPolicy
from policy.roster import Rep

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a rep can't take a lead of this moment, and when they are back: None while nobody knows."""

    reason: PassedOver
    because: str
    back: datetime | None = None


def load_of(facts: Facts, rep: Rep) -> RepLoad:
    """What is known of a rep's work; nothing known is no work."""
    return next((load for load in facts.reps if load.rep == rep.handle), None) or _idle(rep.handle)


@lru_cache(maxsize=1024)
def _idle(handle: str) -> RepLoad:
    return RepLoad(rep=handle)


def free(facts: Facts, loaded: LoadedPolicy, now: datetime) -> list[Rep]:
    """Reps who are there, below their limits and within their own hours: now, or on the next business day if closed."""
    return [rep for rep in loaded.policy.team if absence(rep, facts, loaded, now) is None]


def absence(rep: Rep, facts: Facts, loaded: LoadedPolicy, now: datetime) -> Absence | None:
    """What keeps a rep from a lead of this moment; None when nothing does."""
    load = load_of(facts, rep)
    return _gone(rep, load, loaded) or _full(rep, load, loaded, now) or _off_duty(rep, load, loaded, now)


def back_at(rep: Rep, facts: Facts, loaded: LoadedPolicy, now: datetime) -> datetime | None:
    """The first moment from `now` on when the rep is on shift and has room; None when nobody can tell."""
    load = load_of(facts, rep)
    full = _full(rep, load, loaded, now)
    if _gone(rep, load, loaded) is not None or (full is not None and full.back is None):
        return None
    return _on_shift(loaded.clock(rep.handle), load, full.back if full and full.back else now)


def has_missed(load: RepLoad, loaded: LoadedPolicy, more: int = 0) -> bool:
    """Whether so many offers in a row ran out that the rep is taken to be away (N4)."""
    limit = loaded.policy.away_after
    return limit is not None and load.missed + more >= limit


def _gone(rep: Rep, load: RepLoad, loaded: LoadedPolicy) -> Absence | None:
    """Away until they say that they are back."""
    if rep.away:
        return Absence(PassedOver.AWAY, "is away, says the policy")
    if load.away and load.away_until is None:
        return Absence(PassedOver.AWAY, _away(load))
    if has_missed(load, loaded):
        return Absence(PassedOver.MISSED_OFFERS, f"is away: missed {load.missed} offers in a row")
    return None


def _away(load: RepLoad) -> str:
    return f"is away: {load.away_because}" if load.away_because else "is away"


def _full(rep: Rep, load: RepLoad, loaded: LoadedPolicy, now: datetime) -> Absence | None:
    if rep.max_open is not None and load.open_leads >= rep.max_open:
        return Absence(PassedOver.FULL, f"has {load.open_leads} open leads, the limit is {rep.max_open}")
    if rep.max_per_day is None:
        return None
    zone = ZoneInfo(loaded.clock(rep.handle).zone)
    today = offers_today(load, zone, now)
    if today < rep.max_per_day:
        return None
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    because = f"was offered {today} leads today, the limit is {rep.max_per_day}"
    return Absence(PassedOver.FULL_TODAY, because, tomorrow)


def offers_today(load: RepLoad, zone: ZoneInfo, now: datetime) -> int:
    """Offers since midnight of the rep's own day. A zone off by a quarter of an hour is rounded to the half."""
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    running = now.timestamp() // HALF_HOUR.total_seconds()
    first = midnight.timestamp() // HALF_HOUR.total_seconds()
    return sum(load.lately[: int(running - first) + 1])


def _off_duty(rep: Rep, load: RepLoad, loaded: LoadedPolicy, now: datetime) -> Absence | None:
    """Why a calendar of their own, or time off, keeps a rep from a lead of this moment."""
    now = now.astimezone(UTC)  # within an hour that comes twice, moments of other zones are never equal
    business, own = loaded.clock(), loaded.clock(rep.handle)
    if own is business and not load.time_off and load.away_until is None:
        return None
    back = _on_shift(own, load, now)
    if business.is_open(now):
        return None if back == now else _off_now(own, load, now, back)
    # A lead of the night waits for the next business day; it must not wait for somebody who works on Mondays only.
    end = business.day_end(now)
    if back is not None and (end is None or back < end):
        return None
    return Absence(PassedOver.OFF_SHIFT, "is not back on the next business day", back)


def _off_now(own: BusinessClock, load: RepLoad, now: datetime, back: datetime | None) -> Absence:
    if load.away and load.away_until is not None and load.away_until > now:
        return Absence(PassedOver.AWAY, _away(load), back)
    if any(span.start <= now < span.end for span in load.time_off) or own.local_date(now) in own.off:
        return Absence(PassedOver.TIME_OFF, "is off today", back)
    return Absence(PassedOver.OFF_SHIFT, "is outside their own hours", back)


def _on_shift(own: BusinessClock, load: RepLoad, now: datetime) -> datetime | None:
    """The first moment from `now` on that is on shift and in no time off."""
    until = load.away_until if load.away else None
    moment = own.next_open(max(now, until) if until else now)
    for span in sorted(load.time_off, key=lambda each: each.start):
        if moment is not None and span.start <= moment < span.end:
            moment = own.next_open(span.end)
    return moment
