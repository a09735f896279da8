"""After the work, or instead of it: reason code → track and rest, or the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from domain.decisions import Decision, DecisionKind, Followup, Item, Judgement, Outcome, Rest, Window
from domain.facts import Facts
from domain.values import Action, Channel, ClosedReason, Purpose, Until
from policy import decisions, do_not_call, fairness, sla, spread, suppression, windows
from policy.afterwards import Disposal
from policy.loaded import LoadedPolicy
from policy.notes import Notes, plain
from policy.refusal import Answer


@dataclass(frozen=True, slots=True)
class Resting:
    """A rest to be planned: on which track, until when; `suffix` keeps its texts' keys unique in a cycle."""

    track: str
    until: datetime
    suffix: str = ""


def drips(facts: Facts, loaded: LoadedPolicy, now: datetime, resting: Resting, notes: Notes) -> tuple[Item, ...]:
    """The track's texts before the rest ends, each at its earliest permitted moment; none without consent, and none
    that do-not-call forbids by then."""
    steps = loaded.policy.tracks[resting.track].steps
    refused = suppression.barred(facts, loaded, now, Channel.SMS, Purpose.SOLICITATION)
    refused = refused or suppression.engaged(facts, loaded, now)
    if refused is not None and refused[1] is None:
        if steps:
            said = do_not_call.in_words(facts, loaded, refused)
            notes.passed_over(f"texts of track {resting.track}", f"not sent: {said}")
        return ()
    texts: list[Item] = []
    tried = list(spread.unanswered(facts, loaded, now))
    for number, step in enumerate(steps, 1):
        text = Item(
            key=f"text-{number}{resting.suffix}",
            at=now + step.after,
            action=Action.TEXT,
            until=Until.CONTACTED,
            template=step.text,
            purpose=Purpose.SOLICITATION,
            rule=f"track/{resting.track}",
        )
        # What goes at once follows what they just did; each later text comes because those before went unanswered.
        planned = _drip(facts, loaded, text, refused, tried if step.after else ())
        if planned is not None and planned.at < resting.until:
            texts.append(planned)
            tried.append(planned.at)
    return tuple(item for item in texts if not _lapsed(facts, loaded, item, notes))


def _drip(
    facts: Facts, loaded: LoadedPolicy, text: Item, refused: Answer | None, tried: Sequence[datetime]
) -> Item | None:
    """A text at its earliest permitted moment from `at` on, away from when others were tried; `refused` is what holds
    all texts for a while."""
    over = refused[1] if refused else None
    is_held = over is not None and over > text.at
    start = over if over is not None and is_held else text.at
    find = partial(_window, facts, loaded)
    window = spread.away(facts, loaded, start, tried, find)
    if window.earliest is None:
        return None
    held_by = ((refused[2],) if refused and is_held else ()) + tuple(dict.fromkeys(window.held_by))
    return text.model_copy(update={"at": window.earliest, "held_by": held_by})


def _window(facts: Facts, loaded: LoadedPolicy, start: datetime) -> Window:
    return windows.earliest(facts, loaded, start, Channel.SMS, Purpose.SOLICITATION)


def _lapsed(facts: Facts, loaded: LoadedPolicy, text: Item, notes: Notes) -> bool:
    """Whether do-not-call forbids the text by then: what exempts the person now may be over."""
    found = do_not_call.planned(facts, loaded, text.at, Channel.SMS, text.purpose)
    if found is not None:
        notes.passed_over(
            f"{text.key} of {text.rule}", f"not on {text.at:%Y-%m-%d}: {do_not_call.in_words(facts, loaded, found)}"
        )
    return found is not None


def after_disposition(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """What a reason code leads to (R53, R56, R57); without one, the ladder ran out and nobody moved."""
    notes = Notes()
    recycle = loaded.policy.recycle
    found = recycle.codes.get(ask.code) if ask.code else recycle.untouched
    disposal = found or Disposal(then="keep")
    notes.fired(f"recycle/{ask.code or 'untouched'}", _worded(ask, found is not None))
    fairness.give_back(loaded, ask, notes)
    if disposal.then == "keep":
        return _kept(facts, loaded, now, ask, notes)
    if disposal.then == "close":
        return _closed(loaded, now, ask, disposal.close_as or ClosedReason.LOST, notes)
    if spent(facts, max(ask.cycle, facts.history.handoffs)) >= recycle.max_cycles:
        notes.fired("recycle/exhausted", f"{recycle.max_cycles} cycles were spent")
        return _closed(loaded, now, ask, ClosedReason.EXHAUSTED, notes)
    return _rested(facts, loaded, now, ask, (disposal, notes))


def spent(facts: Facts, cycles: int) -> int:
    """How many of the cycles count towards the most: not those that news of the person began."""
    return cycles - facts.history.woken


def _worded(ask: Followup, is_known: bool) -> str:
    if ask.code is None:
        return "nobody reached them in time"
    said = plain(ask.code)
    return f"disposed as {said}" if is_known else f"the policy says nothing of {said}, so the work goes on"


def _kept(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup, notes: Notes) -> Judgement:
    owed = sla.work_owed(facts, loaded, now, ask)
    decision = owed.decision.model_copy(
        update={"kind": DecisionKind.DISPOSE, "rules": (*notes.rules, *owed.decision.rules)}
    )
    trace = owed.trace.model_copy(update={"reasons": (*notes.reasons, *owed.trace.reasons), "credit": notes.credit})
    return Judgement(decision=decision, trace=trace)


def _closed(loaded: LoadedPolicy, now: datetime, ask: Followup, reason: ClosedReason, notes: Notes) -> Judgement:
    decision = Decision(
        **decisions.stamp(DecisionKind.DISPOSE, ask.decision_id, loaded, now),
        outcome=Outcome.CLOSE,
        motion=ask.motion,
        owner=ask.owner,
        closed=reason,
        rules=tuple(notes.rules),
    )
    return Judgement(decision=decision, trace=notes.trace())


def _rested(
    facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup, found: tuple[Disposal, Notes]
) -> Judgement:
    disposal, notes = found
    track = disposal.track or loaded.policy.disqualified_track
    until = now + rest_of(loaded, track, disposal.rest)
    key = decisions.suffix(DecisionKind.DISPOSE, ask.decision_id)
    items = drips(facts, loaded, now, Resting(track, until, key), notes)
    decision = Decision(
        **decisions.stamp(DecisionKind.DISPOSE, ask.decision_id, loaded, now),
        outcome=Outcome.REST,
        motion=ask.motion,
        owner=ask.owner,
        agenda=items,
        rest=Rest(track=track, until=until, because=ask.code, wake_on_intent=disposal.wakes),
        rules=tuple(notes.rules),
    )
    return Judgement(decision=decision, trace=notes.trace(ladder=items))


def rest_of(loaded: LoadedPolicy, track: str, stated: timedelta | None = None) -> timedelta:
    """How long a rest on a track lasts: as stated, else the track's own figure."""
    return stated if stated is not None else loaded.policy.tracks[track].rest
