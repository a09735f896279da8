"""Adopting a policy, as the worker asks it: a fault in judging holds up no lead, an outage is asked again."""

import pytest
from temporalio.testing import ActivityEnvironment

from activities.decide import Decide
from activities.policies import Policies
from domain.decisions import Outcome
from domain.errors import Unavailable
from domain.orders import Adoption
from policy import judgements
from tests.fake_ledger import FakeLedger
from tests.fakes import FakeDecisions, facts_of
from tests.policy import cases
from tests.policy.running import waiting
from tests.published import published

NEXT = cases.changed(hops=2)


def order() -> tuple[Decide, FakeDecisions, Adoption]:
    lead = waiting().lead
    ledger = FakeLedger(people={lead.lead_id: facts_of(lead.lead_id, lead.source, lead.opened_at)})
    decisions = FakeDecisions(ledger)
    asked = {"tenant": lead.tenant, "lead_id": lead.lead_id, "lead": lead, "adopts": NEXT.hash, "key": "adopt"}
    adoption = Adoption.model_validate({**asked, "as_of": lead.opened_at, "decision_id": "lead-1:1:adopt:9"})
    return Decide(decisions, Policies(NEXT, published(NEXT))), decisions, adoption


async def test_a_policy_that_fails_on_a_lead_is_refused_and_the_answer_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    decide, decisions, adoption = order()

    def broken(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(judgements, "of", broken)
    decision = await ActivityEnvironment().run(decide.adopt, adoption)
    assert (decision.outcome, decision.policy_hash) == (Outcome.KEEP, adoption.lead.policy_hash)
    assert decisions.stored["lead-1:1:adopt:9"].trace.reasons[0].because == "ZeroDivisionError"


async def test_while_the_policies_can_not_be_read_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    decide, decisions, adoption = order()

    async def gone(_hash: str) -> None:
        raise Unavailable("PostgreSQL does not answer")

    monkeypatch.setattr(decide._policies, "pinned", gone)
    with pytest.raises(Unavailable):
        await ActivityEnvironment().run(decide.adopt, adoption)
    assert decisions.stored == {}
