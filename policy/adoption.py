"""A running lead under another policy: what is left of its plan, each step counted from where it was first set going.

The cycle's own questions are put to the new policy again, from the facts and at the moments they were first asked.
What the lead has behind it stays behind it; what would now lie in the past is due now, once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.adoption import Adopting, Answered
from domain.agendas import wanted
from domain.decisions import Decision, DecisionKind, Followup, Item, Judgement, Outcome
from domain.facts import Facts
from domain.lead import Lead
from domain.values import Action, Until
from policy import assign, candidates, decisions, governing, overdue, recycle, sla, triage
from policy.loaded import LoadedPolicy
from policy.notes import Notes


@dataclass(frozen=True, slots=True)
class _Again:
    """One of the cycle's answers, given by the new policy; `planned` are the keys of the old one."""

    was: Answered
    now: Decision

    @property
    def planned(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.was.decision.agenda if item.action is not Action.CRM)


@dataclass(frozen=True, slots=True)
class _Case:
    """The lead as it stands, and the facts of now."""

    facts: Facts
    loaded: LoadedPolicy
    now: datetime
    lead: Lead
    notes: Notes

    @property
    def is_unasked(self) -> bool:
        """Nobody was asked to take it so far, nor everybody."""
        return self.lead.is_untouched and self.lead.hop == 0

    @property
    def is_left(self) -> bool:
        """It is on offer to somebody who isn't in this policy's team."""
        lead = self.lead
        return lead.is_untouched and lead.hop > 0 and lead.owner is not None and not self.knows(lead.owner)

    def knows(self, rep: str) -> bool:
        """Whether this policy has the rep."""
        return self.loaded.policy.rep(rep) is not None


@dataclass(frozen=True, slots=True)
class _Planned:
    """Keys that were planned so far, and how often each text is behind the lead."""

    keys: frozenset[str] = frozenset()
    said: Counter[str] = field(default_factory=Counter)

    def __contains__(self, key: str) -> bool:
        return key in self.keys

    def is_behind(self, key: str, item: Item) -> bool:
        """Whether it was made already: under this key, or in the same words under another."""
        return self.is_said(item) or key in self.keys

    def is_said(self, item: Item) -> bool:
        """Whether the person was told the same before; each time that they were counts once."""
        if item.action not in overdue.TO_THE_PERSON or item.template is None or not self.said[item.template]:
            return False
        self.said[item.template] -= 1
        return True


