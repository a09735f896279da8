"""The tenant's kill switch and sandbox, seen from a lead: nothing of it is lost while nothing of it is sent."""

from datetime import timedelta

from tests.workflows.theatre import Theatre


async def test_while_touches_are_stopped_a_text_waits_and_goes_once_they_are_not(theatre: Theatre) -> None:
    theatre.ledger.stopped = True
    lead = await theatre.arrives("paid_lead_form")
    state = await lead.passes(timedelta(minutes=20))
    assert theatre.sms.told == []
    assert [item.key for item in state.agenda if "text" in item.key] == ["1:text-1"]
    theatre.ledger.stopped = False
    state = await lead.passes(timedelta(minutes=6))
    assert len(theatre.sms.told) == 1
    assert state.first_touch_at is not None


async def test_while_touches_are_stopped_our_own_people_are_told(theatre: Theatre) -> None:
    theatre.ledger.stopped = True
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=1))
    assert [who for _, who, _ in lead.told] == ["C0LEADS"]
    assert theatre.crm.entries != []


async def test_in_a_sandbox_a_lead_lives_its_life_and_nothing_leaves(theatre: Theatre) -> None:
    theatre.ledger.sandbox = True
    lead = await theatre.arrives("paid_lead_form")
    other = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=20))
    state = await other.passes(timedelta(hours=3))
    assert (theatre.sms.told, theatre.chat.told, theatre.crm.entries) == ([], [], [])
    assert state.is_pooled, "the ladder was climbed"
    rows = [
        row for row in theatre.ledger.rows.values() if row.intent.lead_id in {lead.lead.lead_id, other.lead.lead_id}
    ]
    assert {(row.state, row.error) for row in rows} == {("cancelled", "sandbox")}
    assert {row.intent.channel for row in rows} == {"sms", "chat", "crm"}
