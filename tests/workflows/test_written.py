"""When the read model hears of things: neither waits for the other, a first touch and the record of it."""

import asyncio

from domain.ports import Accepted, ChatMessage
from tests.workflows.runs import runs_of
from tests.workflows.theatre import Played, Theatre


async def activities_of(lead: Played) -> list[str]:
    """Names of all activities in the order in which they were scheduled."""
    return [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for run in await runs_of(lead)
        for event in run.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]


async def test_the_first_text_is_begun_before_anything_is_written_down(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    state = await lead.settled()
    begun = await activities_of(lead)
    assert begun[:2] == ["send_text", "sync_crm"]
    assert "write_down" in begun[2:]
    assert theatre.records.leads[lead.lead.lead_id].seq == state.seq
    assert state.unwritten == ()


async def test_while_a_vendor_hangs_the_record_is_a_second_behind_at_most(theatre: Theatre) -> None:
    goes_on, real = asyncio.Event(), theatre.chat.post

    async def post(touch_id: str, message: ChatMessage) -> Accepted:
        await goes_on.wait()
        return await real(touch_id, message)

    theatre.chat.post = post  # type: ignore[method-assign]  # one instance of a fake
    lead = await theatre.arrives("demo_request")
    async with asyncio.timeout(20):
        while lead.lead.lead_id not in theatre.records.leads:
            await asyncio.sleep(0.02)
    assert theatre.chat.told == []
    assert theatre.records.leads[lead.lead.lead_id].handed_off_at is not None
    goes_on.set()
    state = await lead.settled()
    assert theatre.records.leads[lead.lead.lead_id].seq == state.seq
