"""Which of our numbers a person is texted or called from: the one they know, then a local one, then the one that has
sent least. Pure: who knows which number, and what was sent, is told to it."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from domain.facts import Facts
from domain.senders import Known
from domain.values import Channel
from policy import matching
from policy.numbers import Numbers, Sender

Because = Literal["sticky", "area_code", "state", "fewest_sends"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A number of ours, empty where the messaging service chooses; the service to send by, if any; and why."""

    number: str
    service: str | None
    because: Because


def for_text(numbers: Numbers, facts: Facts, known: Known, full: Set[str] = frozenset()) -> Chosen | None:
    """Where to text the lead's person from. `full` have sent what they may today. None when no number can."""
    if not numbers.senders and numbers.messaging_service is not None:
        return Chosen("", numbers.messaging_service, "fewest_sends")
    return _chosen(numbers, Channel.SMS, facts, known, full)


def for_call(numbers: Numbers, facts: Facts, known: Known) -> Chosen | None:
    """The caller id for a call to the lead's person. None when no number calls."""
    return _chosen(numbers, Channel.CALL, facts, known, frozenset())


def is_ours(numbers: Numbers, number: str) -> bool:
    """Whether a number is one of ours: nobody is there to be texted."""
    return numbers.sender(number) is not None


def _chosen(numbers: Numbers, channel: Channel, facts: Facts, known: Known, full: Set[str]) -> Chosen | None:
    able = [each for each in numbers.senders if channel in each.channels and each.number not in full]
    ways: tuple[tuple[Because, list[Sender]], ...] = (
        ("sticky", [each for each in able if each.number == known.waits_at]),
        ("sticky", [each for each in able if each.number == known.last]),
        ("area_code", [each for each in able if _is_local(each.number, facts.person.phone)]),
        ("state", [each for each in able if each.state in matching.regions(facts)[:1]]),
        ("fewest_sends", [each for each in able if each.weight] or able),
    )
    for because, found in ways:
        if found:
            least = min(found, key=lambda each: _load(each, known))
            return Chosen(least.number, least.messaging_service or numbers.messaging_service, because)
    return None


def _is_local(number: str, phone: str | None) -> bool:
    return phone is not None and (code := _area_code(number)) is not None and code == _area_code(phone)


def _area_code(number: str) -> str | None:
    """The area code of a number of the North American plan; None of any other."""
    return number[2:5] if number.startswith("+1") and len(number) == len("+15125550100") else None


def _load(sender: Sender, known: Known) -> float:
    sent = known.recent.get(sender.number, 0)
    return sent / sender.weight if sender.weight else float(sent)
