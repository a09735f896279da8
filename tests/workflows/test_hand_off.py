"""The first motion of each kind of lead, and the ladder that climbs when nobody moves (requirements G5, R44-R49)."""

from datetime import timedelta

import pytest

from domain.facts import ConsentFacts, PersonFacts
from domain.messages import Accept, Decline
from domain.values import Motion, Stage
from tests.workflows.theatre import Theatre

LEADS, SUPERVISORS, POOL, DANA = "C0LEADS", "C0SUPER", "C0POOL", "+15125550142"
ADA = "<@U0ADA>"


def said(told: list[tuple[float, str, str]]) -> list[tuple[float, str]]:
    """When and whom, without the words."""
    return [(minute, who) for minute, who, _ in told]


async def test_a_demo_request_in_business_hours_is_a_call_task_for_the_rep_of_the_territory(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    state = await lead.settled()
    assert [(minute, who) for minute, who, _ in lead.told] == [(0, LEADS)]
    assert f"{ADA}: call now Dana Ortiz (Ortiz Roofing), due Tue 09:05 CST" in lead.told[0][2]
    _, message = theatre.chat.told[0]
    assert any("they were looking at /pricing" in line for line in message.lines)
    assert [button.action for button in message.buttons] == ["accept", "decline", "dispose"]
    assert state.stage is Stage.WAITING
    assert state.owner == "ada"
    entry = theatre.crm.entries[0]
    assert (entry.owner_id, entry.task) == ("101", "Call Dana Ortiz")


async def test_when_nobody_moves_the_ladder_warns_rescues_reoffers_and_opens_the_lead_to_everybody(
    theatre: Theatre,
) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=121))
    assert said(lead.told) == [
        (0, LEADS),
        (2.5, LEADS),
        (3.75, LEADS),
        (5, DANA),
        (5, LEADS),
        (10, LEADS),
        (15, LEADS),
        (20, POOL),
        (30, LEADS),
        (120, SUPERVISORS),
    ]
    offered = [
        text.split(":")[0] for _, who, text in lead.told if who == LEADS and "due Tue" in text and "nobody" not in text
    ]
    assert len(set(offered)) == 4, "each hop goes to another rep"
    state = await lead.state()
    assert state.breached
    assert "sla_missed" in lead.story


async def test_a_rep_who_accepts_ends_the_warnings_and_is_reminded_only_of_contact(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=1))
    answer = await lead.update("accept", Accept(rep="ada", offer=1))
    assert answer.owner == "ada"
    await lead.passes(timedelta(minutes=121))
    assert said(lead.told) == [(0, LEADS), (1, LEADS), (30, LEADS), (120, SUPERVISORS)]
    assert "has taken Dana Ortiz" in lead.told[1][2]
    assert not (await lead.state()).breached


async def test_a_rep_who_passes_sends_the_lead_to_the_next_rep_at_once(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("decline", Decline(rep="ada", offer=1))
    state = await lead.settled()
    assert state.owner not in (None, "ada")
    assert said(lead.told) == [(0, LEADS), (0, LEADS)]
    assert state.tried[0] == "ada"


async def test_an_ad_lead_gets_one_question_by_text_and_no_rep_is_called(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    state = await lead.settled()
    assert said(lead.told) == [(0, DANA)]
    assert "Are you looking to start this month?" in lead.told[0][2]
    assert state.first_touch_at is not None
    assert state.owner is None


async def test_a_content_lead_is_nurtured_and_hears_from_us_on_days_0_7_and_21(theatre: Theatre) -> None:
    lead = await theatre.arrives("content_download")
    state = await lead.passes(timedelta(days=22))
    assert state.stage is Stage.RESTING
    assert [round(minute / 1440) for minute, who, _ in lead.told if who == DANA] == [0, 7, 21]
    assert all(who == DANA for _, who, _ in lead.told)


async def test_a_lead_without_phone_and_mail_becomes_a_task_for_a_person(theatre: Theatre) -> None:
    nobody = PersonFacts(person_id="p9")
    lead = await theatre.arrives("demo_request", person=nobody, consent=ConsentFacts())
    state = await lead.settled()
    assert state.plan is not None
    assert state.plan.motion is Motion.HUMAN_TASK
    assert all(who != DANA for _, who, _ in lead.told)
    assert len(lead.told) == 1


async def test_nothing_is_left_for_a_day_after_an_untouched_lead_goes_to_rest(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    state = await lead.passes(timedelta(days=3))
    assert state.stage is Stage.RESTING
    assert state.rest is not None
    assert state.rest.track == "re_engage"
    assert "rested" in lead.story


@pytest.mark.parametrize("rep", ["ben", "dev"])
async def test_the_first_to_claim_a_pooled_lead_has_it_and_the_second_is_told_who_was_first(
    theatre: Theatre, rep: str
) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=21))
    await lead.update("accept", Accept(rep=rep))
    with pytest.raises(Exception, match="Workflow update failed") as refused:
        await lead.update("accept", Accept(rep="cleo"))
    assert f"{rep} has already accepted this lead" in str(refused.value.__cause__)
    assert (await lead.settled()).owner == rep
