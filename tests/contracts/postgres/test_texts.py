"""A person's texts: a stop holds whatever goes wrong, a reply finds its lead or opens one, nothing is heard twice."""

import asyncio
import json
from collections import Counter
from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.ledger import PostgresLedger
from domain.facts import PersonFacts
from domain.messages import InboundText, Person
from domain.ports import Captured
from domain.replies import ReplyKind, Written
from tests.contracts.postgres.builders import PHONE, TENANT, broken_judge, inquiry, judge, person


def text(vendor_id: str = "SM1", body: str = "Yes please") -> InboundText:
    return InboundText(vendor_id=vendor_id, sender=PHONE, recipient="+15125550100", body=body)


def read(given: Person) -> PersonFacts:
    return person(given.phone)


async def take(captures: PostgresCaptures, meaning: str, vendor_id: str = "SM1") -> Captured:
    return await captures.text(TENANT, text(vendor_id), meaning, person(), judge)


async def test_a_text_out_of_the_blue_opens_a_lead_and_is_nobodys_consent(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    captured = await take(captures, "reply")
    assert (captured.status, captured.ref and captured.ref.kind, captured.first_motion) == (
        "started",
        "inquiry",
        "text_back",
    )
    lead = await pool.fetchrow(
        "select source, d.facts -> 'consent' ->> 'sms' as sms from lead join decision d using (lead_id)"
    )
    assert (lead["source"], lead["sms"]) == ("inbound_sms", "false")
    assert await pool.fetchval("select count(*) from consent") == 0


async def test_a_text_takes_no_consent_away(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    await captures.capture(TENANT, inquiry(consent={"sms": True, "kind": "written"}), person(), judge)
    await pool.execute("update lead set closed_at = now()")
    await take(captures, "reply")
    assert await pool.fetchval("select count(*) from decision where facts -> 'consent' ->> 'kind' = 'written'") == 2


@pytest.mark.parametrize("meaning", ["reply", "help"])
async def test_a_reply_goes_to_the_open_lead(captures: PostgresCaptures, pool: asyncpg.Pool, meaning: str) -> None:
    first = await captures.capture(TENANT, inquiry(), person(), judge)
    reply = await take(captures, meaning)
    assert (reply.status, reply.lead_id, reply.ref and reply.ref.kind) == ("joined", first.lead_id, "reply")
    assert reply.lead == first.lead
    assert await pool.fetchval("select last_words from person") == "Yes please"
    assert await PostgresLedger(pool).words(TENANT, reply.row_id) == Written(body="Yes please")
    assert await PostgresLedger(pool).words(TENANT, first.row_id) is None
    assert (await take(captures, meaning)).status == "duplicate"


async def test_a_stop_tells_the_open_lead_or_is_kept(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    assert (await take(captures, "stop", "SM1")).status == "kept"
    assert await pool.fetchval("select value from opt_out") == PHONE
    await captures.capture(TENANT, inquiry(), person(), judge)
    told = await take(captures, "stop", "SM2")
    assert (told.status, told.ref and told.ref.kind) == ("joined", "opted_out")


async def test_a_stop_holds_though_judging_is_broken(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    stopped = await captures.text(TENANT, text(), "stop", person(), broken_judge)
    assert stopped.status == "kept"
    assert await pool.fetchval("select count(*) from opt_out") == 1


async def test_a_reply_that_could_not_be_judged_is_taken_again(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    left = await captures.text(TENANT, text(body="Hi \x00 there"), "reply", person(), broken_judge)
    assert left.status == "undecided"
    again = await captures.recapture(left.row_id, read, judge)
    assert (again.status, again.row_id) == ("started", left.row_id)
    assert await pool.fetchval("select last_words from person") == "Hi \N{REPLACEMENT CHARACTER} there"


async def test_a_reply_its_lead_was_too_late_for_opens_another(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    first = await captures.capture(TENANT, inquiry(), person(), judge)
    reply = await take(captures, "reply")
    await pool.execute("update lead set closed_at = now()")
    await captures.put_back(reply.row_id, "lead has ended")
    assert [
        one.status for one in await captures.left_behind(TENANT, timedelta(0), 10) if one.row_id == reply.row_id
    ] == ["undecided"]
    again = await captures.recapture(reply.row_id, read, judge)
    assert (again.status, again.lead_id != first.lead_id) == ("started", True)


async def test_fifty_texts_and_posts_at_once_of_a_stranger_are_one_person(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    texts = [take(captures, "reply", f"SM{n}") for n in range(25)]
    posts = [captures.capture(TENANT, inquiry(f"f{n}"), person(), judge) for n in range(25)]
    results = await asyncio.gather(*texts, *posts)
    assert Counter(one.status for one in results) == {"started": 1, "joined": 49}
    assert await pool.fetchval("select count(*) from person") == 1


async def test_a_sender_without_a_readable_number_can_stop_too(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    odd = InboundText(vendor_id="SM1", sender="26787", recipient="+15125550100", body="STOP")
    await captures.text(TENANT, odd, "stop", PersonFacts(flags=("invalid_phone",)), judge)
    assert await pool.fetchval("select value from opt_out") == "26787"


async def test_texts_of_a_short_code_are_kept_and_open_no_lead(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    for n in range(3):
        odd = InboundText(vendor_id=f"SM{n}", sender="12345", recipient="+15125550100", body="Your code is 42")
        taken = await captures.text(TENANT, odd, "reply", PersonFacts(flags=("invalid_phone",)), judge)
        assert (taken.status, taken.lead_id) == ("kept", None)
    assert await pool.fetchval("select count(*) from lead") == 0
    assert await pool.fetchval("select count(*) from inbox where state = 'kept'") == 3


async def test_texts_of_a_number_we_could_not_text_join_one_lead(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    results = []
    for n in range(3):
        odd = InboundText(vendor_id=f"SM{n}", sender="+15550000000", recipient="+15125550100", body="Hello")
        results.append(await captures.text(TENANT, odd, "reply", PersonFacts(flags=("invalid_phone",)), judge))
    assert [one.status for one in results] == ["started", "joined", "joined"]
    assert await pool.fetchval("select facts ->> 'phone' from person") is None, "it is never texted"


async def test_what_a_reply_was_taken_for_is_kept_with_it_and_told_to_its_lead(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    await captures.capture(TENANT, inquiry(), person(), judge)
    said = text().model_copy(update={"said": ReplyKind.BUYING_SIGNAL})
    reply = await captures.text(TENANT, said, "yes", person(), judge)
    assert reply.ref is not None
    assert (reply.ref.kind, reply.ref.said) == ("reply", ReplyKind.BUYING_SIGNAL)
    kept = await pool.fetchval("select payload -> 'text' ->> 'said' from inbox where row_id = $1", reply.row_id)
    assert kept == "buying_signal"


async def test_a_picture_without_words_is_a_reply_and_kept_with_who_read_it(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    await captures.capture(TENANT, inquiry(), person(), judge)
    told = {
        "body": "",
        "media": ("image/jpeg", "unknown"),
        "said": ReplyKind.OTHER,
        "said_by": "learnt",
        "said_score": 0.41,
    }
    reply = await captures.text(TENANT, text().model_copy(update=told), "reply", person(), judge)
    assert (reply.status, reply.ref and reply.ref.kind) == ("joined", "reply")
    assert await PostgresLedger(pool).words(TENANT, reply.row_id) == Written(body="", media=("image/jpeg", "unknown"))
    kept = await pool.fetchval("select payload -> 'text' from inbox where row_id = $1", reply.row_id)
    assert {name: json.loads(kept)[name] for name in ("said", "said_by", "said_score")} == {
        "said": "other",
        "said_by": "learnt",
        "said_score": 0.41,
    }
    older = "update inbox set payload = payload #- '{text,media}' #- '{text,said_by}' where row_id = $1"
    await pool.execute(older, reply.row_id)
    assert await PostgresLedger(pool).words(TENANT, reply.row_id) == Written(body="")


async def test_a_long_text_is_kept_whole(captures: PostgresCaptures, pool: asyncpg.Pool) -> None:
    long = "ñ" * 10_000 + "\u202e!"
    reply = await captures.text(TENANT, text(body=long), "reply", person(), judge)
    found = await PostgresLedger(pool).words(TENANT, reply.row_id)
    assert found == Written(body=long)
    assert await pool.fetchval("select last_words from person") == long


async def test_a_machines_answer_tells_the_lead_but_is_no_word_of_the_persons(
    captures: PostgresCaptures, pool: asyncpg.Pool
) -> None:
    away = text(body="I am out of the office").model_copy(update={"said": ReplyKind.OUT_OF_OFFICE})
    assert (await captures.text(TENANT, away, "reply", person(), judge)).status == "kept", "nobody's lead is opened"
    await captures.capture(TENANT, inquiry(), person(), judge)
    again = away.model_copy(update={"vendor_id": "SM2"})
    told = await captures.text(TENANT, again, "reply", person(), judge)
    assert told.ref is not None
    assert (told.status, told.ref.said) == ("joined", ReplyKind.OUT_OF_OFFICE)
    words = await pool.fetchrow("select last_words, last_reply_at, last_contact_at from person")
    assert tuple(words) == (None, None, None)
