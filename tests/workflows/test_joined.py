"""What joins a running lead: it is told to whoever is on it, or kept and shown where nobody knows what it is."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from domain.decisions import Decision, DecisionKind, Followup, Judgement
from domain.facts import Facts
from domain.messages import Accept, Decline, Disposition
from domain.values import Code
from tests.workflows.theatre import Theatre

LEADS, ADA = "C0LEADS", "<@U0ADA>"


async def test_a_second_inquiry_of_somebody_in_work_is_told_to_their_rep(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("accept", Accept(rep="ada"))
    await lead.update("disposition", Disposition(code=Code.CONNECTED, by="ada"))
    await lead.passes(timedelta(hours=1))
    before = len(lead.told)
    state = await lead.hears("joined", source="contact_sales", strong=True)
    assert [(minute, who, what) for minute, who, what in lead.told[before:]] == [
        (60, LEADS, f"{ADA}: Dana Ortiz (Ortiz Roofing) has asked again")
    ]
    assert (state.cycle, state.news) == (1, ())


@pytest.mark.parametrize("source", ["paid_lead_form", "demo_request"])
async def test_a_second_inquiry_of_somebody_whom_nobody_has_taken_yet_tells_nobody(
    theatre: Theatre, source: str
) -> None:
    lead = await theatre.arrives(source)
    await lead.settled()
    before = len(lead.told)
    state = await lead.hears("joined", source=source, strong=True)
    assert (lead.told[before:], state.news) == ([], ())


async def test_a_row_of_an_unknown_kind_is_kept_and_shown(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    state = await lead.hears("telegram")
    assert (state.dead_letters, state.is_open) == (1, True)
    assert lead.story.count("dead_letter") == 1


@pytest.mark.parametrize("code", [Code.NOT_NOW, Code.NO_RESPONSE])
async def test_a_rep_can_pass_on_no_lead_at_rest(theatre: Theatre, code: Code) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("disposition", Disposition(code=code, by="ada"))
    await lead.passes(timedelta(days=1))
    before = len(lead.told)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await lead.update("decline", Decline(rep="ada", offer=1))
    assert str(refused.value.cause) == "Refused: The lead is on offer to nobody now."
    await lead.settled()
    assert lead.told[before:] == []


async def test_a_fault_in_an_effect_holds_the_lead_where_everybody_sees_it(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    times, real = 0, theatre.decisions.store

    async def store(facts: Facts, asked: Followup | None, judgement: Judgement) -> Decision:
        nonlocal times
        if judgement.decision.kind is not DecisionKind.REOFFER:
            return await real(facts, asked, judgement)
        times += 1
        raise ApplicationError("a fault", non_retryable=True)

    theatre.decisions.store = store  # type: ignore[method-assign]  # one instance of a fake
    await lead.update("decline", Decline(rep="ada", offer=1))
    async with asyncio.timeout(20):
        while not [event async for event in lead.handle.fetch_history_events() if is_failed_turn(event.event_type)]:
            await asyncio.sleep(0.05)
    assert times == 1, "not asked again in every turn, unseen"
    await lead.handle.terminate("the test is over")


def is_failed_turn(kind: EventType.ValueType) -> bool:
    return kind == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
