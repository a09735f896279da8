"""The one way from a question to its answer: a lead's first decision, or a later one. Whoever judges, running or
replaying what is stored, asks here, so that the same inputs can't be put to policy in two ways."""

from collections.abc import Callable
from datetime import datetime

from domain.decisions import DecisionKind, Followup, Judgement
from domain.facts import Facts
from policy import adoption, assign, context, news, recycle, ringing, sla
from policy.loaded import LoadedPolicy
from policy.triage import triage

_LATER: dict[DecisionKind, Callable[[Facts, LoadedPolicy, datetime, Followup], Judgement]] = {
    DecisionKind.REOFFER: assign.reoffer,
    DecisionKind.REPLY: sla.after_reply,
    DecisionKind.WORK: sla.work_owed,
    DecisionKind.DISPOSE: recycle.after_disposition,
    DecisionKind.NEWS: news.on_news,
    DecisionKind.CALL: ringing.when_due,
    DecisionKind.ADOPT: adoption.adopt,
}


def of(facts: Facts, asked: Followup | None, loaded: LoadedPolicy, now: datetime, decision_id: str) -> Judgement:
    """The answer to `asked`, a later question; None asks for the triage of the lead's cycle."""
    if asked is None:
        return triage(facts, loaded, now, decision_id)
    answer = context.checked(_LATER[asked.kind](facts, loaded, now, asked), facts, loaded.policy)
    if not loaded.policy.contact_counts.counts(asked):
        return answer
    at = (asked.since if asked.kind is DecisionKind.REPLY else None) or now
    return answer.model_copy(update={"decision": answer.decision.model_copy(update={"contact_at": at})})
