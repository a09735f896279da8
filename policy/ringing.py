"""A call is due: whose phones ring, for how long, whether it is recorded; or why not now. It sends nothing (R10-R12,
R18, N2, N10)."""

from dataclasses import dataclass
from datetime import datetime

from domain.decisions import CallPlan, Decision, DecisionKind, Followup, Item, Judgement, Opening, Outcome
from domain.facts import Facts
from domain.values import Action, Channel, Motion, Purpose, Until
from policy import assign, decisions, do_not_call, first_touch, places, presence, suppression
from policy.assign import Search
from policy.first_touch import Start
from policy.loaded import LoadedPolicy
from policy.notes import Notes
from policy.roster import Rep
from policy.routing import Fallback
from policy.telephone import Announce, Calls

CALLS = (Motion.LIVE_TRANSFER, Motion.WHISPER_CALL)
ON_THE_PHONE = "on_the_phone"


def planned(taken: Fallback, motion: Motion, loaded: LoadedPolicy, start: Start, suffix: str = "") -> tuple[Item, ...]:
    """The call of a motion, where we place it; `start` is when, and what put it off. With a `suffix` it is the call
    that a reply asked for, and further words don't take it back."""
    at, held_by = start
    if at is None or motion not in CALLS or loaded.policy.calls is None:
        return ()
    item = Item(
        key=f"call-1{suffix}",
        at=at,
        action=Action.CALL,
        until=Until.DISPOSED if suffix else Until.CONTACTED,
        purpose=taken.purpose,
        rule=f"route/{taken.name}",
        held_by=held_by,
    )
    return (item,)


@dataclass(frozen=True, slots=True)
class _Due:
    """A call that is due."""

    facts: Facts
    loaded: LoadedPolicy
    now: datetime
    ask: Followup
    notes: Notes
    rules: Calls

    @property
    def purpose(self) -> Purpose:
        return self.ask.purpose or Purpose.SOLICITATION


def when_due(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """The call as it is to be made now. None of the reps: `again_at` says when it is tried again, or it isn't."""
    notes = Notes()
    due = _Due(facts, loaded, now, ask, notes, loaded.policy.calls or Calls())
    plan = _held(due) or _rung(due)
    decision = Decision(
        **decisions.stamp(DecisionKind.CALL, ask.decision_id, loaded, now),
        outcome=Outcome.KEEP,
        motion=ask.motion,
        channel=Channel.CALL,
        owner=ask.owner,
        call=plan,
        rules=tuple(notes.rules),
    )
    return Judgement(decision=decision, trace=notes.trace())


def _held(due: _Due) -> CallPlan | None:
    """Why the person may not be called now, or nobody of ours is at work; None when nothing is in the way."""
    facts, loaded, now = due.facts, due.loaded, due.now
    refused = suppression.why_not(facts, loaded, now, Channel.CALL, due.purpose)
    if refused is not None:
        due.notes.fired(f"call/{refused[0]}", f"no call now: {do_not_call.in_words(facts, loaded, refused)}")
        return CallPlan(purpose=due.purpose, again_at=refused[1], held_by=(refused[2],))
    start, held_by = first_touch.start_of_call(facts, loaded, now, due.ask.owner, due.purpose)
    if start == now:
        return None
    because = f"not before {start.isoformat()}" if start else "our hours and the person's never meet"
    due.notes.fired("call/held", because)
    return CallPlan(purpose=due.purpose, again_at=start, held_by=held_by)


def _rung(due: _Due) -> CallPlan:
    reps = _reps(due)
    free = [rep for rep in reps if rep.handle not in due.facts.on_call]
    for rep in reps:
        if rep not in free:
            due.notes.passed_over(f"ring/{rep.handle}", "is on the phone")
    if not free and reps:
        due.notes.fired(f"call/{ON_THE_PHONE}", "whoever could take it is on the phone")
        return CallPlan(purpose=due.purpose, again_at=due.now + due.rules.busy_again, held_by=(ON_THE_PHONE,))
    if not free:
        due.notes.fired("call/nobody", "no rep is free to take a call now")
        return CallPlan(purpose=due.purpose)
    handles = tuple(rep.handle for rep in free[: due.rules.at_once])
    due.notes.fired("call/ring", f"{' and '.join(handles)} {'ring' if len(handles) > 1 else 'rings'} now")
    plan = CallPlan(
        reps=handles,
        ring=due.rules.ring,
        lead_ring=due.rules.lead_ring,
        purpose=due.purpose,
        first=_first(due),
        whisper=due.ask.whisper,
        cue=due.ask.cue,
        contact_after=due.loaded.policy.contact_counts.talk,
    )
    return plan.model_copy(update={**_recording(due), "drop": _voicemail(due)})


def _reps(due: _Due) -> list[Rep]:
    """Who may take it: whoever has accepted, or is named; for a live transfer all who are free, the owner first."""
    ask, policy = due.ask, due.loaded.policy
    owner = policy.rep(ask.owner)
    if owner is not None and ask.accepted:
        return [owner]
    there = owner is not None and presence.absence(owner, due.facts, due.loaded, due.now) is None
    first = [owner] if owner is not None and there else []
    if ask.motion is not Motion.LIVE_TRANSFER:
        return first
    tried = tuple(handle for handle in ask.tried if handle != ask.owner)
    search = Search(due.facts, due.loaded, due.now, tried)
    return [*first, *(rep for rep in assign.in_order(search) if rep != owner)]


def _first(due: _Due) -> Opening:
    """Whose phone rings first: theirs only while one more abandoned call would leave the rate below its limit (N24)."""
    limits, meter = due.rules.lead_first, due.facts.abandonment
    if due.rules.first is Opening.REP:
        return Opening.REP
    said = f"{meter.abandoned} of {meter.answered} calls answered in 30 days were abandoned"
    if meter.is_near(limits.most, limits.margin):
        due.notes.fired("call/rep_first", f"the rep's phone rings first: {said}; one more would be too many")
        return Opening.REP
    due.notes.fired("call/lead_first", f"their phone rings as soon as a rep has picked up: {said}")
    return Opening.LEAD


def _recording(due: _Due) -> dict[str, bool]:
    rules = due.rules.record
    if rules is None:
        return {}
    if rules.announce is Announce.BY_LAW and _needs_one_party(due):
        due.notes.said("recording", "recorded without word of it: one party's leave is enough where the person may be")
        return {"record": True, "announce": False}
    due.notes.said("recording", "recorded, and both sides are told")
    return {"record": True, "announce": True}


def _needs_one_party(due: _Due) -> bool:
    """Whether every place where the person may be is known, and has a verified row that asks for no more."""
    where = places.plausible(due.facts, due.loaded)
    rows = [due.loaded.law.states.get(place.region or "") for place in where]
    return bool(rows) and all(
        row is not None and row.verified is not None and row.recording == "one_party" for row in rows
    )


def _voicemail(due: _Due) -> str | None:
    """What may be left on a machine: a prerecorded call, which needs written consent to automated ones."""
    text, consent = due.rules.voicemail, due.facts.consent
    if text is None or not (consent.kind == "written" and consent.automated and consent.call):
        return None
    return text