def adopt(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """What is left of the lead's plan under this policy. `ask` is an Adopting."""
    assert isinstance(ask, Adopting), "only a lead that was read can be adopted"
    notes, lead = Notes(), ask.lead
    case = _Case(facts, loaded, now, lead, notes)
    again = _asked_again(case, ask.answers)
    known = _planned(lead, ask.answers, again)
    items, replaced = [], tuple(item.key for item in lead.agenda if item.key in known)
    for each in again:
        items += _left(lead, each, known, notes)
    items = overdue.on_time(items, loaded, now, notes)
    standing = _standing(case, again)
    if case.is_left:
        items.append((_to_the_next(case, ask.decision_id), facts))
    if standing["rest"] is not None and lead.rest is None:
        key = f"crm{decisions.suffix(DecisionKind.ADOPT, ask.decision_id)}"
        items.append((Item(key=key, at=now, action=Action.CRM, template="nurture", rule="crm"), facts))
    notes.fired("adopt", f"{len(replaced)} steps to come were replaced by {len(items)}, from their first start on")
    decision = Decision.model_validate(
        {
            **decisions.stamp(DecisionKind.ADOPT, ask.decision_id, loaded, now),
            **standing,
            "agenda": (*(item for item, _ in items), *candidates.farewells(notes, now)),
            "replaces": replaced,
            "rules": tuple(notes.rules),
        }
    )
    return Judgement(decision=decision, trace=notes.trace(ladder=decision.agenda))


def refused(lead: Lead, now: datetime, decision_id: str, why: str) -> Judgement:
    """The lead goes on as it did: the policy it was to adopt can't be had here."""
    notes = Notes()
    notes.fired("adopt/refused", why)
    decision = Decision(
        decision_id=decision_id,
        kind=DecisionKind.ADOPT,
        outcome=Outcome.KEEP,
        decided_at=now,
        good_until=now,
        policy_hash=lead.policy_hash,
        rules=tuple(notes.rules),
    )
    return Judgement(decision=decision, trace=notes.trace())


def _asked_again(case: _Case, answers: Sequence[Answered]) -> tuple[_Again, ...]:
    """The answers that what is still to come goes back to."""
    return tuple(_Again(each, _answer(case, each)) for each in governing.of(case.lead, answers))


def _answer(case: _Case, was: Answered) -> Decision:
    at, asked, loaded = was.decision.decided_at, was.asked, case.loaded
    if asked is None:
        return _first(case, was)
    if asked.kind is DecisionKind.DISPOSE:
        return recycle.after_disposition(was.facts, loaded, at, asked).decision
    asks = {DecisionKind.REPLY: sla.after_reply, DecisionKind.WORK: sla.work_owed}
    return asks[asked.kind](was.facts, loaded, at, asked).decision


def _first(case: _Case, was: Answered) -> Decision:
    """The lead's first decision again. Where it calls for a rep and the lead has none yet, or one whom this policy
    doesn't know, whose turn it is and who has room is asked of today's team, and that turn is counted."""
    owner = case.lead.owner if case.is_unasked else was.decision.owner
    taker = assign.Taker(owner, None) if case.loaded.policy.rep(owner) is not None else None
    found = _triage(case, was, taker)
    if taker is not None or found.owner is None or not case.is_unasked:
        return found
    return _triage(case, was, assign.choose(assign.Search(case.facts, case.loaded, case.now), case.notes))


def _triage(case: _Case, was: Answered, taker: assign.Taker | None) -> Decision:
    at, decision_id = was.decision.decided_at, was.decision.decision_id
    return triage.triage(was.facts, case.loaded, at, decision_id, taker).decision


def _planned(lead: Lead, answers: Sequence[Answered], again: tuple[_Again, ...]) -> _Planned:
    """What the governing answers and earlier adoptions of the cycle have planned, by their keys on the agenda."""
    if not again:
        return _Planned()
    adoptions = [each.decision for each in answers if each.decision.kind is DecisionKind.ADOPT]
    made = [*(each.was.decision for each in again), *adoptions]
    items = [item for each in made for item in each.agenda if item.action is not Action.CRM]
    planned = {f"{lead.cycle}:{item.key}": item for item in items}
    here = [item.key for item in lead.agenda]
    gone = [key for key in planned if key not in here and key not in lead.set_aside]
    words = (planned[key].template for key in gone if planned[key].action in overdue.TO_THE_PERSON)
    return _Planned(frozenset(planned), Counter(each for each in words if each))


def _left(lead: Lead, again: _Again, known: _Planned, notes: Notes) -> list[tuple[Item, Facts]]:
    """What of one answer is still to come: neither behind the lead nor made pointless by what people did."""
    here = {item.key: item for item in lead.agenda}
    asked_at = None if again.was.asked is None else again.was.decision.decided_at
    if _turns(lead, again):
        notes.passed_over(f"adopt/{again.now.outcome}", "a lead that people have dealt with isn't turned around")
        return [(item, again.was.facts) for item in _unkeyed(lead, again)]
    found: list[tuple[Item, Facts]] = []
    for item in wanted(lead, again.now.agenda, asked_at):
        key = f"{lead.cycle}:{item.key}"
        if item.action is Action.CRM:
            continue  # the CRM is told of what was; that is not planned anew
        held = here.get(key)
        if held is not None and (held.template == item.template or not known.is_said(item)):
            put_off = {"at": max(item.at, held.at), "tries": held.tries, "held_by": held.held_by} if held.tries else {}
            found.append((item.model_copy(update=put_off), again.was.facts))
        elif held is None and (key in lead.set_aside or not known.is_behind(key, item)):
            found.append((item, again.was.facts))
        else:
            notes.said(f"adopt/{item.key}", "behind the lead already")
    return found


def _turns(lead: Lead, again: _Again) -> bool:
    """Whether the new answer ends a rest, or the work: a migration only moves what is to come."""
    if lead.rest is not None:
        return again.now.rest is None
    return again.was.decision.kind is DecisionKind.DISPOSE and again.now.outcome is not Outcome.KEEP


def _unkeyed(lead: Lead, again: _Again) -> tuple[Item, ...]:
    own = {f"{lead.cycle}:{key}": key for key in again.planned}
    return tuple(item.model_copy(update={"key": own[item.key]}) for item in lead.agenda if item.key in own)


def _to_the_next(case: _Case, decision_id: str) -> Item:
    """A policy that doesn't know whom the lead is on offer to asks who is next, at once."""
    case.notes.fired("adopt/next", f"{case.lead.owner} is not in this policy's team, so the next is asked")
    key = f"reoffer{decisions.suffix(DecisionKind.ADOPT, decision_id)}"
    return Item(key=key, at=case.now, action=Action.REOFFER, until=Until.ACCEPTED, rule="adopt/next")


def _standing(case: _Case, again: tuple[_Again, ...]) -> Mapping[str, object]:
    """Where the lead stands: what its first decision would have been if nobody has taken it up, else as it is."""
    lead = case.lead
    first = next((each.now for each in again if each.was.asked is None), None)
    clock = next((each.now.sla_due_at for each in again if each.now.kind is DecisionKind.REPLY), None)
    keep: dict[str, object] = {"outcome": Outcome.KEEP, "owner": lead.owner, "queue": lead.queue, "rest": None}
    if lead.rest is not None:
        rest = next((each.now.rest for each in again if each.now.rest is not None), None)
        because = {"because": lead.rest.because, "wake_on_intent": lead.rest.wake_on_intent}
        return {**keep, "rest": rest or lead.rest.model_copy(update=because)}
    if lead.replied_at is None and again:
        clock = again[-1].now.sla_due_at
    if first is None or not lead.is_untouched or lead.plan is None:
        return {**keep, "sla_due_at": clock if again else lead.sla_due_at}
    about = ["outcome", "route", "motion", "channel", "band", "score", "sla_due_at", "rest", "closed"]
    about += ["fallbacks", "fallback_text", "fallback_purpose"]
    keeps = lead.hop > 0 or (lead.owner is not None and case.knows(lead.owner))
    taker = (lead.owner, lead.queue) if keeps else (first.owner, first.queue)
    return {**{name: getattr(first, name) for name in about}, "owner": taker[0], "queue": taker[1]}
