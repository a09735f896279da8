"""What became of each thing a decision planned: made, held, refused, overtaken, or still to come. Pure; joins decisions
with the lead's story and the touch ledger, all as they are stored."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from domain.decisions import Decision, DecisionKind, Item
from domain.events import (
    Accepted,
    AnyFact,
    Called,
    Closed,
    CycleStarted,
    Decided,
    Disposed,
    Dropped,
    Held,
    Offered,
    OptedOut,
    Performed,
    Replied,
    Unsettled,
)
from domain.lead import Lead
from domain.values import Action, Channel, Purpose, Refusal, Stored, Until


class Became(StrEnum):
    """How it went with one planned thing."""

    MADE = "made"
    WAITING = "waiting"
    REFUSED = "refused"  # and will not be made: `refusal` and `because` say why
    UNSETTLED = "unsettled"  # nobody knows; a person was asked
    OVERTAKEN = "overtaken"  # something that happened made it pointless: `because` says what
    UNTOLD = "untold"  # the story says nothing of it yet


class Hold(Stored):
    """One time it was put off."""

    at: datetime
    until: datetime
    because: str


class ItemOutcome(Stored):
    """A planned thing and what became of it. Moments are in the lead's clock."""

    key: str
    action: Action
    template: str | None = None
    purpose: Purpose = Purpose.INTERNAL
    rule: str | None = None
    planned_at: datetime
    held_by: tuple[str, ...] = ()  # rules that put it off to planned_at
    holds: tuple[Hold, ...] = ()  # later ones, when it was to be made
    became: Became
    at: datetime | None = None  # when it was made, refused or overtaken; waiting: when it is due now
    to: str | None = None  # an offer: the rep, or the queue
    channel: Channel | None = None
    touch_id: str | None = None
    touch_state: str | None = None  # what the ledger says of it by now: sent, delivered, failed…
    refusal: Refusal | None = None
    because: str | None = None


class Told(Stored):
    """One fact of a lead's story, in its cycle."""

    cycle: int
    fact: AnyFact


_ENDED_BY: Mapping[Until, tuple[type, ...]] = {
    Until.ACCEPTED: (Accepted, Replied, Disposed),
    Until.CONTACTED: (Replied, Disposed),
    Until.DISPOSED: (Disposed,),
    Until.NEVER: (),
}
_ENDS_ALL = (OptedOut, Closed, CycleStarted)


_ABOUT_ITEMS = Performed | Called | Held | Dropped | Unsettled


def of(
    decision: Decision, cycle: int, story: Iterable[Told], lead: Lead, states: Mapping[str, str]
) -> tuple[ItemOutcome, ...]:
    """What became of each item of a decision made in `cycle`; `states` has the ledger's state by touch id."""
    told = tuple(story)
    start = next((number for number, one in enumerate(told) if _is_answer(one.fact, decision)), 0)
    since = tuple(one.fact for one in told[start:] if one.cycle == cycle or not isinstance(one.fact, Decided))
    return tuple(_one(item, f"{cycle}:{item.key}", since, lead, states) for item in decision.agenda)


def _is_answer(fact: AnyFact, decision: Decision) -> bool:
    return isinstance(fact, Decided) and fact.decision.decision_id == decision.decision_id


def _one(item: Item, key: str, since: tuple[AnyFact, ...], lead: Lead, states: Mapping[str, str]) -> ItemOutcome:
    mine = [fact for fact in since if isinstance(fact, _ABOUT_ITEMS) and fact.item.key == key]
    holds = tuple(Hold(at=fact.at, until=fact.until, because=fact.because) for fact in mine if isinstance(fact, Held))
    plain = ItemOutcome(
        key=key,
        action=item.action,
        template=item.template,
        purpose=item.purpose,
        rule=item.rule,
        planned_at=item.at,
        held_by=item.held_by,
        holds=holds,
        became=Became.UNTOLD,
    )
    end = next((fact for fact in mine if not isinstance(fact, Held)), None)
    if end is not None:
        return plain.model_copy(update=_ended(end, since, states))
    waiting = next((known for known in lead.agenda if known.key == key), None)
    if waiting is not None:
        return plain.model_copy(update={"became": Became.WAITING, "at": waiting.at})
    return plain.model_copy(update=_overtaken(item, key, since))


def _ended(
    fact: Performed | Called | Dropped | Unsettled, since: tuple[AnyFact, ...], states: Mapping[str, str]
) -> dict[str, object]:
    if isinstance(fact, Dropped):
        return {"became": Became.REFUSED, "at": fact.at, "refusal": fact.refusal, "because": fact.because}
    if isinstance(fact, Called):
        return {"became": Became.MADE, "at": fact.at, "to": fact.rep, "channel": Channel.CALL, "because": fact.result}
    touch = {"touch_id": fact.touch_id, "touch_state": states.get(fact.touch_id or "")}
    if isinstance(fact, Unsettled):
        return {"became": Became.UNSETTLED, "at": fact.at, **touch}
    return {"became": Became.MADE, "at": fact.at, "channel": fact.channel, "to": _to(fact, since), **touch}


def _to(fact: Performed, since: tuple[AnyFact, ...]) -> str | None:
    """Whom an offer went to: the newest one made before its notice."""
    if fact.item.action not in (Action.OFFER, Action.REOFFER, Action.POOL):
        return None
    made = [one for one in since[: since.index(fact)] if isinstance(one, Offered)]
    return (made[-1].owner or made[-1].queue) if made else None


def _overtaken(item: Item, key: str, since: tuple[AnyFact, ...]) -> dict[str, object]:
    for fact in since[1:]:
        if isinstance(fact, Offered) and item.key.startswith(f"{item.action}-hop-"):  # made by the step that asked
            return {"became": Became.MADE, "at": fact.at, "to": fact.owner or fact.queue}
        if isinstance(fact, (*_ENDED_BY[item.until], *_ENDS_ALL)):
            return {"became": Became.OVERTAKEN, "at": fact.at, "because": _what(fact)}
        if isinstance(fact, Decided) and (said := _replaced(fact.decision, item, key)) is not None:
            return {"became": Became.OVERTAKEN, "at": fact.at, "because": said}
    return {}


def _replaced(decision: Decision, item: Item, key: str) -> str | None:
    if key in decision.replaces:
        return "another policy"  # one that plans the same step again keeps its key, and what became of it is told
    if decision.rest is not None and decision.kind is DecisionKind.DISPOSE:
        return "laid to rest"
    is_later = decision.kind in (DecisionKind.REPLY, DecisionKind.WORK)
    return "a later ladder" if is_later and any(each.rule == item.rule for each in decision.agenda) else None


def _what(fact: AnyFact) -> str:
    if isinstance(fact, Accepted):
        return f"{fact.rep} accepted"
    if isinstance(fact, Disposed):
        return f"{fact.by} said {fact.code}"
    words = {Replied: "they answered", OptedOut: "they opted out", Closed: "closed", CycleStarted: "the next cycle"}
    return words.get(type(fact), fact.kind)
