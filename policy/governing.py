"""Which of a cycle's answers what is still to come goes back to."""

from collections.abc import Sequence

from domain.adoption import Answered
from domain.decisions import Decision, DecisionKind, Outcome
from domain.lead import Lead


def of(lead: Lead, answers: Sequence[Answered]) -> tuple[Answered, ...]:
    """Those whose plan the lead follows, of all that were given in its cycle, oldest first."""
    found = _of_rest(lead, answers) if lead.rest is not None else _of_work(lead, answers)
    return tuple(each for each in found if _is_whole(each))


def _is_whole(answer: Answered) -> bool:
    """Whether its question was stored with it: a later answer from before that was done can't be asked again."""
    return answer.asked is not None or answer.decision.kind is DecisionKind.TRIAGE


def _of_rest(lead: Lead, answers: Sequence[Answered]) -> list[Answered]:
    """The answer that laid the lead to rest; where an adoption did, the cycle's first, which that one had asked again.
    An adoption is never asked itself: it would count from the moment of its own."""
    own = [each for each in answers if each.decision.kind is not DecisionKind.ADOPT]
    found = [each for each in own if each.decision.rest is not None]
    return found[-1:] or _first_of(lead, own)


def _first_of(lead: Lead, answers: Sequence[Answered]) -> list[Answered]:
    first = lead.plan.decision_id if lead.plan is not None else None
    return [each for each in answers if each.decision.decision_id == first]


def _of_work(lead: Lead, answers: Sequence[Answered]) -> list[Answered]:
    if lead.disposition is not None:
        return []  # it is judged next, by the new policy already
    if lead.is_untouched or (lead.accepted_at is not None and lead.contacted_at is None and lead.working_since is None):
        return _first_of(lead, answers)
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
