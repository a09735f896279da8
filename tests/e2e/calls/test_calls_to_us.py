"""Calls to the business's number, on the running stack: who rings, what callers hear, what they are texted."""

from bench.outside import Json, Outside, Reached, eventually
from bench.people import Someone
from tests.e2e.stand import PATIENCE, Stand, texts

ADA, BEN, CLEO, DEV = "+15125550101", "+13125550102", "+13055550103", "+13125550104"
TEAM = (ADA, BEN, CLEO, DEV)
NOBODY: list[Json] = [{"phone": phone, "line": "no_answer"} for phone in TEAM]


def takes(phone: str, **more: object) -> Json:
    """A rep who picks up after a moment and presses 1."""
    return {"phone": phone, "line": "answers", "rings_for": 0.2, "presses": [{"digits": "1", "after": 0.2}], **more}


async def calls(stand: Stand, who: Someone | str, **manners: object) -> str:
    """Somebody calls; the SID."""
    phone = who if isinstance(who, str) else who.phone
    response = await stand.outside.simulate("inbound", {"from": phone, "call": True, **manners})
    assert response.status_code == 202, response.text
    return str(response.json()["sid"])


async def seen(outside: Outside, kind: str, phone: str, since: int = 0) -> list[Reached]:
    return [entry for entry in await outside.log(since) if entry.kind == kind and entry.to == phone]


async def lead_of(stand: Stand, who: Someone) -> str:
    """The one lead of a person, once there is one."""
    question = (
        "select l.lead_id from lead l join identity i using (person_id) where i.kind = 'phone' and i.value = $1"
        " order by l.opened_at desc"
    )

    async def there() -> bool:
        return bool(await stand.ask_database(question, who.phone))

    await eventually(there, PATIENCE, "a lead of the caller")
    return str((await stand.ask_database(question, who.phone))[0]["lead_id"])


async def hangs_up(stand: Stand, sid: str) -> None:
    assert (await stand.outside.simulate("hangup", {"sid": sid})).status_code == 202


async def rings(stand: Stand, phones: tuple[str, ...], since: int) -> list[str]:
    """Waits until one of these phones rings; those that do."""

    async def ringing() -> bool:
        return any(entry.to in phones for entry in await stand.outside.log(since) if entry.kind == "call_leg")

    await eventually(ringing, PATIENCE, "a phone of the team rings")
    return [
        str(entry.to) for entry in await stand.outside.log(since) if entry.kind == "call_leg" and entry.to in phones
    ]


async def is_over(stand: Stand, sid: str) -> None:
    async def hung_up() -> bool:
        return any(entry.kind == "hung_up" and entry.vendor_id == sid for entry in await stand.outside.log())

    await eventually(hung_up, PATIENCE, "the call is over")


async def says(stand: Stand, phone: str, what: str, since: int) -> None:
    """Waits until somebody hears something."""

    async def heard() -> bool:
        return any(what in (entry.body or "") for entry in await seen(stand.outside, "heard", phone, since))

    await eventually(heard, PATIENCE, f"{phone} hears: {what}")


async def chat_says(stand: Stand, lead_id: str, what: str) -> None:
    async def told() -> bool:
        return any(what in f"{entry.body} {entry.blocks}" for entry in await stand.chat_about(lead_id))

    await eventually(told, PATIENCE, f"our people are told: {what}")


async def test_a_caller_who_hangs_up_while_it_rings_is_texted_once_and_has_a_lead(stand: Stand) -> None:
    """R13, R14, N12."""
    who, before = stand.someone(), len(await stand.outside.log())
    await stand.outside.simulate("personas", NOBODY)
    for _ in range(2):
        sid = await calls(stand, who)
        await rings(stand, TEAM, before)
        await hangs_up(stand, sid)
        await stand.is_texted(who)
    text = texts(await stand.is_texted(who))[0]
    assert "this is Brightside" in text
    assert "missed your call" in text
    row = await stand.reaches(await lead_of(stand, who), source="missed_call")
    assert row["motion"] == "whisper_call"
    await eventually(lambda: _joined(stand, who), PATIENCE, "the second call joins the lead")
    assert len(texts(await stand.is_texted(who))) == 1


async def _joined(stand: Stand, who: Someone) -> bool:
    story = (await stand.outside.lead(await lead_of(stand, who)))["story"]
    return any(line["kind"] == "joined" for line in story)


async def test_nobody_takes_it_so_the_voicemail_does_and_the_message_is_shown(stand: Stand) -> None:
    """R20, R14: recorded, written down, and the link and the words are with the lead."""
    who, before = stand.someone(), len(await stand.outside.log())
    await stand.outside.simulate("personas", [{"phone": phone, "line": "busy"} for phone in TEAM])
    sid = await calls(stand, who, says="my roof leaks since the storm, please call me back today")
    await says(stand, who.phone, "leave a message", before)
    await is_over(stand, sid)
    lead_id = await lead_of(stand, who)
    await stand.is_texted(who)
    await chat_says(stand, lead_id, "left a voicemail (0:0")
    await chat_says(stand, lead_id, "/Recordings/RE")
    await chat_says(stand, lead_id, "my roof leaks since the storm")


