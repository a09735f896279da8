"""The only holder of the Temporal client: starts leads, signals them, sends updates, and says what went wrong in our
own words."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import BaseModel
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import Priority, TypedSearchAttributes, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.call_orders import CallAnswer, CallControl
from domain.calls import Call
from domain.errors import NotFound, Refused, Unavailable
from domain.inbox import Standings
from domain.lead import Lead
from domain.messages import Answer, RowRef
from domain.values import Motion, Source
from workflows import names, panel
from workflows.lead import LeadWorkflow

RPC_LIMIT = timedelta(seconds=8)
UPDATE_LIMIT = timedelta(seconds=10)
HOT, WARM, BULK = 1, 3, 5

_HOT_MOTIONS = (Motion.LIVE_TRANSFER, Motion.WHISPER_CALL, Motion.TEXT_BACK, Motion.HUMAN_TASK)

Result = TypeVar("Result")


class Ended(NotFound):
    """The lead's workflow has completed; a new message must open a new lead."""

    code = "ended"


class Gateway:
    """Leads as running workflows. One tenant's."""

    def __init__(self, client: Client, tenant: str, standings: Standings) -> None:
        self._client = client
        self._tenant = tenant
        self._standings = standings

    async def start_or_tell(self, lead: Lead, ref: RowRef) -> None:
        """Signal-with-start: accepted means durable. Raises Ended, Unavailable."""
        plan = lead.captured
        priority = HOT if plan is not None and plan.motion in _HOT_MOTIONS else WARM
        priority = BULK if lead.source == Source.IMPORT else priority
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

    async def moved(self, call: Call) -> None:
        """Tell a call's workflow its row. Raises Ended where it is over, Unavailable."""
        handle = self._call(call.call_id)
        await _translated(lambda: handle.signal("moved", call, rpc_timeout=RPC_LIMIT))

    async def control(self, call_id: str, asked: CallControl, key: str) -> CallAnswer:
        """An order to a call under way; the same key and order are carried out once. Raises Ended, Refused,
        Unavailable."""
        handle, update_id = self._call(call_id), _update_id(key, asked.what, asked)
        return await _translated(
            lambda: handle.execute_update(
                "control", asked, id=update_id, result_type=CallAnswer, rpc_timeout=UPDATE_LIMIT
            )
        )

    def _call(self, call_id: str) -> WorkflowHandle[Any, Any]:  # Any: its results are read by name
        return self._client.get_workflow_handle(names.call_workflow_id(self._tenant, call_id))

    async def update(self, lead_id: str, name: str, message: BaseModel, key: str) -> Answer:
        """Send an update. The same key and message are carried out once; the key with another message is refused.
        A lead that was captured and not yet started is started. Raises NotFound, Refused, Unavailable."""
        update_id = _update_id(key, name, message)
        try:
            return await self._update(lead_id, name, message, update_id)
        except Ended:
            standing = await self._standings.standing(self._tenant, lead_id)
        if standing is None:
            raise NotFound(f"There is no lead {lead_id}.")
        if not standing.state.is_open:
            return _last_words(standing.state, update_id)
        try:
            await self.start_or_tell(standing.start, standing.ref)
            return await self._update(lead_id, name, message, update_id)
        except Ended:
            raise Unavailable("The lead is just ending; send it again with the same key.") from None

    async def _update(self, lead_id: str, name: str, message: BaseModel, update_id: str) -> Answer:
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


def _update_id(key: str, name: str, message: BaseModel) -> str:
    """Holds what is told as well, so that a key that is used again for something else is not taken for a repeat."""
    told = f"{name}:{message.model_dump_json()}"
    return f"{key}#{sha256(told.encode()).hexdigest()[:16]}"


def _last_words(lead: Lead, update_id: str) -> Answer:
    """What a closed lead answers: to a repeat, that it was heard. Raises Refused."""
    said = f"The lead is closed ({lead.closed})."
    if not lead.has_seen(f"update:{update_id}"):
        raise Refused(said)
    return Answer(lead_id=lead.lead_id, stage=lead.stage, owner=lead.owner, said=f"This was carried out. {said}")


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
