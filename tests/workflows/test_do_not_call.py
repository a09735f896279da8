"""A lead at rest whose exemption runs out, or whose number comes onto a list, hears no more of its track."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.facts import History, Listing, PastInquiry
from domain.values import CallList
from tests.workflows.theatre import TUESDAY_NINE, Theatre

DANA = "+15125550142"
DAY = timedelta(days=1)


def asked(theatre: Theatre, ago: timedelta, *listings: Listing) -> History:
    """An extract of a month ahead, as if one were imported each month."""
    now = datetime.now(UTC) + theatre.offset
    inquiries = (PastInquiry(source="webinar", at=now - ago),)
    return History(inquiries=inquiries, do_not_call=listings, registry_as_of=now + 30 * DAY)


LISTED = Listing(kept_by=CallList.FEDERAL, since=TUESDAY_NINE)


@pytest.mark.parametrize(("listings", "days"), [((), [0, 7, 21]), ((LISTED,), [0, 7])])
async def test_texts_after_the_end_of_the_exemption_go_only_to_who_is_on_no_list(
    theatre: Theatre, listings: tuple[Listing, ...], days: list[int]
) -> None:
    lead = await theatre.arrives("webinar", history=asked(theatre, 75 * DAY, *listings))
    await lead.passes(28 * DAY)
    assert [round(minute / 1440) for minute, who, _ in lead.told if who == DANA] == days


async def test_a_number_that_comes_onto_the_list_while_the_lead_rests_is_not_texted(theatre: Theatre) -> None:
    lead = await theatre.arrives("webinar", history=asked(theatre, 75 * DAY))
    await lead.passes(8 * DAY)
    facts = theatre.ledger.people[lead.lead.lead_id]
    history = facts.history.model_copy(update={"do_not_call": (LISTED,)})
    theatre.ledger.people[lead.lead.lead_id] = facts.model_copy(update={"history": history})
    await lead.passes(20 * DAY)
    assert [round(minute / 1440) for minute, who, _ in lead.told if who == DANA] == [0, 7]
    assert [row.error for row in theatre.ledger.rows.values() if row.state == "cancelled"] == ["do_not_call/federal"]
