"""How often a person may be touched (N8): our own caps and the law's, and when those that are reached free."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from domain.decisions import Reason
from domain.facts import Facts, PastTouch
from domain.values import Channel, Purpose
from policy import places
from policy.contact import Cap
from policy.law import Law, LawfulCap
from policy.loaded import LoadedPolicy

_SOLD_BY = (Channel.SMS, Channel.CALL)
"""What the law counts: calls and texts."""

_TOUCHES = (*_SOLD_BY, Channel.EMAIL)
_TO_PEOPLE = (Purpose.SOLICITATION, Purpose.RESPONSIVE)


@dataclass(frozen=True, slots=True)
class Reached:
    """A cap that leaves no room now: its rule, and the moment from which it does."""

    rule: str
    until: datetime


@dataclass(frozen=True, slots=True)
class _Binding:
    """A cap that binds a touch, and when the touches that it counts were made."""

    rule: str
    because: str
    cap: Cap
    made: list[datetime]

    def recent(self, now: datetime) -> list[datetime]:
        return [at for at in self.made if now - self.cap.within < at <= now]

    def freed(self, now: datetime) -> datetime | None:
        recent = self.recent(now)
        return recent[-self.cap.most] + self.cap.within if len(recent) >= self.cap.most else None


def reached(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> list[Reached]:
    """The caps that leave no room for such a touch at `now`, the law's before our own."""
    if not facts.history.touches:
        return []
    found = ((each.rule, each.freed(now)) for each in _binding(facts, loaded, now, channel, purpose))
    return [Reached(rule, until) for rule, until in found if until is not None]


def told(facts: Facts, loaded: LoadedPolicy, now: datetime, purpose: Purpose) -> list[Reason]:
    """The caps of the law, and of ours those that leave no room for a text, as a trace tells them."""
    found: list[Reason] = []
    for each in _binding(facts, loaded, now, Channel.SMS, purpose):
        freed = each.freed(now)
        if freed is not None or each.because:
            room = f"no room until {freed.isoformat()}" if freed else "open now"
            said = f"{each.because or 'our own cap'}, {each.cap.title}: {len(each.recent(now))} made, {room}"
            found.append(Reason(rule=each.rule, because=said))
    return found


def _binding(
    facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose
) -> Iterator[_Binding]:
    made = facts.history.touches
    if channel in _SOLD_BY and purpose in _TO_PEOPLE:
        for each in _lawful(facts, loaded, now):
            if not (each.spares_answers and purpose is Purpose.RESPONSIVE):
                counted = _times(touch for touch in made if _sells(touch, each))
                yield _Binding(each.rule, each.because, each.cap, counted)
    if made and channel in _TOUCHES and purpose is Purpose.SOLICITATION:  # untouched, none of ours has a word to say
        ours = _times(touch for touch in made if touch.purpose is Purpose.SOLICITATION and touch.channel in _TOUCHES)
        for cap in loaded.policy.contact.caps:
            yield _Binding(f"cap/{cap.title}", "", cap, ours)


def _lawful(facts: Facts, loaded: LoadedPolicy, now: datetime) -> tuple[LawfulCap, ...]:
    """The law's caps at every place where the person may be, each once."""
    if loaded.policy.always_open:
        return ()
    law = loaded.law
    return _at(law, tuple((place.region, places.era(place, law, now)) for place in places.plausible(facts, loaded)))


@lru_cache(maxsize=4096)
def _at(law: Law, places_then: tuple[tuple[str | None, int], ...]) -> tuple[LawfulCap, ...]:
    return tuple(dict.fromkeys(cap for region, era in places_then for cap in law.caps(region, era)))


def _sells(touch: PastTouch, cap: LawfulCap) -> bool:
    counts = (Purpose.SOLICITATION,) if cap.spares_answers else _TO_PEOPLE
    return touch.channel in _SOLD_BY and touch.purpose in counts


def _times(touches: Iterable[PastTouch]) -> list[datetime]:
    return sorted(touch.at for touch in touches)
