"""One person over many messages: what was told stays known, until something better is told."""

from datetime import UTC, datetime

import asyncpg
import pytest

from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.records import PostgresRecords
from domain import events
from domain.facts import PersonFacts
from domain.messages import InboundText, Inquiry, Person, Signal
from domain.ports import Captured
from domain.transitions import apply
from domain.values import Code
from tests.contracts.postgres.builders import TENANT, judge

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
AUSTIN, NEW_YORK, TOLL_FREE = "+15125550142", "+12125550142", "+18005550142"
EMAIL = "dana@example.com"


@pytest.fixture
def captures(pool: asyncpg.Pool) -> PostgresCaptures:
    return PostgresCaptures(pool, whereabouts)


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


async def test_a_bad_number_counts_again_only_when_an_inquiry_gives_it(captures: PostgresCaptures) -> None:
    captured = await asks(captures, "1", phone=AUSTIN, email=EMAIL)
    assert captured.lead is not None
    found_out = events.Disposed(at=NOW, code=Code.BAD_NUMBER, by="ana")
    await PostgresRecords(captures._pool).write(apply(captured.lead, found_out), NOW)
    await looks(captures, phone=AUSTIN, email=EMAIL)
    await texts(captures, AUSTIN)
    await asks(captures, "2", email=EMAIL)
    person = await known(captures, captured)
    assert (person.phone, person.flags) == (None, ("invalid_phone",))
    await asks(captures, "3", phone=AUSTIN)
    await looks(captures, "s2", phone=AUSTIN)
    person = await known(captures, captured)
    assert (person.phone, person.flags) == (AUSTIN, ())
