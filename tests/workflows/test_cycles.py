"""A cycle begins while the one before it is still being carried out: each says its own, once."""

import asyncio
from datetime import timedelta

from domain.errors import NotSent
from domain.facts import ConsentFacts
from domain.messages import RowRef
from domain.ports import Accepted, ChatMessage, CrmEntry
from tests.workflows.theatre import Played, Theatre

LEADS = "C0LEADS"


async def asks_for_a_demo(lead: Played) -> None:
    people = lead.theatre.ledger.people
    people[lead.lead.lead_id] = people[lead.lead.lead_id].model_copy(update={"source": "demo_request"})
    row = RowRef(row_id="j1", kind="joined", at=await lead.now(), source="demo_request", strong=True)
    await lead.handle.signal("inbox", row)
    async with asyncio.timeout(20):
        while (await lead.state()).plan is None or (await lead.state()).cycle == 1:
            await asyncio.sleep(0.02)


async def test_crm_entries_that_wait_for_the_crm_are_made_once_in_each_cycle(theatre: Theatre) -> None:
    down, real = True, theatre.crm.apply

    async def apply(touch_id: str, entry: CrmEntry) -> Accepted:
        if down:
            raise NotSent("hubspot", "connect")
        return await real(touch_id, entry)

    theatre.crm.apply = apply  # type: ignore[method-assign]  # one instance of a fake
    lead = await theatre.arrives("content_download")
    await asks_for_a_demo(lead)
    down = False
    await lead.settled()
    notes = sorted((entry.note or "").split(",")[0] for entry in theatre.crm.entries)
    assert notes == ["Baton: lead from demo request", "Baton: nurture."]


async def test_an_offer_that_hangs_in_the_chat_takes_no_offer_of_the_next_cycle_with_it(theatre: Theatre) -> None:
    goes_on, real, posts = asyncio.Event(), theatre.chat.post, 0

    async def post(touch_id: str, message: ChatMessage) -> Accepted:
        nonlocal posts
        posts += 1
        if posts == 1:
            await goes_on.wait()
        return await real(touch_id, message)

    theatre.chat.post = post  # type: ignore[method-assign]  # one instance of a fake
    lead = await theatre.arrives("pigeon_post", consent=ConsentFacts(sms=False, call=True, kind="inquiry"))
    async with asyncio.timeout(20):
        while posts == 0:
            await asyncio.sleep(0.02)
    await asks_for_a_demo(lead)
    goes_on.set()
    await lead.passes(timedelta(seconds=1))
    assert sum("call now" in what for _, who, what in lead.told if who == LEADS) == 1
