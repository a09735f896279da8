"""What adopting a policy would change for one running lead: its next action, and what would be due now. The same
judgement and the same fold as when it is told."""

from datetime import datetime

from domain import transitions
from domain.adoption import Adopting
from domain.cohorts import InFlight, Moved, NextAction
from domain.decisions import DecisionKind
from domain.events import Decided
from domain.facts import Facts
from domain.lead import Lead
from policy import adoption
from policy.loaded import LoadedPolicy

_WAKE, _SLA, _CLOSE, _WORK, _END = "wake", "sla", "close", "work", "end"


def of(found: InFlight, loaded: LoadedPolicy) -> Moved | None:
    """How the lead's next action would change; None when it wouldn't."""
    lead, now = _begun(found.lead), found.now
    after = _adopted(found, lead, loaded)
    fires = _fires(lead, after, now)
    is_same = _next(lead) == _next(after) and not fires
    if is_same:
        return None
    return Moved(
        lead_id=lead.lead_id,
        source=lead.source,
        stage=lead.stage,
        owner=lead.owner or lead.queue,
        follows=lead.policy_hash,
        before=_next(lead),
        after=_next(after),
        fires=fires,
    )


def _begun(lead: Lead) -> Lead:
    """The lead once its first decision is taken, which its workflow does before anything else."""
    if lead.plan is not None or lead.captured is None:
        return lead
    first = Decided(at=lead.captured.decided_at, decision=lead.captured, cycle=lead.cycle)
    return transitions.apply(lead, first)


def _adopted(found: InFlight, lead: Lead, loaded: LoadedPolicy) -> Lead:
    ask = Adopting(
        kind=DecisionKind.ADOPT,
        decision_id=f"{lead.lead_id}:{lead.cycle}:adopt:preview",
        cycle=lead.cycle,
        lead=lead,
        answers=found.answers,
    )
    decision = adoption.adopt(_facts(found), loaded, found.now, ask).decision
    return transitions.apply(lead, Decided(at=found.now, decision=decision, cycle=lead.cycle, adopts=loaded.hash))


def _facts(found: InFlight) -> Facts:
    newest = found.answers[-1].facts if found.answers else None
    lead = found.lead
    return newest or Facts(tenant=lead.tenant, lead_id=lead.lead_id, source=lead.source, received_at=lead.opened_at)


def _next(lead: Lead) -> NextAction:
    item, due = lead.next_item(), lead.next_due()
    if lead.closed is not None:
        return NextAction(action=_CLOSE, template=lead.closed)
    if lead.is_left_alone:
        return NextAction(action=_END)
    if _begins_work(lead):
        return NextAction(action=_WORK)
    if item is not None and item.at == due:
        return NextAction(action=item.action, at=due, template=item.template)
    if due is None:
        return NextAction()
    return NextAction(action=_SLA if lead.rest is None else _WAKE, at=due)


def _fires(before: Lead, after: Lead, now: datetime) -> bool:
    """Whether something is due now that wasn't: a step, a missed SLA, or the end of a rest, of the first ladder, of all
    that would ask for an outcome, or of the lead."""
    was_due = [item.key for item in before.agenda if item.at <= now]
    steps = any(item.at <= now and item.key not in was_due for item in after.agenda)
    woken = after.rest is not None and after.rest.until <= now and not before.is_rested(now)
    late = after.is_late(now) and not before.is_late(now)
    ends = [(each.closed is not None, each.is_left_alone, _begins_work(each)) for each in (before, after)]
    return steps or woken or late or any(now_so and not was for was, now_so in zip(*ends, strict=True))


def _begins_work(lead: Lead) -> bool:
    return lead.is_being_worked and lead.working_since is None
