"""Clocks and ladders: when somebody must have moved, and what happens on the way there, in business time of the owner's
calendar. Plans only; whether a rung is still wanted when it falls due is for the lead to say."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.decisions import Decision, DecisionKind, Followup, Item, Judgement, Outcome
from domain.facts import Facts
from domain.values import Action, Channel, Purpose, Until
from policy import assign, decisions, suppression, windows
from policy.assign import Taker
from policy.business_time import BusinessClock
from policy.fields import Mark
from policy.loaded import LoadedPolicy
from policy.model import Rung, Sla
from policy.notes import Notes

_UNTIL_ACCEPTED = (Action.OFFER, Action.WARN, Action.RESCUE, Action.REOFFER, Action.POOL)


@dataclass(frozen=True, slots=True)
class Climb:
    """A ladder to be climbed: which class, from when, in whose calendar.

    `held_by` says what put the start off. `until` ends the rungs that acceptance doesn't; `suffix` keeps keys unique
    in a cycle; `skip` leaves actions out.
    """

    sla: str
    start: datetime
    owner: str | None
    held_by: tuple[str, ...] = ()
    until: Until = Until.CONTACTED
    suffix: str = ""
    skip: tuple[Action, ...] = ()


def ladder(facts: Facts, loaded: LoadedPolicy, climb: Climb, notes: Notes) -> tuple[Item, ...]:
    """The rungs as agenda items, in the order of their moments; a rescue that may not be sent is left out and noted."""
    rungs = loaded.policy.sla[climb.sla].ladder
    placed = sorted(((_moment(loaded, climb, rung.at), rung) for rung in rungs), key=lambda each: each[0])
    counted: Counter[Action] = Counter()
    items = []
    for at, rung in placed:
        if rung.do in climb.skip:
            continue
        counted[rung.do] += 1
        item = _item(at, rung, climb, f"{rung.do}-{counted[rung.do]}{climb.suffix}")
        kept = _rescue(facts, loaded, item, notes) if rung.do is Action.RESCUE else item
        items += [kept] if kept else []
    return tuple(sorted(items, key=lambda each: each.at))  # a rescue may have been put off


def due_at(loaded: LoadedPolicy, climb: Climb) -> datetime | None:
    """When the SLA of this ladder is missed; None where its class has no due."""
    due = loaded.policy.sla[climb.sla].due
    return None if due is None else _moment(loaded, climb, due)


def _item(at: datetime, rung: Rung, climb: Climb, key: str) -> Item:
    until = Until.ACCEPTED if rung.do in _UNTIL_ACCEPTED else climb.until
    held_by = climb.held_by if rung.do is Action.OFFER else ()
    return Item(
        key=key, at=at, action=rung.do, until=until, template=rung.text, rule=f"sla/{climb.sla}", held_by=held_by
    )


def _rescue(facts: Facts, loaded: LoadedPolicy, item: Item, notes: Notes) -> Item | None:
    refused = suppression.barred(facts, loaded, Channel.SMS, Purpose.SOLICITATION)
    refused = refused or suppression.engaged(facts, loaded, item.at)
    if refused is not None:
        notes.passed_over("rescue", f"no text to keep the moment alive: {refused[2]}")
        return None
    window = windows.earliest(facts, loaded, item.at, Channel.SMS, Purpose.SOLICITATION)
    if window.earliest is None:
        notes.passed_over("rescue", f"never permitted: {', '.join(window.held_by)}")
        return None
    return item.model_copy(update={"at": window.earliest, "purpose": Purpose.SOLICITATION, "held_by": window.held_by})


def _moment(loaded: LoadedPolicy, climb: Climb, mark: Mark) -> datetime:
    clock = loaded.clock(climb.owner)
    if mark.unit == "day_end":
        return clock.day_end(climb.start, mark.amount)
    return clock.add(climb.start, _amount(clock, climb.start, mark, loaded.policy.sla[climb.sla]))


def _amount(clock: BusinessClock, start: datetime, mark: Mark, sla: Sla) -> timedelta:
    if mark.unit == "after":
        return timedelta(seconds=mark.amount)
    if mark.unit == "days":
        return clock.day_length(start) * mark.amount
    assert sla.due is not None  # a share without a due is refused when the policy is loaded
    if sla.due.unit == "day_end":
        return clock.between(start, clock.day_end(start, sla.due.amount)) * mark.amount / 100
    return _amount(clock, start, sla.due, sla) * mark.amount / 100


def after_reply(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """The person answered: who must move, reminded and escalated from the reply on (R47-R49)."""
    notes = Notes()
    skip: tuple[Action, ...] = ()
    if ask.owner is not None:
        taker, skip = Taker(ask.owner, None), _UNTIL_ACCEPTED
        notes.fired("reply/owner", f"{ask.owner} owns this lead and answers the reply")
    else:
        taker = assign.choose(facts, loaded, now, ask.tried, notes)
    return _owed(facts, loaded, now, ask, _Owed("reply", DecisionKind.REPLY, taker, skip, notes))


def work_owed(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """Contact was made: a reason code is owed; reminded, escalated, at last given to somebody else (R53)."""
    notes = Notes()
    taker = Taker(ask.owner, None if ask.owner else loaded.policy.fallback_queue)
    notes.fired("work/owed", "contact was made, so a reason code is owed")
    return _owed(facts, loaded, now, ask, _Owed("work", DecisionKind.WORK, taker, (), notes))


@dataclass(frozen=True, slots=True)
class _Owed:
    sla: str
    kind: DecisionKind
    taker: Taker
    skip: tuple[Action, ...]
    notes: Notes


def _owed(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup, owed: _Owed) -> Judgement:
    climb = Climb(
        sla=owed.sla,
        start=ask.since or now,
        owner=owed.taker.owner,
        until=Until.DISPOSED,
        suffix=suffix(owed.kind, ask.decision_id),
        skip=owed.skip,
    )
    items = ladder(facts, loaded, climb, owed.notes)
    owed.notes.fired(f"sla/{owed.sla}", f"{len(items)} steps from {climb.start.isoformat()} in business time")
    decision = Decision(
        **decisions.stamp(owed.kind, ask.decision_id, loaded, now),
        outcome=Outcome.KEEP,
        motion=ask.motion,
        owner=owed.taker.owner,
        queue=owed.taker.queue,
        sla_due_at=due_at(loaded, climb),
        agenda=items,
        rules=tuple(owed.notes.rules),
    )
    return Judgement(decision=decision, trace=owed.notes.trace(ladder=items))


def suffix(kind: DecisionKind, decision_id: str) -> str:
    """What makes the keys of a later answer differ from those of the triage, and of every other answer."""
    return f".{kind}-{''.join(letter for letter in decision_id if letter.isalnum())[-8:]}"
