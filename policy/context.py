"""The handoff package and its completeness: what the policy's contract needs to know of a lead, and what nobody has
said yet. Names alone leave this module: what people answered stays with the facts."""

from domain.decisions import Decision, DecisionKind, Judgement, Outcome, Reason
from domain.facts import Facts
from policy.handoff import Needed
from policy.model import Policy
from policy.notes import plain

_GIVES_WORK = (Outcome.HAND_OFF, Outcome.HUMAN_TASK, Outcome.KEEP)
_HANDS_OVER = (DecisionKind.TRIAGE, DecisionKind.REOFFER, DecisionKind.REPLY, DecisionKind.WORK)


def missing(facts: Facts, policy: Policy) -> tuple[Needed, ...]:
    """What of the contract is not known, in its order; nothing where a policy has no contract."""
    if policy.handoff is None:
        return ()
    return tuple(need for need in policy.handoff.needs if not _is_known(need, facts))


def _is_known(need: Needed, facts: Facts) -> bool:
    said = [facts.answers.get(key, "") for key in need.answers]
    said += [getattr(facts.person, name) or "" for name in need.person]
    return any(letter.isalnum() for each in said for letter in each)  # a dash or a question mark says nothing


def hands_over(decision: Decision) -> bool:
    """Whether this decision gives a person work, so that the contract counts."""
    return decision.kind in _HANDS_OVER and decision.outcome in _GIVES_WORK


def checked(judgement: Judgement, facts: Facts, policy: Policy) -> Judgement:
    """The judgement, with what is missing of the contract where it gives a person work. Holds nothing up."""
    if policy.handoff is None or not hands_over(judgement.decision):
        return judgement
    names = tuple(need.name for need in missing(facts, policy))
    said = f"still to ask: {', '.join(map(plain, names))}" if names else "all that the handoff needs is known"
    reason = Reason(rule=f"handoff/{policy.handoff.name}", because=said)
    trace = judgement.trace.model_copy(update={"reasons": (*judgement.trace.reasons, reason)})
    decision = judgement.decision.model_copy(update={"missing": names})
    return Judgement(decision=decision, trace=trace)
