"""Builds everything from settings, once a process, and takes it down again. The only place that knows which adapter
is which port."""

import contextlib
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any

import asyncpg
from temporalio.client import Client

from activities import hubspot_intake, slack_presses
from activities.capture import Capture
from activities.chat import ChatWire, Notices
from activities.crm import CrmEntries, CrmWire
from activities.decide import Decide
from activities.delivery import Delivery, Wire
from activities.enrich import Enrich
from activities.lines import Lines
from activities.phone_desk import PhoneDesk
from activities.policies import Policies
from activities.reconcile import Outside, Reconcile
from activities.records import LeadRecords
from activities.text import Texts
from adapters.phones import person_facts, whereabouts
from adapters.postgres.books import PostgresBooks
from adapters.postgres.callers import PostgresCallers
from adapters.postgres.calls import PostgresCalls
from adapters.postgres.cohorts import PostgresCohorts
from adapters.postgres.companies import PostgresCompanies
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.opt_outs import PostgresOptOuts
from adapters.postgres.policies import PostgresPolicies
from adapters.postgres.pool import open_pool
from adapters.postgres.presence import PostgresPresence
from adapters.postgres.records import PostgresRecords
from adapters.postgres.senders import PostgresSenders
from adapters.postgres.settling import PostgresSettlements
from adapters.postgres.switches import PostgresSwitches
from adapters.postgres.views import Views
from adapters.twilio.sms import TwilioSms
from adapters.twilio.twiml import Twiml
from adapters.twilio.voice import TwilioVoice
from domain import answering
from domain.enrichment import Enrichment
from domain.errors import BatonError
from domain.ports import Chat, Crm
from domain.scripts import Markup
from domain.values import Channel
from policy.load import read_policy
from runtime.call_desk import CallDesk
from runtime.capturing import capturing
from runtime.dispatch import Dispatch
from runtime.fitness import published, refuse_offset
from runtime.gateway import Gateway
from runtime.inbound_calls import InboundCalls, open_exchange
from runtime.migrating import Migrating
from runtime.publishing import Publishing
from runtime.reconciling import Reconciling
from runtime.reports import Reports
from runtime.reps import Reps
from runtime.settings import Settings
from runtime.settling import Settling
from runtime.telephony import Telephony
from runtime.temporal import connect
from runtime.vendors import account_of, open_provider, open_vendors
from runtime.verifiers import Verifiers, verifiers
from runtime.webhooks import HubSpotContacts, SlackPresses, Taker, Webhooks
from workflows import names

TAKEN = (hubspot_intake.CHANNEL, slack_presses.CHANNEL, answering.CHANNEL)
"""Channels of raw rows that the sweeper goes on with."""


