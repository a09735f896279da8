"""A number that is somebody else's, or dead: it alone is given up, and the person's other number goes on being used."""

from datetime import UTC, datetime

import pytest

from adapters.phones import person_facts, whereabouts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.records import PostgresRecords
from domain import events
from domain.facts import PersonFacts
from domain.messages import InboundText, Inquiry, Person
from domain.ports import Captured
from domain.replies import ReplyKind
from domain.transitions import apply
from domain.values import Code
from tests.contracts.postgres.builders import TENANT, judge

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
OLD, NEW, TOLL_FREE = "+15125550142", "+12125550142", "+18005550142"


class Desk:
    """One person who gave a number and, with the same address, another."""

    def __init__(self, captures: PostgresCaptures) -> None:
        self.captures = captures
        self.records = PostgresRecords(captures._pool, person_facts, whereabouts)

    async def asks(self, event: str, phone: str | None) -> Captured:
        person = Person(phone=phone, email="dana@example.com")
        inquiry = Inquiry(source="demo_request", source_event_id=event, person=person)
        return await self.captures.capture(TENANT, inquiry, person_facts(person), judge)

    async def texts(self, sender: str, said: ReplyKind, event: str = "SM1") -> Captured:
        text = InboundText(vendor_id=event, sender=sender, recipient="+15125550100", body=said, said=said)
        return await self.captures.text(TENANT, text, "reply", person_facts(Person(phone=sender)), judge)

    async def given_up(self, captured: Captured, by: str) -> None:
        """The number is told to be bad: by a reply, or by a rep."""
        assert captured.lead is not None
        lead = apply(captured.lead, events.Disposed(at=NOW, code=Code.BAD_NUMBER, by=by))
        await self.records.write(lead, NOW)

    async def known(self, captured: Captured) -> PersonFacts:
        assert captured.lead_id is not None
        return (await PostgresDecisions(self.captures._pool).facts(TENANT, captured.lead_id, NOW)).person


@pytest.fixture
def desk(captures: PostgresCaptures) -> Desk:
    return Desk(captures)


def regions(person: PersonFacts) -> set[str | None]:
    return {place.region for place in person.places}


@pytest.mark.parametrize("by", ["reply", "ana"])
async def test_a_stranger_at_the_old_number_takes_nothing_from_the_new_one(desk: Desk, by: str) -> None:
    captured = await desk.asks("f1", OLD)
    await desk.asks("f2", NEW)
    await desk.texts(OLD, ReplyKind.WRONG_PERSON)
    assert (await desk.known(captured)).phone == NEW, "the person is still written to where they asked"
    await desk.given_up(captured, by)
    person = await desk.known(captured)
    assert (person.phone, person.flags, person.bad_numbers, regions(person)) == (NEW, (), (OLD,), {"NY"})
    await desk.texts(OLD, ReplyKind.WRONG_PERSON, "SM2")
    assert (await desk.known(captured)).phone == NEW


async def test_a_stranger_at_the_new_number_leaves_the_old_one_with_its_own_flags_and_place(desk: Desk) -> None:
    for old, flags, states in ((OLD, (), {"TX"}), (TOLL_FREE, ("toll_free",), set())):
        person = Person(phone=old, email=f"{old[1:]}@example.com")
        first = Inquiry(source="demo_request", source_event_id=f"{old}/1", person=person)
        captured = await desk.captures.capture(TENANT, first, person_facts(person), judge)
        mistyped = person.model_copy(update={"phone": f"+1212555{old[-4:-1]}{old[2]}"})
        second = Inquiry(source="demo_request", source_event_id=f"{old}/2", person=mistyped)
        await desk.captures.capture(TENANT, second, person_facts(mistyped), judge)
        await desk.texts(str(mistyped.phone), ReplyKind.WRONG_PERSON, f"SM{old}")
        await desk.given_up(captured, "reply")
        known = await desk.known(captured)
        assert (known.phone, known.flags, known.bad_numbers) == (old, flags, (mistyped.phone,))
        assert regions(known) == states, "their hours are those of the number that is left"


async def test_a_rep_who_finds_the_number_dead_leaves_the_one_before(desk: Desk) -> None:
    captured = await desk.asks("f1", OLD)
    await desk.asks("f2", NEW)
    await desk.given_up(captured, "ana")
    person = await desk.known(captured)
    assert (person.phone, person.bad_numbers) == (OLD, (NEW,))


async def test_a_number_told_to_be_wrong_twice_takes_the_good_one_along_neither_time(desk: Desk) -> None:
    captured = await desk.asks("f1", OLD)
    await desk.asks("f2", NEW)
    await desk.texts(OLD, ReplyKind.WRONG_PERSON)
    assert captured.lead is not None
    first = apply(captured.lead, events.Disposed(at=NOW, code=Code.BAD_NUMBER, by="reply"))
    await desk.records.write(first, NOW)
    await desk.records.write(apply(first, events.Disposed(at=NOW, code=Code.BAD_NUMBER, by="reply")), NOW)
    person = await desk.known(captured)
    assert (person.phone, person.bad_numbers) == (NEW, (OLD,))


async def test_when_every_number_is_bad_none_is_left(desk: Desk) -> None:
    captured = await desk.asks("f1", OLD)
    await desk.asks("f2", NEW)
    assert captured.lead is not None
    lead = captured.lead
    for _ in range(2):
        lead = apply(lead, events.Disposed(at=NOW, code=Code.BAD_NUMBER, by="ana"))
        await desk.records.write(lead, NOW)
    person = await desk.known(captured)
    assert (person.phone, person.flags, person.bad_numbers) == (None, ("invalid_phone",), (NEW, OLD))
    await desk.asks("f3", None)
    assert (await desk.known(captured)).phone is None


async def test_a_machine_at_the_old_number_does_not_move_the_texts_there(desk: Desk) -> None:
    captured = await desk.asks("f1", OLD)
    await desk.asks("f2", NEW)
    await desk.texts(OLD, ReplyKind.OUT_OF_OFFICE)
    assert (await desk.known(captured)).phone == NEW
    await desk.texts(OLD, ReplyKind.QUESTION, "SM2")
    assert (await desk.known(captured)).phone == OLD, "who asks from another number of theirs is answered there"


async def test_a_stranger_out_of_the_blue_who_says_wrong_person_is_known_by_their_number(desk: Desk) -> None:
    started = await desk.texts(OLD, ReplyKind.WRONG_PERSON)
    assert started.status == "started"
    assert (await desk.known(started)).phone == OLD