async def test_whoever_presses_1_is_connected_has_the_lead_and_nobody_texts_or_dials(stand: Stand) -> None:
    """R20, N1, N2: one lead, the owner who spoke, and no text."""
    who, before = stand.someone(), len(await stand.outside.log())
    await stand.outside.simulate(
        "personas", [takes(BEN), *({"phone": p, "line": "no_answer"} for p in (ADA, CLEO, DEV))]
    )
    sid = await calls(stand, who, talks_for=1.0)
    await rings(stand, (BEN,), before)
    await says(stand, BEN, "Incoming call for Brightside, from somebody new", before)
    await is_over(stand, sid)
    lead_id = await lead_of(stand, who)
    row = await stand.reaches(lead_id, source="inbound_call", owner="ben")
    assert row["motion"] == "human_task"
    kinds = [line["kind"] for line in (await stand.outside.lead(lead_id))["story"]]
    assert "accepted" in kinds
    assert await stand.outside.texts(who.phone) == []
    later = [entry for entry in await stand.outside.log(before) if entry.kind == "call_leg" and entry.to == who.phone]
    assert later == []


async def test_who_calls_again_reaches_whom_they_spoke_with(stand: Stand) -> None:
    """R20, N5: the rep they know rings first, alone, and hears their name."""
    who = stand.someone()
    lead_id = await stand.arrives(who)
    assert (await stand.outside.tell(lead_id, "accept", {"rep": "dev"}, f"dev-{lead_id}")).status_code == 200
    await stand.reaches(lead_id, owner="dev")
    before = len(await stand.outside.log())
    await stand.outside.simulate(
        "personas", [takes(DEV), *({"phone": p, "line": "no_answer"} for p in (ADA, BEN, CLEO))]
    )
    sid = await calls(stand, who, talks_for=0.5)
    assert await rings(stand, TEAM, before) == [DEV]
    await says(stand, DEV, f"from {who.name} from {who.company}", before)
    await is_over(stand, sid)

    async def told() -> bool:
        return any(line["kind"] == "called" for line in (await stand.outside.lead(lead_id))["story"])

    await eventually(told, PATIENCE, "the lead hears of the talk")


async def test_whoever_asked_for_no_texts_and_calls_is_sent_nothing_and_a_person_is_told(stand: Stand) -> None:
    """R14, N11: the stop holds, and the call is not dropped."""
    who = stand.someone()
    await stand.outside.simulate("personas", NOBODY)
    stopped = await stand.arrives(who)
    await stand.is_texted(who)
    assert await stand.outside.texts_us(who.phone, "Please stop texting me") == 200
    await stand.reaches(stopped, stage="closed", outcome="opted_out")
    before = len(await stand.outside.log())
    sid = await calls(stand, who)
    await rings(stand, TEAM, before)
    await hangs_up(stand, sid)
    await eventually(lambda: _is_another(stand, who, stopped), PATIENCE, "the call has a lead of its own")
    lead_id = await lead_of(stand, who)
    row = await stand.reaches(lead_id, source="missed_call", stage="waiting_for_contact")
    assert row["motion"] == "human_task"
    await chat_says(stand, lead_id, who.name)
    reached = [entry for entry in await stand.outside.log(before) if entry.to == who.phone]
    assert [entry for entry in reached if entry.kind in ("sms", "call_leg")] == []


async def _is_another(stand: Stand, who: Someone, lead_id: str) -> bool:
    return await lead_of(stand, who) != lead_id


async def test_with_postgresql_gone_a_caller_leaves_a_message_and_has_a_lead_when_it_is_back(stand: Stand) -> None:
    who, before = stand.someone(), len(await stand.outside.log())
    await stand.outside.simulate("personas", NOBODY)
    frozen = stand.rig.pause("supervisor")
    try:
        await stand.rig.kill_all_of("postgres")
        sid = await calls(stand, who, says="please call me back about the roof")
        await says(stand, who.phone, "leave a message", before)
    finally:
        stand.rig.resume(frozen)
    await stand.rig.until_up()
    await is_over(stand, sid)
    row = await stand.reaches(await lead_of(stand, who), source="missed_call")
    assert row["motion"] == "whisper_call"
    assert len(await stand.is_texted(who)) == 1


async def test_with_temporal_gone_a_caller_is_put_through_and_texted_when_it_is_back(stand: Stand) -> None:
    who, before = stand.someone(), len(await stand.outside.log())
    await stand.outside.simulate("personas", NOBODY)
    frozen = stand.rig.pause("supervisor")
    try:
        stand.rig.kill("temporal")
        sid = await calls(stand, who)
        await rings(stand, TEAM, before)
        await hangs_up(stand, sid)
    finally:
        stand.rig.resume(frozen)
    await stand.rig.until_up()
    assert len(await stand.is_texted(who)) == 1


async def test_a_withheld_number_rings_and_leaves_a_message_and_is_nobody(stand: Stand) -> None:
    before = len(await stand.outside.log())
    await stand.outside.simulate("personas", [{"phone": phone, "line": "busy"} for phone in TEAM])
    sid = await calls(stand, "+266696687", says="please call the number on my invoice")
    await is_over(stand, sid)
    question = "select lead_id from inbox where channel = 'inquiry/missed_call' and source_event_id = $1"

    async def kept() -> bool:
        return bool(await stand.ask_database(question, sid))

    await eventually(kept, PATIENCE, "the message is kept as a lead")
    lead_id = str((await stand.ask_database(question, sid))[0]["lead_id"])
    await chat_says(stand, lead_id, "please call the number on my invoice")
    assert await seen(stand.outside, "sms", "+266696687", before) == []
    assert await stand.ask_database("select 1 from identity where value = '+266696687'") == []
