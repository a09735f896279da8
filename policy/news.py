"""News of a person: what behaviour opens a lead, and what starts a running one over (R6)."""

from datetime import datetime

from domain.decisions import Decision, DecisionKind, Followup, Item, Judgement, Outcome, Reason
from domain.facts import Facts, SignalFact
from domain.values import Motion, Source
from policy import decisions, first_touch, motion, qualify, ringing
from policy.loaded import LoadedPolicy
from policy.notes import Notes, plain
from policy.routing import Fallback

HEAT = {
    Motion.NURTURE: 1,
    Motion.HUMAN_TASK: 2,
    Motion.TEXT_BACK: 2,
    Motion.APPOINTMENT: 3,
    Motion.WHISPER_CALL: 3,
    Motion.LIVE_TRANSFER: 4,
}
"""How hot a motion is. A route is as hot as the first motion it would have, whatever was possible of it."""


def opens(seen: SignalFact, loaded: LoadedPolicy, now: datetime) -> str | None:
    """The source of the lead that behaviour opens where the person has none (R44); None when it is only kept."""
    intent = loaded.policy.intent
    return intent.opens.get(seen.kind) if qualify.recent((seen,), intent, now) else None


def is_strong(seen: SignalFact, before: tuple[SignalFact, ...], loaded: LoadedPolicy, now: datetime) -> bool:
    """Whether behaviour is enough to ask if a lead starts over: a hand raised, or intent shown often enough (R6)."""
    intent = loaded.policy.intent
    if not qualify.recent((seen,), intent, now):
        return False
    shown = [one for one in qualify.recent((*before, seen), intent, now) if qualify.is_intent(one, intent)]
    return seen.kind in intent.strong or (seen in shown and len(shown) >= intent.repeated)


def on_news(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """A joined inquiry or behaviour: start over when it is hotter than what is under way, else go on (R6).

    Like is compared with like. While a route is under way (`ask.route`), the route of the news has to be hotter: the
    same request again is never news, at any hour and whichever motion was possible. At rest (no route, no motion) it
    is enough that the news would be handed to somebody now.
    """
    notes = Notes()
    hotter = _is_hotter(facts, loaded, now, ask, notes)
    answers = () if hotter else _answered_again(facts, loaded, now, ask, notes)
    decision = Decision(
        **decisions.stamp(DecisionKind.NEWS, ask.decision_id, loaded, now),
        outcome=Outcome.RESTART if hotter else Outcome.KEEP,
        motion=ask.motion,
        owner=ask.owner,
        agenda=answers,
        rules=tuple(notes.rules),
    )
    return Judgement(decision=decision, trace=notes.trace())


def _answered_again(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup, notes: Notes) -> tuple[Item, ...]:
    """The text and the call of its route for another call that we missed, whatever is under way (R13)."""
    if ask.news_source != Source.MISSED_CALL or ask.motion is None:
        return ()
    seen, taken = _route_of_news(facts, loaded, now, ask)
    first = motion.choose(seen, loaded, now, taken, Notes()).motion
    suffix = f"-again-{ask.decision_id.rpartition(':')[2]}"
    texts = first_touch.text(seen, loaded, now, (taken, taken.text), notes)
    start = first_touch.start_of_call(seen, loaded, now, ask.owner, taken.purpose)
    calls = ringing.planned(taken, first, loaded, start, suffix)
    said = [item.model_copy(update={"key": f"{item.key}{suffix}"}) for item in texts]
    return (*said, *(item.model_copy(update={"cue": taken.cue}) for item in calls))


def _is_hotter(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup, notes: Notes) -> bool:
    if (out := qualify.standing(facts, loaded, now, Notes()).disqualified) is not None:
        notes.fired(f"disqualify/{out.name}", f"{out.because}: no news makes it a hand-off")
        return False
    seen, taken = _route_of_news(facts, loaded, now, ask)
    under_way = _under_way(loaded, ask)
    asked = motion.choose(seen, loaded, now, taken, Notes()).motion if under_way is None else taken.open[0]
    hotter = HEAT[asked] > HEAT[under_way or Motion.NURTURE]
    than = f"{plain(asked)} is {'' if hotter else 'not '}hotter than {plain(under_way or 'rest')}"
    notes.fired(f"news/{taken.name}", f"{taken.because}: {than}")
    if under_way is None:
        threshold = _threshold(facts, loaded, now, ask.news_source or "")
        notes.said(threshold.rule, threshold.because)
    return hotter


def _threshold(facts: Facts, loaded: LoadedPolicy, now: datetime, kind: str) -> Reason:
    """Which of the policy's thresholds the news passed, so that a rest may end early."""
    intent = loaded.policy.intent
    if kind in intent.strong:
        return Reason(rule="intent/strong", because=f"{kind} may end a rest by itself")
    seen = [one for one in qualify.recent(facts.signals, intent, now) if qualify.is_intent(one, intent)]
    if kind in {one.kind for one in facts.signals}:
        days = f"{intent.within.total_seconds() / 86400:g}d"
        said = f"{len(seen)} signs of intent within {days}, and {intent.repeated} may end a rest"
        return Reason(rule="intent/repeated", because=said)
    return Reason(rule="intent/inquiry", because=f"a new inquiry ({kind}) may end a rest")


def _under_way(loaded: LoadedPolicy, ask: Followup) -> Motion | None:
    routes = (*loaded.policy.routes, loaded.policy.fallback)
    of_route = next((route.open[0] for route in routes if route.name == ask.route), None)
    known = [each for each in (of_route, ask.motion) if each is not None]  # a reply may have made a call of it
    return max(known, key=HEAT.__getitem__, default=None)


def _route_of_news(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> tuple[Facts, Fallback]:
    asked = facts.model_copy(update={"source": ask.news_source or facts.source})
    taken = _route(asked, loaded, now)
    if taken.name != loaded.policy.fallback.name:
        return asked, taken
    # Behaviour has a kind that no route names as a source: then the lead's own source counts, with its new signals.
    return facts, _route(facts, loaded, now)


def _route(facts: Facts, loaded: LoadedPolicy, now: datetime) -> Fallback:
    return motion.route(qualify.standing(facts, loaded, now, Notes()).reading, loaded, Notes())
