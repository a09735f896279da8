"""The one composition: (facts, policy, now) → the first decision of a cycle, with its trace. For capture, the local
activity, explain and simulate alike."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from domain.decisions import Decision, DecisionKind, Item, Judgement, Outcome, Reason, Rest
from domain.facts import Facts
from domain.values import Action, Channel, ClosedReason, Motion, Purpose, Source
from policy import (
    assign,
    candidates,
    capacity,
    caps,
    circumstances,
    context,
    decisions,
    enrichment,
    first_touch,
    motion,
    qualify,
    recycle,
    ringing,
    sla,
    suppression,
    unasked,
    windows,
)
from policy.assign import Search, Taker
from policy.loaded import LoadedPolicy
from policy.motion import Chosen
from policy.notes import Notes
from policy.qualify import Standing
from policy.routing import CHANNEL_OF, Fallback


@dataclass(frozen=True, slots=True)
class _Case:
    """What one triage is about."""

    facts: Facts
    loaded: LoadedPolicy
    now: datetime
    decision_id: str
    standing: Standing
    notes: Notes
    enrich_by: datetime | None = None
    taker: Taker | None = None


def triage(
    facts: Facts, loaded: LoadedPolicy, now: datetime, decision_id: str, taker: Taker | None = None
) -> Judgement:
    """The first motion of a cycle: what, on which channel, by whom, from when, and the ladder until somebody moves.
    `taker`: who has it already, where another policy is asked about a running lead."""
    notes = Notes()
    case = _Case(facts, loaded, now, decision_id, qualify.standing(facts, loaded, now, notes), notes, taker=taker)
    circumstances.note(facts, loaded, notes)
    if (over := _over(case)) is not None:
        return _close(case, over)
    if (out := case.standing.disqualified) is not None:
        notes.fired(f"disqualify/{out.name}", out.because)
        _note_windows(case, Purpose.SOLICITATION)
        if out.then == "close":
            return _close(case, ClosedReason.NOT_ICP)
        return _nurture(case, None, loaded.policy.disqualified_track)
    taken = unasked.as_taken(motion.route(case.standing.reading, loaded, notes), facts, loaded, notes)
    case = _awaiting(case, taken)
    _note_windows(case, taken.purpose)
    first = motion.choose(facts, loaded, now, taken, notes)
    if first.motion is Motion.NURTURE:
        return _nurture(case, taken, taken.track or loaded.policy.disqualified_track)
    return context.checked(_hand_off(case, taken, first), facts, loaded.policy)


def _awaiting(case: _Case, taken: Fallback) -> _Case:
    until = enrichment.awaited(case.facts, case.loaded, case.now, case.standing, taken)
    if until is not None:
        case.notes.said("enrich", f"waits until {until.isoformat()} to learn of the company, which could change this")
    return replace(case, enrich_by=until)


def _over(case: _Case) -> ClosedReason | None:
    if case.facts.history.opted_out and not _has_just_called(case):
        case.notes.fired("opted_out", "the person opted out, on every channel and for every lead")
        return ClosedReason.OPTED_OUT
    if recycle.spent(case.facts, case.facts.cycle) > case.loaded.policy.recycle.max_cycles:
        case.notes.fired("recycle/exhausted", f"{case.loaded.policy.recycle.max_cycles} cycles were spent")
        return ClosedReason.EXHAUSTED
    return None


def _has_just_called(case: _Case) -> bool:  # nothing is sent or dialled to them; but one of ours is told
    return case.facts.source == Source.MISSED_CALL and case.facts.cycle == 1


def _note_windows(case: _Case, purpose: Purpose) -> None:
    facts, loaded, now = case.facts, case.loaded, case.now
    for channel in (Channel.SMS, Channel.CALL):
        case.notes.windows.append(suppression.permitted(facts, loaded, now, channel, purpose))
    texts, calls = (windows.bounds(facts, loaded, kind, purpose, now) for kind in (Channel.SMS, Channel.CALL))
    bounds = dict.fromkeys((*texts, *calls))
    case.notes.held += [_state_of(each.rule, each.because, each.clock.is_open(now)) for each in bounds]
    case.notes.held += caps.told(facts, loaded, now, purpose)


@lru_cache(maxsize=4096)
def _state_of(rule: str, because: str, is_open: bool) -> Reason:
    return Reason(rule=rule, because=f"{because}: {'open' if is_open else 'closed'} now")


def _close(case: _Case, reason: ClosedReason) -> Judgement:
    if not case.notes.windows:
        _note_windows(case, Purpose.SOLICITATION)
    return _judged(case, Outcome.CLOSE, (), closed=reason)  # the CRM hears of it as the lead closes


def _nurture(case: _Case, taken: Fallback | None, track: str) -> Judgement:
    until = case.now + recycle.rest_of(case.loaded, track)
    resting = recycle.Resting(track, until)
    texts = recycle.drips(case.facts, case.loaded, case.now, resting, case.notes)
    case.notes.fired(f"track/{track}", f"rests until {until.isoformat()}, with {len(texts)} texts on the way")
    return _judged(
        case,
        Outcome.NURTURE,
        (*texts, _crm(case, "nurture")),
        route=taken.name if taken else None,
        motion=Motion.NURTURE,
        channel=_nurture_channel(case.facts, bool(texts)),
        rest=Rest(track=track, until=until),
    )


def _nurture_channel(facts: Facts, has_texts: bool) -> Channel:
    if has_texts:
        return Channel.SMS
    return Channel.EMAIL if facts.person.email else Channel.CRM


def _hand_off(case: _Case, taken: Fallback, chosen: Chosen) -> Judgement:
    first = chosen.motion
    name = _sla_of(case, taken, first)
    taker = _taker(case, taken, name)
    start, held_by = _start(case, taken, first, (taker, name))
    if start is None:
        case.notes.fired("motion/human_task", "no call is ever possible, so a person has to look")
        return _hand_off(case, taken, Chosen(Motion.HUMAN_TASK))
    climb = sla.Climb(sla=name, start=start, owner=taker.owner, held_by=held_by)
    ladder = sla.ladder(case.facts, case.loaded, climb, case.notes)
    case.notes.fired(f"sla/{name}", f"{len(ladder.items)} steps from {start.isoformat()} in business time")
    return _judged(
        case,
        Outcome.HUMAN_TASK if first is Motion.HUMAN_TASK else Outcome.HAND_OFF,
        (
            *_first_text(case, taken, first),
            *ringing.planned(taken, first, case.loaded, (start, held_by)),
            *ladder.items,
            _crm(case, "handoff"),
        ),
        route=taken.name,
        dials=first in ringing.CALLS and case.loaded.policy.calls is not None,
        motion=first,
        channel=CHANNEL_OF[first],
        owner=taker.owner,
        queue=taker.queue,
        fallbacks=chosen.fallbacks,
        cue=taken.cue,
        whisper=chosen.whisper,
        fallback_text=taken.text if Motion.TEXT_BACK in chosen.fallbacks else None,
        fallback_purpose=taken.purpose if Motion.TEXT_BACK in chosen.fallbacks else Purpose.RESPONSIVE,
        sla_due_at=ladder.due,
        ladder=ladder.items,
    )


def _sla_of(case: _Case, taken: Fallback, first: Motion) -> str:
    name = taken.sla or "task"
    needs = first is Motion.HUMAN_TASK and not case.loaded.policy.sla[name].needs_owner
    return "task" if needs else name


def _taker(case: _Case, taken: Fallback, name: str) -> Taker:
    if case.loaded.policy.sla[name].needs_owner:
        if case.taker is not None:
            return case.taker
        by = capacity.due(case.loaded, case.now, taken)
        search = Search(case.facts, case.loaded, case.now, reading=case.standing.reading, by=by)
        if capacity.NONE_WITHIN_SLA in case.notes.rules:
            return assign.settle(assign.nobody_in_time(search), case.notes)
        return assign.choose(search, case.notes)
    queue = case.loaded.policy.fallback_queue
    case.notes.fired("assign/later", f"waits in {queue}; a rep is chosen once they answer")
    return Taker(None, queue)


def _start(
    case: _Case, taken: Fallback, first: Motion, whose: tuple[Taker, str]
) -> tuple[datetime | None, tuple[str, ...]]:
    """When the ladder starts: when the owner is at work and, where a call is on, the business is open and the person
    may be called; None for a call when all never are so at once."""
    taker, name = whose
    if not case.loaded.policy.sla[name].needs_owner:
        return case.now, ()
    if first is Motion.HUMAN_TASK:
        moment, held_by = first_touch.start_of_task(case.loaded, case.now, taker.owner)
    else:
        moment, held_by = first_touch.start_of_call(case.facts, case.loaded, case.now, taker.owner, taken.purpose)
    lapsed = None
    if moment is not None and first in motion.CALLS:
        lapsed = first_touch.lapsed(case.facts, case.loaded, moment, taken.purpose)
    if moment is not None and lapsed is None:
        return moment, held_by
    case.notes.passed_over("call", lapsed or "our hours and the person's never meet")
    if first in motion.CALLS:
        return None, held_by
    opening = case.loaded.clock(taker.owner).next_open(case.now) or case.now
    return opening, (windows.BUSINESS_HOURS,) if opening > case.now else ()


def _first_text(case: _Case, taken: Fallback, first: Motion) -> tuple[Item, ...]:
    is_one = first in (Motion.TEXT_BACK, Motion.APPOINTMENT)
    if not is_one and not (taken.also_text and first in motion.CALLS):
        return ()
    return first_touch.text(case.facts, case.loaded, case.now, (taken, taken.text_of(first)), case.notes)


def _crm(case: _Case, what: str) -> Item:
    return Item(key="crm-1", at=case.now, action=Action.CRM, template=what, rule="crm")


def _judged(
    case: _Case, outcome: Outcome, items: tuple[Item, ...], ladder: tuple[Item, ...] = (), **answer: object
) -> Judgement:
    fields = decisions.stamp(DecisionKind.TRIAGE, case.decision_id, case.loaded, case.now)
    decision = Decision.model_validate(
        {
            **fields,
            **answer,
            "outcome": outcome,
            "band": case.standing.band,
            "score": case.standing.score,
            "fit": case.standing.fit,
            "intent": case.standing.intent,
            "enrich_by": case.enrich_by,
            "agenda": tuple(sorted((*items, *candidates.farewells(case.notes, case.now)), key=lambda item: item.at)),
            "rules": tuple(case.notes.rules),
        }
    )
    return Judgement(decision=decision, trace=case.notes.trace(case.standing.reading.faults, ladder))
