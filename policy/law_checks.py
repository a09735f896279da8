"""Whether a pack of contact rules and what a policy says of it fit: holidays and switches by names that exist."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from policy import business_time
from policy.contact import SWITCHES
from policy.contact_rules import FEDERAL, ContactRules
from policy.problems import Document, Place, Problem, near

Found = tuple[Place, str, str | None]


def switches(policy: Mapping[str, object], pack: ContactRules | None, document: Document) -> list[Problem]:
    """Each switch that a policy sets and its pack doesn't have. Works on the raw documents, so that its problems are
    found beside those of shape."""
    contact = policy.get("contact")
    given = contact.get("switches") if isinstance(contact, Mapping) else None
    if pack is None or not isinstance(given, Mapping):
        return []
    found = _unknown_switches({str(name): row for name, row in given.items()}, pack)
    return [document.problem(place, said, hint) for place, said, hint in found]


def _unknown_switches(given: Mapping[str, object], pack: ContactRules) -> Iterator[Found]:
    for name, switched in given.items():
        place, row = ("contact", "switches", name), pack.row(name)
        if row is None:
            yield place, f"{pack.version} has no row “{name}”", near(name, [FEDERAL, *pack.states])
            continue
        for switch in switched if isinstance(switched, Mapping) else ():
            if switch in SWITCHES and switch not in row.switches:
                known = f"has {', '.join(row.switches)}" if row.switches else "has none"
                said = f"the law of {row.name} leaves no “{switch}” to decide; its row {known}"
                yield (*place, switch), said, None


def holidays(raw: Mapping[str, object], document: Document) -> list[Problem]:
    """Each holiday of a pack that the public calendar of its place doesn't have. Works on the raw document, so that
    its problems are found beside those of shape."""
    country, states = str(raw.get("country")), raw.get("states")
    rows: list[tuple[Place, str | None, object]] = [((FEDERAL,), None, raw.get(FEDERAL))]
    if isinstance(states, Mapping):
        rows += [(("states", name), str(name), row) for name, row in states.items()]
    found: list[Found] = []
    for place, region, row in rows:
        given = row.get("holidays") if isinstance(row, Mapping) else None
        if isinstance(given, list) and given:
            found += _unknown_days(country, region, [str(day) for day in given], (*place, "holidays"))
    return [document.problem(place, said, hint) for place, said, hint in found]


def _unknown_days(country: str, region: str | None, days: list[str], place: Place) -> Iterator[Found]:
    known = _calendar(country, region)
    if known is None:
        yield place, f"there is no calendar of holidays for {country} {region or ''}".rstrip(), None
        return
    for number, day in enumerate(days):
        if day not in known:
            hint = near(day, known)
            yield (
                (*place, number),
                f"there is no holiday “{day}”{'' if hint else '; there are ' + ', '.join(known)}",
                hint,
            )


@lru_cache(maxsize=256)
def _calendar(country: str, region: str | None) -> tuple[str, ...] | None:
    """The names of a place's holidays; None when there is no calendar."""
    try:
        return tuple(business_time.names_of(business_time.closed_days(country, region, range(2025, 2029))))
    except NotImplementedError:
        return None
