"""Judgement of a running lead: asks policy once per decision id and keeps the answer with its trace."""

from temporalio import activity

from activities.clock import lead_now
from activities.policies import Policies
from domain.decisions import Decision
from domain.orders import Question
from domain.ports import Decisions
from policy import judgements


class Decide:
    """Puts questions to policy for workflows."""

    def __init__(self, decisions: Decisions, policies: Policies) -> None:
        self._decisions = decisions
        self._policies = policies

    @activity.defn(name="decide")
    async def decide(self, question: Question) -> Decision:
        """The stored answer if this question was answered before (a repeated activity), else a new one,
        stored."""
        answered = await self._decisions.find(question.decision_id)
        if answered is not None:
            return answered
        now = lead_now(question)
        facts = await self._decisions.facts(question.tenant, question.lead_id, now)
        history = facts.history.model_copy(update={"handoffs": question.cycle - 1, "woken": question.woken})
        changes = {"cycle": question.cycle, "source": question.source or facts.source, "history": history}
        facts = facts.model_copy(update=changes)
        policy = await self._policies.pinned(question.policy_hash)
        judgement = judgements.of(facts, question.followup, policy, now, question.decision_id)
        return await self._decisions.store(facts, question.followup, judgement)
