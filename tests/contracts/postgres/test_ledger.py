"""The touch ledger: once, whoever dies when; a stop and a send in either order; callbacks in any order."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.ledger import PostgresLedger
from domain.errors import NotFound
from domain.ledger import Intent
from domain.messages import Delivery, InboundText
from domain.orders import TouchState
from domain.values import Channel, Purpose
from tests.contracts.postgres.builders import PHONE, TENANT, inquiry, intent, judge, person

DEADLINE = timedelta(seconds=15)
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def ledger(pool: asyncpg.Pool) -> PostgresLedger:
    return PostgresLedger(pool)


@pytest_asyncio.fixture
async def touch(captures: PostgresCaptures, pool: asyncpg.Pool) -> Intent:
    """A text to a person with an open lead."""
    captured = await captures.capture(TENANT, inquiry(), person(), judge)
    assert captured.lead_id is not None
    return intent(captured.lead_id, await pool.fetchval("select person_id from person"))


async def write(captures: PostgresCaptures, meaning: str, vendor_id: str = "SM9") -> str:
    text = InboundText(vendor_id=vendor_id, sender=PHONE, recipient="+15125550100", body=meaning)
    return (await captures.text(TENANT, text, meaning, person(), judge)).status


async def long_ago(pool: asyncpg.Pool, seconds: int) -> None:
    await pool.execute("update touch set sending_since = clock_timestamp() - make_interval(secs => $1)", seconds)


def callback(status: str, touch_id: str | None, vendor_id: str = "SM1", error: str | None = None) -> Delivery:
    return Delivery(touch_id=touch_id, vendor_id=vendor_id, status=status, vendor_status=status, error=error)


async def test_the_way_of_a_touch(ledger: PostgresLedger, touch: Intent) -> None:
    claim = await ledger.claim(touch, "a")
    assert (claim.fresh, claim.state, claim.intent) == (True, "claimed", touch)
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) is None
    assert (await ledger.current(touch.touch_id)).state == "sending"
    await ledger.settle(touch.touch_id, "sent", "SM1", None)
    again = await ledger.claim(touch, "b")
    assert (again.fresh, again.state, again.vendor_id) == (False, "sent", "SM1")


async def test_of_twenty_attempts_at_once_one_sends(ledger: PostgresLedger, touch: Intent) -> None:
    async def attempt(name: str) -> str | None:
        claim = await ledger.claim(touch, name)
        return await ledger.begin(touch.touch_id, name, DEADLINE) if claim.fresh else claim.state

    results = Counter(await asyncio.gather(*(attempt(f"a{n}") for n in range(20))))
    assert results[None] == 1


async def test_a_stop_before_the_send_begins_stops_it(
    ledger: PostgresLedger, captures: PostgresCaptures, touch: Intent
) -> None:
    await ledger.claim(touch, "a")
    assert await write(captures, "stop") == "joined"
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) == "opted_out"
    late = intent(touch.lead_id, touch.person_id, "2")
    await ledger.claim(late, "a")
    assert await ledger.begin(late.touch_id, "a", DEADLINE) == "opted_out"
    assert (await ledger.current(late.touch_id)).error == "opted_out"


async def test_a_stop_after_the_send_began_leaves_it_to_the_vendor(
    ledger: PostgresLedger, captures: PostgresCaptures, touch: Intent
) -> None:
    await ledger.claim(touch, "a")
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) is None
    await write(captures, "stop")
    assert (await ledger.current(touch.touch_id)).state == "sending"


async def test_a_send_that_begins_while_a_stop_is_being_written_waits_for_it(
    ledger: PostgresLedger, pool: asyncpg.Pool, touch: Intent
) -> None:
    """The touch is claimed after the stop looked for touches to cancel: only the person's row can tell."""
    async with pool.acquire() as stopping, stopping.transaction():
        await stopping.execute("select from person for no key update")
        await stopping.execute("insert into opt_out values ($1, $2, $3, null, now())", TENANT, touch.person_id, PHONE)
        await ledger.claim(touch, "a")
        beginning = asyncio.create_task(ledger.begin(touch.touch_id, "a", DEADLINE))
        await asyncio.sleep(0.1)
        assert not beginning.done()
    assert await beginning == "opted_out"


async def test_stops_and_sends_at_once_never_send_after_a_stop(
    ledger: PostgresLedger, captures: PostgresCaptures, pool: asyncpg.Pool, touch: Intent
) -> None:
    for n in range(20):
        one = intent(touch.lead_id, touch.person_id, f"r{n}")
        await pool.execute("delete from opt_out")
        await ledger.claim(one, "a")
        began, _ = await asyncio.gather(
            ledger.begin(one.touch_id, "a", DEADLINE), write(captures, "stop", f"SM{n}"), return_exceptions=False
        )
        state = (await ledger.current(one.touch_id)).state
        assert (began, state) in ((None, TouchState.SENDING), ("opted_out", TouchState.CANCELLED))


