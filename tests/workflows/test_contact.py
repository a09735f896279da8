"""Contact and what follows: replies, opt-outs, dispositions, rest, the next cycle, every way a lead ends."""

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.messages import Accept, Disposition
from domain.values import ClosedReason, Code, Stage
from tests.workflows.theatre import TUESDAY_NINE, Theatre

LEADS, SUPERVISORS, DANA = "C0LEADS", "C0SUPER", "+15125550142"


async def test_a_reply_stops_what_was_pending_and_alerts_owner_and_team(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=1))
    state = await lead.hears("reply")
    assert state.stage is Stage.WORKING
    assert [(minute, who) for minute, who, _ in lead.told] == [(0, LEADS), (1, LEADS)]
    assert "answered" in lead.told[1][2]
    await lead.passes(timedelta(minutes=15))
    assert DANA not in [who for _, who, _ in lead.told], "the rescue text was called off"


async def test_an_unanswered_reply_is_reminded_after_30_minutes_and_escalated_after_2_hours(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("accept", Accept(rep="ada"))
    await lead.passes(timedelta(minutes=10))
    await lead.hears("reply")
    before = len(lead.told)
    await lead.passes(timedelta(minutes=121))
    after = [(minute, who) for minute, who, _ in lead.told[before:]]
    assert (40, LEADS) in after
    assert (130, SUPERVISORS) in after


async def test_a_stop_ends_everything_at_once(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.passes(timedelta(minutes=1))
    theatre.ledger.opted_out["p1"] = True
    await lead.hears("opted_out")
    state = await lead.handle.result()
    assert state.closed is ClosedReason.OPTED_OUT
    assert [who for _, who, _ in lead.told] == [DANA]
    assert lead.story.index("opted_out") < lead.story.index("closed")
    waited = theatre.records.closed[lead.lead.lead_id] - lead.lead.opened_at
    assert timedelta(minutes=1) <= waited < timedelta(minutes=1, seconds=10)


async def test_a_stop_that_comes_before_the_text_is_sent_wins(theatre: Theatre) -> None:
    theatre.ledger.opted_out["p1"] = True
    lead = await theatre.arrives("paid_lead_form")
    await lead.hears("opted_out")
    await lead.handle.result()
    assert lead.told == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (Code.NOT_ICP, ClosedReason.NOT_ICP),
        (Code.DUPLICATE, ClosedReason.DUPLICATE),
        (Code.WON, ClosedReason.WON),
        (Code.LOST, ClosedReason.LOST),
        (Code.OPTED_OUT, ClosedReason.OPTED_OUT),
    ],
)
async def test_a_disposition_that_ends_a_lead_closes_it_with_its_reason(
    theatre: Theatre, code: Code, reason: ClosedReason
) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("disposition", Disposition(code=code, by="ada"))
    state = await lead.handle.result()
    assert state.closed is reason
    assert state.stage is Stage.CLOSED
    assert lead.story[:1] == ["decided"]
    assert "disposed" in lead.story
    assert any(f"disposition {code}" in (entry.note or "") for entry in theatre.crm.entries)


@pytest.mark.parametrize(("code", "shortest", "longest"), [(Code.NO_RESPONSE, 7, 14), (Code.NOT_NOW, 30, 90)])
async def test_a_disposition_that_sends_a_lead_to_rest_brings_it_back_for_another_cycle(
    theatre: Theatre, code: Code, shortest: int, longest: int
) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("disposition", Disposition(code=code, by="ada"))
    state = await lead.settled()
    assert state.stage is Stage.RESTING
    assert state.rest is not None
    rest = state.rest.until - await lead.now()
    assert timedelta(days=shortest - 1) < rest <= timedelta(days=longest)
    state = await lead.passes(rest + timedelta(minutes=1))
    assert state.cycle == 2
    assert state.plan is not None


