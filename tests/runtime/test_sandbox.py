"""The sandbox of workflows: what is loaded anew for each lead, and what all leads share."""

import importlib.machinery
from types import ModuleType

import pytest
from temporalio import workflow

from runtime.temporal import sandbox
from workflows.lead import LeadWorkflow


async def test_only_the_workflow_itself_is_loaded_anew_for_each_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = workflow._Definition.must_from_class(LeadWorkflow)  # what a worker hands to its runner
    runner = sandbox()
    runner.prepare_workflow(definition)
    loaded: list[str] = []
    load = importlib.machinery.SourceFileLoader.exec_module

    def listed(loader: importlib.machinery.SourceFileLoader, module: ModuleType) -> None:
        loaded.append(module.__name__)
        load(loader, module)

    monkeypatch.setattr(importlib.machinery.SourceFileLoader, "exec_module", listed)
    runner.prepare_workflow(definition)
    assert loaded == ["workflows", "workflows.lead"]