@dataclass(frozen=True, slots=True)
class Container:
    """All parts of one process."""

    settings: Settings
    pool: asyncpg.Pool
    client: Client
    policies: Policies
    ledger: PostgresLedger
    captures: PostgresCallers
    capture: Capture
    gateway: Gateway
    dispatch: Dispatch
    webhooks: Webhooks
    sms: TwilioSms
    voice: TwilioVoice
    chat: Chat
    crm: Crm
    provider: Enrichment | None
    verifiers: Verifiers
    reps: Reps
    publishing: Publishing
    settling: Settling
    calls_to_us: InboundCalls

    @property
    def views(self) -> Views:
        """What pages and lists show."""
        return Views(self.pool, account_of(self.settings).recording)

    @property
    def opt_outs(self) -> PostgresOptOuts:
        """Who said no."""
        return PostgresOptOuts(self.pool)

    @property
    def phones(self) -> PhoneDesk:
        """What answers the phone network's questions."""
        return self.telephony.desk

    @property
    def calling(self) -> CallDesk:
        """Calls for people."""
        return CallDesk(self.settings.tenant, self.telephony.rows, self.gateway, self.policies)

    @property
    def telephony(self) -> Telephony:
        """What calls go through."""
        return Telephony(self.pool, self.ledger, self.policies, self.voice, account_of(self.settings))

    @property
    def markup(self) -> Markup:
        """Writes scripts in the vendor's markup."""
        return Twiml(account_of(self.settings)).write

    @property
    def reconciling(self) -> Reconciling:
        """The comparison of the ledger with the vendors' own lists: nightly, and when asked for."""
        return Reconciling(self.client, self.settings.tenant)

    @property
    def migrating(self) -> Migrating:
        """Running leads taken along to another policy."""
        cohorts = PostgresCohorts(self.pool, self.settings.tenant)
        return Migrating(cohorts, self.publishing, self.gateway.update)

    @property
    def switches(self) -> PostgresSwitches:
        """The tenant's kill switch and sandbox."""
        return PostgresSwitches(self.pool, self.settings.tenant)

    async def ready(self) -> dict[str, bool]:
        """Which parts answer: database, temporal, worker."""
        temporal, worker = await _polled(self.gateway)
        return {"database": await _answers(self.pool.fetchval("select true")), "temporal": temporal, "worker": worker}

    @property
    def reports(self) -> Reports:
        """Figures over all leads."""
        return Reports(self.pool, self.settings.tenant, self.policies)

    def decisions(self) -> list[Any]:  # Any: activities have many shapes
        """Activities of the leads queue."""
        records = LeadRecords(PostgresRecords(self.pool, person_facts, whereabouts))
        decide = Decide(PostgresDecisions(self.pool), self.policies)
        return [decide.decide, decide.adopt, records.write, records.close, *self.telephony.activities(self.lines)[0]]

    @property
    def lines(self) -> Lines:
        """The numbers that texts and calls go from."""
        return Lines(PostgresSenders(self.pool), self.policies, self.settings.twilio_from)

    def _reconcile(self) -> Reconcile:
        chat, crm = ChatWire(self.chat), CrmWire(self.crm)
        ours: dict[Channel, Wire] = {Channel.CHAT: chat, Channel.CRM: crm}
        wires = {**ours, Channel.SMS: self.sms, Channel.CALL: self.voice}
        outside = Outside((self.sms.statement, self.voice.statement), self.chat, self.policies, self.switches)
        return Reconcile(PostgresBooks(self.pool), self.ledger, wires, outside)

    def touches(self) -> dict[str, list[Any]]:  # Any: activities have many shapes
        """Activities of the vendor queues."""
        delivery, enrich, calling = Delivery(self.ledger), {}, self.telephony
        if self.provider is not None:
            companies = PostgresCompanies(self.pool, self.settings.tenant)
            enrich = {names.COMPANIES: [Enrich(companies, self.provider).enrich]}
        return {
            names.SMS: [Texts(self.ledger, self.sms, self.policies, delivery, self.lines).send],
            names.CHAT: [Notices(self.ledger, self.chat, self.policies, delivery).post],
            names.VOICE: calling.activities(self.lines)[1],
            names.CRM: [CrmEntries(self.ledger, self.crm, self.policies, delivery, calling.notes).sync],
            names.RECONCILE: [self._reconcile().step, *calling.nightly],
            **enrich,
        }


async def _answers(question: Awaitable[object]) -> bool:
    try:
        return bool(await question)
    except (BatonError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return False


async def _polled(gateway: Gateway) -> tuple[bool, bool]:
    """Whether Temporal answers; whether a worker polls, too."""
    try:
        return True, await gateway.is_polled()
    except BatonError:
        return False, False


def _takers(*takers: Taker) -> dict[str, Taker]:
    return dict(zip(TAKEN, takers, strict=True))


@contextlib.asynccontextmanager
async def open_container(settings: Settings, lazy: bool = True) -> AsyncIterator[Container]:
    """Everything, ready to use. Refuses a faulty policy, and real vendors where time is not real. Raises BatonError."""
    policy = read_policy(settings.policy)
    async with contextlib.AsyncExitStack() as stack:
        pool = await open_pool(settings.database_url.get_secret_value())
        stack.push_async_callback(pool.close)
        await refuse_offset(settings, Views(pool))
        policies, publishing = await published(settings, policy, PostgresPolicies(pool, settings.tenant))
        client, provider = await connect(settings, lazy), open_provider(settings, stack)
        ledger, captures = PostgresLedger(pool), PostgresCallers(pool, whereabouts, enriches=provider is not None)
        capture = capturing(settings.tenant, captures, ledger, policies)
        gateway = Gateway(client, settings.tenant, captures)
        dispatch = Dispatch(settings.tenant, captures, capture, gateway, PostgresCalls(pool))
        reps = Reps(policies, PostgresPresence(pool), settings.tenant)
        sms, voice, chat, crm = await open_vendors(settings, stack)
        settling = Settling(settings.tenant, PostgresSettlements(pool), dispatch, chat)
        to_us = open_exchange(settings.tenant, PostgresCalls(pool), (captures, capture, policies), dispatch, voice)
        hubspot, slack = HubSpotContacts(crm, capture, dispatch), SlackPresses(gateway, chat, reps, settling)
        yield Container(
            settings=settings,
            pool=pool,
            client=client,
            policies=policies,
            ledger=ledger,
            captures=captures,
            capture=capture,
            gateway=gateway,
            dispatch=dispatch,
            webhooks=Webhooks(settings.tenant, captures, _takers(hubspot, slack, to_us)),
            sms=sms,
            voice=voice,
            chat=chat,
            crm=crm,
            provider=provider,
            verifiers=verifiers(settings),
            reps=reps,
            publishing=publishing,
            settling=settling,
            calls_to_us=to_us,
        )
