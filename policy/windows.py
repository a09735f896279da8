"""Lawful and courteous contact windows: the earliest permitted moment, and the rules that put it off. Fails closed: an
unknown place has no permitted moment, and every place where the person may be must allow it (N10)."""

from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Window
from domain.facts import Facts, Place
from domain.values import Channel, Purpose
from policy.business_time import BusinessClock
from policy.contact_rules import Row
from policy.loaded import LoadedPolicy

PLACE_UNKNOWN = "place_unknown"
BUSINESS_HOURS = "business_hours"
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Bound:
    """One rule that must allow the moment."""

    rule: str
    clock: BusinessClock
    because: str


def earliest(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> Window:
    """The earliest moment from `now` on when the person may be touched; `earliest` is None when never."""
    if is_free(loaded, channel, purpose):
        return Window(channel=channel, purpose=purpose, earliest=now)
    found = bounds(facts, loaded, channel, purpose)
    if not found:
        return Window(channel=channel, purpose=purpose, earliest=None, held_by=(PLACE_UNKNOWN,))
    moment, held_by = common_opening(now, found)
    return Window(channel=channel, purpose=purpose, earliest=moment, held_by=held_by)


def is_free(loaded: LoadedPolicy, channel: Channel, purpose: Purpose) -> bool:
    """Whether no window binds this channel and purpose, wherever the person is."""
    if loaded.policy.always_open or purpose is Purpose.INTERNAL or channel not in (Channel.SMS, Channel.CALL):
        return True
    return loaded.policy.contact.answers_at_night and channel is Channel.SMS and purpose is Purpose.RESPONSIVE


def bounds(facts: Facts, loaded: LoadedPolicy, channel: Channel, purpose: Purpose) -> tuple[Bound, ...]:
    """Every rule that binds this channel and purpose, over all plausible places; none when a place is unknown."""
    places = plausible(facts.person.places, loaded)
    if not places or any(place.country != loaded.pack.country for place in places):
        return ()
    return tuple(dict.fromkeys(bound for place in places for bound in _at(place, loaded, channel, purpose)))


def plausible(places: tuple[Place, ...], loaded: LoadedPolicy) -> tuple[Place, ...]:
    """Where the person may be. A ZIP code beats an area code, except where that presumes residence; it does not beat a
    state that the person named."""
    if not any(place.evidence == "postal_code" for place in places):
        return places
    return tuple(place for place in places if place.evidence != "area_code" or _presumes(place, loaded))


def _presumes(place: Place, loaded: LoadedPolicy) -> bool:
    row = loaded.pack.states.get(place.region or "")
    return place.country != loaded.pack.country or (row is not None and row.area_code_presumes)


def _at(place: Place, loaded: LoadedPolicy, channel: Channel, purpose: Purpose) -> list[Bound]:
    courtesy = loaded.policy.contact.courtesy
    kept = courtesy.sms if channel is Channel.SMS else courtesy.call
    answers = purpose is Purpose.RESPONSIVE
    return [
        _bound(f"courtesy/{channel}", kept, place, "our own courtesy"),
        *_lawful(place, loaded, answers),
    ]


def _lawful(place: Place, loaded: LoadedPolicy, answers: bool) -> list[Bound]:
    pack, row = loaded.pack, loaded.pack.states.get(place.region or "")
    found = [_of_row(f"{pack.version}/federal", pack.federal, place)]
    if row is not None:
        return (
            found if answers and row.answers_exempt else [*found, _of_row(f"{pack.version}/{place.region}", row, place)]
        )
    where = place.region or "unknown state"
    return found + [
        _bound(
            f"{pack.version}/assumed",
            each.hours,
            place,
            f"assumed: {where} has no verified row, so the strictest of all counts",
        )
        for each in pack.states.values()
    ]


def _of_row(rule: str, row: Row, place: Place) -> Bound:
    return _bound(rule, row.hours, place, row.name)


def _bound(rule: str, hours: str, place: Place, because: str) -> Bound:
    return Bound(rule, BusinessClock(hours, place.zone), f"{because}, {hours} in {place.zone}")


def common_opening(now: datetime, found: tuple[Bound, ...]) -> tuple[datetime | None, tuple[str, ...]]:
    """The first moment from `now` on that all bounds allow (None when there is none), and the rules that put it off."""
    moment, held = now, [bound.rule for bound in found if not bound.clock.is_open(now)]
    for _ in range(_ROUNDS):
        later = moment
        for bound in found:
            opening = bound.clock.next_open(later)
            if opening is None:
                return None, tuple(dict.fromkeys([*held, bound.rule]))
            if opening > later:
                later = opening
                held.append(bound.rule)
        if later == moment:
            return moment, tuple(dict.fromkeys(held))
        moment = later
    return None, tuple(dict.fromkeys(held))
