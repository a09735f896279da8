"""Services with a memory in place of a database, Temporal and vendors; signatures are checked by the real verifiers."""

import asyncio
import hashlib
import hmac
import json
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from pydantic import BaseModel, SecretStr
from standardwebhooks import Webhook
from twilio.request_validator import RequestValidator

from activities.phone_desk import PhoneDesk
from activities.policies import Policies
from adapters.crm.hubspot_signature import HubSpotSignature
from adapters.slack.signature import SlackSignature
from adapters.standard_webhooks import StandardWebhook
from adapters.twilio.account import TwilioAccount
from adapters.twilio.signature import TwilioSignature
from adapters.twilio.twiml import Twiml
from domain.call_orders import CallAnswer, CallControl
from domain.calls import Call, Leg, LegState, Party
from domain.errors import BatonError, NotFound
from domain.inbox import Unfinished
from domain.lead import Lead
from domain.messages import Answer, Delivery, InboundText, Inquiry, RowRef, Signal
from domain.ports import Captured, CrmContact
from domain.presence import PresenceChange, RepList, RepView
from domain.scripts import Markup
from domain.views import LeadDetail, LeadFilter, LeadPage, LeadSummary, PersonView, TouchView, TracedDecision
from policy.model import CrmProperty
from runtime.call_desk import CallDesk
from runtime.inbound_calls import open_exchange
from runtime.migrating import Migrating
from runtime.publishing import Publishing
from runtime.settling import Settling
from runtime.webhooks import HubSpotContacts, SlackPresses, Taker, Webhooks
from tests.api.fake_reports import FakeReports
from tests.fake_books import FakeReconciling
from tests.fake_callers import FakeCallers, TakesCalls
from tests.fake_ledger import FakeLedger
from tests.fake_lists import FakeOptOuts
from tests.fake_phones import FakeCalls, FakeVoice
from tests.fake_settling import FakeSettlements
from tests.fakes import FakeChat, FakeCrm
from tests.policy import cases
from tests.published import FakeCohorts, FakePolicies, FakeSwitches, published

PUBLIC = "https://baton.example.com"
API_KEY = "key-of-the-tests"
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TWILIO_TOKEN, SLACK_SECRET, HUBSPOT_SECRET = "twilio-token", "slack-secret", "hubspot-secret"
LEAD = "0199a7c2-0000-7000-8000-000000000001"
PERSON = "0199a7c2-0000-7000-8000-00000000000a"
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
REF = RowRef(row_id="row-1", kind="inquiry", at=NOW)
STARTED = Captured(row_id="row-1", status="started", lead_id=LEAD, ref=REF, first_motion="text_back")
NO_FILTER = LeadFilter()

Headers = dict[str, str]


CALL = Call(
    call_id="0199-call-1",
    tenant="main",
    lead_id=LEAD,
    asked_at=NOW,
    legs=(Leg(leg_id="leg-ada", party=Party.REP, rep="ada", vendor_id="CAada", state=LegState.ANSWERED),),
)
"""A call that ada has picked up."""


@dataclass
class FakeSettings:
    tenant: str = "main"
    public_url: str = PUBLIC
    api_key: SecretStr = field(default_factory=lambda: SecretStr(API_KEY))


@dataclass
class FakeVerifiers:
    twilio: TwilioSignature = field(default_factory=lambda: TwilioSignature((TWILIO_TOKEN,)))
    slack: SlackSignature = field(default_factory=lambda: SlackSignature((SLACK_SECRET,)))
    hubspot: HubSpotSignature = field(default_factory=lambda: HubSpotSignature((HUBSPOT_SECRET,)))
    webhook: StandardWebhook = field(default_factory=lambda: StandardWebhook((WEBHOOK_SECRET,)))


