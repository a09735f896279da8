"""Everything Temporal that worker, API, tests and the replayer must agree on: converter, sandbox, client, workers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.failures import FailureInterceptor
from domain.errors import Unavailable
from runtime.settings import Settings
from workflows import names
from workflows.call import CallWorkflow
from workflows.lead import LeadWorkflow
from workflows.reconcile import ReconcileWorkflow

WORKFLOWS = (LeadWorkflow, CallWorkflow, ReconcileWorkflow)
CONVERTER = pydantic_data_converter

PASSED_THROUGH = ("activities", "domain", "policy")
"""Loaded once, on the host: loaded again in the sandbox, `is` and `isinstance` would lie, and Rust modules would not
load."""

SLOTS = {
    names.SMS: 100,
    names.CHAT: 50,
    names.CRM: 50,
    names.COMPANIES: 50,
    names.VOICE: 100,
    names.RECONCILE: 2,
}
"""Touches under way at once, by queue."""


def sandbox() -> SandboxedWorkflowRunner:
    """The workflow runner of worker, tests and replayer."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


async def connect(settings: Settings, lazy: bool) -> Client:
    """A client of the Temporal cluster in `settings`; TLS when an API key is given. Raises Unavailable.

    Lazy for the API, which accepts leads while Temporal is down; a worker needs the connection at once.
    """
    key = settings.temporal_api_key
    try:
        return await Client.connect(
            settings.temporal_address,
            namespace=settings.temporal_namespace,
            api_key=key.get_secret_value() if key is not None else None,
            data_converter=CONVERTER,
            lazy=lazy,
        )
    except RuntimeError:
        raise Unavailable(f"Temporal does not answer at {settings.temporal_address}") from None


def workers(
    client: Client, decisions: Sequence[Callable[..., Any]], touches: Mapping[str, Sequence[Callable[..., Any]]]
) -> list[Worker]:
    """The leads worker (workflows, decisions, records) and one worker a vendor queue, its eager dispatch off."""
    leads = Worker(
        client,
        task_queue=names.LEADS,
        workflows=WORKFLOWS,
        activities=decisions,
        workflow_runner=sandbox(),
        interceptors=[FailureInterceptor()],
        max_cached_workflows=1000,
    )
    vendors = [
        Worker(
            client,
            task_queue=queue,
            activities=activities,
            interceptors=[FailureInterceptor()],
            max_concurrent_activities=SLOTS[queue],
            disable_eager_activity_execution=True,
        )
        for queue, activities in touches.items()
    ]
    return [leads, *vendors]
