"""Where a person may be, of all that evidence says: which places count, and whether any is unknown."""

from datetime import UTC, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.facts import Facts, Place
from policy.law import Law
from policy.loaded import LoadedPolicy


def plausible(facts: Facts, loaded: LoadedPolicy) -> tuple[Place, ...]:
    """Every place that must allow a touch; none when the rules of one are unknown."""
    return known(facts.person.places, loaded.law)


@lru_cache(maxsize=4096)
def known(places: tuple[Place, ...], law: Law) -> tuple[Place, ...]:
    """The same of all places that evidence speaks of."""
    found = counted(places, law)
    return () if any(place.country != law.country for place in found) else found


def counted(places: tuple[Place, ...], law: Law) -> tuple[Place, ...]:
    """The places that count. A ZIP code beats an area code, except where that presumes residence; it does not beat a
    state that the person named. An area code of no known state may be one of those that presume residence."""
    if not any(place.evidence == "postal_code" for place in places):
        return places
    return tuple(place for place in places if place.evidence != "area_code" or _presumes(place, law))


def _presumes(place: Place, law: Law) -> bool:
    return place.country != law.country or place.region is None or law.presumes(place.region)


def era(place: Place, law: Law, now: datetime) -> int:
    """Which era of the law it is at a place."""
    if now.date() >= law.settled:
        return len(law.changes)
    return law.era(now.astimezone(ZoneInfo(place.zone)).date())


def next_change(facts: Facts, loaded: LoadedPolicy, now: datetime) -> datetime | None:
    """The next moment at which the law changes where the person may be; None when all of it is in force."""
    law = loaded.law
    if now.date() >= law.settled:
        return None
    days = ((place.zone, law.changes[era(place, law, now) :]) for place in plausible(facts, loaded))
    begins = [datetime.combine(to_come[0], time(), ZoneInfo(zone)) for zone, to_come in days if to_come]
    return min(begins).astimezone(UTC) if begins else None
