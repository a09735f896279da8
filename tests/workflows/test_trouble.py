"""Vendors in trouble: refusals are recorded and the next step taken, delays are kept, doubtful touches are never sent
twice."""

from datetime import timedelta

from domain.errors import Ambiguous, NotAuthorised, NotSent, Rejected, Throttled
from domain.messages import Again
from domain.orders import TouchState
from tests.workflows.theatre import Theatre

LEADS, SUPERVISORS, DANA = "C0LEADS", "C0SUPER", "+15125550142"


async def test_a_text_the_vendor_refuses_is_recorded_and_a_person_is_asked(theatre: Theatre) -> None:
    theatre.sms.troubles = [Rejected("twilio", "21211")]
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    assert [row.state for row in theatre.ledger.rows.values() if row.intent.channel == "sms"] == [TouchState.FAILED]
    assert [who for _, who, _ in lead.told] == [LEADS]
    assert "could not be texted" in lead.told[0][2]


async def test_a_throttled_text_goes_out_after_the_vendors_delay_once(theatre: Theatre) -> None:
    theatre.sms.troubles = [Throttled("twilio", "20429", timedelta(milliseconds=200)), NotSent("twilio", "connect")]
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    assert [who for _, who, _ in lead.told] == [DANA]


async def test_a_text_waits_as_long_as_the_vendor_says(theatre: Theatre) -> None:
    theatre.sms.troubles = [Throttled("twilio", "20429", timedelta(minutes=30))]
    lead = await theatre.arrives("paid_lead_form")
    await lead.passes(timedelta(minutes=29))
    assert lead.told == []
    await lead.passes(timedelta(minutes=2))
    assert [(round(minute), who) for minute, who, _ in lead.told] == [(30, DANA)]


async def test_a_revoked_token_holds_notices_back_and_loses_none(theatre: Theatre) -> None:
    theatre.chat.troubles = [NotAuthorised("slack", "token_revoked")] * 2
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=2))
    assert [who for _, who, _ in lead.told] == [LEADS]
    assert "dropped" not in lead.story


async def test_a_notice_that_its_channel_refuses_reaches_the_supervisors(theatre: Theatre) -> None:
    theatre.chat.troubles = [Rejected("slack", "is_archived")]
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    assert [who for _, who, _ in lead.told] == [SUPERVISORS]
    assert "dropped" not in lead.story


async def test_a_text_whose_answer_is_lost_is_found_at_the_vendor_and_not_sent_again(theatre: Theatre) -> None:
    theatre.sms.lost_answers = [Ambiguous("twilio", "read timeout")]
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    assert [who for _, who, _ in lead.told] == [DANA]
    assert [row.state for row in theatre.ledger.rows.values() if row.intent.channel == "sms"] == [TouchState.SENT]


async def test_a_text_that_may_or_may_not_have_gone_is_left_to_a_person(theatre: Theatre) -> None:
    theatre.sms.troubles = [Ambiguous("twilio", "503")]
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    assert [who for _, who, _ in lead.told] == [LEADS]
    assert "nobody knows whether a text" in lead.told[0][2]
    assert "unsettled" in lead.story


async def test_what_a_person_says_of_an_unknown_text_is_in_the_story_and_changes_nothing_else(theatre: Theatre) -> None:
    theatre.sms.troubles = [Ambiguous("twilio", "503")]
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    said = len(lead.told)
    await lead.hears("settled", source="sent")
    await lead.settled()
    assert ("settled" in lead.story, len(lead.told)) == (True, said)


async def test_a_text_that_a_person_wants_sent_again_is_a_new_touch_through_the_guard(theatre: Theatre) -> None:
    theatre.sms.troubles = [Ambiguous("twilio", "503")]
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    first = next(row for row in theatre.ledger.rows.values() if row.intent.channel == "sms")
    assert lead.told[-1][1] == LEADS
    first.state = TouchState.FAILED  # as a person's word leaves it
    again = Again(template=first.intent.template or "", purpose=first.intent.purpose)
    await lead.hears("settled", source="failed", again=again)
    await lead.settled()
    texts = [row for row in theatre.ledger.rows.values() if row.intent.channel == "sms"]
    assert [row.state for row in texts] == [TouchState.FAILED, TouchState.SENT]
    assert len({row.intent.key for row in texts}) == 2, "a key of its own"
    assert [who for _, who, _ in lead.told].count(DANA) == 1


async def test_nothing_is_sent_again_to_somebody_who_opted_out_meanwhile(theatre: Theatre) -> None:
    theatre.sms.troubles = [Ambiguous("twilio", "503")]
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    first = next(row for row in theatre.ledger.rows.values() if row.intent.channel == "sms")
    first.state = TouchState.FAILED
    theatre.ledger.opted_out[first.intent.person_id] = True
    again = Again(template=first.intent.template or "", purpose=first.intent.purpose)
    await lead.hears("settled", source="failed", again=again)
    await lead.settled()
    assert DANA not in [who for _, who, _ in lead.told]


async def test_a_text_proven_absent_is_sent(theatre: Theatre) -> None:
    theatre.sms.troubles = [Ambiguous("twilio", "503")]
    theatre.ledger.grace = timedelta(0)  # as if the 30 s after the request's deadline had passed
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    assert [who for _, who, _ in lead.told] == [DANA]


async def test_chat_out_of_order_does_not_hold_up_the_text(theatre: Theatre) -> None:
    theatre.chat.troubles = [NotSent("slack", "connect")] * 3
    lead = await theatre.arrives("missed_call")
    await lead.settled()
    assert sorted(who for _, who, _ in lead.told) == sorted([DANA, LEADS])


async def test_a_text_that_did_not_arrive_is_told_to_the_team(theatre: Theatre) -> None:
    lead = await theatre.arrives("paid_lead_form")
    await lead.settled()
    await lead.hears("undelivered")
    assert "did not arrive" in lead.told[-1][2]