@dataclass
class FakeCapture(TakesCalls):
    """What came in, in order; `answer` or the next of `troubles` is what a caller gets."""

    inquiries: list[Inquiry] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    texts: list[tuple[InboundText, str]] = field(default_factory=list)
    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    troubles: list[Exception | None] = field(default_factory=list)
    answer: Captured = field(default_factory=lambda: STARTED)
    heard: tuple[str, RowRef | None, str | None] = ("delivered", None, None)
    handoff: Mapping[CrmProperty, tuple[str, ...]] = field(
        default_factory=lambda: {"lifecyclestage": ("salesqualifiedlead",)}
    )

    async def inquiry(self, inquiry: Inquiry) -> Captured:
        self._trouble()
        self.inquiries.append(inquiry)
        return self.answer

    async def signal(self, signal: Signal) -> Captured:
        self._trouble()
        self.signals.append(signal)
        return self.answer

    async def text(self, text: InboundText, meaning: str) -> Captured:
        self._trouble()
        self.texts.append((text, meaning))
        return self.answer

    async def keep(self, channel: str, source_event_id: str, payload: str) -> str | None:
        self._trouble()
        if (channel, source_event_id) in self.kept:
            return None
        self.kept[channel, source_event_id] = payload
        return f"{channel}-{len(self.kept)}"

    async def delivery(self, delivery: Delivery) -> tuple[str, RowRef | None, str | None]:
        self._trouble()
        self.deliveries.append(delivery)
        return self.heard

    def _trouble(self) -> None:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble


@dataclass
class FakeDispatch:
    sent: list[Captured] = field(default_factory=list)
    told: list[tuple[str, RowRef]] = field(default_factory=list)
    moves: list[Call] = field(default_factory=list)
    quieted: list[str] = field(default_factory=list)

    async def quiet(self, row_id: str) -> None:
        self.quieted.append(row_id)

    async def send(self, captured: Captured) -> None:
        self.sent.append(captured)

    async def tell(self, lead_id: str, ref: RowRef) -> None:
        self.told.append((lead_id, ref))

    async def moved(self, call: Call) -> None:
        self.moves.append(call)


@dataclass
class FakeInbox:
    """domain.ports.Inbox over what FakeCapture has kept."""

    capture: FakeCapture
    done: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    async def keep(self, tenant: str, channel: str, source_event_id: str, payload: str) -> str | None:
        return await self.capture.keep(channel, source_event_id, payload)

    async def unfinished(self, tenant: str, channel: str, older_than: timedelta, limit: int) -> tuple[Unfinished, ...]:
        kept = ((f"{of}-{n}", of, payload) for n, ((of, _), payload) in enumerate(self.capture.kept.items(), 1))
        open_rows = [each for each in kept if each[1] == channel and each[0] not in (*self.done, *self.refused)]
        return tuple(Unfinished(row_id=row, tenant="main", payload=payload) for row, _, payload in open_rows[:limit])

    async def dispatched(self, row_id: str) -> None:
        self.done.append(row_id)

    async def refuse(self, row_id: str, because: str) -> None:
        self.refused[row_id] = because


@dataclass
class FakeGateway:
    updates: list[tuple[str, str, BaseModel, str]] = field(default_factory=list)
    trouble: BatonError | None = None
    hangs: bool = False

    async def update(self, lead_id: str, name: str, message: BaseModel, key: str) -> Answer:
        if self.hangs:
            await asyncio.sleep(3600)
        if self.trouble is not None:
            raise self.trouble
        self.updates.append((lead_id, name, message, key))
        return Answer(lead_id=lead_id, stage="working", owner="ana", said="Taken.")

    async def control(self, call_id: str, asked: CallControl, key: str) -> CallAnswer:
        if self.trouble is not None:
            raise self.trouble
        self.updates.append((call_id, asked.what, asked, key))
        return CallAnswer(call_id=call_id, said="Done.")


