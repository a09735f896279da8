"""The only holder of the Temporal client: starts leads, signals them, sends updates, and says what went wrong in our
own words."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import Priority, TypedSearchAttributes, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import NotFound, Refused, Unavailable
from domain.lead import Lead
from domain.messages import Answer, RowRef
from domain.values import Motion
from workflows import names, panel
from workflows.lead import LeadWorkflow

RPC_LIMIT = timedelta(seconds=8)
UPDATE_LIMIT = timedelta(seconds=10)
HOT, WARM = 1, 3

_HOT_MOTIONS = (Motion.LIVE_TRANSFER, Motion.WHISPER_CALL, Motion.TEXT_BACK, Motion.HUMAN_TASK)

Result = TypeVar("Result")


class Ended(NotFound):
    """The lead's workflow has completed; a new message must open a new lead."""

    code = "ended"


class Gateway:
    """Leads as running workflows. One tenant's."""

    def __init__(self, client: Client, tenant: str) -> None:
        self._client = client
        self._tenant = tenant

    async def start_or_tell(self, lead: Lead, ref: RowRef) -> None:
        """Signal-with-start: accepted means durable. Raises Ended, Unavailable."""
        plan = lead.captured
        priority = HOT if plan is not None and plan.motion in _HOT_MOTIONS else WARM
        await _translated(
            lambda: self._client.start_workflow(
                LeadWorkflow.run,
                lead,
                id=names.lead_workflow_id(self._tenant, lead.lead_id),
                task_queue=names.LEADS,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                start_signal="inbox",
                start_signal_args=[ref],
                search_attributes=TypedSearchAttributes(panel.attributes(lead)),
                priority=Priority(priority_key=priority, fairness_key=self._tenant),
                static_summary=f"{lead.source}: {plan.motion if plan else 'not decided yet'}".replace("_", " "),
                rpc_timeout=RPC_LIMIT,
            )
        )

    async def tell(self, lead_id: str, ref: RowRef) -> None:
        """Signal a running lead. Raises Ended, Unavailable."""
        handle = self._client.get_workflow_handle(names.lead_workflow_id(self._tenant, lead_id))
        await _translated(lambda: handle.signal("inbox", ref, rpc_timeout=RPC_LIMIT))

    async def update(self, lead_id: str, name: str, message: BaseModel, update_id: str) -> Answer:
        """Send an update; the same id is carried out once. Raises NotFound, Refused, Unavailable."""
        handle = self._client.get_workflow_handle(names.lead_workflow_id(self._tenant, lead_id))
        return await _translated(
            lambda: handle.execute_update(name, message, id=update_id, result_type=Answer, rpc_timeout=UPDATE_LIMIT)
        )

    async def is_polled(self) -> bool:
        """Whether Temporal answers and a worker polls for leads."""

        request = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=names.LEADS),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        answer = await _translated(
            lambda: self._client.workflow_service.describe_task_queue(request, timeout=timedelta(seconds=3))
        )
        return len(answer.pollers) > 0


async def _translated(call: Callable[[], Awaitable[Result]]) -> Result:
    try:
        return await call()
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        raise Refused(cause.message if isinstance(cause, ApplicationError) else "the lead refused this") from None
    except WorkflowAlreadyStartedError:
        raise Ended("the lead has ended") from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise Unavailable("the lead did not answer in time; send it again with the same key") from None
    except RPCError as error:
        raise _of_rpc(error) from None
    except RuntimeError:  # a lazy client that could not connect
        raise Unavailable("Temporal does not answer") from None


def _of_rpc(error: RPCError) -> Exception:
    if error.status is RPCStatusCode.NOT_FOUND:
        return Ended("no such lead is running")
    if error.status is RPCStatusCode.ALREADY_EXISTS:
        return Ended("the lead has ended")
    return Unavailable(f"Temporal does not answer ({error.status.name.lower()})")
