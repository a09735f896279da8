"""What judgements and sends know of do-not-call: lists, inquiries, transactions and refusals of the same human."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from adapters.postgres.call_lists import PostgresCallLists
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.ledger import PostgresLedger
from domain.call_lists import Extract, ListedNumber
from domain.decisions import Judgement
from domain.facts import Facts, History
from domain.messages import InboundText
from domain.values import CallList, Purpose
from tests.contracts.postgres.builders import PHONE, TENANT, RotationJudge, inquiry, intent, judge, person

AS_OF = date(2026, 11, 20)
OTHER = "+12145550142"


async def lists(pool: asyncpg.Pool, kept_by: CallList, *rows: ListedNumber) -> None:
    extract = Extract(kept_by=kept_by, as_of=AS_OF, author="dana", file="list.txt")
    await PostgresCallLists(pool).take(TENANT, extract, iter(rows))


async def asks(
    captures: PostgresCaptures, event: str, phone: str = PHONE, email: str | None = None, **fields: object
) -> str:
    captured = await captures.capture(TENANT, inquiry(event, "demo_request", **fields), person(phone, email), judge)
    assert captured.lead_id is not None
    return captured.lead_id


async def history(pool: asyncpg.Pool, lead_id: str) -> History:
    now = await pool.fetchval("select clock_timestamp()")
    return (await PostgresDecisions(pool).facts(TENANT, lead_id, now)).history


class Keeper(RotationJudge):
    """Remembers what capture knew when it decided."""

    def __init__(self) -> None:
        super().__init__()
        self.knew: list[History] = []

    def triage(self, facts: Facts, now: datetime, decision_id: str) -> Judgement:
        self.knew.append(facts.history)
        return super().triage(facts, now, decision_id)


async def test_capture_and_later_judgements_know_the_lists_of_the_number(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    await lists(pool, CallList.FEDERAL, ListedNumber(PHONE))
    await lists(pool, CallList.OWN, ListedNumber(PHONE, date(2099, 1, 1)))
    keeper = Keeper()
    captured = await captures.capture(TENANT, inquiry(), person(), keeper)
    assert captured.lead_id is not None
    for known in (*keeper.knew, await history(pool, captured.lead_id)):
        assert [one.kept_by for one in known.do_not_call] == ["federal", "own"]
        assert known.registry_as_of == datetime(2026, 11, 20, tzinfo=UTC)
        assert known.do_not_call[1].until == datetime(2099, 1, 2, 12, tzinfo=UTC)


async def test_a_number_outside_the_extracts_area_codes_has_none(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    await lists(pool, CallList.FEDERAL, ListedNumber(OTHER))
    known = await history(pool, await asks(captures, "1"))
    assert (known.do_not_call, known.registry_as_of) == ((), None)


async def test_our_own_list_holds_for_the_human_whichever_number_they_use(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    await lists(pool, CallList.OWN, ListedNumber(OTHER))
    await asks(captures, "1", OTHER, email="dana@example.com")
    lead_id = await asks(captures, "2", PHONE, email="dana@example.com")
    assert [one.kept_by for one in (await history(pool, lead_id)).do_not_call] == ["own"]


async def test_inquiries_are_known_by_source_the_newest_of_each_and_texts_that_opened_a_lead(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    now = await pool.fetchval("select clock_timestamp()")
    keeper = Keeper()
    old = now - timedelta(days=400)
    for event, when in (("1", old), ("2", old + timedelta(days=9))):
        asked = inquiry(event, "webinar", occurred_at=when.isoformat())
        await captures.capture(TENANT, asked, person(), keeper)
    captured = await captures.capture(TENANT, inquiry("3", "import"), person(), keeper)
    assert captured.lead_id is not None
    known = await history(pool, captured.lead_id)
    assert [(one.source, one.at) for one in known.inquiries][:1] == [("webinar", old + timedelta(days=9))]
    assert [one.source for one in known.inquiries] == ["webinar", "import"]
    assert [(one.source, one.at) for one in keeper.knew[0].inquiries] == [("webinar", old)]
    text = InboundText(vendor_id="SM1", sender=OTHER, recipient="+15125550100", body="hello")
    opened = await captures.text(TENANT, text, "reply", person(OTHER), judge)
    assert opened.lead_id is not None
    assert [one.source for one in (await history(pool, opened.lead_id)).inquiries] == ["inbound_sms"]
    again = text.model_copy(update={"vendor_id": "SM2"})
    await captures.text(TENANT, again, "reply", person(OTHER), judge)  # an answer is no further inquiry
    assert await pool.fetchval("select count(*) from inbox where asked_as = 'inbound_sms'") == 1


@pytest.mark.parametrize("occurred", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2300-01-01T00:00:00Z"])
async def test_a_moment_out_of_all_bounds_poisons_no_judgement(
    captures: PostgresCaptures, pool: asyncpg.Pool, occurred: str
) -> None:
    known = await history(pool, await asks(captures, "1", occurred_at=occurred))
    now = await pool.fetchval("select clock_timestamp()")
    assert now - timedelta(days=3661) < known.inquiries[0].at <= now


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01T10:00:00-06:00", "2026-03-01T16:00:00+00:00"),
        ("last spring", None),
        (7, None),
        ("0001-01-01", "old"),
    ],
)
async def test_a_transaction_that_a_list_tells_of_is_known(
    captures: PostgresCaptures, pool: asyncpg.Pool, told: object, expected: str | None
) -> None:
    lead_id = await asks(captures, "1", extra={"last_transaction_at": told})
    await asks(captures, "2", extra={"last_transaction_at": "2020-01-01"})
    at = (await history(pool, lead_id)).last_transaction_at
    if expected == "old":
        assert at is not None
        assert at < datetime(2021, 1, 1, tzinfo=UTC)
    else:
        assert (at.isoformat() if at else None) == (expected or "2020-01-01T00:00:00+00:00")


async def test_a_lead_that_was_won_is_a_transaction(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    won = await asks(captures, "1")
    closed = await pool.fetchval(
        "update lead set closed_at = opened_at, outcome = 'won' where lead_id = $1 returning closed_at", won
    )
    assert (await history(pool, await asks(captures, "2"))).last_transaction_at == closed


@pytest.mark.parametrize(
    ("row", "purpose", "expected"),
    [
        (ListedNumber(PHONE), Purpose.SOLICITATION, "refused"),
        (ListedNumber(PHONE), Purpose.RESPONSIVE, "refused"),
        (ListedNumber(PHONE), Purpose.INTERNAL, None),
        (ListedNumber(PHONE, date(2020, 1, 1)), Purpose.SOLICITATION, None),  # that day is over
        (ListedNumber(OTHER), Purpose.SOLICITATION, None),
    ],
)
async def test_a_list_that_comes_between_claim_and_send_stops_the_text(
    captures: PostgresCaptures, pool: asyncpg.Pool, row: ListedNumber, purpose: Purpose, expected: str | None
) -> None:
    lead_id = await asks(captures, "1")
    ledger = PostgresLedger(pool)
    touch = intent(lead_id, await pool.fetchval("select person_id from person"), purpose=purpose)
    await ledger.claim(touch, "a:1")
    await lists(pool, CallList.OWN, row)
    assert await ledger.begin(touch.touch_id, "a:1", timedelta(seconds=15)) == expected
    if expected:
        found = await ledger.current(touch.touch_id)
        assert (found.state, found.error) == ("cancelled", "refused")
        assert await ledger.begin(touch.touch_id, "a:1", timedelta(seconds=15)) == expected


async def test_a_person_without_a_number_has_no_listing(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    await lists(pool, CallList.FEDERAL, ListedNumber(PHONE))
    captured = await captures.capture(TENANT, inquiry(), person(None, "dana@example.com"), judge)
    assert captured.lead_id is not None
    assert (await history(pool, captured.lead_id)).do_not_call == ()
