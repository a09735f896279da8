"""Triage: the decision made at capture is taken while it is fresh, and asked for again when it isn't; whom it closes
or spares hears nothing."""

from datetime import timedelta
from typing import Any

import pytest

from domain.facts import History
from domain.values import ClosedReason, Motion, Stage
from tests.fakes import texan
from tests.workflows.theatre import Theatre

LEADS, DANA = "C0LEADS", "+15125550142"


async def test_a_lead_that_starts_at_once_takes_the_decision_made_at_capture(theatre: Theatre) -> None:
    """Captured half a minute before the business opened, so with a text and a call once it is open."""
    lead = await theatre.arrives("demo_request", ago=timedelta(seconds=30))
    state = await lead.settled()
    assert state.plan is not None
    assert lead.lead.captured is not None
    assert (state.asked, state.plan.decision_id) == (0, lead.lead.captured.decision_id)
    assert [(minute, who) for minute, who, _ in lead.told] == [(0.5, DANA), (0.5, LEADS)]


async def test_a_lead_that_starts_late_is_judged_again_by_the_hour_it_starts_at(theatre: Theatre) -> None:
    """Captured at 08:20, before the business opened; Temporal was down until 09:00."""
    lead = await theatre.arrives("demo_request", ago=timedelta(minutes=40))
    assert lead.lead.captured is not None
    assert lead.lead.captured.motion is Motion.TEXT_BACK
    state = await lead.settled()
    assert state.plan is not None
    assert (state.plan.motion, state.asked) == (Motion.LIVE_TRANSFER, 1)
    assert state.plan.decision_id != lead.lead.captured.decision_id
    assert [(minute, who) for minute, who, _ in lead.told] == [(40, LEADS)]
    assert "call now Dana Ortiz (Ortiz Roofing), due Tue 09:05 CST" in lead.told[0][2]


async def test_who_opted_out_while_the_lead_waited_to_start_hears_nothing(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form", ago=timedelta(hours=1))
    theatre.ledger.opted_out["p1"] = True
    assert (await lead.handle.result()).closed is ClosedReason.OPTED_OUT
    assert lead.told == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"person": texan(email_domain="brightside.example")}, ClosedReason.NOT_ICP),
        ({"person": texan(email_domain="rival.example")}, ClosedReason.NOT_ICP),
        ({"history": History(opted_out=True)}, ClosedReason.OPTED_OUT),
    ],
    ids=["own staff", "competitor", "opted out"],
)
async def test_a_lead_closed_at_triage_ends_at_once_and_only_the_crm_hears_of_it(
    theatre: Theatre, changes: dict[str, Any], reason: ClosedReason
) -> None:
    theatre.ledger.opted_out["p1"] = reason is ClosedReason.OPTED_OUT
    lead = await theatre.arrives("demo_request", **changes)
    state = await lead.handle.result()
    assert (state.closed, state.stage, state.owner) == (reason, Stage.CLOSED, None)
    assert lead.told == []
    assert [(entry.owner_id, entry.task, entry.note) for entry in theatre.crm.entries] == [
        (None, None, f"Baton: lead closed, {reason.replace('_', ' ')}.")
    ]
    assert lead.story[:1] == ["decided"]
    assert lead.story.count("closed") == 1
    assert "handed_off" not in lead.story
    assert theatre.records.closed[lead.lead.lead_id] >= lead.lead.opened_at


async def test_a_student_is_spared_a_call_and_rests_without_a_text(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request", person=texan(email_domain="austin.edu"))
    state = await lead.settled()
    assert state.rest is not None
    assert (state.stage, state.owner, state.rest.track) == (Stage.RESTING, None, "email_only")
    await lead.passes(timedelta(days=29))
    assert lead.told == []
