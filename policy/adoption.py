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
from domain.values import Action, Channel, Purpose
from policy import assign, decisions, recycle, sla, triage, windows
from policy.loaded import LoadedPolicy
from policy.notes import Notes

_TO_THE_PERSON = (Action.TEXT, Action.RESCUE)


@dataclass(frozen=True, slots=True)
class _Again:
    """One of the cycle's answers, given by the new policy; `planned` are the keys of the old one."""

    was: Answered
    now: Decision

    @property
    def planned(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.was.decision.agenda if item.action is not Action.CRM)


def adopt(facts: Facts, loaded: LoadedPolicy, now: datetime, ask: Followup) -> Judgement:
    """What is left of the lead's plan under this policy. `ask` is an Adopting."""
    assert isinstance(ask, Adopting), "only a lead that was read can be adopted"
    notes, lead = Notes(), ask.lead
    again = _asked_again(lead, ask.answers, loaded)
    known = _planned(lead, ask.answers, again)
    items, replaced = [], tuple(item.key for item in lead.agenda if item.key in known)
    for each in again:
        items += _left(lead, each, known, notes)
    items = _on_time(items, loaded, now, notes)
    standing = _standing(lead, again)
    if standing["rest"] is not None and lead.rest is None:
        key = f"crm{decisions.suffix(DecisionKind.ADOPT, ask.decision_id)}"
        items.append((Item(key=key, at=now, action=Action.CRM, template="nurture", rule="crm"), facts))
    notes.fired("adopt", f"{len(replaced)} steps to come were replaced by {len(items)}, from their first start on")
    decision = Decision.model_validate(
        {
            **decisions.stamp(DecisionKind.ADOPT, ask.decision_id, loaded, now),
            **standing,
            "agenda": tuple(item for item, _ in items),
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


def _asked_again(lead: Lead, answers: Sequence[Answered], loaded: LoadedPolicy) -> tuple[_Again, ...]:
    """The answers that what is still to come goes back to."""
    governing = [each for each in (_of_rest(answers),) if each] if lead.rest is not None else _of_work(lead, answers)
    return tuple(_Again(each, _answer(lead, each, loaded)) for each in governing)


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


def _answer(lead: Lead, was: Answered, loaded: LoadedPolicy) -> Decision:
    at, asked = was.decision.decided_at, was.asked
    if asked is None:
        owner = was.decision.owner
        taker = assign.Taker(owner, None) if owner is not None else None
        return triage.triage(was.facts, loaded, at, was.decision.decision_id, taker).decision
    if asked.kind is DecisionKind.DISPOSE:
        return recycle.after_disposition(was.facts, loaded, at, asked).decision
    asks = {DecisionKind.REPLY: sla.after_reply, DecisionKind.WORK: sla.work_owed}
    return asks[asked.kind](was.facts, loaded, at, asked).decision


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


def _on_time(
    items: list[tuple[Item, Facts]], loaded: LoadedPolicy, now: datetime, notes: Notes
) -> list[tuple[Item, Facts]]:
    """What lies in the past is due now, once: of several texts to the person, and of several steps of a kind, the
    last. A text waits for its next permitted moment."""
    last: dict[str, str] = {}
    for item, _ in sorted(items, key=lambda each: each[0].at):
        if item.at <= now:
            last[_kind(item)] = item.key
    found: list[tuple[Item, Facts]] = []
    for item, facts in items:
        if item.at > now:
            found.append((item, facts))
        elif last[_kind(item)] != item.key:
            notes.passed_over(item.key, f"its moment, {item.at.isoformat()}, is over, and a later one is due")
        elif (due := _due_now(item, facts, loaded, now)) is not None:
            found.append((due, facts))
        else:
            notes.passed_over(item.key, "its moment is over, and no other is ever permitted")
    return sorted(found, key=lambda each: each[0].at)


def _kind(item: Item) -> str:
    return "text" if item.action in _TO_THE_PERSON else item.action


def _due_now(item: Item, facts: Facts, loaded: LoadedPolicy, now: datetime) -> Item | None:
    if item.action not in _TO_THE_PERSON or item.purpose is Purpose.INTERNAL:
        return item.model_copy(update={"at": now})
    window = windows.earliest(facts, loaded, now, Channel.SMS, item.purpose)
    if window.earliest is None:
        return None
    return item.model_copy(update={"at": window.earliest, "held_by": window.held_by})


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
    is_asked_of = lead.owner is not None or lead.hop > 0  # or of everybody
    taker = (lead.owner, lead.queue) if is_asked_of else (first.owner, first.queue)
    return {**{name: getattr(first, name) for name in about}, "owner": taker[0], "queue": taker[1]}
