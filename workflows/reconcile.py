"""The nightly comparison of the ledger with the vendors' own lists: page after page, to its end. Orchestrates only."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import workflows.effects as effects
    import workflows.waiting as waiting
    from domain.reconciling import Sweep


@workflow.defn(name="Reconcile")
class ReconcileWorkflow:
    """One sweep. Its whole state is the sweep, so it may continue as new after any page."""

    @workflow.run
    async def run(self, sweep: Sweep) -> Sweep:
        while not sweep.is_over:
            sweep = await effects.reconcile(sweep)
            waiting.cut(sweep)
        return sweep
