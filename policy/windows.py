"""Lawful and courteous contact windows: the earliest permitted moment, and the rules that put it off. Fails closed: an
unknown place has no permitted moment, and every place where the person may be must allow it (N10)."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from domain.decisions import Window
from domain.facts import ConsentFacts, Facts, Place
from domain.values import Channel, Purpose
from policy import caps, places
from policy.business_time import BusinessClock
from policy.law import Asked, Law, Limit
from policy.loaded import LoadedPolicy

PLACE_UNKNOWN = "place_unknown"
BUSINESS_HOURS = "business_hours"
CONSENTED = ("written", "express")
"""Kinds of consent that lift hours where a row says so and our counsel turned that on."""

_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Bound:
    """One rule that must allow the moment."""

    rule: str
    clock: BusinessClock
    because: str


Opening = tuple[datetime | None, tuple[str, ...]]
"""The first moment that all bounds allow, None when there is none, and the rules that put it off."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A touch that is planned: of whom, under which policy, on which channel, for what."""

    facts: Facts
    loaded: LoadedPolicy
    channel: Channel
    purpose: Purpose


def earliest(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> Window:
    """The earliest moment from `now` on when the person may be touched; `earliest` is None when never. Caps count the
    touches made until now."""
    moment, held_by = opening(Touch(facts, loaded, channel, purpose), now)
    return Window(channel=channel, purpose=purpose, earliest=moment, held_by=held_by)


def opening(touch: Touch, now: datetime, ours: tuple[Bound, ...] = ()) -> Opening:
    """The same for a touch that besides needs `ours` to be open, such as a call and the hours of who makes it."""
    full = caps.reached(touch.facts, touch.loaded, now, touch.channel, touch.purpose)
    start = max((now, *(each.until for each in full))) if full else now
    if is_free(touch.loaded, touch.channel, touch.purpose):
        moment, held_by = common_opening(start, ours)
    else:
        moment, held_by = _lawful_opening(touch, start, ours)
    return moment, tuple(dict.fromkeys((*(each.rule for each in full), *held_by)))


def _lawful_opening(touch: Touch, start: datetime, ours: tuple[Bound, ...]) -> Opening:
    facts, loaded = touch.facts, touch.loaded
    held: tuple[str, ...] = ()
    while found := bounds(facts, loaded, touch.channel, touch.purpose, start):
        moment, held_by = common_opening(start, (*ours, *found))
        held += held_by
        change = places.next_change(facts, loaded, start)
        if change is None or (moment is not None and moment < change):
            return moment, held
        start = change  # from then on other rules count
    return None, (PLACE_UNKNOWN,)


def is_free(loaded: LoadedPolicy, channel: Channel, purpose: Purpose) -> bool:
    """Whether no window binds this channel and purpose, wherever the person is."""
    if loaded.policy.always_open or purpose is Purpose.INTERNAL or channel not in (Channel.SMS, Channel.CALL):
        return True
    return loaded.policy.contact.answers_at_night and channel is Channel.SMS and purpose is Purpose.RESPONSIVE


def bounds(facts: Facts, loaded: LoadedPolicy, channel: Channel, purpose: Purpose, now: datetime) -> tuple[Bound, ...]:
    """Every rule that binds this channel and purpose at `now`, over all plausible places; none when one is unknown."""
    courtesy, given = loaded.policy.contact.courtesy, facts.person.places
    hours = courtesy.sms if channel is Channel.SMS else courtesy.call
    asked = channel is Channel.SMS, purpose is Purpose.RESPONSIVE, _consented(facts.consent, channel)
    if now.date() >= loaded.law.settled:
        return _bounds(loaded.law, hours, asked, given)
    eras = tuple(places.era(place, loaded.law, now) for place in places.plausible(facts, loaded))
    return _bounds(loaded.law, hours, asked, given, eras)


def _consented(consent: ConsentFacts, channel: Channel) -> bool:
    return consent.kind in CONSENTED and (consent.sms if channel is Channel.SMS else consent.call)


@lru_cache(maxsize=4096)
def _bounds(
    law: Law, hours: str, way: tuple[bool, bool, bool], given: tuple[Place, ...], eras: tuple[int, ...] | None = None
) -> tuple[Bound, ...]:
    """`way` is what Asked has, `hours` are our own; `eras` those of the places that count, by default the last one."""
    where, asked = places.known(given, law), Asked(*way)
    own = Limit(f"courtesy/{Channel.SMS if asked.is_text else Channel.CALL}", "our own courtesy", hours)
    found = (
        _bound(limit, place.zone)
        for place, era in zip(where, eras or [len(law.changes)] * len(where), strict=True)
        for limit in (own, *law.limits(place.region, era, asked))
    )
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def _bound(limit: Limit, zone: str) -> Bound:
    clock = BusinessClock(limit.hours, zone, limit.off)
    return Bound(limit.rule, clock, f"{limit.because}, {limit.hours} in {zone}")


def common_opening(now: datetime, found: tuple[Bound, ...]) -> Opening:
    """The first moment from `now` on that all bounds allow (None when there is none), and the rules that put it off."""
    moment, held = now, [bound.rule for bound in found if not bound.clock.is_open(now)]
    if not held:
        return now, ()
    for _ in range(_ROUNDS):
        later = moment
        for bound in found:
            opens = bound.clock.next_open(later)
            if opens is None:
                return None, tuple(dict.fromkeys([*held, bound.rule]))
            if opens > later:
                later = opens
                held.append(bound.rule)
        if later == moment:
            return moment, tuple(dict.fromkeys(held))
        moment = later
    return None, tuple(dict.fromkeys(held))
