"""A lead's calls: each a child workflow of its own, one at a time, called off when the lead has moved on."""

import contextlib

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    import workflows.effects as effects
    from activities.intents import touch_id_of
    from domain import call_agendas
    from domain import events as e
    from domain.call_orders import CallEnded, CallOrder
    from domain.decisions import CallPlan, Item
    from workflows import names
    from workflows.book import Book
    from workflows.call import CallWorkflow


Handle = workflow.ChildWorkflowHandle[CallWorkflow, CallEnded]


class Calls:
    """Makes the call of an agenda item, and says to one under way that it is off."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.is_under_way = False

    async def make(self, item: Item, plan: CallPlan) -> None:
        """The call, from ringing to its end, and the fact of what came of it."""
        if not plan.reps:
            self._not_made(item, plan)
            return
        order = self._order(item, plan)
        handle = await workflow.start_child_workflow(
            CallWorkflow.run,
            order,
            id=names.call_workflow_id(order.tenant, order.call_id),
            static_summary=f"call by {', '.join(plan.reps)}",
        )
        self.is_under_way = True
        try:
            await self._call_off_in_time(item, handle)
            ended = await handle
        finally:
            self.is_under_way = False
        self._book.record(self._called(item, order, ended))
        if ended.unsettled is not None:
            self._book.record(e.Unsettled(at=self._book.now, item=item, touch_id=ended.unsettled))

    async def _call_off_in_time(self, item: Item, handle: Handle) -> None:
        """Waits for the call's end, or says to it at once that something has made it pointless."""
        await workflow.wait_condition(lambda: handle.done() or not self._book.lead.wants(item))
        if handle.done():
            return
        because = call_agendas.why_not_go_on(self._book.lead) or "overtaken"
        with contextlib.suppress(FailureError):  # it ends at this moment
            await handle.signal(CallWorkflow.call_off, because)

    def _not_made(self, item: Item, plan: CallPlan) -> None:
        now, because = self._book.now, plan.held_by[0] if plan.held_by else "nobody"
        if plan.again_at is not None and plan.again_at > now:
            self._book.record(e.Held(at=now, item=item, until=plan.again_at, because=because))
        elif plan.again_at is not None:
            self._book.record(e.Held(at=now, item=item, until=effects.retry_at(item, now), because=because))
        else:
            result = "refused" if plan.held_by else "nobody"
            self._book.record(e.Called(at=now, item=item, result=result, because=because))

    def _order(self, item: Item, plan: CallPlan) -> CallOrder:
        lead = self._book.lead
        key = f"{lead.lead_id}:{item.key}:{lead.asked}"  # one that was put off is another call when it is made
        return CallOrder(
            tenant=lead.tenant,
            lead_id=lead.lead_id,
            key=key,
            as_of=self._book.now,
            clock_offset=lead.clock_offset,
            policy_hash=lead.policy_hash,
            call_id=touch_id_of(key),
            plan=plan,
            owner=lead.owner,
            heard=lead.last_reply_at or lead.opened_at,
        )

    def _called(self, item: Item, order: CallOrder, ended: CallEnded) -> e.Called:
        return e.Called(at=self._book.now, item=item, call_id=order.call_id, **ended.model_dump())
