"""Do-not-call is asked again right before a text leaves: exemptions run out, and lists come, after it was planned."""

from datetime import timedelta

import pytest

from domain.facts import ConsentFacts, History, Listing, PastInquiry, PastRefusal
from domain.orders import Touched
from domain.values import CallList, Channel, Purpose, Refusal
from tests.activities.test_text import KEY, Desk
from tests.builders import NOON

DAY = timedelta(days=1)
LISTED = Listing(kept_by=CallList.FEDERAL, since=NOON - DAY)
OWN = Listing(kept_by=CallList.OWN, since=NOON - DAY)


async def sent(purpose: Purpose, history: History, **changes: object) -> tuple[Touched, Desk]:
    desk = Desk()
    facts = desk.ledger.people["lead-1"]
    desk.ledger.people["lead-1"] = facts.model_copy(update={"history": history, **changes})
    return await desk.text(purpose=purpose), desk


def asked(ago: timedelta, *listings: Listing, extract: timedelta | None = DAY) -> History:
    inquiries = (PastInquiry(source="paid_lead_form", at=NOON - ago),)
    as_of = None if extract is None else NOON - extract
    return History(inquiries=inquiries, do_not_call=listings, registry_as_of=as_of)


@pytest.mark.parametrize(
    ("history", "because"),
    [
        (asked(DAY, LISTED), None),  # an inquiry exempts
        (asked(200 * DAY, LISTED), (Refusal.DO_NOT_CALL, "do_not_call/federal")),
        (asked(200 * DAY), None),
        (asked(200 * DAY, extract=None), (Refusal.DO_NOT_CALL_STALE, "do_not_call/no_extract")),
        (asked(200 * DAY, extract=32 * DAY), (Refusal.DO_NOT_CALL_STALE, "do_not_call/extract_older_than_31d")),
        (asked(DAY, OWN), (Refusal.DO_NOT_CALL, "do_not_call/own")),
        (History(refusals=(PastRefusal(channel=Channel.SMS, at=NOON - DAY),)), (Refusal.REFUSED, "refused/sms")),
    ],
)
async def test_a_drip_is_judged_by_lists_and_exemptions_of_the_moment_it_leaves(
    history: History, because: tuple[Refusal, str] | None
) -> None:
    touched, desk = await sent(Purpose.SOLICITATION, history)
    if because is None:
        assert touched.result == "sent"
        return
    assert (touched.result, touched.refusal, touched.because) == ("refused", *because)
    assert desk.told == []
    assert desk.ledger.rows[touched.touch_id or KEY].state == "cancelled"


async def test_an_answer_needs_no_registry_and_is_barred_by_our_own_list() -> None:
    touched, _ = await sent(Purpose.RESPONSIVE, asked(200 * DAY, LISTED, extract=None))
    assert touched.result == "sent"
    barred, desk = await sent(Purpose.RESPONSIVE, asked(DAY, OWN))
    assert (barred.refusal, desk.told) == (Refusal.DO_NOT_CALL, [])


async def test_written_leave_outlasts_the_exemption() -> None:
    signed = ConsentFacts(sms=True, call=True, kind="written")
    touched, _ = await sent(Purpose.SOLICITATION, asked(200 * DAY, LISTED), consent=signed)
    assert touched.result == "sent"