async def test_a_lead_nobody_ever_moves_on_is_exhausted_after_its_cycles(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    for _ in range(12):
        if not (await lead.passes(timedelta(days=15))).is_open:
            break
    assert (await lead.handle.result()).closed is ClosedReason.EXHAUSTED


async def test_connected_keeps_the_lead_with_its_rep_and_asks_for_the_outcome(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("accept", Accept(rep="ada"))
    await lead.update("disposition", Disposition(code=Code.CONNECTED, by="ada"))
    state = await lead.settled()
    assert (state.stage, state.owner, state.disposition) == (Stage.WORKING, "ada", None)
    before = len(lead.told)
    await lead.passes(timedelta(days=2))
    assert len(lead.told) > before, "an outcome is owed and asked for"


async def test_a_disposition_may_come_as_a_signal_from_the_temporal_ui(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.handle.signal("record_disposition", {"code": "not_icp", "by": "ada"})
    assert (await lead.handle.result()).closed is ClosedReason.NOT_ICP


async def test_a_bare_code_typed_in_the_temporal_ui_is_understood(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.handle.signal("record_disposition", "duplicate")
    assert (await lead.handle.result()).closed is ClosedReason.DUPLICATE


@pytest.mark.parametrize("nonsense", [{"code": "maybe"}, 42, None, [], {"by": "ada"}, "no such code"])
async def test_a_signal_that_makes_no_sense_is_kept_and_shown_and_the_lead_goes_on(
    theatre: Theatre, nonsense: object
) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.handle.signal("record_disposition", nonsense)
    await lead.handle.signal("inbox", nonsense)
    state = await lead.settled()
    assert state.dead_letters == 2
    assert state.is_open


async def test_the_same_update_twice_is_carried_out_once_even_after_a_cut(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    await lead.update("accept", Accept(rep="ada"), update_id="press-1")
    await lead.passes(timedelta(minutes=40))
    again = await lead.update("accept", Accept(rep="ada"), update_id="press-1")
    assert again.owner == "ada"
    await lead.settled()
    assert lead.story.count("accepted") == 1


async def test_a_hot_inquiry_wakes_a_lead_from_nurture(theatre: Theatre) -> None:
    lead = await theatre.arrives("content_download")
    await lead.passes(timedelta(days=1))
    facts = theatre.ledger.people[lead.lead.lead_id]
    theatre.ledger.people[lead.lead.lead_id] = facts.model_copy(update={"source": "demo_request"})
    state = await lead.hears("joined", source="demo_request", strong=True)
    assert state.cycle == 2
    assert state.owner == "ada"
    assert state.stage is Stage.WAITING
    assert [(minute, who) for minute, who, _ in lead.told] == [(0, DANA), (1440, LEADS)]
    assert "<@U0ADA>: call now Dana Ortiz" in lead.told[1][2]


async def test_a_reply_during_nurture_goes_to_a_person(theatre: Theatre) -> None:
    lead = await theatre.arrives("content_download")
    await lead.passes(timedelta(hours=1))
    state = await lead.hears("reply")
    assert state.stage is Stage.WORKING
    assert state.owner is not None or state.queue is not None
    await lead.passes(timedelta(days=8))
    assert [who for _, who, _ in lead.told].count(DANA) == 1, "the drip ended with the reply"


async def test_a_resting_demo_request_that_asks_again_is_handed_off_again_at_once(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("disposition", Disposition(code=Code.NO_RESPONSE, by="ada"))
    await lead.passes(timedelta(days=1))
    state = await lead.hears("joined", source="demo_request", strong=True)
    assert (state.cycle, state.stage) == (2, Stage.WAITING)
    assert lead.told[-1][1] == LEADS
    assert "call now" in lead.told[-1][2]


async def test_after_not_now_pages_viewed_wake_nobody_and_a_new_inquiry_does(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("disposition", Disposition(code=Code.NOT_NOW, by="ada"))
    await lead.passes(timedelta(days=1))
    assert (await lead.hears("behaviour", source="page_view", strong=True)).cycle == 1
    assert (await lead.hears("joined", source="demo_request", strong=True)).cycle == 2


async def test_five_submits_after_closing_are_one_text_and_one_open_lead(server: WorkflowEnvironment) -> None:
    half_past_five = TUESDAY_NINE + timedelta(hours=8, minutes=30)
    async with Theatre(server, opens=half_past_five).running() as theatre:
        lead = await theatre.arrives("demo_request")
        await lead.settled()
        for _ in range(4):
            await lead.passes(timedelta(minutes=1))
            await lead.hears("joined", source="demo_request", strong=True)
        state = await lead.settled()
        assert [who for _, who, _ in lead.told] == [DANA], "one text, and the call is offered at the opening"
        assert (state.cycle, state.stage, state.closed) == (1, Stage.WAITING, None)
        assert lead.story.count("joined") == 4


async def test_somebody_who_asks_again_after_each_rest_is_never_exhausted(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    for cycle in range(1, 7):
        state = await lead.hears("joined", source="demo_request", strong=True)
        assert (state.cycle, state.closed) == (cycle, None)
        await lead.update("disposition", Disposition(code=Code.NO_RESPONSE, by="ada"))
        await lead.passes(timedelta(hours=1))
        await lead.hears("joined", source="demo_request", strong=True)
    state = await lead.settled()
    assert (state.cycle, state.closed) == (7, None)


async def test_two_missed_calls_within_ten_minutes_are_one_text_whatever_became_of_the_first(theatre: Theatre) -> None:
    lead = await theatre.arrives("missed_call")
    await lead.settled()
    await lead.update("disposition", Disposition(code=Code.NO_RESPONSE, by="ada"))
    await lead.settled()
    state = await lead.hears("joined", source="missed_call", strong=True)
    assert (state.cycle, state.stage, state.owner) == (2, Stage.WAITING, "ada")
    assert [who for _, who, _ in lead.told] == [DANA, LEADS, LEADS], "one text, and both calls are offered"

    await lead.update("disposition", Disposition(code=Code.NO_RESPONSE, by="ada"))
    await lead.passes(timedelta(minutes=10))
    await lead.hears("joined", source="missed_call", strong=True)
    assert [what for _, who, what in lead.told if who == DANA] == [lead.told[0][2]] * 2


async def test_of_two_quick_replies_each_is_shown_in_its_own_words(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    await lead.hears("reply", words="How much is it?")
    await lead.hears("reply", words="And when can you come?")
    shown = [line for _, message in theatre.chat.told for line in message.lines if line.startswith("“")]
    assert shown == ["“How much is it?”", "“And when can you come?”"]
