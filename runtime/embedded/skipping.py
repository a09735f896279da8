"""Fast-forward on the embedded stack: skips a running lead's timers on the server, in bounded steps that stop at each
due moment.

A lead's now is real time + the stack's offset + what was skipped for it (`clock_ahead`), which is written here. A call
lives in real time: no clock is moved on under one.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper

from adapters.postgres.pool import open_pool
from adapters.postgres.views import Views
from domain.errors import NotFound, Unavailable
from domain.lead import Lead
from runtime.clock import real_now
from runtime.embedded.addresses import read_status
from runtime.embedded.errors import StackError
from runtime.embedded.state import DataDirectory
from runtime.temporal import CONVERTER
from workflows import names
from workflows.lead import LeadWorkflow

STEP_LIMIT = 20.0
"""Seconds a single step may take: a lead that doesn't settle is reported, never waited for without end."""

CALL_LIMIT = 60.0
"""Seconds that the end of a call is waited for, unless whoever moves clocks has more patience."""

LOOK_AGAIN = 0.01
LOOK_AT_CALL = 0.05


class Skipping:
    """Moves leads' clocks. One client for many leads. `call_limit`: seconds that the end of a call is waited for."""

    def __init__(self, client: Client, views: Views, tenant: str) -> None:
        self._client = client
        self.views = views
        self.call_limit = CALL_LIMIT
        self._tenant = tenant
        self._skipper = TimeSkipper(client)

    def handle(self, lead_id: str) -> WorkflowHandle[LeadWorkflow, Lead]:
        """The lead's workflow, whichever its current run."""
        return self._client.get_workflow_handle_for(LeadWorkflow.run, names.lead_workflow_id(self._tenant, lead_id))

    async def state(self, lead_id: str) -> Lead:
        """The lead as its workflow sees it."""
        async with asyncio.timeout(STEP_LIMIT):
            while True:
                try:
                    return Lead.model_validate(await self.handle(lead_id).query("lead", result_type=Lead))
                except RPCError as error:
                    if error.status is RPCStatusCode.NOT_FOUND:
                        raise _unknown(lead_id) from None
                    await asyncio.sleep(LOOK_AGAIN)  # between two runs, or before the first workflow task

    async def now(self, lead: Lead) -> datetime:
        """The lead's own clock."""
        return await self._skipper.get_current_time(self.handle(lead.lead_id)) + lead.clock_offset

    async def settled(self, lead_id: str) -> Lead:
        """The lead once nothing is under way, no call either, and nothing is overdue: only then may its clock be moved
        on. TimeoutError, of which why_not_settled tells."""
        patience = _Patience(self.call_limit)
        async with patience.running as limit:
            while True:
                before = await self.handle(lead_id).describe()
                if _is_busy(before):
                    await asyncio.sleep(patience.until_next_look(limit, _call_of(before)))
                    continue
                lead = await self.state(lead_id)
                after = await self.handle(lead_id).describe()
                same = (before.run_id, before.history_length) == (after.run_id, after.history_length)
                if same and not _is_busy(after) and await self._is_on_time(lead, after):
                    return lead
                await asyncio.sleep(LOOK_AGAIN)

    async def _is_on_time(self, lead: Lead, described: WorkflowExecutionDescription) -> bool:
        """Whether nothing is overdue: a timer that has come due may not have been worked on yet."""
        due = lead.next_due()
        if described.status is not WorkflowExecutionStatus.RUNNING or due is None:
            return True
        return due > await self.now(lead)

    async def to(self, lead_id: str, moment: datetime) -> Lead:
        """Let a lead's clock reach `moment`, doing on the way whatever falls due."""
        while True:
            lead = await self.settled(lead_id)
            now = await self.now(lead)
            if not lead.is_open or now >= moment:
                return lead
            due = lead.next_due()
            step = (min(due, moment) if due is not None else moment) - now
            async with asyncio.timeout(STEP_LIMIT):
                await self._skipper.fast_forward(self.handle(lead_id), step)
            await self.views.set_clock_ahead(self._tenant, lead_id, await self._ahead(lead))

    async def why_not_settled(self, lead_id: str) -> str:
        """What a lead that doesn't settle is busy with, in a sentence."""
        raw = (await self.handle(lead_id).describe()).raw_description
        if raw.pending_children:
            return _ON_CALL.format(lead_id=lead_id, limit=self.call_limit)
        under_way = [f"{each.activity_type.name}, attempt {each.attempt}" for each in raw.pending_activities]
        if raw.HasField("pending_workflow_task"):
            under_way.append(f"a workflow task, attempt {raw.pending_workflow_task.attempt}")
        doing = "; ".join(under_way) or "nothing the server knows of: it is overdue, or it keeps changing"
        return f"lead {lead_id} did not settle within {STEP_LIMIT:.0f} s; under way: {doing}. Is the worker running?"

    async def _ahead(self, lead: Lead) -> timedelta:
        return await self._skipper.get_current_time(self.handle(lead.lead_id)) - real_now()