async def test_an_opt_out_holds_for_the_number_whoever_gives_it_next(
    ledger: PostgresLedger, captures: PostgresCaptures, pool: asyncpg.Pool, touch: Intent
) -> None:
    await write(captures, "stop")
    await pool.execute("update lead set closed_at = now()")
    await pool.execute("delete from identity")
    stranger = await captures.capture(TENANT, inquiry("new"), person(), judge)
    assert stranger.lead_id is not None
    facts = (await ledger.dossier(TENANT, stranger.lead_id, NOW, "k")).facts
    assert facts.history.opted_out
    assert facts.person.person_id != touch.person_id
    other = intent(stranger.lead_id, facts.person.person_id, "3")
    await ledger.claim(other, "a")
    assert await ledger.begin(other.touch_id, "a", DEADLINE) == "opted_out"


async def test_start_takes_a_stop_back(ledger: PostgresLedger, captures: PostgresCaptures, touch: Intent) -> None:
    await write(captures, "stop", "SM1")
    assert await write(captures, "start", "SM2") == "kept"
    await ledger.claim(touch, "a")
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) is None


async def test_our_own_people_hear_of_a_person_who_opted_out(
    ledger: PostgresLedger, captures: PostgresCaptures, touch: Intent
) -> None:
    notice = intent(
        touch.lead_id, touch.person_id, "n", channel=Channel.CHAT, purpose=Purpose.INTERNAL, recipient="#leads"
    )
    await ledger.claim(notice, "a")
    await write(captures, "stop")
    assert await ledger.begin(notice.touch_id, "a", DEADLINE) is None


async def test_a_reply_cancels_the_text_that_is_not_yet_on_its_way(
    ledger: PostgresLedger, captures: PostgresCaptures, touch: Intent
) -> None:
    await ledger.claim(touch, "a")
    assert await write(captures, "reply") == "joined"
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) == "replied"
    dossier = await ledger.dossier(TENANT, touch.lead_id, NOW + timedelta(days=400), "k")
    assert (dossier.last_words, dossier.last_reply_at is not None) == ("reply", True)
    assert dossier.facts.history.last_contact_at == dossier.last_reply_at


async def test_a_reply_that_the_lead_had_not_heard_stops_a_text_claimed_after_it(
    ledger: PostgresLedger, captures: PostgresCaptures, touch: Intent
) -> None:
    """Its signal is on its way: there was no touch yet that the reply could have cancelled."""
    await write(captures, "reply")
    replied_at = (await ledger.dossier(TENANT, touch.lead_id, NOW, "k")).last_reply_at
    assert replied_at is not None
    for key, heard in (("heard", replied_at), ("a notice", None)):
        one = intent(touch.lead_id, touch.person_id, key, heard=heard)
        await ledger.claim(one, "a")
        assert await ledger.begin(one.touch_id, "a", DEADLINE) is None
    early = intent(touch.lead_id, touch.person_id, "early", heard=replied_at - timedelta(microseconds=1))
    await ledger.claim(early, "a")
    assert await ledger.begin(early.touch_id, "a", DEADLINE) == "replied"
    assert (await ledger.current(early.touch_id)).error == "replied"


async def test_reconciling_counts_only_listings_that_come_late_enough(
    ledger: PostgresLedger, pool: asyncpg.Pool, touch: Intent
) -> None:
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    await long_ago(pool, 44)
    assert await ledger.missed(touch.touch_id) == 0
    await long_ago(pool, 46)
    assert await ledger.missed(touch.touch_id) == 1
    assert not await ledger.reopen(touch.touch_id, "b")
    await ledger.settle(touch.touch_id, "unknown", None, "no trace")
    assert await ledger.missed(touch.touch_id) == 2
    assert await ledger.reopen(touch.touch_id, "b")
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) == "fenced"
    assert await ledger.begin(touch.touch_id, "b", DEADLINE) is None
    assert (await ledger.current(touch.touch_id)).listings == 0


async def test_a_callback_comes_before_reopening(ledger: PostgresLedger, pool: asyncpg.Pool, touch: Intent) -> None:
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    await long_ago(pool, 60)
    assert [await ledger.missed(touch.touch_id) for _ in range(2)] == [1, 2]
    assert await ledger.delivery(TENANT, callback("sent", touch.touch_id)) == ("sent", None, None)
    assert not await ledger.reopen(touch.touch_id, "b")


async def test_only_its_claimer_releases_a_touch_that_was_not_sent(ledger: PostgresLedger, touch: Intent) -> None:
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    await ledger.release(touch.touch_id, "b")
    assert (await ledger.current(touch.touch_id)).state == "sending"
    await ledger.release(touch.touch_id, "a")
    assert (await ledger.claim(touch, "b")).fresh


@pytest.mark.parametrize(
    "order", [("sent", "delivered"), ("delivered", "sent"), ("failed", "delivered"), ("delivered", "failed")]
)
async def test_callbacks_may_come_in_any_order_and_twice(
    ledger: PostgresLedger, pool: asyncpg.Pool, touch: Intent, order: tuple[str, str]
) -> None:
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    for status in (*order, *order):
        await ledger.delivery(TENANT, callback(status, touch.touch_id))
    await ledger.settle(touch.touch_id, "sent", "SM1", None)
    now = await ledger.current(touch.touch_id)
    assert (now.state, now.vendor_id) == ("delivered", "SM1")
    assert await pool.fetchval("select count(*) from delivery") == 2


