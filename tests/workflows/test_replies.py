"""What a reply's words set going: a call, nothing at all, or a rest; and no call that goes past a reply (R23)."""

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from domain.messages import Accept
from domain.replies import ReplyKind
from domain.values import Code, Motion, Stage
from tests.policy.cases import changed
from tests.workflows.theatre import TUESDAY_NINE, Theatre

LEADS, DANA = "C0LEADS", "+15125550142"


async def test_a_buying_signal_makes_a_call_of_an_ad(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.passes(timedelta(minutes=3))
    state = await lead.hears("reply", words="Yes, call me", said=ReplyKind.BUYING_SIGNAL)
    assert (state.owner, state.plan and state.plan.motion, state.offer) == ("ada", Motion.LIVE_TRANSFER, 1)
    said = [what for minute, who, what in lead.told if who == LEADS and minute == 3]
    assert any("call now" in what for what in said), said
    assert any("wants to go on" in what for what in said), said
    state = await lead.passes(timedelta(minutes=21))
    assert state.breached
    assert [minute for minute, who, _ in lead.told if who == DANA] == [0, 8], (
        "the question, and one that keeps it alive"
    )
    assert state.is_pooled
    state = await lead.passes(timedelta(days=2))
    assert state.stage is Stage.WORKING, "who answered is not left to a drip"


async def test_words_that_follow_a_buying_signal_dont_slow_its_call(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    before = await lead.hears("reply", words="Yes", said=ReplyKind.BUYING_SIGNAL)
    after = await lead.hears("reply", words="What does it cost?", said=ReplyKind.QUESTION)
    assert (after.offer, after.sla_due_at) == (1, before.sla_due_at)
    await lead.update("accept", Accept(rep="ada"))
    state = await lead.hears("reply", words="Hello?", said=ReplyKind.OTHER)
    assert state.escalated_at is None
    assert len({item.rule for item in state.agenda if item.rule} - {"sla/work"}) == 1, "one ladder of replies at a time"


async def test_a_queued_call_gives_way_to_the_reply_of_the_night(server: WorkflowEnvironment) -> None:
    async with Theatre(server, opens=TUESDAY_NINE + timedelta(hours=10)).running() as theatre:
        lead = await theatre.arrives("demo_request")
        await lead.passes(timedelta(minutes=2))
        await lead.hears("reply", words="Great, call me tomorrow", said=ReplyKind.BUYING_SIGNAL)
        state = await lead.passes(timedelta(hours=14))
        offers = [minute for minute, who, what in lead.told if who == LEADS and "call" in what and minute > 10]
        assert offers == [840.0], "one offer, at nine in the morning"
        assert state.offer == 1


async def test_help_is_answered_once_with_the_policys_own_words_whatever_is_under_way(theatre: Theatre) -> None:
    text = "{{ business }}: call +1 512 555 0100. Reply STOP to opt out."
    theatre.follow(changed(replies={"help": "help"}, texts={"help": text}))
    lead = await theatre.arrives("paid_lead_form")
    await lead.passes(timedelta(minutes=3))
    await lead.hears("reply", words="Yes, call me", said=ReplyKind.BUYING_SIGNAL)
    state = await lead.hears("reply", words="HELP", said=ReplyKind.HELP)
    assert state.escalated_at is not None, "the call that they asked for stays on offer"
    answers = [what for _, who, what in lead.told if who == DANA and "+1 512 555 0100" in what]
    assert len(answers) == 1
    assert any("asks for help" in what for _, who, what in lead.told if who == LEADS)


async def test_a_machines_answer_is_no_contact_and_stops_nothing(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=1))
    theatre.ledger.written["reply-1"] = "I am out of the office."
    state = await lead.hears("reply", words="I am out of the office.", said=ReplyKind.OUT_OF_OFFICE)
    assert (state.contacted_at, state.last_reply_at, state.stage) == (None, None, Stage.WAITING)
    assert lead.story.count("auto_replied") == 1
    shown = [message for _, message in theatre.chat.told if "machine answered" in message.text]
    assert [message.lines for message in shown] == [("“I am out of the office.”",)]
    theatre.ledger.last_reply.clear()  # as the database has it: a machine's answer is no reply
    state = await lead.passes(timedelta(minutes=20))
    assert state.is_pooled
    assert DANA in [who for _, who, _ in lead.told], "the rescue text went"


async def test_not_now_is_shown_and_rests_half_an_hour_later(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    await lead.hears("reply", words="Maybe next year", said=ReplyKind.NOT_NOW)
    assert any("not now" in what for _, who, what in lead.told if who == LEADS)
    state = await lead.passes(timedelta(minutes=31))
    assert state.rest is not None
    assert (state.rest.because, state.rest.track, state.rest.wake_on_intent) == (Code.NOT_NOW, "long_cycle", False)
    assert [who for minute, who, _ in lead.told if minute > 1] == []


async def test_who_claims_a_not_now_keeps_the_lead(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    await lead.hears("reply", words="Not now", said=ReplyKind.NOT_NOW)
    await lead.update("accept", Accept(rep="ben"))
    state = await lead.passes(timedelta(hours=1))
    assert (state.owner, state.rest, state.stage) == ("ben", None, Stage.WORKING)


async def test_a_wrong_number_is_not_used_again(theatre: Theatre) -> None:
    lead = await theatre.arrives("missed_call")
    await lead.passes(timedelta(minutes=1))
    state = await lead.hears("reply", words="Wrong number", said=ReplyKind.WRONG_PERSON)
    assert state.rest is not None
    assert (state.rest.because, state.rest.track) == (Code.BAD_NUMBER, "email_only")
    assert any("somebody else's" in what for _, who, what in lead.told if who == LEADS)


async def test_who_is_in_no_hurry_is_offered_times_and_answers_to_a_rep_who_books_one(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request", answers={"timeline": "next month"})
    state = await lead.settled()
    assert state.plan is not None
    assert state.plan.motion is Motion.APPOINTMENT
    assert [(who, what.partition(":")[2][:17]) for _, who, what in lead.told if who == LEADS] == [
        (LEADS, " find a time with")
    ]
    state = await lead.hears("reply", words="Thursday at ten works", said=ReplyKind.BUYING_SIGNAL)
    assert (state.plan.motion if state.plan else None, state.offer) == (Motion.APPOINTMENT, 1)
    assert DANA in [who for _, who, _ in lead.told], "times were offered by text"
