"""What touches cost: an estimate before they are made, from the policy's own prices. Exact until it is shown, where two
decimals are left. It decides nothing, and no amount in it is a fact about anybody's business."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from domain.decisions import Item, Judgement
from domain.values import Action, Channel, Motion
from policy import texts
from policy.first_steps import first_step
from policy.loaded import LoadedPolicy
from policy.motion import CALLS
from policy.prices import Prices

CENT = Decimal("0.01")
MINUTE = timedelta(minutes=1)
TEXTS = (Action.TEXT, Action.RESCUE)


@dataclass(frozen=True, slots=True)
class Touches:
    """How many touches: texts and their segments in all, calls tried and the talk in all of them, e-mails."""

    texts: int = 0
    segments: int = 0
    calls: int = 0
    talk: timedelta = timedelta(0)
    emails: int = 0

    def __add__(self, other: "Touches") -> "Touches":
        return Touches(
            self.texts + other.texts,
            self.segments + other.segments,
            self.calls + other.calls,
            self.talk + other.talk,
            self.emails + other.emails,
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """Exact amounts. `reps` is the reps' own time on calls."""

    texts: Decimal
    calls: Decimal
    reps: Decimal
    emails: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.texts + self.calls + self.reps + self.emails


def of(touches: Touches, prices: Prices) -> Cost:
    """What so many touches cost (R28, R29). Ten thousand leads cost what they cost each, to the last digit."""
    minutes = Decimal(touches.talk // timedelta(microseconds=1)) / (MINUTE // timedelta(microseconds=1))
    return Cost(
        texts=touches.texts * prices.text.message + touches.segments * prices.text.segment,
        calls=minutes * prices.call.minute,
        reps=minutes * prices.rep_minute,
        emails=touches.emails * prices.email,
    )


def of_first_motion(judgement: Judgement, loaded: LoadedPolicy) -> Touches:
    """The touches of a first motion: its call, the text that goes with it or is it, the e-mail of a track. What comes
    later in a ladder or on a track is not among them."""
    decision, is_call = judgement.decision, judgement.decision.motion in CALLS
    step = next(iter(_texts(decision.agenda)), None) if is_call else first_step(judgement)
    is_written = decision.motion is Motion.NURTURE and decision.channel is Channel.EMAIL
    return (
        of_items((step,) if step else (), loaded)
        + (of_calls(1, loaded) if is_call else Touches())
        + Touches(emails=int(is_written))
    )


def _texts(items: Iterable[Item]) -> Iterator[Item]:
    return (item for item in items if item.action is Action.TEXT)


def of_items(items: Iterable[Item], loaded: LoadedPolicy, values: Mapping[str, str] | None = None) -> Touches:
    """The texts among agenda items, rescues included, filled with these values (default: rather long ones)."""
    found = Touches()
    for item in items:
        if item.action in TEXTS and item.template is not None:
            found += Touches(texts=1, segments=segments(item.template, loaded, values))
    return found


def of_calls(count: int, loaded: LoadedPolicy) -> Touches:
    """So many calls, each as long as the policy takes a call to be."""
    return Touches(calls=count, talk=count * loaded.policy.costs.call.talk)


def segments(template: str, loaded: LoadedPolicy, values: Mapping[str, str] | None = None) -> int:
    """How many segments one of the policy's texts takes."""
    given = {**texts.SAMPLE, "business": loaded.policy.business.name, **(values or {})}
    _, text = texts.in_language(loaded.policy.texts[template], given["language"])
    return _segments(text, tuple((name, given[name]) for name in texts.variables(text)))


@lru_cache(maxsize=4096)
def _segments(text: str, given: tuple[tuple[str, str], ...]) -> int:
    return texts.segments(texts.fill(text, dict(given)))


def missed_calls_worth(count: int, prices: Prices) -> Decimal | None:
    """What so many missed calls might have been worth by the business's own assumption (R31); None without one."""
    return None if prices.missed_call_value is None else count * prices.missed_call_value


def shown(amount: Decimal) -> str:
    """An amount with two decimals, for people and JSON."""
    return str(amount.quantize(CENT, rounding=ROUND_HALF_UP))
