"""What people tell a lead through the gateway: heard once, started or not, over or not."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import BaseModel

from domain.errors import NotFound, Refused
from domain.inbox import Standing
from domain.lead import Lead
from domain.messages import Accept, Answer, Decline, Disposition, RowRef
from domain.values import Code
from policy.triage import triage
from runtime.gateway import Gateway
from tests.fakes import facts_of
from tests.workflows.theatre import Played, Theatre
from workflows import names
from workflows.lead import LeadWorkflow

LOST = Disposition(code=Code.LOST, by="ada")
NOT_NOW = Disposition(code=Code.NOT_NOW, by="ada")


@dataclass
class Books:
    """domain.ports.Standings in memory."""

    known: dict[str, Standing] = field(default_factory=dict)

    async def standing(self, tenant: str, lead_id: str) -> Standing | None:
        return self.known.get(lead_id)


@dataclass
class Desk:
    """A gateway, and what the records say of leads."""

    theatre: Theatre
    books: Books = field(default_factory=Books)

    async def tell(self, lead_id: str, name: str, message: BaseModel, key: str = "http:k1") -> Answer:
        gateway = Gateway(self.theatre.env.client, "main", self.books)
        with self.theatre.env.with_time_skipping_disabled():  # it may start the lead
            return await gateway.update(lead_id, name, message, key)

    async def captured(self, source: str = "demo_request") -> Played:
        """A lead that was captured and not yet dispatched."""
        lead_id, now = uuid.uuid4().hex, datetime.now(UTC) + self.theatre.offset
        facts = self.theatre.ledger.people[lead_id] = facts_of(lead_id, source, now)
        judged = triage(facts, self.theatre.policies.current, now, f"{lead_id}:1:triage:0")
        await self.theatre.decisions.store(facts, None, judged)
        offset, decision = self.theatre.offset, judged.decision
        lead = Lead(
            tenant="main", lead_id=lead_id, source=source, opened_at=now, clock_offset=offset, captured=decision
        )
        self.books.known[lead_id] = Standing(
            start=lead, ref=RowRef(row_id=f"row-{lead_id}", kind="inquiry", at=now), state=lead
        )
        workflow_id = names.lead_workflow_id("main", lead_id)
        return Played(
            self.theatre, self.theatre.env.client.get_workflow_handle_for(LeadWorkflow.run, workflow_id), lead
        )

    async def closed(self, key: str) -> Played:
        """A lead that was lost under `key`, its workflow over."""
        lead = await self.captured()
        await self.tell(lead.lead.lead_id, "disposition", LOST, key)
        state = Lead.model_validate(await lead.handle.result())
        self.books.known[state.lead_id] = self.books.known[state.lead_id].model_copy(update={"state": state})
        return lead


@pytest.fixture
def desk(theatre: Theatre) -> Desk:
    return Desk(theatre)


@pytest.mark.parametrize("rep", ["ada", "ben"])
async def test_a_lead_just_captured_is_started_by_whoever_accepts_it_and_is_theirs(desk: Desk, rep: str) -> None:
    lead = await desk.captured()
    answer = await desk.tell(lead.lead.lead_id, "accept", Accept(rep=rep))
    assert (answer.owner, answer.said) == (rep, f"{rep} has the lead")
    state = await lead.passes(timedelta(minutes=6))
    assert (state.owner, state.accepted_at is not None) == (rep, True)
    assert all("nobody has taken" not in words for _, _, words in lead.told), "the warnings are pointless"


async def test_a_disposition_of_a_lead_just_captured_ends_it(desk: Desk) -> None:
    lead = await desk.captured()
    await desk.tell(lead.lead.lead_id, "disposition", LOST)
    assert Lead.model_validate(await lead.handle.result()).closed == "lost"
    assert "is closed" in lead.told[-1][2]
    assert all(who != "+15125550142" for _, who, _ in lead.told), "the person is left alone"


async def test_the_dispatch_that_comes_after_is_not_a_second_inquiry(desk: Desk) -> None:
    lead = await desk.captured()
    known = desk.books.known[lead.lead.lead_id]
    await desk.tell(lead.lead.lead_id, "accept", Accept(rep="ada"))
    before = await lead.settled()
    await Gateway(desk.theatre.env.client, "main", desk.books).start_or_tell(known.start, known.ref)
    assert (await lead.settled()).seq == before.seq


async def test_a_lead_nobody_knows_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound, match="There is no lead"):
        await desk.tell("no-such-lead", "accept", Accept(rep="ada"))


async def test_a_closed_lead_says_how_it_ended(desk: Desk) -> None:
    lead = await desk.closed("http:k1")
    with pytest.raises(Refused, match=r"The lead is closed \(lost\)"):
        await desk.tell(lead.lead.lead_id, "accept", Accept(rep="ada"), "http:k2")
    with pytest.raises(Refused, match=r"The lead is closed \(lost\)"):
        await desk.tell(lead.lead.lead_id, "disposition", NOT_NOW, "http:k1")


async def test_who_sends_again_what_closed_the_lead_is_told_it_was_carried_out(desk: Desk) -> None:
    lead = await desk.closed("http:k1")
    answer = await desk.tell(lead.lead.lead_id, "disposition", LOST, "http:k1")
    assert "lost" in answer.said


@pytest.mark.parametrize(
    ("name", "message"),
    [("disposition", NOT_NOW), ("accept", Accept(rep="ben")), ("decline", Decline(rep="ada"))],
    ids=["another route", "another body", "another route, alike"],
)
@pytest.mark.parametrize("minutes", [0, 40])
async def test_a_key_that_carried_another_message_is_refused_and_says_what_to_do(
    desk: Desk, name: str, message: BaseModel, minutes: int
) -> None:
    lead = await desk.captured()
    await desk.tell(lead.lead.lead_id, "accept", Accept(rep="ada"))
    await lead.passes(timedelta(minutes=minutes))
    with pytest.raises(Refused, match="with a key of its own"):
        await desk.tell(lead.lead.lead_id, name, message)
    state = await lead.settled()
    assert (state.owner, state.disposition) == ("ada", None)
    await desk.tell(lead.lead.lead_id, "disposition", NOT_NOW, "http:k2")
    await lead.settled()
    assert lead.story.count("disposed") == 1


async def test_the_same_key_and_message_are_carried_out_once_even_after_a_cut(desk: Desk) -> None:
    lead = await desk.captured()
    first = await desk.tell(lead.lead.lead_id, "accept", Accept(rep="ada"))
    await lead.passes(timedelta(minutes=40))
    again = await desk.tell(lead.lead.lead_id, "accept", Accept(rep="ada"))
    assert again.said == first.said
    await lead.settled()
    assert lead.story.count("accepted") == 1
