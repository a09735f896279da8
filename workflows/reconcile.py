"""The nightly comparison of the ledger with the vendors' own lists: page after page, to its end; then recordings that
are kept no longer are deleted. Orchestrates only."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import workflows.call_effects as call_effects
    import workflows.effects as effects
    import workflows.waiting as waiting
    from domain.reconciling import Sweep

RECORDINGS = "old recordings are deleted"
"""A sweep that began before it did so ends as it was recorded."""


@workflow.defn(name="Reconcile")
class ReconcileWorkflow:
    """One sweep. Its whole state is the sweep, so it may continue as new after any page."""

    @workflow.run
    async def run(self, sweep: Sweep) -> Sweep:
        while not sweep.is_over:
            sweep = await effects.reconcile(sweep)
            waiting.cut(sweep)
        if workflow.patched(RECORDINGS):
            await call_effects.delete_recordings(sweep)
        return sweep
