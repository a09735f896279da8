"""A stage for lead workflows: the real server with skipped time, the real activities and policy, fakes for the world.

A play arranges leads, moves time, sends messages, and reads back what people were told and when (minutes since the
lead arrived).
"""

import asyncio
import contextlib
import dataclasses
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, WorkflowEnvironment

from activities.call_notes import CallNotes
from activities.chat import Notices
from activities.crm import CrmEntries
from activities.decide import Decide
from activities.delivery import Delivery, Patience
from activities.enrich import Enrich
from activities.lines import Lines
from activities.phone_calls import PhoneCalls, Telephone
from activities.phone_controls import PhoneControls
from activities.policies import Policies
from activities.records import LeadRecords
from activities.text import Texts
from domain.calls import Call
from domain.decisions import Began, DecisionKind
from domain.lead import Lead
from domain.messages import Answer, RowRef
from policy.loaded import LoadedPolicy
from policy.model import Policy
from policy.triage import triage
from runtime.telephony import activities
from runtime.temporal import workers
from tests.fake_ledger import FakeLedger
from tests.fake_phones import FakeVoice, recording_of
from tests.fake_senders import FakeSenders
from tests.fakes import FakeChat, FakeCrm, FakeDecisions, FakeRecords, FakeSms, facts_of
from tests.fakes_of_companies import FakeCompanies, FakeProvider
from tests.policy import cases
from tests.published import FakePolicies
from workflows import names
from workflows.lead import LeadWorkflow

TUESDAY_NINE = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
"""A Tuesday, 09:00 in America/Chicago: the business has just opened."""

QUICK = Patience(
    callback=timedelta(milliseconds=20),
    first_listing=timedelta(milliseconds=40),
    listing=timedelta(milliseconds=20),
    limit=timedelta(milliseconds=400),
)


def by_hand(policy: Policy) -> Policy:
    """The policy of a business whose reps dial by hand."""
    return policy.model_copy(update={"calls": None})


