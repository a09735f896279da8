"""Work: contact was made, and a reason code is owed. It is asked for, higher up each time, until it comes or the work
ladder ends; and what the codes lead to that neither keep the lead nor end well."""

from datetime import timedelta

from domain.messages import Accept, Disposition
from domain.values import ClosedReason, Code, Motion, Stage
from tests.workflows.theatre import Played, Theatre

LEADS, SUPERVISORS, POOL, DANA = "C0LEADS", "C0SUPER", "C0POOL", "+15125550142"
DAY = timedelta(days=1)


def told_by_day(lead: Played) -> list[tuple[int, str]]:
    """On which day after its arrival, and whom."""
    return [(int(minute // 1440), who) for minute, who, _ in lead.told]


async def test_an_outcome_nobody_gives_is_asked_for_up_to_the_end_of_the_work_ladder_and_then_the_lead_rests(
    theatre: Theatre,
) -> None:
    """4 hours, 1, 2, 3 and 5 business days after contact; Thursday is Thanksgiving, and then comes a weekend."""
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("accept", Accept(rep="ada"))
    await lead.update("disposition", Disposition(code=Code.CONNECTED, by="ada"))
    await lead.settled()
    await lead.passes(7 * DAY)
    asked = lead.told[2:]
    assert [(minute, who) for minute, who, _ in asked[:2]] == [(240, LEADS), (1440, SUPERVISORS)]
    assert told_by_day(lead)[4:] == [(3, LEADS), (6, POOL)]
    assert lead.work_began == [], "a reason code that keeps the lead says itself what is owed"
    assert "<@U0ADA>: how did it go with Dana Ortiz (Ortiz Roofing)? A reason is still owed" in asked[0][2]
    assert "<@U0BEN>" in asked[2][2], "the next rep is asked"
    assert (await lead.state()).stage is Stage.WORKING
    state = await lead.passes(DAY + timedelta(hours=1))
    assert state.rest is not None
    assert (state.stage, state.rest.track) == (Stage.RESTING, "re_engage")
    assert len(lead.told) == 6, "nobody is told twice, and the person not at all"


async def test_a_reason_code_ends_the_work_ladder(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("accept", Accept(rep="ada"))
    await lead.update("disposition", Disposition(code=Code.MEETING_SET, by="ada"))
    await lead.passes(timedelta(hours=5))
    await lead.update("disposition", Disposition(code=Code.NO_RESPONSE, by="ada"))
    before = len(lead.told)
    state = await lead.passes(2 * DAY)
    assert state.stage is Stage.RESTING
    assert len(lead.told) == before


async def test_a_competitor_is_lost_and_its_owner_and_the_crm_are_told(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("disposition", Disposition(code=Code.COMPETITOR, by="ada"))
    state = await lead.handle.result()
    assert (state.closed, state.stage) == (ClosedReason.LOST, Stage.CLOSED)
    assert [(minute, who) for minute, who, _ in lead.told] == [(0, LEADS), (0, LEADS)]
    assert lead.told[-1][2] == "<@U0ADA>: Dana Ortiz (Ortiz Roofing) is closed"
    assert any("disposition competitor" in (entry.note or "") for entry in theatre.crm.entries)


async def test_a_bad_number_rests_for_two_weeks_and_comes_back_as_a_lead_without_one(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("disposition", Disposition(code=Code.BAD_NUMBER, by="ada"))
    state = await lead.settled()
    assert state.rest is not None
    assert (state.stage, state.rest.track) == (Stage.RESTING, "email_only")
    facts = theatre.ledger.people[lead.lead.lead_id]  # as the records have it from then on
    without = facts.person.model_copy(update={"phone": None, "flags": ("invalid_phone",)})
    theatre.ledger.people[lead.lead.lead_id] = facts.model_copy(update={"person": without})
    before = lead.told
    await lead.passes(13 * DAY)
    assert lead.told == before
    state = await lead.passes(2 * DAY)
    assert (state.cycle, state.stage) == (2, Stage.WAITING)
    assert state.plan is not None
    assert state.plan.motion is Motion.HUMAN_TASK
    assert told_by_day(lead)[len(before)] == (14, LEADS)
    assert DANA not in [who for _, who, _ in lead.told]
