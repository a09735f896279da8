"""One suite for both ledgers, the fake of the workflow tests and the real one: neither may drift from the other."""

from datetime import timedelta

import pytest

from domain.messages import Delivery
from domain.values import Channel, Purpose
from tests.contracts.ledgers import DEADLINE, Bench
from tests.contracts.postgres.builders import TENANT, intent


async def test_a_claim_is_fresh_once_and_final_ever_after(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    assert (await ledger.claim(touch, "a")).fresh
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) is None
    await ledger.settle(touch.touch_id, "sent", "SM1", None)
    again = await ledger.claim(touch, "b")
    assert (again.fresh, again.state, again.vendor_id) == (False, "sent", "SM1")


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.CHAT])
async def test_in_a_sandbox_no_touch_is_begun_and_each_is_written_down_as_refused(
    bench: Bench, channel: Channel
) -> None:
    purpose = Purpose.INTERNAL if channel is Channel.CHAT else bench.touch.purpose
    touch = bench.touch.model_copy(update={"channel": channel, "purpose": purpose})
    await bench.switched("sandbox", True)
    await bench.ledger.claim(touch, "a")
    assert await bench.ledger.begin(touch.touch_id, "a", DEADLINE) == "sandbox"
    found = await bench.ledger.current(touch.touch_id)
    assert (found.state, found.error) == ("cancelled", "sandbox")
    await bench.switched("sandbox", False)
    assert not (await bench.ledger.claim(touch, "b")).fresh, "what a sandbox refused stays refused"


async def test_while_the_kill_switch_is_on_a_touch_of_a_person_waits_and_then_goes(bench: Bench) -> None:
    await bench.ledger.claim(bench.touch, "a")
    await bench.switched("kill_switch", True)
    assert await bench.ledger.begin(bench.touch.touch_id, "a", DEADLINE) == "kill_switch"
    assert (await bench.ledger.current(bench.touch.touch_id)).state == "claimed"
    await bench.switched("kill_switch", False)
    assert (await bench.ledger.claim(bench.touch, "b")).fresh
    assert await bench.ledger.begin(bench.touch.touch_id, "b", DEADLINE) is None


async def test_the_kill_switch_keeps_nobody_from_telling_our_own_people(bench: Bench) -> None:
    await bench.switched("kill_switch", True)
    touch = bench.touch.model_copy(update={"channel": Channel.CHAT, "purpose": Purpose.INTERNAL})
    await bench.ledger.claim(touch, "a")
    assert await bench.ledger.begin(touch.touch_id, "a", DEADLINE) is None


async def test_a_touch_begins_only_while_the_person_has_had_as_many_as_it_was_judged_by(bench: Bench) -> None:
    other = bench.touch.model_copy(update={"touch_id": "other", "key": "other"})
    for touch in (bench.touch, other):
        await bench.ledger.claim(touch, "a")
    assert await bench.ledger.begin(other.touch_id, "b", DEADLINE, 7) == "fenced"
    assert await bench.ledger.begin(other.touch_id, "a", DEADLINE, 0) is None
    assert await bench.ledger.begin(bench.touch.touch_id, "a", DEADLINE, 0) == "another_touch"
    assert (await bench.ledger.current(bench.touch.touch_id)).state == "claimed"
    await bench.ledger.release(other.touch_id, "a")
    assert await bench.ledger.begin(bench.touch.touch_id, "a", DEADLINE, 1) == "another_touch", "one was taken back"
    assert await bench.ledger.begin(bench.touch.touch_id, "a", DEADLINE, 0) is None


async def test_notices_to_our_own_people_are_counted_for_nobody(bench: Bench) -> None:
    touch = bench.touch.model_copy(update={"channel": Channel.CHAT, "purpose": Purpose.INTERNAL})
    await bench.ledger.claim(touch, "a")
    assert await bench.ledger.begin(touch.touch_id, "a", DEADLINE, 7) is None


async def test_who_takes_over_a_claim_fences_the_one_before(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    assert (await ledger.claim(touch, "b")).fresh
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) == "fenced"
    assert await ledger.begin(touch.touch_id, "b", DEADLINE) is None


async def test_an_attempt_that_slept_takes_nothing_from_the_one_after_it(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "run:9:10")
    late = await ledger.claim(touch.model_copy(update={"body": "Old words"}), "run:9:9")
    assert (late.fresh, late.state, late.intent.body) == (False, "claimed", "Hello")
    assert await ledger.begin(touch.touch_id, "run:9:9", DEADLINE) == "fenced"
    assert await ledger.begin(touch.touch_id, "run:9:10", DEADLINE) is None


