"""A running lead under another policy: what is left of its plan, each step counted from where it was first set going.

The cycle's own questions are put to the new policy again, from the facts and at the moments they were first asked.
What the lead has behind it stays behind it; what would now lie in the past is due now, once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.adoption import Adopting, Answered
from domain.agendas import wanted
from domain.decisions import Decision, DecisionKind, Followup, Item, Judgement, Outcome
from domain.facts import Facts
from domain.lead import Lead
from domain.values import Action
from policy import assign, candidates, decisions, overdue, recycle, sla, triage
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
    def is_nobodys(self) -> bool:
        """Nobody was asked to take it so far, nor everybody."""
        return self.lead.is_untouched and self.lead.owner is None and self.lead.hop == 0


def adopt(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """What is left of the lead's plan under this policy. `ask` is an Adopting."""
    assert isinstance(ask, Adopting), "only a lead that was read can be adopted"
    notes, lead = Notes(), ask.lead
    again = _asked_again(_Case(facts, loaded, now, lead, notes), ask.answers)
    known = _planned(lead, ask.answers, again)
    items, replaced = [], tuple(item.key for item in lead.agenda if item.key in known)
    for each in again:
        items += _left(lead, each, known, notes)
    items = overdue.on_time(items, loaded, now, notes)
    standing = _standing(lead, again)
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
    lead = case.lead
    governing = [each for each in (_of_rest(answers),) if each] if lead.rest is not None else _of_work(lead, answers)
    return tuple(_Again(each, _answer(case, each)) for each in governing)


def _of_rest(answers: Sequence[Answered]) -> Answered | None:
    return next((each for each in reversed(answers) if each.decision.rest is not None), None)


def _of_work(lead: Lead, answers: Sequence[Answered]) -> list[Answered]:
    if lead.disposition is not None:
        return []  # it is judged next, by the new policy already
    if lead.is_untouched or (lead.accepted_at is not None and lead.contacted_at is None and lead.working_since is None):
        first = lead.plan.decision_id if lead.plan is not None else None
        return [each for each in answers if each.decision.decision_id == first]
    kinds: list[tuple[DecisionKind, ...]] = []
    if lead.replied_at is not None:
        kinds.append((DecisionKind.REPLY,))
    if lead.working_since is not None:
        kinds.append((DecisionKind.WORK, DecisionKind.DISPOSE))
    newest = (_newest(lead, answers, each) for each in kinds)
    return [each for each in newest if each is not None]


def _newest(lead: Lead, answers: Sequence[Answered], kinds: tuple[DecisionKind, ...]) -> Answered | None:
    found = [each for each in answers if each.decision.kind in kinds and _plans_work(lead, each.decision)]
    return found[-1] if found else None


def _plans_work(lead: Lead, decision: Decision) -> bool:
    """Whether the lead took its plan from this answer, as domain.decided folds it."""
    if decision.kind is DecisionKind.DISPOSE:
        return decision.outcome is Outcome.KEEP
    is_slower = decision.kind is DecisionKind.REPLY and decision.outcome is Outcome.KEEP
    return not is_slower or (bool(decision.agenda) and lead.escalated_at is None)


def _answer(case: _Case, was: Answered) -> Decision:
    at, asked, loaded = was.decision.decided_at, was.asked, case.loaded
    if asked is None:
        return _first(case, was)
    if asked.kind is DecisionKind.DISPOSE:
        return recycle.after_disposition(was.facts, loaded, at, asked).decision
    asks = {DecisionKind.REPLY: sla.after_reply, DecisionKind.WORK: sla.work_owed}
    return asks[asked.kind](was.facts, loaded, at, asked).decision


def _first(case: _Case, was: Answered) -> Decision:
    """The lead's first decision again. Where it now calls for a rep whom nobody chose yet, whose turn it is and who
    has room is asked of today's team, and that turn is counted."""
    owner = was.decision.owner
    taker = assign.Taker(owner, None) if owner is not None else None
    found = _triage(case, was, taker)
    if found.owner is None or owner is not None or not case.is_nobodys:
        return found
    return _triage(case, was, assign.choose(assign.Search(case.facts, case.loaded, case.now), case.notes))


def _triage(case: _Case, was: Answered, taker: assign.Taker | None) -> Decision:
    at, decision_id = was.decision.decided_at, was.decision.decision_id
    return triage.triage(was.facts, case.loaded, at, decision_id, taker).decision


def _planned(lead: Lead, answers: Sequence[Answered], again: tuple[_Again, ...]) -> tuple[str, ...]:
    """Keys, as on the agenda, of all that the governing answers and earlier adoptions of the cycle have planned."""
    adoptions = [each.decision for each in answers if each.decision.kind is DecisionKind.ADOPT]
    earlier = [item.key for each in adoptions for item in each.agenda if item.action is not Action.CRM]
    keys = [*(key for each in again for key in each.planned), *earlier]
    return tuple(f"{lead.cycle}:{key}" for key in dict.fromkeys(keys)) if again else ()


def _left(lead: Lead, again: _Again, known: tuple[str, ...], notes: Notes) -> list[tuple[Item, Facts]]:
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
        if key in here:
            held = here[key]
            put_off = {"at": max(item.at, held.at), "tries": held.tries, "held_by": held.held_by} if held.tries else {}
            found.append((item.model_copy(update=put_off), again.was.facts))
        elif key in lead.set_aside or key not in known:
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


def _standing(lead: Lead, again: tuple[_Again, ...]) -> Mapping[str, object]:
    """Where the lead stands: what its first decision would have been if nobody has taken it up, else as it is."""
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
    about += ["fallbacks", "fallback_text"]
    taker = (first.owner, first.queue) if lead.owner is None and lead.hop == 0 else (lead.owner, lead.queue)
    return {**{name: getattr(first, name) for name in about}, "owner": taker[0], "queue": taker[1]}
