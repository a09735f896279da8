"""The nightly comparison of the ledger with the vendors' own lists: a schedule of Temporal's, or asked for."""

import asyncio
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain.errors import Unavailable
from domain.reconciling import Reconciled, Sweep
from workflows import names
from workflows.reconcile import ReconcileWorkflow

HOUR, MINUTE = 3, 40
"""When it runs, by the business's clock: at night, and away from the full hour."""

CATCH_UP = timedelta(hours=12)
"""A night that was slept through is made up for within the day; not those before it: each looks back two days."""

WAITED_FOR = timedelta(seconds=8)
"""How long who asks waits for its end before they are told that it goes on."""

RPC_LIMIT = timedelta(seconds=8)


class Reconciling:
    """One tenant's."""

    def __init__(self, client: Client, tenant: str) -> None:
        self._client = client
        self._tenant = tenant

    async def plan(self, zone: str) -> None:
        """Make the schedule, or bring it up to date: safe at every start, of every worker. Raises Unavailable."""
        schedule = self._schedule(zone)
        try:
            await self._client.create_schedule(names.reconcile_id(self._tenant), schedule)
        except ScheduleAlreadyRunningError:
            handle = self._client.get_schedule_handle(names.reconcile_id(self._tenant))
            # Whether somebody paused it stays their decision.
            await handle.update(
                lambda now: ScheduleUpdate(Schedule(**{**vars(schedule), "state": now.description.schedule.state}))
            )
        except RPCError as error:
            raise Unavailable(f"Temporal takes no schedule ({error.status.name.lower()}).") from None

    async def now(self, key: str, window: timedelta) -> Reconciled:
        """One that is asked for; the same key asks for the same one. Raises Unavailable."""
        try:
            handle = await self._started(key, window)
            async with asyncio.timeout(WAITED_FOR.total_seconds()):
                return Reconciled(status="done", sweep=await handle.result())
        except TimeoutError:
            return Reconciled(status="running")
        except WorkflowFailureError:
            raise Unavailable("The reconciliation failed; the Temporal UI says where. Ask with another key.") from None
        except (RPCError, RuntimeError):
            raise Unavailable("Temporal does not answer.") from None

    async def _started(self, key: str, window: timedelta) -> WorkflowHandle[ReconcileWorkflow, Sweep]:
        run = names.reconcile_id(self._tenant, key)
        try:
            return await self._client.start_workflow(
                ReconcileWorkflow.run,
                Sweep(tenant=self._tenant, window=window),
                id=run,
                task_queue=names.LEADS,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                search_attributes=self._attributes,
                rpc_timeout=RPC_LIMIT,
            )
        except WorkflowAlreadyStartedError:  # it is over
            return self._client.get_workflow_handle_for(ReconcileWorkflow.run, run)

    def _schedule(self, zone: str) -> Schedule:
        action = ScheduleActionStartWorkflow(
            ReconcileWorkflow.run,
            Sweep(tenant=self._tenant),
            id=names.reconcile_id(self._tenant),
            task_queue=names.LEADS,
            typed_search_attributes=self._attributes,
        )
        nightly = ScheduleCalendarSpec(
            hour=(ScheduleRange(HOUR),), minute=(ScheduleRange(MINUTE),), comment="nightly reconciliation"
        )
        return Schedule(
            action=action,
            spec=ScheduleSpec(calendars=[nightly], time_zone_name=zone),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
        )

    @property
    def _attributes(self) -> TypedSearchAttributes:
        return TypedSearchAttributes([SearchAttributePair(names.TENANT, self._tenant)])
