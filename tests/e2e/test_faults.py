"""Vendors that throttle, break, hang and lose answers: each phone gets its text, each rep the offer, once."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bench.outside import Json, eventually
from bench.people import Someone
from bench.verdict import doubled
from tests.e2e.stand import Stand, texts

RECONCILED = 120.0
"""Seconds. A text whose request was lost is proven absent 45 s after it, by two listings, and then sent."""

TEXT, CHAT, CRM = "/Messages.json", "chat.postMessage", "POST /crm"

FAULTS: list[tuple[str, str, dict[str, Any]]] = [
    ("twilio", "hang", {"seconds": 2, "match": TEXT}),
    ("twilio", "500", {"match": TEXT}),
    ("twilio", "429", {"retry_after": 3, "match": TEXT}),
    ("twilio", "drop_after_accept", {"match": TEXT}),
    ("twilio", "500_after_accept", {"match": TEXT}),
    ("slack", "429", {"retry_after": 2, "match": CHAT}),
    ("slack", "500", {"match": CHAT}),
    ("slack", "drop_after_accept", {"match": CHAT}),
    ("hubspot", "429", {"match": CRM}),
    ("hubspot", "500", {"match": CRM}),
    ("hubspot", "drop_after_accept", {"match": CRM}),
]


@pytest.mark.slow
async def test_whatever_a_vendor_does_each_phone_has_one_text_and_each_rep_one_offer(stand: Stand) -> None:
    stopper = await one_who_says_stop_while_the_vendor_hangs(stand)
    met = {}
    for vendor, kind, more in FAULTS:
        await stand.outside.arm(vendor, kind, **more)
        who = stand.someone()
        met[f"{vendor} {kind}"] = who, await stand.arrives(who, "missed_call")
        await eventually(lambda: is_spent(stand), 30, f"{vendor} acts out {kind}")
    for fault, (who, lead_id) in met.items():
        await eventually(partial(is_done, stand, lead_id), RECONCILED, f"all touches after {fault} are made")
        assert len(texts(await stand.log_of(who))) == 1, fault
        assert await offers(stand, lead_id) == 1, fault
    assert doubled(await stand.outside.log()) == []
    await kept_the_delay(stand, met["twilio 429"][0], timedelta(seconds=3))
    await eventually(partial(is_given_up, stand, stopper), RECONCILED, "the stopped text is given up")
    assert texts(await stand.log_of(stopper)) == []


async def one_who_says_stop_while_the_vendor_hangs(stand: Stand) -> Someone:
    """Their text has left for the vendor, who never took it: it may not be sent again."""
    who = stand.someone()
    await stand.outside.arm("twilio", "hang", seconds=3, match=TEXT)
    await stand.arrives(who)

    async def hangs() -> bool:
        return [entry.accepted for entry in await stand.log_of(who)] == [False]

    await eventually(hangs, 30, "the vendor hangs")
    assert await stand.outside.texts_us(who.phone, "Please stop texting me") == 200
    return who


async def is_given_up(stand: Stand, who: Someone) -> bool:
    rows = await stand.ask_database("select state from touch where recipient = $1", who.phone)
    return [row["state"] for row in rows] == ["cancelled"]


async def is_spent(stand: Stand) -> bool:
    return await stand.outside.armed() == []


async def is_done(stand: Stand, lead_id: str) -> bool:
    touches = (await stand.outside.lead(lead_id))["touches"]
    made = {touch["channel"] for touch in touches if touch["state"] in {"sent", "delivered"}}
    return made >= {"sms", "chat", "crm"} and all(is_settled(touch) for touch in touches)


def is_settled(touch: Json) -> bool:
    """Reps' phones ring as well and aren't answered; then no second text goes."""
    over = {"sent", "delivered", "cancelled"}
    return touch["state"] in (over | {"failed"} if touch["channel"] == "call" else over)


async def offers(stand: Stand, lead_id: str) -> int:
    return sum(f"'value': '{lead_id}:1'" in str(entry.blocks) for entry in await stand.chat_about(lead_id))


async def kept_the_delay(stand: Stand, who: Someone, delay: timedelta) -> None:
    refused, sent = [entry for entry in await stand.log_of(who) if entry.kind == "sms"]
    assert (refused.accepted, sent.accepted) == (False, True)
    assert sent.real_at - refused.real_at >= delay


async def test_a_text_the_vendor_refuses_is_written_down_not_repeated_and_a_person_is_asked(stand: Stand) -> None:
    who = stand.someone()
    await stand.outside.simulate("personas", {"phone": who.phone, "kind": "unroutable"})
    lead_id = await stand.arrives(who)
    await a_person_is_asked(stand, lead_id)
    touches = [touch for touch in (await stand.outside.lead(lead_id))["touches"] if touch["channel"] == "sms"]
    assert [(touch["state"], touch["error"]) for touch in touches] == [("failed", "21612")]
    assert [entry.accepted for entry in await stand.log_of(who)] == [False]


async def test_a_number_of_our_own_is_texted_by_nobody_and_a_person_is_asked(stand: Stand) -> None:
    who, own_number = stand.someone(), stand.rig.secret("twilio_from")
    lead_id = await stand.arrives(who, person={"name": who.name, "phone": own_number, "email": who.email})
    await a_person_is_asked(stand, lead_id)
    assert not [entry for entry in await stand.outside.log() if entry.to == own_number and entry.kind == "sms"]


async def a_person_is_asked(stand: Stand, lead_id: str) -> None:
    async def asked() -> bool:
        return any("could not be texted" in (entry.body or "") for entry in await stand.chat_about(lead_id))

    await eventually(asked, 30, "somebody is asked to reach the person another way")


async def test_a_text_that_never_arrives_is_told_to_a_person(stand: Stand) -> None:
    who = stand.someone()
    await stand.outside.simulate("personas", {"phone": who.phone, "kind": "landline"})
    lead_id = await stand.arrives(who)

    async def asked() -> bool:
        return any("did not arrive" in (entry.body or "") for entry in await stand.chat_about(lead_id))

    await eventually(asked, 60, "somebody is told that the text did not arrive")
    assert len(texts(await stand.log_of(who))) == 1