@dataclass
class Theatre:
    """The world around the leads of one test."""

    env: WorkflowEnvironment
    opens: datetime = TUESDAY_NINE
    ledger: FakeLedger = field(default_factory=FakeLedger)
    sms: FakeSms = field(default_factory=FakeSms)
    voice: FakeVoice = field(default_factory=FakeVoice)
    chat: FakeChat = field(default_factory=FakeChat)
    crm: FakeCrm = field(default_factory=FakeCrm)
    records: FakeRecords = field(default_factory=FakeRecords)
    provider: FakeProvider = field(default_factory=FakeProvider)
    published: FakePolicies = field(default_factory=FakePolicies)
    senders: FakeSenders = field(default_factory=FakeSenders)
    dials: bool = False  # whether calls are placed; else reps dial by hand
    played: list["Played"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.offset = self.opens - datetime.now(UTC)
        self.policies = Policies(cases.by_hand(), self.published)
        self.decisions = FakeDecisions(self.ledger)
        self.companies = FakeCompanies(self.ledger)

    def at(self, opens: datetime) -> None:
        """Set the clock of leads that arrive from now on."""
        self.opens, self.offset = opens, opens - datetime.now(UTC)

    def only(self, *handles: str) -> None:
        """A team of these reps alone."""
        whole = self.policies.current.policy
        team = tuple(rep for rep in whole.team if rep.handle in handles)
        small = whole.model_copy(update={"team": team})
        self.follow(dataclasses.replace(self.policies.current, policy=small))

    def follow(self, policy: LoadedPolicy) -> None:
        """Judge leads that arrive from now on by this policy."""
        chosen = policy if self.dials else dataclasses.replace(policy, policy=by_hand(policy.policy))
        self.policies.current = self.policies._loaded[policy.hash] = chosen

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Theatre"]:
        """Workers for as long as the block lasts."""
        delivery = Delivery(self.ledger, QUICK)
        decisions = [
            *(getattr(Decide(self.decisions, self.policies), name) for name in ("decide", "adopt")),
            *(getattr(LeadRecords(self.records), name) for name in ("write", "close")),
        ]
        self.voice.calls.told = self._moved
        lines = Lines(self.senders, self.policies, self.voice.sender)
        phones = PhoneCalls(Telephone(self.voice.calls, self.voice, lines), self.ledger, self.policies, QUICK)
        rows, rings = activities(phones, PhoneControls(self.voice.calls, self.voice))
        decisions += rows
        notes = CallNotes(self.voice.calls, recording_of)
        touches: dict[str, list[Any]] = {
            names.VOICE: rings,
            names.SMS: [Texts(self.ledger, self.sms, self.policies, delivery).send],
            names.CHAT: [Notices(self.ledger, self.chat, self.policies, delivery).post],
            names.CRM: [CrmEntries(self.ledger, self.crm, self.policies, delivery, notes).sync],
            names.COMPANIES: [Enrich(self.companies, self.provider).enrich],
        }
        async with contextlib.AsyncExitStack() as stack:
            for worker in workers(self.env.client, decisions, touches):
                await stack.enter_async_context(worker)
            yield self

    async def _moved(self, call: Call) -> None:
        """What the API does once a callback is answered."""
        handle = self.env.client.get_workflow_handle(names.call_workflow_id(call.tenant, call.call_id))
        with contextlib.suppress(RPCError):  # it is over
            await handle.signal("moved", call)

    async def arrives(self, source: str, *, ago: timedelta = timedelta(0), **changes: Any) -> "Played":
        """A lead of this source arrives now, judged as at capture; captured some time `ago`, it starts only now."""
        lead_id = uuid.uuid4().hex
        now = datetime.now(UTC) + self.offset - ago
        facts = facts_of(lead_id, source, now, **changes)
        self.ledger.people[lead_id] = facts
        judgement = triage(facts, self.policies.current, now, f"{lead_id}:1:triage:0")
        await self.decisions.store(facts, None, judgement)
        lead = Lead(
            tenant="main",
            lead_id=lead_id,
            source=source,
            opened_at=now,
            clock_offset=self.offset,
            captured=judgement.decision,
        )
        with self.env.with_time_skipping_disabled():
            handle = await self.env.client.start_workflow(
                LeadWorkflow.run,
                lead,
                id=names.lead_workflow_id("main", lead_id),
                task_queue=names.LEADS,
                start_signal="inbox",
                start_signal_args=[RowRef(row_id=f"row-{lead_id}", kind="inquiry", at=now)],
            )
        played = Played(
            self,
            self.env.client.get_workflow_handle_for(LeadWorkflow.run, handle.id),
            lead,
            str(handle.first_execution_run_id),
        )
        self.played.append(played)
        return played


@dataclass
class Played:
    """One lead on stage."""

    theatre: Theatre
    handle: WorkflowHandle[LeadWorkflow, Lead]
    lead: Lead
    first_run: str = ""
    rows: int = 0

    @property
    def skipper(self) -> TimeSkipper:
        return TimeSkipper(self.theatre.env.client)

    async def state(self) -> Lead:
        """The lead as its workflow sees it."""
        async with asyncio.timeout(20):
            while True:
                try:
                    found = await self.handle.query("lead", result_type=Lead)
                    return Lead.model_validate(found)
                except RPCError:  # between two runs, or no workflow task yet
                    await asyncio.sleep(0.02)

    async def now(self) -> datetime:
        """The lead's own clock."""
        return await self.skipper.get_current_time(self.handle) + self.theatre.offset

    async def settled(self) -> Lead:
        """The lead, once nothing is under way, nothing is overdue, and two looks in a row saw the same."""
        before: Lead | None = None
        async with asyncio.timeout(30):
            while True:
                described = await self.handle.describe()
                raw = described.raw_description
                busy = raw.HasField("pending_workflow_task") or len(raw.pending_activities) > 0
                lead = await self.state()
                if described.status is not WorkflowExecutionStatus.RUNNING:
                    return lead
                due = lead.next_due()
                if not busy and (due is None or due > await self.now()) and lead == before:
                    return lead
                before = lead
                await asyncio.sleep(0.03)

    async def passes(self, duration: timedelta) -> Lead:
        """Let `duration` pass for this lead, stopping at each due moment, as it really would."""
        end = await self.now() + duration
        async with asyncio.timeout(60):
            while True:
                lead = await self.settled()
                now = await self.now()
                if not lead.is_open or now >= end:
                    return lead
                due = lead.next_due()
                step = min(due, end) if due is not None and due > now else end
                await self.skipper.fast_forward(self.handle, step - now)

    async def hears(self, kind: str, words: str | None = None, **more: Any) -> Lead:
        """Tell the lead of a row in the inbox; `words` are those of a reply."""
        self.rows += 1
        now = await self.now()
        if kind == "reply":
            self.theatre.ledger.last_reply[self.lead.lead_id] = now
            self.theatre.ledger.written[f"{kind}-{self.rows}"] = words or "Yes"
        row = RowRef(row_id=f"{kind}-{self.rows}", kind=kind, at=now, **more)
        await self.handle.signal("inbox", row)
        return await self.settled()

    async def update(self, name: str, message: BaseModel, update_id: str | None = None) -> Answer:
        """Send an update, as the API does."""
        answer = await self.handle.execute_update(name, message, id=update_id or uuid.uuid4().hex, result_type=Answer)
        return Answer.model_validate(answer)

    @property
    def told(self) -> list[tuple[float, str, str]]:
        """What reached people: (minutes since arrival, who, the first words), in the order of the lead's clock. To the
        quarter of a minute: a busy machine's own seconds pass on the skipping clock as well."""
        ledger = self.theatre.ledger
        mine = {
            row.intent.touch_id: row.intent for row in ledger.rows.values() if row.intent.lead_id == self.lead.lead_id
        }
        texts = [(told.at, told.who, told.what) for told in self.theatre.sms.told]
        notices = [
            (mine[touch].lead_now, message.channel, message.text)
            for touch, message in self.theatre.chat.told
            if touch in mine
        ]
        seconds = [((at - self.lead.opened_at).total_seconds(), who, what) for at, who, what in texts + notices]
        seconds.sort(key=lambda row: round(row[0] / 6))
        return [(round(at / 15) / 4, who, what) for at, who, what in seconds]

    @property
    def work_began(self) -> list[Began | None]:
        """What each question of what is owed gave as its occasion, in order."""
        asked = [one for one in self.theatre.decisions.asked.values() if one is not None]
        return [one.began for one in asked if one.kind is DecisionKind.WORK]

    @property
    def story(self) -> list[str]:
        """Kinds of the facts written down so far, in order."""
        entries = self.theatre.records.story.get(self.lead.lead_id, {})
        return [entries[seq].fact.kind for seq in sorted(entries)]
