"""What people do while policy is asked counts: its answer, when it comes, settles nothing they have settled."""

import asyncio
from datetime import timedelta

from domain.decisions import DecisionKind
from domain.messages import Accept, Disposition, RowRef
from domain.values import ClosedReason, Code, Stage
from tests.workflows.held import answer_held, away
from tests.workflows.theatre import Played, Theatre

LEADS, DANA = "C0LEADS", "+15125550142"
ADA = "<@U0ADA>"


async def row(lead: Played, kind: str, **more: object) -> None:
    """Tell the lead of a row without waiting for what it does."""
    if kind == "reply":
        lead.theatre.ledger.last_reply[lead.lead.lead_id] = await lead.now()
    if kind == "opted_out":
        lead.theatre.ledger.opted_out["p1"] = True
    ref = RowRef.model_validate({"row_id": f"{kind}-x", "kind": kind, "at": await lead.now(), **more})
    await lead.handle.signal("inbox", ref)


async def gives_up(lead: Played) -> None:
    """The ladder has run out: policy is being asked whether to give the lead up."""
    due = (await lead.passes(timedelta(hours=3))).next_due()
    assert due is not None
    await lead.skipper.fast_forward(lead.handle, due - await lead.now())


async def test_a_stop_while_the_work_is_planned_closes_the_lead_and_plans_nothing(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    async with answer_held(theatre, DecisionKind.WORK) as asked:
        await row(lead, "reply")
        await asked.wait()
        await row(lead, "opted_out")
    state = await lead.handle.result()
    assert (state.closed, state.agenda) == (ClosedReason.OPTED_OUT, ())


async def test_a_stop_while_the_next_cycle_is_triaged_closes_the_lead(theatre: Theatre) -> None:
    lead = await theatre.arrives("content_download")
    state = await lead.passes(timedelta(days=29))
    assert state.rest is not None
    async with answer_held(theatre, DecisionKind.TRIAGE) as asked:
        await lead.skipper.fast_forward(lead.handle, state.rest.until - await lead.now() + timedelta(seconds=1))
        await asked.wait()
        await row(lead, "opted_out")
    state = await lead.handle.result()
    assert (state.closed, state.rest, state.agenda) == (ClosedReason.OPTED_OUT, None, ())


async def test_a_lead_won_while_a_reply_is_judged_stays_won(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("accept", Accept(rep="ada"))
    await lead.settled()
    async with answer_held(theatre, DecisionKind.REPLY) as asked:
        await row(lead, "reply")
        await asked.wait()
        await lead.update("disposition", Disposition(code=Code.WON, by="ada"))
        while lead.lead.lead_id not in theatre.records.closed:
            await asyncio.sleep(0.02)
    state = await lead.handle.result()
    assert state.closed is ClosedReason.WON
    assert theatre.records.leads[lead.lead.lead_id].closed is ClosedReason.WON
    assert [what for _, _, what in lead.told if "answered" in what] == [], "a closed lead alerts nobody"


async def test_a_second_reason_code_is_judged_after_the_first(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    async with answer_held(theatre, DecisionKind.DISPOSE) as asked:
        await lead.update("disposition", Disposition(code=Code.CONNECTED, by="ada"))
        await asked.wait()
        await lead.update("disposition", Disposition(code=Code.WON, by="ada"))
    assert (await lead.handle.result()).closed is ClosedReason.WON


async def test_a_rep_who_accepts_while_the_next_one_is_sought_keeps_the_lead(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    async with away(theatre, DecisionKind.REOFFER) as asked:
        await lead.passes(timedelta(minutes=4))
        await lead.skipper.fast_forward(lead.handle, timedelta(minutes=1))
        await asked.wait()
        await lead.update("accept", Accept(rep="ada"))
        await asyncio.sleep(0.3)  # for another try
    state = await lead.settled()
    assert (state.owner, state.accepted_at is not None, state.tried) == ("ada", True, ("ada",))
    assert [what for _, _, what in lead.told if "call now" in what and ADA not in what] == []


async def test_a_rep_who_claims_while_a_reply_is_judged_keeps_the_lead(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    async with answer_held(theatre, DecisionKind.REPLY) as asked:
        await row(lead, "reply")
        await asked.wait()
        await lead.update("accept", Accept(rep="ben"))
    state = await lead.passes(timedelta(minutes=25))
    assert state.owner == "ben"
    assert not any(ADA in what for _, _, what in lead.told), "nobody else is offered the lead"


async def test_a_rep_who_claims_before_the_lead_is_triaged_keeps_it(theatre: Theatre) -> None:
    lead = await theatre.arrives("content_download")
    rest = (await lead.settled()).rest
    assert rest is not None
    async with answer_held(theatre, DecisionKind.TRIAGE) as asked:
        lead.theatre.ledger.people[lead.lead.lead_id] = lead.theatre.ledger.people[lead.lead.lead_id].model_copy(
            update={"source": "demo_request"}
        )
        await row(lead, "joined", source="demo_request", strong=True)
        await asked.wait()
        await lead.update("accept", Accept(rep="ben"))
    state = await lead.settled()
    assert (state.cycle, state.owner) == (2, "ben")
    assert [what for _, who, what in lead.told if who == LEADS and ADA in what] == []


async def test_a_lead_claimed_while_it_is_given_up_is_worked(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    async with answer_held(theatre, DecisionKind.DISPOSE) as asked:
        await gives_up(lead)
        await asked.wait()
        await lead.update("accept", Accept(rep="ben"))
    state = await lead.settled()
    assert (state.stage, state.owner, state.rest) == (Stage.WORKING, "ben", None)
    before = len(lead.told)
    state = await lead.passes(timedelta(days=10))
    assert any("how did it go with" in what for _, _, what in lead.told[before:])
    assert state.stage is Stage.RESTING, "an outcome that never comes gives the lead up again"


async def test_a_lead_won_while_it_is_given_up_is_won(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    async with answer_held(theatre, DecisionKind.DISPOSE) as asked:
        await gives_up(lead)
        await asked.wait()
        await lead.update("disposition", Disposition(code=Code.WON, by="ada"))
        await lead.handle.query("lead")
    state = await lead.handle.result()
    assert (state.closed, state.rest) == (ClosedReason.WON, None)


async def test_a_reply_that_overtakes_the_triage_of_a_nurtured_lead_goes_to_a_person(theatre: Theatre) -> None:
    lead = await comes_back(theatre)
    async with answer_held(theatre, DecisionKind.TRIAGE) as asked:
        await wakes(lead)
        await asked.wait()
        await row(lead, "reply")
    state = await lead.settled()
    assert (state.cycle, state.stage, state.rest) == (2, Stage.WORKING, None)
    assert state.owner is not None
    assert state.next_due() is not None


async def test_a_reason_code_that_overtakes_the_triage_of_a_nurtured_lead_is_judged(theatre: Theatre) -> None:
    lead = await comes_back(theatre)
    async with answer_held(theatre, DecisionKind.TRIAGE) as asked:
        await wakes(lead)
        await asked.wait()
        await lead.update("disposition", Disposition(code=Code.WON, by="ada"))
    assert (await lead.handle.result()).closed is ClosedReason.WON


async def test_a_reason_code_given_while_news_starts_the_lead_over_is_judged_first(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    async with answer_held(theatre, DecisionKind.NEWS) as asked:
        await row(lead, "joined", source="demo_request", strong=True)
        await asked.wait()
        await lead.update("disposition", Disposition(code=Code.DUPLICATE, by="ada"))
    assert (await lead.handle.result()).closed is ClosedReason.DUPLICATE


async def comes_back(theatre: Theatre) -> Played:
    """A nurtured lead, an hour before its rest ends."""
    lead = await theatre.arrives("content_download")
    state = await lead.settled()
    assert state.rest is not None
    await lead.passes(state.rest.until - await lead.now() - timedelta(hours=1))
    return lead


async def wakes(lead: Played) -> None:
    await lead.skipper.fast_forward(lead.handle, timedelta(hours=1, seconds=1))


async def test_what_is_said_while_a_lead_is_closed_is_handed_back_to_become_a_new_lead(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    async with answer_held(theatre, DecisionKind.DISPOSE) as asked, answer_held(theatre, DecisionKind.REPLY):
        await lead.update("disposition", Disposition(code=Code.LOST, by="ada"))
        await asked.wait()
        await row(lead, "joined", source="contact_sales", strong=True)
        await row(lead, "reply")
        await lead.state()
    state = await lead.handle.result()
    assert state.closed is ClosedReason.LOST
    assert not state.has_seen("joined-x")
    assert not state.has_seen("reply-x")
