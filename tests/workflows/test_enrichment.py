"""Waiting to learn of the company: an answer in time is judged, a deadline passes, news ends the wait, and nobody who
needn't wait does; whatever happens meanwhile, nobody is touched twice (N13)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.companies import CompanyFacts
from domain.errors import Ambiguous, Rejected
from domain.facts import SignalFact
from domain.lead import Lead
from domain.messages import Disposition
from domain.values import ClosedReason, Code, Motion
from tests.fakes import texan
from tests.policy import cases
from tests.workflows.runs import runs_of
from tests.workflows.theatre import Played, Theatre

LEADS, DANA, ACME = "C0LEADS", "+15125550142", "acme.example"
BIG = CompanyFacts(domain=ACME, employees=250)
PATIENCE = timedelta(seconds=2)
IMPATIENT = cases.changed(enrich={"other": "2s"})
"""Time isn't skipped while a worker is busy asking: these seconds are real."""


async def keen(theatre: Theatre, source: str = "webinar", **changes: Any) -> Played:
    """Somebody who fits and keeps coming back, of a company nobody knows: five points short of an A."""
    now = theatre.opens
    who = texan(title="Owner", email="dana@acme.example", email_domain=ACME, company_domain=ACME)
    looked = tuple(SignalFact(kind="page_view", page="/pricing", at=now - timedelta(minutes=n)) for n in (1, 2, 3))
    given = {"person": who, "signals": looked, "page": "/blog", "enriches": True, **changes}
    return await theatre.arrives(source, **given)


async def waiting(lead: Played) -> None:
    """Until the provider has been asked."""
    async with asyncio.timeout(20):
        while not lead.theatre.provider.asked:
            await asyncio.sleep(0.02)


async def skip(lead: Played, by: timedelta) -> None:
    await lead.skipper.fast_forward(lead.handle, by)


def touched(lead: Played) -> list[str]:
    return [who for _, who, _ in lead.told]


async def test_an_answer_in_time_is_judged(theatre: Theatre) -> None:
    theatre.provider.known[ACME] = BIG
    lead = await keen(theatre)
    assert lead.lead.captured is not None
    assert lead.lead.captured.motion is Motion.NURTURE
    state = await lead.settled()
    assert state.plan is not None
    assert (state.plan.route, state.plan.motion, state.plan.band) == ("assist", Motion.HUMAN_TASK, "A")
    assert (state.asked, theatre.provider.asked) == (1, [ACME])
    assert touched(lead) == [LEADS]
    assert theatre.companies.answers == {ACME: BIG}


async def test_when_the_deadline_passes_the_lead_goes_on_by_the_decision_of_the_capture(theatre: Theatre) -> None:
    theatre.follow(IMPATIENT)
    theatre.provider.known[ACME] = BIG
    theatre.provider.open.clear()
    lead = await keen(theatre)
    await waiting(lead)
    assert touched(lead) == []
    assert (await lead.state()).plan is None
    await skip(lead, PATIENCE + timedelta(seconds=1))
    state = await lead.settled()
    assert state.plan is not None
    assert lead.lead.captured is not None
    assert (state.asked, state.plan.decision_id) == (0, lead.lead.captured.decision_id)
    assert touched(lead) == [DANA]
    theatre.provider.open.set()
    async with asyncio.timeout(20):
        while ACME not in theatre.companies.answers:
            await asyncio.sleep(0.02)
    assert theatre.companies.answers == {ACME: BIG}, "what comes late is kept for the next judgement"
    # Asked again by news, policy knows.
    await lead.hears("behaviour", source="page_view", strong=True)
    state = await lead.settled()
    assert state.plan is not None
    assert (state.cycle, state.plan.route) == (2, "assist")


@pytest.mark.parametrize("trouble", [Rejected("enrichment", "http_400"), None])
async def test_an_answer_that_tells_nothing_ends_the_wait(theatre: Theatre, trouble: Exception | None) -> None:
    theatre.provider.troubles = [trouble] if trouble else []
    lead = await keen(theatre)
    state = await lead.settled()
    assert (state.asked, touched(lead)) == (0, [DANA])
    assert theatre.provider.asked == [ACME]
    assert theatre.companies.answers == ({} if trouble else {ACME: None})


async def test_a_provider_in_trouble_is_asked_again_while_there_is_time(theatre: Theatre) -> None:
    theatre.provider.known[ACME] = BIG
    theatre.provider.troubles = [Ambiguous("enrichment", "http_500"), Ambiguous("enrichment", "garbled_answer")]
    lead = await keen(theatre)
    async with asyncio.timeout(20):
        while (await lead.state()).plan is None:
            await skip(lead, timedelta(seconds=2))
    state = await lead.settled()
    assert state.plan is not None
    assert (state.plan.route, len(theatre.provider.asked)) == ("assist", 3)