async def test_the_number_of_an_attempt_says_nothing_between_two_activities(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "run:9:3")
    assert (await ledger.claim(touch, "run:14:1")).fresh


@pytest.mark.parametrize("begun", [False, True], ids=["never begun", "proven not sent"])
async def test_who_takes_over_what_never_left_sends_todays_words_to_todays_number(bench: Bench, begun: bool) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    if begun:
        await ledger.begin(touch.touch_id, "a", DEADLINE)
        await ledger.release(touch.touch_id, "a")
    now = {"recipient": "+13125550177", "body": "Hello again", "lead_now": touch.lead_now + timedelta(hours=12)}
    taken = await ledger.claim(touch.model_copy(update=now), "b")
    assert (taken.fresh, taken.intent) == (True, touch.model_copy(update=now))
    assert (await ledger.current(touch.touch_id)).intent == taken.intent


async def test_a_touch_on_its_way_keeps_the_words_it_left_with(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    assert (await ledger.claim(touch.model_copy(update={"body": "Other words"}), "b")).intent == touch


async def test_nothing_is_unknown_of_a_touch_that_its_new_claimer_has_not_begun(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await bench.proven_absent()
    assert await ledger.reopen(touch.touch_id, "b")
    await ledger.settle(touch.touch_id, "unknown", None, "no trace")  # by an attempt thought dead
    assert await ledger.begin(touch.touch_id, "b", DEADLINE) is None


async def test_a_callback_between_reopening_and_beginning_leaves_nothing_to_send(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await bench.proven_absent()
    assert await ledger.reopen(touch.touch_id, "b")
    await ledger.delivery(TENANT, bench.callback("sent"))
    assert await ledger.begin(touch.touch_id, "b", DEADLINE) == "fenced"
    assert (await ledger.current(touch.touch_id)).state == "sent"


async def test_proof_that_nothing_was_sent_counts_though_another_had_given_up_looking(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    await ledger.settle(touch.touch_id, "unknown", None, "no trace")
    await ledger.release(touch.touch_id, "a")
    assert (await ledger.claim(touch, "b")).fresh


async def test_what_the_vendor_shows_may_be_another_touchs(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    before = intent(touch.lead_id, touch.person_id, "before")
    await ledger.claim(before, "a")
    await ledger.settle(before.touch_id, "sent", "SM1", None)
    await ledger.claim(touch, "a")
    assert await ledger.untaken(touch.touch_id, ("SM1",)) is None
    assert await ledger.untaken(touch.touch_id, ("SM1", "SM3", "SM2")) == "SM3"
    assert await ledger.untaken(before.touch_id, ("SM1",)) == "SM1"


async def test_a_touch_on_its_way_is_no_longer_fresh(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    found = await ledger.claim(touch, "b")
    assert (found.fresh, found.state) == (False, "sending")
    assert found.sending_since is not None


async def test_what_was_proven_not_sent_may_begin_again(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    await ledger.release(touch.touch_id, "a")
    assert (await ledger.claim(touch, "a")).fresh
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) is None


async def test_a_listing_counts_only_long_after_the_deadline_and_two_reopen(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    assert await ledger.missed(touch.touch_id) == 0
    await bench.a_minute_later()
    assert await ledger.missed(touch.touch_id) == 1
    assert not await ledger.reopen(touch.touch_id, "b")
    assert await ledger.missed(touch.touch_id) == 2
    assert await ledger.reopen(touch.touch_id, "b")
    assert await ledger.begin(touch.touch_id, "b", DEADLINE) is None


@pytest.mark.parametrize("order", [("sent", "delivered"), ("delivered", "sent")])
async def test_callbacks_settle_in_any_order(bench: Bench, order: tuple[str, str]) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    for status in order:
        await ledger.delivery(TENANT, bench.callback(status))
    assert (await ledger.current(touch.touch_id)).state == "delivered"


async def test_a_callback_settles_a_touch_nobody_knew_the_fate_of(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    await ledger.settle(touch.touch_id, "unknown", None, "no trace")
    await ledger.delivery(TENANT, bench.callback("delivered"))
    assert (await ledger.current(touch.touch_id)).state == "delivered"


async def test_a_settled_touch_never_goes_back(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    await ledger.settle(touch.touch_id, "delivered", "SM1", None)
    await ledger.settle(touch.touch_id, "unknown", None, None)
    assert (await ledger.current(touch.touch_id)).state == "delivered"


async def test_a_callback_of_nobody_is_unmatched(bench: Bench) -> None:
    stray = Delivery(touch_id="0" * 32, vendor_id="SM404", status="sent", vendor_status="sent")
    assert (await bench.ledger.delivery(TENANT, stray))[0] == "unmatched"


async def test_a_refused_touch_is_kept_with_its_reason_and_never_begun(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.refuse(touch, "no_consent")
    found = await ledger.claim(touch, "a")
    assert (found.fresh, found.state, found.error) == (False, "cancelled", "no_consent")


async def test_a_late_callback_does_not_bring_a_refused_touch_back(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.refuse(touch, "no_consent")
    for status in ("sent", "failed", "delivered"):
        assert await ledger.delivery(TENANT, bench.callback(status)) == ("cancelled", None, None)
    found = await ledger.current(touch.touch_id)
    assert (found.state, found.error) == ("cancelled", "no_consent")


@pytest.mark.parametrize(
    ("because", "said"), [("no_consent", "cancelled"), ("opted_out", "opted_out"), ("replied", "replied")]
)
async def test_what_was_refused_after_it_was_claimed_is_not_begun(bench: Bench, because: str, said: str) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.refuse(touch, because)
    assert await ledger.begin(touch.touch_id, "a", DEADLINE) == said


async def test_a_touch_on_its_way_is_not_refused_any_more(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    await ledger.refuse(touch, "no_consent")
    assert (await ledger.current(touch.touch_id)).state == "sending"


async def test_a_callback_without_a_touch_is_matched_by_the_vendors_id(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.settle(touch.touch_id, "sent", "SM1", None)
    nameless = bench.callback("delivered").model_copy(update={"touch_id": None})
    assert (await ledger.delivery("other", nameless))[0] == "unmatched"
    assert (await ledger.delivery(TENANT, nameless))[0] == "delivered"


async def test_a_callback_of_another_message_moves_nothing(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.settle(touch.touch_id, "sent", "SM1", None)
    other = bench.callback("failed").model_copy(update={"vendor_id": "SM2"})
    assert await ledger.delivery(TENANT, other) == ("sent", None, None)


async def test_no_listing_counts_against_a_touch_that_is_settled(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await bench.proven_absent()
    await ledger.delivery(TENANT, bench.callback("sent"))
    assert await ledger.missed(touch.touch_id) == 2
    assert not await ledger.reopen(touch.touch_id, "b")


@pytest.mark.parametrize("opted_out", [False, True])
async def test_a_lead_hears_once_what_became_of_a_text_that_failed(bench: Bench, opted_out: bool) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.settle(touch.touch_id, "sent", "SM1", None)
    failed = bench.callback("failed", "30003").model_copy(update={"opted_out": opted_out})
    state, ref, lead_id = await ledger.delivery(TENANT, failed)
    assert (state, lead_id) == ("failed", touch.lead_id)
    assert ref is not None
    assert ref.kind == ("opted_out" if opted_out else "undelivered")
    assert await ledger.delivery(TENANT, failed) == ("failed", None, None)


async def test_who_told_the_vendor_to_stop_is_sent_nothing_more(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    await ledger.unsubscribed(touch.touch_id, "21610")
    found = await ledger.current(touch.touch_id)
    assert (found.state, found.error) == ("failed", "21610")
    later = intent(touch.lead_id, touch.person_id, "later")
    await ledger.claim(later, "a")
    assert await ledger.begin(later.touch_id, "a", DEADLINE) == "opted_out"


async def test_the_dossier_knows_where_an_earlier_attempt_left_the_touch(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch
    before = await ledger.dossier(TENANT, touch.lead_id, touch.lead_now, touch.key)
    assert before.prior is None
    await ledger.claim(touch, "a")
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    after = await ledger.dossier(TENANT, touch.lead_id, touch.lead_now, touch.key)
    assert after.prior is not None
    assert (after.prior.state, after.prior.intent) == ("sending", touch)


async def test_what_may_have_been_sent_is_history_of_the_person_and_says_which_text_it_was(bench: Bench) -> None:
    ledger, touch = bench.ledger, bench.touch.model_copy(update={"template": "missed_call"})
    after = touch.lead_now + timedelta(minutes=1)

    async def known(key: str) -> list[str | None]:
        dossier = await ledger.dossier(touch.tenant, touch.lead_id, after, key)
        return [past.template for past in dossier.facts.history.touches]

    await ledger.claim(touch, "a")
    assert await known("another") == []
    await ledger.begin(touch.touch_id, "a", DEADLINE)
    assert await known("another") == ["missed_call"]
    assert await known(touch.key) == [], "a touch does not stand in its own way"