@dataclass
class FakeReps:
    handles: dict[str, str] = field(default_factory=lambda: {"U1": "ana"})
    changes: list[tuple[str, PresenceChange]] = field(default_factory=list)
    trouble: BatonError | None = None

    def knows(self, handle: str) -> bool:
        return handle in self.handles.values()

    def rep_of(self, chat_user_id: str) -> str | None:
        return self.handles.get(chat_user_id)

    async def listed(self) -> RepList:
        if self.trouble is not None:
            raise self.trouble
        reps = tuple(RepView(handle=each, name=each.title(), status="here", weight=1) for each in self.handles.values())
        return RepList(now=NOW, reps=reps)

    async def change(self, handle: str, change: PresenceChange) -> None:
        if not self.knows(handle):
            raise NotFound(f"There is no rep {handle}.")
        self.changes.append((handle, change))


@dataclass
class SlowCrm(FakeCrm):
    """A CRM that can fail or take its time, and counts who was asked for."""

    asked: list[str] = field(default_factory=list)
    trouble: BatonError | None = None
    gate: asyncio.Event | None = None

    async def contact(self, contact_id: str) -> CrmContact | None:
        self.asked.append(contact_id)
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        return await super().contact(contact_id)


def signed_inquiry(body: bytes, moment: float | None = None) -> Headers:
    """Standard Webhooks headers."""
    sent = datetime.fromtimestamp(int(moment or time.time()), UTC)
    signature = Webhook(WEBHOOK_SECRET).sign("msg_1", sent, body.decode())
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(sent.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
    }


def signed_twilio(path: str, form: dict[str, str]) -> tuple[bytes, Headers]:
    """A posted form and Twilio's headers for it."""
    signature = RequestValidator(TWILIO_TOKEN).compute_signature(PUBLIC + path, form)
    return urlencode(form).encode(), {
        "x-twilio-signature": signature,
        "content-type": "application/x-www-form-urlencoded",
    }


