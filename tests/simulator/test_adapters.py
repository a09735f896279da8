"""Baton's own adapters against the simulator: what is lost is found again, whatever the clock says."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.crm.hubspot import HubSpotCrm
from adapters.slack.chat import SlackChat
from adapters.twilio.account import TwilioAccount
from adapters.twilio.sms import TwilioSms
from domain.errors import Ambiguous
from domain.ledger import Intent
from domain.ports import Button, ChatMessage, CrmEntry
from domain.values import Channel, Purpose
from tests.simulator.stand import ACCOUNT, LEAD, OWN, SECRETS, Receiver, Sim

TOUCH = "lead-1:sms:1"
SERVICE, OTHER_SERVICE = "MG" + "0a" * 16, "MG" + "0b" * 16
LOST = ["drop_after_accept", "500_after_accept"]


@pytest.fixture(params=[-5, 0, 5], ids=lambda days: f"{days:+d}d")
def shifted(sim: Sim, request: pytest.FixtureRequest) -> Sim:
    sim.post("/sim/clock", {"offset": request.param * 86_400})
    return sim


@pytest.fixture
async def texts(shifted: Sim, receiver: Receiver) -> AsyncIterator[TwilioSms]:
    sms = TwilioSms(TwilioAccount(ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"], OWN, receiver.url, shifted.url))
    yield sms
    await sms.aclose()


@pytest.fixture
async def chat(shifted: Sim) -> AsyncIterator[SlackChat]:
    slack = SlackChat(SECRETS["BATON_SLACK_TOKEN"], f"{shifted.url}/api/")
    yield slack
    await slack.aclose()


@pytest.fixture
async def crm(shifted: Sim) -> AsyncIterator[HubSpotCrm]:
    hubspot = HubSpotCrm(SECRETS["BATON_HUBSPOT_TOKEN"], shifted.url)
    yield hubspot
    await hubspot.aclose()


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("way", [(OWN, None), ("", SERVICE), (OWN, SERVICE)], ids=["number", "service", "both"])
async def test_a_text_whose_answer_was_lost_is_found(
    shifted: Sim, receiver: Receiver, texts: TwilioSms, kind: str, way: tuple[str, str | None]
) -> None:
    now = datetime.now(UTC)
    intent = Intent(
        touch_id=TOUCH,
        key=TOUCH,
        tenant="main",
        lead_id="lead-1",
        person_id="person-1",
        channel=Channel.SMS,
        purpose=Purpose.RESPONSIVE,
        recipient=LEAD,
        sender=way[0],
        service=way[1],
        body="Hi Dana, it’s Ada",
        lead_now=now,
    )
    assert await texts.find(intent, now) == ()
    shifted.post("/sim/faults", {"vendor": "twilio", "kind": kind})
    with pytest.raises(Ambiguous):
        await texts.send(intent)
    found = await texts.find(intent, now)
    assert [entry["vendor_id"] for entry in shifted.log("sms")] == [one.vendor_id for one in found] != []
    others = await texts.find(intent.model_copy(update={"service": OTHER_SERVICE}), now)
    assert bool(others) == (way[1] is None)  # one that names no service may be anybody's
    shifted.settle()
    assert {got.form["From"] for got in receiver.got} == {OWN}
    assert [got.url.partition("?")[2] for got in receiver.got] == [f"touch={TOUCH}"] * 3


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("channel", ["C0000LEADS", "U0000DANA"])
async def test_a_chat_message_whose_answer_was_lost_is_found(
    shifted: Sim, chat: SlackChat, kind: str, channel: str
) -> None:
    accept = Button(action="accept", label="Accept", value="lead-1:1", style="primary")
    outcome = Button(action="dispose", label="Outcome", value="lead-1", options=(("lead-1:connected", "Connected"),))
    message = ChatMessage(channel=channel, text="A lead for <@U0000DANA>", buttons=(accept, outcome))
    now = datetime.now(UTC)
    assert await chat.find(TOUCH, message, now) is None
    shifted.post("/sim/faults", {"vendor": "slack", "kind": kind, "match": "chat.postMessage"})
    with pytest.raises(Ambiguous):
        await chat.post(TOUCH, message)
    found = await chat.find(TOUCH, message, now)
    assert found is not None
    [entry] = shifted.log("message")
    assert found.vendor_id == f"{entry['channel']}:{entry['vendor_id']}"
    press = {"rep": "U0000DANA", "action_id": "dispose", "value": "lead-1:connected"}
    assert shifted.post("/sim/press", press, 202) == {"status": 200}


@pytest.mark.parametrize("kind", LOST)
async def test_a_note_whose_answer_was_lost_is_not_written_twice(shifted: Sim, crm: HubSpotCrm, kind: str) -> None:
    entry = CrmEntry(
        contact_id=None,
        email="dana@example.com",
        phone=LEAD,
        name="Dana Ortiz",
        company="Ortiz Roofing",
        owner_id="101",
        stage="IN_PROGRESS",
        note="Text sent <now>",
        task="Call Dana",
        task_due=datetime.now(UTC) + timedelta(hours=1),
    )
    shifted.post("/sim/faults", {"vendor": "hubspot", "kind": kind, "match": "/objects/notes"})
    with pytest.raises(Ambiguous):
        await crm.apply(TOUCH, entry)
    assert await crm.find(TOUCH, entry) is None, "the task is still missing"
    await crm.apply(TOUCH, entry)
    assert await crm.find(TOUCH, entry) is not None
    assert [entry["kind"] for entry in shifted.log() if entry["accepted"]] == [
        "contact",
        "note",
        "contact_update",
        "task",
    ]
