"""Crowds of leads for simulations."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.facts import Facts
from policy.whatif.arrivals import Arrival
from tests.policy.cases import TUESDAY, lead, person


def arrivals(
    *sources: tuple[str, int], start: datetime = TUESDAY, every: timedelta = timedelta(seconds=5)
) -> list[Arrival]:
    """So many leads of each source, one after another, each of another person."""
    return [_arrival(number, source, start + number * every) for number, source in enumerate(_each(sources), 1)]


def again(first: Arrival, number: int, source: str, at: datetime) -> Arrival:
    """Another inquiry of the same person."""
    facts = first.facts.model_copy(update={"lead_id": f"lead-{number}", "source": source, "received_at": at})
    return Arrival(number, f"event-{number}", at, facts, first.person, first.words)


def _each(sources: tuple[tuple[str, int], ...]) -> Iterator[str]:
    for source, count in sources:
        yield from (source for _ in range(count))


def _arrival(number: int, source: str, at: datetime) -> Arrival:
    return Arrival(
        number, f"event-{number}", at, _facts(number, source, at), f"person-{number}", {"first_name": "Dana"}
    )


def _facts(number: int, source: str, at: datetime) -> Facts:
    who = person(phone=f"+1512555{number:04d}", email=f"d{number}@c{number}.example", person_id=f"person-{number}")
    return lead(source, lead_id=f"lead-{number}", person=who, received_at=at)
