"""Clocks and ladders: when somebody must have moved, and what happens on the way there, in business time of the owner's
calendar. Plans only; whether a rung is still wanted when it falls due is for the lead to say."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Began, Decision, DecisionKind, Followup, Item, Judgement, Outcome
from domain.facts import Facts
from domain.values import Action, Channel, Motion, Purpose, Until
from policy import assign, candidates, decisions, do_not_call, escalation, marks, ringing, suppression, windows
from policy.assign import Search, Taker
from policy.business_time import round_the_clock
from policy.escalation import Call
from policy.fields import Mark
from policy.loaded import LoadedPolicy
from policy.notes import Notes
from policy.routing import Rung

_BEGAN: Mapping[Began | None, str] = {
    Began.CONTACT: "contact was made",
    Began.ACCEPTED: "somebody took the lead up",
    Began.LADDER_OVER: "the first ladder is over",
    None: "the work goes on",
}
_UNTIL_ACCEPTED = (Action.OFFER, Action.WARN, Action.RESCUE, Action.REOFFER, Action.POOL)


@dataclass(frozen=True, slots=True)
class Climb:
    """A ladder to be climbed: which class, from when, in whose calendar.

    `held_by` says what put the start off. `until` ends the rungs that acceptance doesn't; `suffix` keeps keys unique
    in a cycle; `skip` leaves actions out; `purpose` is a rescue's.
    """

    sla: str
    start: datetime
    owner: str | None
    held_by: tuple[str, ...] = ()
    until: Until = Until.CONTACTED
    suffix: str = ""
    skip: tuple[Action, ...] = ()
    purpose: Purpose = Purpose.SOLICITATION


@dataclass(frozen=True, slots=True)
class Ladder:
    """A planned ladder: its agenda items in the order of their moments, and when its SLA is missed (None: never)."""

    items: tuple[Item, ...]
    due: datetime | None


def ladder(facts: Facts, loaded: LoadedPolicy, climb: Climb, notes: Notes) -> Ladder:
    """The ladder of a class. A rescue that may not be sent is left out and noted; giving up comes after all else."""
    sla = loaded.policy.sla[climb.sla]
    moments = _moments(loaded, climb, notes)
    counted: Counter[Action] = Counter()
    items = []
    for at, rung in _placed(moments, [rung for rung in sla.ladder if rung.do not in climb.skip]):
        counted[rung.do] += 1
        key = f"{rung.do}-{counted[rung.do]}{climb.suffix}"
        item = _item(at, rung, climb, key, loaded.policy.fallback_queue)
        kept = _rescue(facts, loaded, item, climb.purpose, notes) if rung.do is Action.RESCUE else item
        items += [kept] if kept else []
    items.sort(key=lambda each: each.at)  # a rescue may have been put off
    return Ladder(tuple(items), None if sla.due is None else moments[sla.due])


def _placed(moments: Mapping[Mark, datetime], rungs: list[Rung]) -> list[tuple[datetime, Rung]]:
    # On a short day the end of the day may come before the hours of a rung above are over.
    last = max((moments[rung.at] for rung in rungs), default=None)
    placed = [(last if last and rung.do is Action.NURTURE else moments[rung.at], rung) for rung in rungs]
    return sorted(placed, key=lambda each: (each[0], each[1].do is Action.NURTURE))


def _item(at: datetime, rung: Rung, climb: Climb, key: str, pool: str) -> Item:
    template = pool if rung.do is Action.POOL else rung.text
    until = Until.ACCEPTED if rung.do in _UNTIL_ACCEPTED else climb.until
    held_by = climb.held_by if rung.do is Action.OFFER else ()
    return Item(
        key=key, at=at, action=rung.do, until=until, template=template, rule=f"sla/{climb.sla}", held_by=held_by
    )


def _rescue(facts: Facts, loaded: LoadedPolicy, item: Item, purpose: Purpose, notes: Notes) -> Item | None:
    refused = suppression.barred(facts, loaded, item.at, Channel.SMS, purpose)
    if purpose is Purpose.SOLICITATION:
        refused = refused or suppression.engaged(facts, loaded, item.at)
    if refused is not None:
        said = do_not_call.in_words(facts, loaded, refused)
        notes.passed_over("rescue", f"no text to keep the moment alive: {said}")
        return None
    window = windows.earliest(facts, loaded, item.at, Channel.SMS, purpose)
    if window.earliest is None:
        notes.passed_over("rescue", f"never permitted: {', '.join(window.held_by)}")
        return None
    is_later = window.earliest != item.at  # of its own moment it was asked above
    if is_later and (lapsed := do_not_call.planned(facts, loaded, window.earliest, Channel.SMS, purpose)):
        notes.passed_over("rescue", f"not from {window.earliest} on: {do_not_call.in_words(facts, loaded, lapsed)}")
        return None
    return item.model_copy(update={"at": window.earliest, "purpose": purpose, "held_by": window.held_by})


def _moments(loaded: LoadedPolicy, climb: Climb, notes: Notes) -> Mapping[Mark, datetime]:
    sla, own = loaded.policy.sla[climb.sla], loaded.clock(climb.owner)
    found = marks.moments(own, climb.start, sla)
    if any(at is None for at in found.values()):
        # A calendar that runs out must not keep a lead waiting for ever.
        notes.said(f"sla/{climb.sla}", "the calendar has too little open time left, so every hour counts")
        found = marks.moments(round_the_clock(own.zone), climb.start, sla)
    return {mark: at for mark, at in found.items() if at is not None}


def after_reply(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """The person answered: who must move, reminded and escalated from the reply on (R47-R49). A buying signal makes a
    call of it (R15, R23); a no or a wrong number ends the ladder without one (R57)."""
    notes, asked = Notes(), ask.model_copy(update={"since": ask.since or now})
    helped = escalation.helped(facts, loaded, now, ask, notes)
    if (ending := escalation.ending(loaded, ask)) is not None:
        last = escalation.end(loaded, now, ask, ending, notes)
        return _answered(loaded, now, ask, _Answer(Outcome.REST, (last,), _holder(loaded, ask), notes))
    if ask.escalated:
        notes.fired("reply/on_offer", "a call is on offer already; whoever takes it reads these words as well")
        return _answered(loaded, now, ask, _Answer(Outcome.KEEP, helped, Taker(ask.owner, None), notes))
    if ask.owner is not None:
        taker = Taker(ask.owner, None)
        notes.fired("reply/owner", f"{ask.owner} owns this lead and answers the reply")
    else:
        taker = assign.choose(Search(facts, loaded, now, ask.tried), notes)
    if (call := escalation.call(facts, loaded, asked, taker.owner, notes)) is not None:
        return _called(facts, loaded, now, ask, _Calling(call, taker, notes))
    # an offer that nobody has accepted yet goes on to the next rep as fast as ever
    skip = _UNTIL_ACCEPTED if ask.accepted else (Action.OFFER,) if ask.owner and ask.hop else ()
    return _owed(facts, loaded, now, ask, _Owed("reply", DecisionKind.REPLY, taker, skip, notes, helped))


@dataclass(frozen=True, slots=True)
class _Calling:
    call: Call
    taker: Taker
    notes: Notes


def _called(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup, calling: _Calling) -> Judgement:
    call, taker, notes = calling.call, calling.taker, calling.notes
    climb = Climb(
        sla=call.sla,
        start=call.start,
        owner=taker.owner,
        held_by=call.held_by,
        until=Until.DISPOSED,
        suffix=decisions.suffix(ask.kind, ask.decision_id),
        skip=(Action.NURTURE, *(_UNTIL_ACCEPTED if ask.accepted else ())),  # contact was made: it is worked, not left
        purpose=_purpose_of_rescue(facts, loaded),
    )
    planned = ladder(facts, loaded, climb, notes)
    notes.fired(f"sla/{call.sla}", f"{len(planned.items)} steps from {call.start.isoformat()} in business time")
    rung = ringing.planned(call.taken, call.chosen.motion, loaded, (call.start, call.held_by), climb.suffix)
    answer = _Answer(Outcome.HAND_OFF, (*call.texts, *rung, *planned.items), taker, notes, planned.due)
    judgement = _answered(loaded, now, ask, answer)
    found = {"motion": call.chosen.motion, "whisper": call.chosen.whisper, "fallbacks": call.chosen.fallbacks}
    text = call.taken.text if Motion.TEXT_BACK in call.chosen.fallbacks else None
    more = {"channel": Channel.CALL, "cue": call.taken.cue, "fallback_text": text, "dials": bool(rung)}
    decision = judgement.decision.model_copy(update={**found, **more})
    return judgement.model_copy(update={"decision": decision})


def _purpose_of_rescue(facts: Facts, loaded: LoadedPolicy) -> Purpose:
    """A rescue after a reply answers it, where they ticked texts: a call or text of theirs is leave for one alone."""
    is_ticked = suppression.allows(facts, loaded, Channel.SMS, Purpose.SOLICITATION)
    return Purpose.RESPONSIVE if is_ticked else Purpose.SOLICITATION


@dataclass(frozen=True, slots=True)
class _Answer:
    outcome: Outcome
    items: tuple[Item, ...]
    taker: Taker
    notes: Notes
    due: datetime | None = None


def _answered(loaded: LoadedPolicy, now: datetime, ask: Followup, answer: _Answer) -> Judgement:
    decision = Decision(
        **decisions.stamp(ask.kind, ask.decision_id, loaded, now),
        outcome=answer.outcome,
        motion=ask.motion,
        owner=answer.taker.owner,
        queue=answer.taker.queue,
        sla_due_at=answer.due,
        agenda=(*sorted(answer.items, key=lambda item: item.at), *candidates.farewells(answer.notes, now)),
        rules=tuple(answer.notes.rules),
    )
    return Judgement(decision=decision, trace=answer.notes.trace(ladder=answer.items))


def work_owed(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """The work began: a reason code is owed; reminded, escalated, at last given to somebody else (R53)."""
    notes = Notes()
    taker = _holder(loaded, ask)
    notes.fired("work/owed", f"{_BEGAN[ask.began]}, so a reason code is owed")
    return _owed(facts, loaded, now, ask, _Owed("work", DecisionKind.WORK, taker, (), notes))


def _holder(loaded: LoadedPolicy, ask: Followup) -> Taker:
    """Who has the lead as it stands: its owner, else everybody."""
    return Taker(ask.owner, None if ask.owner else loaded.policy.fallback_queue)


@dataclass(frozen=True, slots=True)
class _Owed:
    sla: str
    kind: DecisionKind
    taker: Taker
    skip: tuple[Action, ...]
    notes: Notes
    beside: tuple[Item, ...] = ()


def _owed(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup, owed: _Owed) -> Judgement:
    climb = Climb(
        sla=owed.sla,
        start=ask.since or now,
        owner=owed.taker.owner,
        until=Until.DISPOSED,
        suffix=decisions.suffix(owed.kind, ask.decision_id),
        skip=owed.skip,
    )
    planned = ladder(facts, loaded, climb, owed.notes)
    owed.notes.fired(f"sla/{owed.sla}", f"{len(planned.items)} steps from {climb.start.isoformat()} in business time")
    decision = Decision(
        **decisions.stamp(owed.kind, ask.decision_id, loaded, now),
        outcome=Outcome.KEEP,
        motion=ask.motion,
        owner=owed.taker.owner,
        queue=owed.taker.queue,
        sla_due_at=planned.due,
        agenda=(*owed.beside, *planned.items, *candidates.farewells(owed.notes, now)),
        rules=tuple(owed.notes.rules),
    )
    return Judgement(decision=decision, trace=owed.notes.trace(ladder=(*owed.beside, *planned.items)))
