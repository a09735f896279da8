"""Who takes a lead: the owner they know, else fair turns within the territory, else a queue. Never nobody (R33, N3)."""

from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Decision, DecisionKind, Followup, Item, Judgement, Outcome
from domain.facts import Facts, RepLoad
from domain.values import Action, Motion, Until
from policy import decisions
from policy.business_time import BusinessClock
from policy.loaded import LoadedPolicy
from policy.notes import Notes
from policy.roster import Rep


@dataclass(frozen=True, slots=True)
class Taker:
    """A rep's handle, or the queue where no rep can take the lead."""

    owner: str | None
    queue: str | None


def choose(facts: Facts, loaded: LoadedPolicy, now: datetime, tried: tuple[str, ...], notes: Notes) -> Taker:
    """The next to take the lead, noting who was passed over and why."""
    able = [rep for rep in free(facts, loaded, now, notes) if rep.handle not in tried]
    for rep in loaded.policy.team:
        if rep.handle in tried:
            notes.passed_over(f"owner/{rep.handle}", "was offered this lead already")
    if known := _known(facts, able):
        notes.fired("assign/known_owner", f"{known.handle} owned this person before")
        return Taker(known.handle, None)
    group, why = _group(facts, [rep for rep in able if rep.weight])
    if not group:
        queue = loaded.policy.fallback_queue
        notes.fired("assign/queue", f"nobody is free, so it waits in {queue} for the first to claim it")
        return Taker(None, queue)
    turn = min(group, key=lambda rep: load_of(facts, rep).last_offered)
    notes.fired("assign/round_robin", f"{turn.handle} is next of {len(group)} {why}")
    return Taker(turn.handle, None)


def free(facts: Facts, loaded: LoadedPolicy, now: datetime, notes: Notes | None = None) -> list[Rep]:
    """Reps who are there, below their limit and within their own hours: now, or on the next business day if closed."""
    found = []
    for rep in loaded.policy.team:
        said = _unable(rep, facts, loaded, now)
        if said is None:
            found.append(rep)
        elif notes is not None:
            notes.passed_over(f"owner/{rep.handle}", said)
    return found


def _unable(rep: Rep, facts: Facts, loaded: LoadedPolicy, now: datetime) -> str | None:
    load = load_of(facts, rep)
    if load.away:
        return "is away"
    if rep.max_open is not None and load.open_leads >= rep.max_open:
        return f"has {load.open_leads} open leads, the limit is {rep.max_open}"
    return _off_duty(loaded.clock(), loaded.clock(rep.handle), now)


def _off_duty(business: BusinessClock, own: BusinessClock, now: datetime) -> str | None:
    """Why a calendar of their own keeps a rep from a lead of this moment."""
    if own == business:
        return None
    if business.is_open(now):
        return None if own.is_open(now) else "is outside their own hours"
    # A lead of the night waits for the next business day; it must not wait for somebody who works on Mondays only.
    back, end = own.next_open(now), business.day_end(now)
    return None if back is not None and (end is None or back < end) else "is not back on the next business day"


def load_of(facts: Facts, rep: Rep) -> RepLoad:
    """What is known of a rep's work; nothing known is no work."""
    return next((load for load in facts.reps if load.rep == rep.handle), RepLoad(rep=rep.handle))


def regions(facts: Facts) -> tuple[str, ...]:
    """The states the person may be in, the stated one first."""
    stated = (facts.person.region,) if facts.person.region else ()
    return tuple(dict.fromkeys([*stated, *(place.region for place in facts.person.places if place.region)]))


def _known(facts: Facts, able: list[Rep]) -> Rep | None:
    for owner in (facts.history.last_owner, facts.history.crm_owner):
        if owner and (found := next((rep for rep in able if owner in (rep.handle, rep.hubspot_owner)), None)):
            return found
    return None


def _group(facts: Facts, able: list[Rep]) -> tuple[list[Rep], str]:
    where = regions(facts)[:1]
    local = [rep for rep in able if where and where[0] in rep.territories]
    if local:
        return local, f"for {where[0]}"
    general = [rep for rep in able if not rep.territories]
    return (general, "without a territory") if general else (able, "left")


def reoffer(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """Who is next after a decline or a time-out: a rep not tried yet, or the queue once the hops are used up."""
    notes = Notes()
    if ask.hop > loaded.policy.hops:
        notes.fired("assign/hops", f"{ask.hop} offers were made; now it is first to claim")
        taker = Taker(None, loaded.policy.fallback_queue)
    else:
        taker = choose(facts, loaded, now, ask.tried, notes)
    action = Action.OFFER if taker.owner else Action.POOL
    item = Item(key=f"{action}-hop-{ask.hop + 1}", at=now, action=action, until=Until.ACCEPTED, rule=notes.rules[-1])
    decision = Decision(
        **decisions.stamp(DecisionKind.REOFFER, ask.decision_id, loaded, now),
        outcome=Outcome.HAND_OFF,
        motion=ask.motion or Motion.HUMAN_TASK,
        owner=taker.owner,
        queue=taker.queue,
        agenda=(item,),
        rules=tuple(notes.rules),
    )
    return Judgement(decision=decision, trace=notes.trace(ladder=(item,)))
