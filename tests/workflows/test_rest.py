"""At rest and out of it: a reply, a rep or a new word wakes a lead for good, and a rest's texts end with it."""

from datetime import timedelta

from domain.decisions import Began
from domain.facts import ConsentFacts
from domain.messages import Accept, Disposition
from domain.values import Code, Stage
from tests.workflows.theatre import Played, Theatre

LEADS, SUPERVISORS, DANA = "C0LEADS", "C0SUPER", "+15125550142"


def texts(lead: Played) -> list[int]:
    """The days on which the person was texted."""
    return [round(minute / 1440) for minute, who, _ in lead.told if who == DANA]


async def disposed(theatre: Theatre, code: Code, passes: timedelta = timedelta(days=1)) -> Played:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("disposition", Disposition(code=code, by="ada"))
    await lead.passes(passes)
    return lead


async def test_a_reply_out_of_a_rest_is_worked_as_any_other_though_the_lead_was_worked_before(
    theatre: Theatre,
) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("accept", Accept(rep="ada"))
    await lead.passes(timedelta(minutes=10))
    await lead.hears("reply")
    await lead.update("disposition", Disposition(code=Code.NO_RESPONSE, by="ada"))
    await lead.passes(timedelta(days=1))
    before = len(lead.told)
    assert (await lead.hears("reply")).stage is Stage.WORKING
    state = await lead.passes(timedelta(days=20))
    assert [who for _, who, _ in lead.told[before:]].count(SUPERVISORS) >= 1, "an outcome is owed and asked for"
    assert state.rest is not None or state.cycle > 1, "an outcome that never comes gives the lead up again"


async def test_a_lead_given_up_in_work_is_worked_anew_when_the_person_answers(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("accept", Accept(rep="ada"))
    await lead.hears("reply")
    state = await lead.passes(timedelta(days=9))
    assert state.stage is Stage.RESTING
    state = await lead.hears("reply")
    assert state.stage is Stage.WORKING
    assert state.next_due() is not None


async def test_a_claim_out_of_a_rest_begins_the_work(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    assert (await lead.passes(timedelta(days=2))).stage is Stage.RESTING
    answer = await lead.update("accept", Accept(rep="ben"))
    assert answer.said == "ben has the lead"
    state = await lead.settled()
    assert (state.stage, state.owner, state.rest) == (Stage.WORKING, "ben", None)
    assert lead.work_began == [Began.ACCEPTED], "nobody has reached them"
    before = len(lead.told)
    await lead.passes(timedelta(days=2))
    assert [who for _, who, _ in lead.told[before:]] == [LEADS, SUPERVISORS], "ben is reminded, then his supervisor"


async def test_a_rest_chosen_twice_texts_once(theatre: Theatre) -> None:
    lead = await disposed(theatre, Code.NO_RESPONSE, timedelta(minutes=1))
    await lead.update("disposition", Disposition(code=Code.NO_RESPONSE, by="ada"))
    await lead.passes(timedelta(days=5))
    assert texts(lead) == [3]
    assert lead.story.count("rested") == 2


async def test_a_reply_ends_the_texts_of_a_rest(theatre: Theatre) -> None:
    lead = await disposed(theatre, Code.NO_RESPONSE)
    await lead.hears("reply")
    await lead.passes(timedelta(days=4))
    assert texts(lead) == []


async def test_a_longer_rest_replaces_a_shorter_one_with_its_texts(theatre: Theatre) -> None:
    lead = await disposed(theatre, Code.NO_RESPONSE)
    await lead.update("disposition", Disposition(code=Code.NOT_NOW, by="ada"))
    state = await lead.passes(timedelta(days=28))
    assert texts(lead) == []
    assert state.rest is not None
    assert state.rest.track == "long_cycle"
    assert lead.story.count("rested") == 2


async def test_after_a_rest_that_ran_out_a_missed_call_is_not_answered_again(theatre: Theatre) -> None:
    lead = await theatre.arrives("missed_call", consent=ConsentFacts(kind="inquiry"))
    state = await lead.passes(timedelta(days=12))
    assert (state.cycle, state.prompted) == (2, False)
    assert texts(lead) == [0], "the one answer that their call was leave for"