_ON_CALL = (
    "lead {lead_id} is on a call that has not ended within {limit:.0f} s, and no clock is moved on under a call: "
    "calls live in real time. Try again once it is over."
)


class _Patience:
    """How long a lead is waited for: longer from the moment it is seen on a call."""

    def __init__(self, call_limit: float) -> None:
        self.running = asyncio.timeout(STEP_LIMIT)
        self._call_limit = call_limit
        self._call: str | None = None

    def until_next_look(self, limit: asyncio.Timeout, call: str | None) -> float:
        """Seconds. `call`: the call that is under way."""
        if call != self._call:
            self._call = call
            limit.reschedule(asyncio.get_running_loop().time() + (self._call_limit if call else STEP_LIMIT))
        return LOOK_AT_CALL if call else LOOK_AGAIN


def _unknown(lead_id: str) -> NotFound:
    return NotFound(f"No lead {lead_id} is known to Temporal.")


def _is_busy(described: WorkflowExecutionDescription) -> bool:
    raw = described.raw_description
    running = described.status is WorkflowExecutionStatus.RUNNING
    busy = raw.HasField("pending_workflow_task") or len(raw.pending_activities) > 0 or _call_of(described) is not None
    return running and busy


def _call_of(described: WorkflowExecutionDescription) -> str | None:
    """The workflow id of the call under way: a lead has no other children."""
    return next((child.workflow_id for child in described.raw_description.pending_children), None)


@asynccontextmanager
async def open_skipping(temporal_address: str, database_url: str) -> AsyncIterator[Skipping]:
    """Skipping on a running embedded stack."""
    try:
        client = await Client.connect(temporal_address, data_converter=CONVERTER)
    except RuntimeError:
        raise Unavailable(f"Temporal does not answer at {temporal_address}") from None
    pool = await open_pool(database_url, size=4)
    try:
        yield Skipping(client, Views(pool), "main")
    finally:
        await pool.close()


async def fast_forward_lead(data: Path, lead_id: str, duration: timedelta) -> datetime:
    """Let `duration` pass for one lead of the stack on `data`. Raises StackError, NotFound, Unavailable."""
    status = read_status(DataDirectory(data))
    if status.state == "down" or not status.temporal_address or not status.database_url:
        raise StackError(f"No embedded stack runs on {data}; fast-forward works on the embedded stack only.")
    async with open_skipping(status.temporal_address, status.database_url) as skipping:
        with _temporals_no_in_words(lead_id):
            try:
                lead = await skipping.settled(lead_id)
                target = await skipping.now(lead) + duration
                return await skipping.now(await skipping.to(lead_id, target))
            except TimeoutError:
                raise Unavailable(await skipping.why_not_settled(lead_id)) from None


@contextmanager
def _temporals_no_in_words(lead_id: str) -> Iterator[None]:
    try:
        yield
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise _unknown(lead_id) from None
        raise Unavailable(f"Temporal does not answer ({error.status.name}); the lead's clock may have moved.") from None
