"""What a judgement sets going for a person, counted: dials, texts with their segments, e-mails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from liquid.exceptions import LiquidError

from domain.decisions import Decision, Item, Judgement, Outcome
from domain.values import Action, Channel, Motion
from policy import cost, texts
from policy.first_steps import first_step, send_at
from policy.loaded import LoadedPolicy
from policy.motion import CALLS

_NOTHING_KNOWN = dict.fromkeys(texts.VARIABLES, "")


@dataclass(frozen=True, slots=True)
class Moves:
    """`at` is when the first of them happens; None when nothing does. `held_by`: rules that put it off."""

    at: datetime | None = None
    held_by: tuple[str, ...] = ()
    dials: int = 0
    texts: tuple[Item, ...] = ()
    segments: int = 0
    emails: int = 0


def first(judgement: Judgement, loaded: LoadedPolicy, words: Mapping[str, str]) -> Moves:
    """The first motion of a cycle. A dial is one attempt to reach the person, however many phones ring."""
    decision, step = judgement.decision, first_step(judgement)
    if decision.outcome is Outcome.CLOSE:
        return Moves()
    sent = tuple(item for item in decision.agenda if item.action is Action.TEXT)
    if decision.motion is Motion.NURTURE:
        sent = (step,) if step is not None else ()
    return Moves(
        at=send_at(judgement),
        held_by=step.held_by if step is not None else (),
        dials=int(decision.motion in CALLS),
        texts=sent,
        segments=sum(segments(item, decision.owner, loaded, words) for item in sent),
        emails=int(decision.motion is Motion.NURTURE and decision.channel is Channel.EMAIL),
    )


def after_reply(judgement: Judgement) -> Moves:
    """What an answer sets going: a dial where it makes a call of it, else work of our own people alone."""
    decision = judgement.decision
    if decision.outcome is not Outcome.HAND_OFF or decision.motion not in CALLS:
        return Moves()
    step = next((item for item in decision.agenda if item.action is Action.OFFER), None)
    return Moves(step.at if step else decision.decided_at, step.held_by if step else (), dials=1)


def fallback(decision: Decision, loaded: LoadedPolicy, words: Mapping[str, str], now: datetime) -> Moves:
    """What follows a call that reached nobody (R12): the text that the decision falls back to, if any."""
    if Motion.TEXT_BACK not in decision.fallbacks or decision.fallback_text is None:
        return Moves()
    template, purpose = decision.fallback_text, decision.fallback_purpose
    after = Item(key="text-1", at=now, action=Action.TEXT, template=template, purpose=purpose)
    return text(after, decision.owner, loaded, words)


def text(item: Item, owner: str | None, loaded: LoadedPolicy, words: Mapping[str, str]) -> Moves:
    """One text, at its moment."""
    return Moves(item.at, texts=(item,), segments=segments(item, owner, loaded, words))


def segments(item: Item, owner: str | None, loaded: LoadedPolicy, words: Mapping[str, str]) -> int:
    """SMS segments of a text with this person's values; 1 for one that can't be filled, which is never sent."""
    rep = loaded.policy.rep(owner)
    given = {**_NOTHING_KNOWN, **words, "business": loaded.policy.business.name, "rep": rep.name if rep else ""}
    try:
        return cost.segments(item.template or "", loaded, given)
    except (KeyError, LiquidError):
        return 1
