"""Judgement of a running lead: asks policy once per decision id and keeps the answer with its trace."""

import structlog
from temporalio import activity

from activities.clock import lead_now
from activities.policies import Policies
from domain.adoption import Adopting
from domain.decisions import Decision, DecisionKind
from domain.errors import BatonError, Unavailable
from domain.orders import Adoption, Question
from domain.ports import Decisions
from policy import adoption, judgements

log = structlog.get_logger()


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
        changes = {"cycle": question.cycle, "prompted": question.prompted, "history": history}
        facts = facts.model_copy(update={**changes, "source": question.source or facts.source})
        policy = await self._policies.pinned(question.policy_hash)
        judgement = judgements.of(facts, question.followup, policy, now, question.decision_id)
        return await self._decisions.store(facts, question.followup, judgement)

    @activity.defn(name="adopt_policy")
    async def adopt(self, order: Adoption) -> Decision:
        """What is left of the lead's plan under the policy it is to adopt. One that can't be had here, or fails on this
        lead, is refused, and the lead goes on as it did."""
        answered = await self._decisions.find(order.decision_id)
        if answered is not None:
            return answered
        now, lead = lead_now(order), order.lead
        facts = await self._decisions.facts(order.tenant, order.lead_id, now)
        answers = await self._decisions.cycle(order.tenant, order.lead_id, lead.cycle)
        ask = Adopting(
            kind=DecisionKind.ADOPT, decision_id=order.decision_id, cycle=lead.cycle, lead=lead, answers=answers
        )
        try:
            policy = await self._policies.pinned(order.adopts)
            judgement = judgements.of(facts, ask, policy, now, order.decision_id)
        except Unavailable:
            raise  # nobody has judged yet: asked again
        except Exception as error:  # noqa: BLE001 - a fault in judging must not hold the lead up: it goes on as it did
            because = error.code if isinstance(error, BatonError) else type(error).__name__
            log.error("adoption_refused", lead=order.lead_id, policy=order.adopts, error=because)
            return await self._decisions.store(facts, None, adoption.refused(lead, now, order.decision_id, because))
        return await self._decisions.store(facts, ask, judgement)