async def test_news_of_the_person_ends_the_wait(theatre: Theatre) -> None:
    theatre.provider.open.clear()
    lead = await keen(theatre)
    await waiting(lead)
    facts = theatre.ledger.people[lead.lead.lead_id]
    theatre.ledger.people[lead.lead.lead_id] = facts.model_copy(update={"source": "demo_request"})
    await lead.handle.signal(
        "inbox", {"row_id": "r2", "kind": "joined", "at": theatre.opens, "source": "demo_request", "strong": True}
    )
    state = await until_planned(lead)
    assert state.plan is not None
    theatre.provider.open.set()
    state = await lead.settled()
    assert state.plan is not None
    assert (state.plan.route, state.cycle) == ("demo_request", 2)


async def until_planned(lead: Played) -> Lead:
    async with asyncio.timeout(20):
        while (state := await lead.state()).plan is None and state.is_open:
            await asyncio.sleep(0.02)
    return state


async def test_who_opts_out_while_the_lead_waits_hears_nothing(theatre: Theatre) -> None:
    theatre.provider.open.clear()
    lead = await keen(theatre)
    await waiting(lead)
    await lead.handle.signal("inbox", {"row_id": "r2", "kind": "opted_out", "at": theatre.opens})
    state = Lead.model_validate(await lead.handle.result())
    assert (state.closed, state.plan) == (ClosedReason.OPTED_OUT, None)
    assert touched(lead) == []
    theatre.provider.open.set()


async def test_a_disposition_while_the_lead_waits_is_not_lost(theatre: Theatre) -> None:
    theatre.provider.open.clear()
    lead = await keen(theatre)
    await waiting(lead)
    await lead.update("disposition", Disposition(code=Code.NOT_ICP, by="ada"))
    state = Lead.model_validate(await lead.handle.result())
    assert state.closed is ClosedReason.NOT_ICP
    assert DANA not in touched(lead)
    theatre.provider.open.set()


async def test_two_leads_of_one_company_share_a_question(theatre: Theatre) -> None:
    theatre.provider.known[ACME] = BIG
    theatre.provider.open.clear()
    first, second = await keen(theatre), await keen(theatre)
    await waiting(first)
    await asyncio.sleep(0.3)
    theatre.provider.open.set()
    for lead in (first, second):
        state = await lead.settled()
        assert state.plan is not None
        assert state.plan.route == "assist"
    assert theatre.provider.asked == [ACME]


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("demo_request", {}),
        ("webinar", {"enriches": False}),
        ("webinar", {"signals": ()}),
        ("webinar", {"company": CompanyFacts(domain=ACME, employees=7)}),
    ],
)
async def test_who_need_not_wait_has_the_same_commands_as_ever(
    theatre: Theatre, source: str, changes: dict[str, Any]
) -> None:
    lead = await keen(theatre, source, **changes)
    await lead.settled()
    first = (await runs_of(lead))[0]
    scheduled = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in first.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    assert "enrich" not in scheduled
    assert theatre.provider.asked == []


async def test_workers_that_die_while_the_lead_waits_cost_nothing_but_the_answer(server: WorkflowEnvironment) -> None:
    """The workers are gone over the deadline; those that come next go on, and touch once."""
    before = Theatre(server)
    before.follow(IMPATIENT)
    before.provider.open.clear()
    async with before.running():
        lead = await keen(before)
        await waiting(lead)
    await skip(lead, PATIENCE + timedelta(seconds=1))
    async with before.running():
        await lead.settled()
        await lead.passes(timedelta(minutes=5))
        assert touched(lead) == [DANA]
        state = await lead.state()
        assert (state.asked, state.cycle) == (0, 1)


async def test_workers_that_die_and_come_back_in_time_ask_again(server: WorkflowEnvironment) -> None:
    theatre = Theatre(server)
    theatre.provider.known[ACME] = BIG
    theatre.provider.open.clear()
    async with theatre.running():
        lead = await keen(theatre)
        await waiting(lead)
    theatre.provider.open.set()
    async with theatre.running():
        async with asyncio.timeout(20):
            while (await lead.state()).plan is None:
                await skip(lead, timedelta(seconds=1))
        state = await lead.settled()
        assert state.plan is not None
        assert state.plan.route == "assist"
        assert touched(lead) == [LEADS]