def signed_slack(payload: object, moment: float | None = None) -> tuple[bytes, Headers]:
    """An interaction as Slack posts it."""
    body = urlencode({"payload": payload if isinstance(payload, str) else json.dumps(payload)}).encode()
    stamp = str(int(moment or time.time()))
    digest = hmac.new(SLACK_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return body, {
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
        "content-type": "application/x-www-form-urlencoded",
    }


def signed_hubspot(body: bytes, moment: float | None = None) -> Headers:
    """HubSpot's v3 headers."""
    stamp = str(int((moment or time.time()) * 1000))
    signed = f"POST{PUBLIC}/v1/hooks/hubspot".encode() + body + stamp.encode()
    digest = hmac.new(HUBSPOT_SECRET.encode(), signed, hashlib.sha256).digest()
    return {
        "x-hubspot-request-timestamp": stamp,
        "x-hubspot-signature-v3": b64encode(digest).decode(),
        "content-type": "application/json",
    }


LISTED = LeadSummary(
    lead_id=LEAD, source="demo_request", test=False, stage="handoff", owner="ana<b>", queue=None, band="A", score=90,
    motion="live_transfer", cycle=1, next_action_at=NOW, next_action="warn", sla_due_at=NOW, breached=False,
    outcome=None, policy_hash="abc", opened_at=NOW, closed_at=None, first_touch_at=None, contacted_at=None,
)  # fmt: skip
DETAIL = LeadDetail(
    lead=LISTED,
    person=PersonView(
        person_id="p1", name="Dana Ortiz", phone="+15125550142", email="dana@example.com", company=None, opted_out=False
    ),
    story=(),
    state=Lead(tenant="main", lead_id=LEAD, source="demo_request", opened_at=NOW),
    clock_offset=timedelta(0),
    clock_ahead=timedelta(0),
)


@dataclass
class FakeViews:
    asked: list[tuple[LeadFilter, int, str | None]] = field(default_factory=list)
    trouble: BatonError | None = None
    cursor: str | None = None

    async def list_leads(
        self, tenant: str, wanted: LeadFilter = NO_FILTER, limit: int = 50, cursor: str | None = None
    ) -> LeadPage:
        if self.trouble is not None:
            raise self.trouble
        self.asked.append((wanted, limit, cursor))
        return LeadPage(leads=(LISTED,), cursor=self.cursor)

    async def lead_detail(self, tenant: str, lead_id: str) -> LeadDetail:
        self._known(lead_id)
        return DETAIL

    async def lead_trace(self, tenant: str, lead_id: str) -> tuple[TracedDecision, ...]:
        self._known(lead_id)
        return ()

    async def lead_touches(self, tenant: str, lead_id: str) -> tuple[TouchView, ...]:
        self._known(lead_id)
        return ()

    def _known(self, lead_id: str) -> None:
        if lead_id != LEAD:
            raise NotFound(f"There is no lead {lead_id}.")


@dataclass
class FakeServices:
    """api.services.Services."""

    settings: FakeSettings = field(default_factory=FakeSettings)
    capture: FakeCapture = field(default_factory=FakeCapture)
    dispatch: FakeDispatch = field(default_factory=FakeDispatch)
    gateway: FakeGateway = field(default_factory=FakeGateway)
    crm: SlowCrm = field(default_factory=SlowCrm)
    chat: FakeChat = field(default_factory=FakeChat)
    views: FakeViews = field(default_factory=FakeViews)
    reports: FakeReports = field(default_factory=FakeReports)
    opt_outs: FakeOptOuts = field(default_factory=lambda: FakeOptOuts({PERSON: LEAD}))
    verifiers: FakeVerifiers = field(default_factory=FakeVerifiers)
    reps: FakeReps = field(default_factory=FakeReps)
    cohorts: FakeCohorts = field(default_factory=FakeCohorts)
    store: FakePolicies = field(default_factory=lambda: published(cases.changed(name="older"), cases.default()))
    ledger: FakeLedger = field(default_factory=FakeLedger)
    reconciling: FakeReconciling = field(default_factory=FakeReconciling)
    policy: dict[str, object] = field(default_factory=dict)
    parts: dict[str, bool] = field(default_factory=lambda: {"database": True, "temporal": True, "worker": True})

    async def ready(self) -> dict[str, bool]:
        return self.parts

    def __post_init__(self) -> None:
        self.calls, self.ledger = FakeCalls({CALL.call_id: CALL}), FakeLedger()
        self.callers = FakeCallers(self.capture.kept)
        self.phones = PhoneDesk(self.calls, self.ledger, Policies(cases.default(), FakePolicies()))
        policies = Policies(cases.changed(**self.policy) if self.policy else cases.default(), FakePolicies())
        self.calling = CallDesk("main", self.calls, self.gateway, policies)
        keepers = (self.callers, self.capture, policies)
        self.calls_to_us = open_exchange("main", self.calls, keepers, self.dispatch, FakeVoice(self.calls))
        self.markup: Markup = Twiml(TwilioAccount("AC1", TWILIO_TOKEN, "+15125550100", PUBLIC)).write
        self.inbox, self.settlements = FakeInbox(self.capture), FakeSettlements(self.ledger)
        self.settling = Settling("main", self.settlements, self.dispatch, self.chat)
        takers: dict[str, Taker] = {
            "hubspot": HubSpotContacts(self.crm, self.capture, self.dispatch),
            "slack": SlackPresses(self.gateway, self.chat, self.reps, self.settling),
        }
        self.webhooks = Webhooks("main", self.inbox, takers)
        self.publishing = Publishing(self.store, Policies(cases.default(), self.store), lambda _loaded: None)
        self.switches = FakeSwitches()
        self.migrating = Migrating(self.cohorts, self.publishing, self.gateway.update)

    def untouched(self) -> bool:
        """Whether nothing at all came through the door."""
        fresh = FakeServices()
        asked = self.crm.asked or self.chat.told or self.views.asked or self.opt_outs.taken or self.reps.changes
        return (
            not asked and (self.capture, self.dispatch) == (fresh.capture, fresh.dispatch) and not self.gateway.updates
        )
