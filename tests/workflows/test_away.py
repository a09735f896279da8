"""A rep who lets offers run out is set away, told so once, and passed over no more than that (N4)."""

from datetime import timedelta

from domain.facts import RepLoad
from domain.messages import Decline
from domain.ports import Button
from tests.workflows.theatre import Theatre

LEADS = "C0LEADS"
ONCE = (RepLoad(rep="ada", missed=1),)
SET_AWAY = "<@U0ADA>: you missed 2 offers in a row, so new leads go to others until you press this"


async def test_the_second_offer_that_runs_out_sets_the_rep_away_with_one_press_to_come_back(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request", reps=ONCE)
    state = await lead.passes(timedelta(minutes=6))
    assert [(minute, who) for minute, who, text in lead.told if text == SET_AWAY] == [(5, LEADS)]
    (message,) = (message for _, message in theatre.chat.told if message.text == SET_AWAY)
    assert message.buttons == (Button(action="back", label="I'm back", value="ada", style="primary"),)
    assert "Dana" not in str(message), "the lead is somebody else's now"
    assert state.owner not in (None, "ada")


async def test_a_rep_who_passes_has_missed_nothing(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request", reps=ONCE)
    await lead.settled()
    await lead.update("decline", Decline(rep="ada", offer=1))
    await lead.passes(timedelta(minutes=6))
    assert all(text != SET_AWAY for _, _, text in lead.told)