async def test_a_callback_is_matched_by_vendor_id_or_not_at_all(ledger: PostgresLedger, touch: Intent) -> None:
    await ledger.claim(touch, "a")
    await ledger.settle(touch.touch_id, "sent", "SM1", None)
    assert (await ledger.delivery(TENANT, callback("delivered", None)))[0] == "delivered"
    for status in ("delivered", "failed"):
        assert await ledger.delivery(TENANT, callback(status, "no-such", "SM404")) == ("unmatched", None, None)
        assert await ledger.delivery("other", callback(status, touch.touch_id)) == ("unmatched", None, None)


async def test_a_lead_hears_once_that_a_text_did_not_arrive(
    ledger: PostgresLedger, captures: PostgresCaptures, touch: Intent
) -> None:
    await ledger.claim(touch, "a")
    await ledger.settle(touch.touch_id, "sent", "SM1", None)
    state, ref, lead_id = await ledger.delivery(TENANT, callback("failed", touch.touch_id, error="30003"))
    assert (state, ref and ref.kind, lead_id) == ("failed", "undelivered", touch.lead_id)
    assert await ledger.delivery(TENANT, callback("failed", touch.touch_id, error="30003")) == ("failed", None, None)
    left = {one.ref.kind for one in await captures.left_behind(TENANT, timedelta(0), 10) if one.ref}
    assert left == {"inquiry", "undelivered"}


@pytest.mark.parametrize("told_by", ["answer", "callback"])
async def test_a_vendors_word_that_the_person_opted_out_holds_here(
    ledger: PostgresLedger, captures: PostgresCaptures, touch: Intent, told_by: str
) -> None:
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    if told_by == "answer":
        await ledger.unsubscribed(touch.touch_id, "21610")
    else:
        _, ref, _ = await ledger.delivery(
            TENANT, callback("failed", touch.touch_id, error="21610").model_copy(update={"opted_out": True})
        )
        assert ref is not None
        assert ref.kind == "opted_out"
    facts = (await ledger.dossier(TENANT, touch.lead_id, NOW, "k")).facts
    assert facts.history.opted_out
    left = {one.ref.kind for one in await captures.left_behind(TENANT, timedelta(0), 10) if one.ref}
    assert left == {"inquiry", "opted_out"}


async def test_what_was_refused_is_written_down_with_the_reason(ledger: PostgresLedger, touch: Intent) -> None:
    await ledger.refuse(touch, "quiet_hours")
    claim = await ledger.claim(touch, "a")
    assert (claim.fresh, claim.state, claim.error) == (False, "cancelled", "quiet_hours")
    sent = intent(touch.lead_id, touch.person_id, "2")
    await ledger.claim(sent, "a")
    await ledger.settle(sent.touch_id, "sent", "SM2", None)
    await ledger.refuse(sent, "late")
    assert (await ledger.current(sent.touch_id)).state == "sent"


async def test_the_dossier_tells_what_a_touch_needs(ledger: PostgresLedger, touch: Intent) -> None:
    notice = intent(touch.lead_id, touch.person_id, "n", channel=Channel.CHAT, purpose=Purpose.INTERNAL)
    for one, vendor_id in ((touch, "SM1"), (intent(touch.lead_id, touch.person_id, "2"), "SM2"), (notice, "C1:17.5")):
        await ledger.claim(one, "a")
        await ledger.settle(one.touch_id, "sent", vendor_id, None)
    dossier = await ledger.dossier(TENANT, touch.lead_id, NOW + timedelta(hours=1), touch.key)
    assert (dossier.name, dossier.person_id, dossier.chat_thread) == ("Dana Ortiz", touch.person_id, "C1:17.5")
    assert dossier.reasons == ("Every lead is texted.",)
    assert dossier.decision is not None
    assert (dossier.decision.owner, dossier.facts.person.phone) == ("ana", PHONE)
    assert dossier.prior is not None
    assert (dossier.prior.state, dossier.prior.vendor_id) == ("sent", "SM1")
    assert [(one.channel, one.at) for one in dossier.facts.history.touches] == [("sms", NOW)]
    later = await ledger.dossier(TENANT, touch.lead_id, NOW + timedelta(days=32), "k")
    assert (later.prior, later.facts.history.touches) == (None, ())


async def test_what_is_not_there_is_said_so(ledger: PostgresLedger, touch: Intent) -> None:
    with pytest.raises(NotFound):
        await ledger.begin("none", "a", DEADLINE)
    with pytest.raises(NotFound):
        await ledger.current("none")
    with pytest.raises(NotFound):
        await ledger.missed("none")
    with pytest.raises(NotFound):
        await ledger.dossier("other", touch.lead_id, NOW, "k")
