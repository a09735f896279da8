"""From what a reply says to a call, or to the end of the ladder (R15, R23, R57). Plans neither rungs nor owners."""

from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Followup, Item
from domain.facts import Facts
from domain.replies import HELP, ReplyKind
from domain.values import Action, Cue, Motion, Purpose, Until
from policy import decisions, first_touch, motion
from policy.loaded import LoadedPolicy
from policy.motion import Chosen
from policy.notes import Notes
from policy.reply_rules import Ending
from policy.routing import Answered, Escalation


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a reply leads to. The text that goes before it is among `texts`, where the call has to wait."""

    taken: Answered
    chosen: Chosen
    start: datetime
    held_by: tuple[str, ...]
    texts: tuple[Item, ...]
    sla: str


def _rules(loaded: LoadedPolicy, ask: Followup) -> Escalation | None:
    routes = (*loaded.policy.routes, loaded.policy.fallback)
    own = next((route.escalate for route in routes if route.name == ask.route), None)
    return own or loaded.policy.replies.escalate


def call(facts: Facts, loaded: LoadedPolicy, ask: Followup, owner: str | None, notes: Notes) -> Call | None:
    """The call that the reply asks for, by the lead's route or else by the policy; None where none is asked for or
    possible, so that the owner answers in another way."""
    rules, now = _rules(loaded, ask), ask.since
    if rules is None or now is None or ask.said not in rules.on:
        return None
    taken = _as_route(rules)
    notes.fired(f"reply/{ask.said}", f"{taken.because}, so that a call is made of it at once")
    chosen = motion.choose(facts, loaded, now, taken, notes)
    if chosen.motion not in motion.CALLS:
        return None
    start, held_by = first_touch.start_of_call(facts, loaded, now, owner, taken.purpose)
    lapsed = first_touch.lapsed(facts, loaded, start, taken.purpose) if start else None
    if start is None or lapsed is not None:
        notes.passed_over("call", lapsed or "our hours and the person's never meet")
        return None
    texts = first_touch.text(facts, loaded, now, (taken, taken.text), notes) if start > now else ()
    before = tuple(_before_call(each, ask) for each in texts if each.at < start)
    return Call(taken, chosen, start, held_by, before, rules.sla)


def _as_route(rules: Escalation) -> Answered:
    return Answered(
        name="reply",
        because="they want to go on",
        open=(*rules.open, Motion.TEXT_BACK) if rules.text else rules.open,
        closed=(*rules.closed, Motion.TEXT_BACK) if rules.text else rules.closed,
        purpose=Purpose.RESPONSIVE,
        text=rules.text,
        sla=rules.sla,
        cue=Cue.REPLY,
    )


def _before_call(text: Item, ask: Followup) -> Item:
    key = f"{text.key}{decisions.suffix(ask.kind, ask.decision_id)}"
    return text.model_copy(update={"rule": f"reply/{ask.said}", "key": key})


def helped(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup, notes: Notes) -> tuple[Item, ...]:
    """The text that answers HELP, whatever else is under way; none where the policy has none."""
    name = loaded.policy.replies.help
    if ask.said is not ReplyKind.HELP or name is None:
        return ()
    notes.fired(HELP, f"they sent the keyword HELP, which the text “{name}” answers")
    answers = (Motion.TEXT_BACK,)
    taken = Answered(
        name=HELP, because="they sent HELP", open=answers, closed=answers, purpose=Purpose.RESPONSIVE, text=name
    )
    changes = {"key": f"{HELP}-1{decisions.suffix(ask.kind, ask.decision_id)}", "until": Until.NEVER, "rule": HELP}
    found = first_touch.text(facts, loaded, now, (taken, name), notes)
    return tuple(item.model_copy(update=changes) for item in found)


def ending(loaded: LoadedPolicy, ask: Followup) -> Ending | None:
    """The reason code that the words amount to (R57); None for words that somebody should answer."""
    ends = loaded.policy.replies.ends
    return next((found for kind, found in ends.items() if kind == ask.said), None)


def end(loaded: LoadedPolicy, now: datetime, ask: Followup, found: Ending, notes: Notes) -> Item:
    """What gives the reason code: the owner has so much business time to take the lead instead."""
    at = loaded.clock(ask.owner).add(ask.since or now, found.after) if found.after else now
    notes.fired(f"reply/{ask.said}", f"counts as {found.code} unless somebody takes the lead before")
    return Item(
        key=f"{Action.NURTURE}-1{decisions.suffix(ask.kind, ask.decision_id)}",
        at=at or now,
        action=Action.NURTURE,
        until=Until.ACCEPTED,
        code=found.code,
        rule=f"reply/{ask.said}",
    )
