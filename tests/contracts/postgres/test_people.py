"""One person over many messages: what was told stays known, until something better is told."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.records import PostgresRecords
from domain import events
from domain.errors import BadInput
from domain.facts import TOUCHES_KNOWN, History, PersonFacts
from domain.ledger import Intent
from domain.messages import InboundText, Inquiry, Person, Signal
from domain.ports import Captured
from domain.transitions import apply
from domain.values import Code, Purpose
from tests.contracts.postgres.builders import TENANT, intent, judge

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
AUSTIN, NEW_YORK, TOLL_FREE = "+15125550142", "+12125550142", "+18005550142"
EMAIL = "dana@example.com"


async def asks(captures: PostgresCaptures, event: str, address: object = None, **who: object) -> Captured:
    given = {"source": "demo_request", "source_event_id": event, "person": {"address": address, **who}}
    inquiry = Inquiry.model_validate(given)
    return await captures.capture(TENANT, inquiry, person_facts(inquiry.person), judge)


async def texts(captures: PostgresCaptures, sender: str, meaning: str = "reply", event: str = "SM1") -> Captured:
    text = InboundText(vendor_id=event, sender=sender, recipient="+15125550100", body=meaning)
    return await captures.text(TENANT, text, meaning, person_facts(Person(phone=sender)), judge)


async def looks(captures: PostgresCaptures, event: str = "s1", **who: object) -> Captured:
    person = Person.model_validate(who)
    signal = Signal(source_event_id=event, person=person, kind="page_view", page="/pricing")
    return await captures.signal(TENANT, signal, person_facts(person), judge)


async def known(captures: PostgresCaptures, captured: Captured) -> PersonFacts:
    assert captured.lead_id is not None
    return (await PostgresDecisions(captures._pool).facts(TENANT, captured.lead_id, NOW)).person


def states(person: PersonFacts) -> dict[str, set[str | None]]:
    """Where the person may be, by what tells it."""
    return {
        evidence: {place.region for place in person.places if place.evidence == evidence}
        for evidence in sorted({place.evidence for place in person.places})
    }


async def test_a_reply_and_a_page_view_take_nothing_away(captures: PostgresCaptures) -> None:
    captured = await asks(
        captures, "1", {"postal_code": "96813"}, phone=NEW_YORK, email="dana@mailinator.com", language="es", title="CEO"
    )
    before = await known(captures, captured)
    assert (states(before), before.language) == ({"area_code": {"NY"}, "postal_code": {"HI"}}, "es")
    assert before.flags == ("disposable_email",)
    await texts(captures, NEW_YORK)
    await looks(captures, phone=NEW_YORK)
    assert await known(captures, captured) == before


async def test_what_is_told_piece_by_piece_is_known_as_if_told_at_once(captures: PostgresCaptures) -> None:
    captured = await asks(captures, "1", phone=AUSTIN)
    await asks(captures, "2", {"region": "California"}, phone=AUSTIN)
    await asks(captures, "3", {"country": "US", "postal_code": "94103"}, phone=AUSTIN, email="dana@gmial.com")
    at_once = await asks(
        captures,
        "4",
        {"country": "US", "region": "CA", "postal_code": "94103"},
        phone="+15125550143",
        email="lee@gmial.com",
    )
    one, other = await known(captures, captured), await known(captures, at_once)
    assert (one.region, one.postal_code, one.flags) == ("CA", "94103", ("typo_email",))
    assert (states(one), one.flags, one.elsewhere) == (states(other), other.flags, other.elsewhere)


async def test_a_person_who_names_two_places_may_be_in_either(captures: PostgresCaptures) -> None:
    captured = await asks(captures, "1", {"region": "TX"}, phone=AUSTIN)
    await asks(captures, "2", {"region": "HI", "postal_code": "96813"}, phone=AUSTIN)
    await asks(captures, "3", {"postal_code": "98101", "region": "WA"}, phone=AUSTIN)
    person = await known(captures, captured)
    assert (person.region, person.postal_code) == ("WA", "98101")
    assert states(person) == {"address": {"TX"}, "area_code": {"TX"}, "postal_code": {"HI", "WA"}}
    await asks(captures, "4", {"region": "TX"}, phone=AUSTIN)
    again = await known(captures, captured)
    assert (again.region, set(again.places)) == ("TX", set(person.places))


async def test_an_address_abroad_makes_the_place_unknown_whatever_comes_after(captures: PostgresCaptures) -> None:
    captured = await asks(captures, "1", {"country": "MX"}, phone=AUSTIN)
    assert (await known(captures, captured)).places == ()
    await texts(captures, AUSTIN)
    await asks(captures, "2", {"country": "US", "postal_code": "78701"}, phone=AUSTIN)
    assert (await known(captures, captured)).places == ()


async def test_a_new_number_brings_its_own_flags_and_an_unreadable_one_replaces_none(
    captures: PostgresCaptures,
) -> None:
    captured = await asks(captures, "1", phone=TOLL_FREE, email=EMAIL)
    await asks(captures, "2", phone="555", email=EMAIL)
    assert ((await known(captures, captured)).phone, (await known(captures, captured)).flags) == (
        TOLL_FREE,
        ("toll_free",),
    )
    await asks(captures, "3", phone=AUSTIN, email=EMAIL)
    person = await known(captures, captured)
    assert (person.phone, person.flags, states(person)) == (AUSTIN, (), {"area_code": {"TX"}})


async def test_an_event_id_used_for_somebody_else_is_refused_not_taken_for_a_repeat(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    first = await asks(captures, "1", phone=AUSTIN)
    for who in ({"phone": NEW_YORK}, {"email": EMAIL}, {"phone": NEW_YORK, "email": EMAIL}):
        with pytest.raises(BadInput, match="another person") as refused:
            await asks(captures, "1", **who)
        assert [place for place, _ in refused.value.problems] == ["source_event_id"]
    assert await pool.fetchval("select count(*) from inbox") == 1
    repeats = [await asks(captures, "1", **who) for who in ({"phone": AUSTIN}, {"phone": AUSTIN, "email": EMAIL}, {})]
    assert {(one.status, one.lead_id) for one in repeats} == {("duplicate", first.lead_id)}
    assert (await asks(captures, "2", phone=NEW_YORK)).status == "started"


async def two_of_one(captures: PostgresCaptures) -> tuple[Captured, Captured]:
    """Dana as the system sees her: two persons with a lead each, who turn out to share an address."""
    by_phone = await asks(captures, "phone", phone=AUSTIN)
    by_email = await asks(captures, "email", email=EMAIL)
    linked = await asks(captures, "both", phone=AUSTIN, email=EMAIL)
    assert linked.lead_id == by_phone.lead_id != by_email.lead_id
    return by_phone, by_email


async def history(captures: PostgresCaptures, captured: Captured) -> History:
    assert captured.lead_id is not None
    return (await PostgresDecisions(captures._pool).facts(TENANT, captured.lead_id, NOW)).history


async def claimed(captures: PostgresCaptures, captured: Captured, recipient: str) -> Intent:
    assert captured.lead_id is not None
    person_id = await captures._pool.fetchval("select person_id from lead where lead_id = $1", captured.lead_id)
    touch = intent(captured.lead_id, person_id, recipient=recipient, purpose=Purpose.SOLICITATION, lead_now=NOW)
    await PostgresLedger(captures._pool).claim(touch, "a")
    return touch


async def test_a_stop_holds_for_one_human_in_two_persons(captures: PostgresCaptures) -> None:
    by_phone, by_email = await two_of_one(captures)
    ledger = PostgresLedger(captures._pool)
    before = await claimed(captures, by_email, NEW_YORK)
    await texts(captures, AUSTIN, "stop")
    assert (await ledger.current(before.touch_id)).state == "cancelled"
    again = await asks(captures, "later", phone=NEW_YORK, email=EMAIL)
    assert again.lead_id == by_email.lead_id
    assert [(await history(captures, one)).opted_out for one in (by_phone, by_email)] == [True, True]
    await texts(captures, NEW_YORK, "start", "SM2")
    assert [(await history(captures, one)).opted_out for one in (by_phone, by_email)] == [False, False]


async def test_a_stop_of_the_other_person_holds_as_well(captures: PostgresCaptures) -> None:
    by_phone, _ = await two_of_one(captures)
    await asks(captures, "later", phone=NEW_YORK, email=EMAIL)
    await texts(captures, NEW_YORK, "stop")
    touch = await claimed(captures, by_phone, AUSTIN)
    why_not = await PostgresLedger(captures._pool).begin(touch.touch_id, "a", timedelta(seconds=15))
    assert why_not == "opted_out"


async def test_a_sending_that_begins_to_the_other_person_waits_for_the_stop(captures: PostgresCaptures) -> None:
    _, by_email = await two_of_one(captures)
    touch = await claimed(captures, by_email, NEW_YORK)
    async with captures._pool.acquire() as stopping, stopping.transaction():
        stopper = await stopping.fetchval("select person_id from identity where value = $1", AUSTIN)
        await stopping.execute("select take_opt_out($1, $2, $3, null, now())", TENANT, stopper, AUSTIN)
        begin = PostgresLedger(captures._pool).begin(touch.touch_id, "a", timedelta(seconds=15))
        waiting = asyncio.create_task(begin)
        await asyncio.sleep(0.1)
        assert not waiting.done()
    assert await waiting == "opted_out"


async def test_caps_count_what_the_other_person_was_sent(captures: PostgresCaptures) -> None:
    by_phone, by_email = await two_of_one(captures)
    touch = await claimed(captures, by_phone, AUSTIN)
    ledger = PostgresLedger(captures._pool)
    assert await ledger.begin(touch.touch_id, "a", timedelta(seconds=15)) is None
    await ledger.settle(touch.touch_id, "sent", "SM1", None)
    assert [len((await history(captures, one)).touches) for one in (by_phone, by_email)] == [1, 1]


async def test_touches_are_known_as_long_as_a_policy_may_count_them(captures: PostgresCaptures) -> None:
    captured = await asks(captures, "1", phone=AUSTIN)
    touch = await claimed(captures, captured, AUSTIN)
    ledger = PostgresLedger(captures._pool)
    assert await ledger.begin(touch.touch_id, "a", timedelta(seconds=15)) is None
    assert captured.lead_id is not None
    for ago, known_then in ((TOUCHES_KNOWN - timedelta(seconds=1), 1), (TOUCHES_KNOWN, 0)):
        facts = await PostgresDecisions(captures._pool).facts(TENANT, captured.lead_id, NOW + ago)
        assert len(facts.history.touches) == known_then


async def test_a_disposition_written_again_takes_back_nothing_the_person_said_since(
    captures: PostgresCaptures,
) -> None:
    captured = await asks(captures, "1", phone=AUSTIN)
    assert captured.lead is not None
    records = PostgresRecords(captures._pool, person_facts, whereabouts)
    heard = apply(captured.lead, events.Disposed(at=NOW, code=Code.OPTED_OUT, by="ana"))
    await records.write(heard, NOW)
    await texts(captures, AUSTIN, "start")
    await records.write(heard, NOW)
    assert not (await history(captures, captured)).opted_out
    wrong = apply(heard, events.Disposed(at=NOW, code=Code.BAD_NUMBER, by="ana"))
    await records.write(wrong, NOW)
    await asks(captures, "2", phone=AUSTIN)
    await records.close(wrong, NOW)
    assert (await known(captures, captured)).phone == AUSTIN


async def test_a_bad_number_counts_again_only_when_an_inquiry_gives_it(captures: PostgresCaptures) -> None:
    captured = await asks(captures, "1", phone=AUSTIN, email=EMAIL)
    assert captured.lead is not None
    found_out = events.Disposed(at=NOW, code=Code.BAD_NUMBER, by="ana")
    await PostgresRecords(captures._pool, person_facts, whereabouts).write(apply(captured.lead, found_out), NOW)
    await looks(captures, phone=AUSTIN, email=EMAIL)
    await texts(captures, AUSTIN)
    await asks(captures, "2", email=EMAIL)
    person = await known(captures, captured)
    assert (person.phone, person.flags) == (None, ("invalid_phone",))
    await asks(captures, "3", phone=AUSTIN)
    await looks(captures, "s2", phone=AUSTIN)
    person = await known(captures, captured)
    assert (person.phone, person.flags) == (AUSTIN, ())
