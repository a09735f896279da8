"""What must not pile up: steps after an outage, reminders after many replies, entries for a CRM that was away."""

import asyncio
from datetime import timedelta

from domain.errors import NotSent
from domain.messages import Accept, Decline, Disposition
from domain.ports import Accepted, CrmEntry
from domain.values import Action, ClosedReason, Code
from tests.policy import cases
from tests.workflows.theatre import Played, Theatre
from workflows import names
from workflows.lead import LeadWorkflow

LEADS, SUPERVISORS, POOL, DANA = "C0LEADS", "C0SUPER", "C0POOL", "+15125550142"


def said(told: list[tuple[float, str, str]]) -> list[tuple[float, str]]:
    """When and whom, without the words."""
    return [(minute, who) for minute, who, _ in told]


async def away(theatre: Theatre, lead: Played, absence: timedelta) -> Played:
    """The same lead, taken up by a worker that was away all that time."""
    state = await lead.settled()
    await lead.handle.terminate()
    theatre.offset += absence
    later = state.model_copy(update={"clock_offset": state.clock_offset + absence})
    with theatre.env.with_time_skipping_disabled():
        handle = await theatre.env.client.start_workflow(
            LeadWorkflow.run, later, id=names.lead_workflow_id("main", state.lead_id), task_queue=names.LEADS
        )
    return Played(theatre, theatre.env.client.get_workflow_handle_for(LeadWorkflow.run, handle.id), lead.lead)


async def test_after_an_outage_of_25_minutes_only_the_furthest_step_is_made(theatre: Theatre) -> None:
    lead = await away(theatre, await theatre.arrives("demo_request"), timedelta(minutes=25))
    state = await lead.settled()
    assert sorted(who for _, who, _ in lead.told) == sorted([LEADS, DANA, POOL])
    assert state.breached
    assert state.queue == "inbound"
    await lead.passes(timedelta(minutes=10))
    assert [who for _, who, _ in lead.told][3:] == [LEADS], "the reminder, in its time"


async def test_two_texts_that_waited_for_one_cap_go_as_the_cap_allows(theatre: Theatre) -> None:
    theatre.follow(cases.changed(contact={"caps": [{"most": 1, "within": "25d"}]}))
    lead = await theatre.arrives("content_download")
    state = await lead.passes(timedelta(days=26))
    days = [minute / 1440 for minute, who, _ in lead.told if who == DANA]
    assert days == [0, 25], "the hello, and of the two that were put off to this moment the first"
    (waits,) = [item for item in state.agenda if item.action is Action.TEXT]
    assert (waits.at - lead.lead.opened_at).days in (49, 50), "the other is put off again, and nothing is lost"


async def test_passing_twice_on_one_offer_is_passing_once(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    passing = Decline(rep="ada", offer=1)
    answers = await asyncio.gather(*(lead.update("decline", passing) for _ in range(2)), return_exceptions=True)
    assert any(not isinstance(answer, BaseException) for answer in answers)
    await lead.settled()
    assert said(lead.told) == [(0, LEADS), (0, LEADS)], "ada, then one other rep"


async def test_after_five_replies_one_reminder_and_one_alert_follow_the_last(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("accept", Accept(rep="ada"))
    for _ in range(5):
        await lead.passes(timedelta(minutes=1))
        await lead.hears("reply")
    before = len(lead.told)
    await lead.passes(timedelta(minutes=150))
    assert said(lead.told)[before:] == [(35, LEADS), (125, SUPERVISORS)]


async def test_a_reply_that_nobody_takes_has_a_deadline_that_can_be_missed(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.passes(timedelta(minutes=1))
    state = await lead.hears("reply")
    assert state.replied_at is not None
    assert state.sla_due_at == state.replied_at + timedelta(minutes=30)
    (offer,) = [text for _, _, text in lead.told if "get in touch with" in text]
    assert ", due Tue 09:31 CST" in offer
    state = await lead.passes(timedelta(minutes=31))
    assert state.breached
    assert lead.story.count("sla_missed") == 1


async def test_a_pool_is_told_once_however_small_the_team(theatre: Theatre) -> None:
    theatre.only("ada", "ben")
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=25))
    assert [who for _, who, _ in lead.told].count(POOL) == 1


async def test_a_text_put_off_to_the_morning_names_who_has_the_lead_by_then(theatre: Theatre) -> None:
    theatre.at(theatre.opens - timedelta(hours=11))  # Monday, 22:00
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("accept", Accept(rep="ben"))
    await lead.passes(timedelta(hours=12))
    (text,) = [words for _, who, words in lead.told if who == DANA]
    assert "Ben" in text
    assert "Ada" not in text


async def test_the_crm_hears_things_in_the_order_they_happened(theatre: Theatre) -> None:
    gone, real = asyncio.Event(), theatre.crm.apply

    async def apply(touch_id: str, entry: CrmEntry) -> Accepted:
        if not gone.is_set():
            raise NotSent("hubspot", "connect")
        return await real(touch_id, entry)

    theatre.crm.apply = apply  # type: ignore[method-assign]  # a CRM that is away
    lead = await theatre.arrives("demo_request")
    await asyncio.sleep(1)
    await lead.update("disposition", Disposition(code=Code.NOT_ICP, by="ben"))
    gone.set()
    await lead.handle.result()
    assert [(entry.stage, (entry.note or "").split(".")[0]) for entry in theatre.crm.entries] == [
        ("OPEN", "Baton: lead from demo request, owner ada"),
        ("UNQUALIFIED", "Baton: disposition not_icp by ben"),
        ("UNQUALIFIED", "Baton: lead closed, not icp"),
    ]


async def test_the_crm_learns_that_the_person_opted_out(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    theatre.ledger.opted_out["p1"] = True
    await lead.hears("opted_out")
    assert (await lead.handle.result()).closed is ClosedReason.OPTED_OUT
    assert (theatre.crm.entries[-1].stage, theatre.crm.entries[-1].note) == (
        "UNQUALIFIED",
        "Baton: lead closed, opted out.",
    )


async def test_after_contact_people_are_asked_how_it_went_and_no_deadline_is_shown_at_rest(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("accept", Accept(rep="ada"))
    await lead.update("disposition", Disposition(code=Code.CONNECTED, by="ada"))
    before = len(lead.told)
    await lead.passes(timedelta(hours=26))
    words = [text for _, _, text in lead.told[before:]]
    assert [text.split(":", 1)[1].split("Dana")[0] for text in words] == [
        " how did it go with ",
        " nobody has said how it went with ",
    ]
    await lead.update("disposition", Disposition(code=Code.NOT_NOW, by="ada"))
    state = await lead.settled()
    assert state.is_resting
    assert state.sla is None
