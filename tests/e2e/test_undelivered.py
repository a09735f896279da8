"""Texts that are taken and don't arrive: a person is told why, and a number that takes none is tried once in all."""

import pytest

from bench.outside import eventually
from tests.e2e.stand import Stand, texts

CASES = [
    ("landline", "30006", "is a landline"),
    ("unknown_handset", "30005", "no longer in service"),
    ("unreachable", "30003", "did not arrive;"),
    ("carrier_violation", "30007", "did not arrive;"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "code", "said"), CASES)
async def test_a_text_that_does_not_arrive_is_told_with_its_reason_and_not_sent_again(
    stand: Stand, kind: str, code: str, said: str
) -> None:
    who = stand.someone()
    await stand.outside.simulate("personas", {"phone": who.phone, "kind": kind})
    lead_id = await stand.arrives(who)

    async def told() -> bool:
        return any(said in str(entry.blocks) for entry in await stand.chat_about(lead_id))

    await eventually(told, 60, f"somebody is told that the text did not arrive ({kind})")
    assert len(texts(await stand.log_of(who))) == 1
    touches = (await stand.outside.lead(lead_id))["touches"]
    assert [(t["state"], t["error"]) for t in touches if t["channel"] == "sms"] == [("failed", code)]


@pytest.mark.slow
async def test_a_later_lead_of_a_landline_is_not_texted_at_all(stand: Stand) -> None:
    who = stand.someone()
    await stand.outside.simulate("personas", {"phone": who.phone, "kind": "landline"})
    first = await stand.arrives(who)
    await eventually(lambda: failed(stand, first), 60, "the first text fails")
    answer = await stand.outside.tell(first, "disposition", {"code": "won", "by": "ada"}, f"won-{first}")
    assert answer.status_code == 200
    await stand.reaches(first, stage="closed")
    later = await stand.arrives(who, "missed_call")

    async def asked() -> bool:
        return any(later in str(entry.blocks) for entry in await stand.chat_about(later))

    assert later != first
    await eventually(asked, 60, "somebody is given the lead all the same")
    assert len([entry for entry in await stand.log_of(who) if entry.kind == "sms"]) == 1, "no second try at a landline"


async def failed(stand: Stand, lead_id: str) -> bool:
    touches = (await stand.outside.lead(lead_id))["touches"]
    return any(touch["state"] == "failed" for touch in touches if touch["channel"] == "sms")
