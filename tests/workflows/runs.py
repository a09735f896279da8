"""The runs of a lead: continuing as new ends one and begins the next under the same workflow id."""

from temporalio.client import WorkflowHistory

from tests.workflows.theatre import Played


async def runs_of(lead: Played) -> list[WorkflowHistory]:
    """The history of each run, the first one first."""
    client, found, run = lead.theatre.env.client, list[WorkflowHistory](), lead.first_run
    while run:
        history = await client.get_workflow_handle(lead.handle.id, run_id=run).fetch_history()
        found.append(history)
        last = history.events[-1]
        run = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id  # "" unless it is one
    return found
