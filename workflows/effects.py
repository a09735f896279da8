"""One short method per activity call: queue, time limits, retries, summary and idempotency key are chosen here."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.chat import Notices
    from activities.crm import CrmEntries
    from activities.decide import Decide
    from activities.enrich import Enrich
    from activities.reconcile import Reconcile
    from activities.records import LeadRecords
    from activities.text import Texts
    from domain.decisions import Decision, Followup, Item
    from domain.lead import Lead
    from domain.orders import (
        Adoption,
        CrmOrder,
        EnrichOrder,
        Notice,
        NoticeOrder,
        Order,
        Question,
        TextOrder,
        Touched,
    )
    from domain.reconciling import Sweep
    from domain.values import Code
    from workflows import names

TOUCH_TRY = timedelta(minutes=3)
"""One attempt at a touch, reconciling included; a dead worker is noticed by the heartbeat long before."""

TOUCH_IN_ALL = timedelta(minutes=6)
"""After this the touch goes back on the agenda, under the same ledger key."""

HEARTBEAT = timedelta(seconds=4)

TOUCH_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30))
OWN_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_interval=timedelta(seconds=5))
OWN_TRY = timedelta(seconds=10)

RETRY_LATER = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5))
"""When an effect that found no end in its time is tried again, by tries so far; the last one repeats."""

ENRICH_TRY = timedelta(seconds=15)
"""One question to the provider of companies' figures, which has a shorter limit of its own; or the rest of the wait."""

ENRICH_RETRIES = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=10), maximum_attempts=5
)

SWEEP_TRY = timedelta(minutes=5)
"""One page of a reconciliation: ten touches looked for, or a hundred messages compared."""

SWEEP_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))

AnOrder = TypeVar("AnOrder", bound=Order)


async def decide(lead: Lead, followup: Followup | None, decision_id: str, as_of: datetime) -> Decision:
    """Ask policy; the answer is in history for good. Retried until the database answers."""
    question = Question(
        **_common(lead, decision_id, as_of),
        decision_id=decision_id,
        cycle=lead.cycle,
        woken=lead.woken,
        prompted=lead.prompted,
        source=lead.source,
        followup=followup,
    )
    return await workflow.execute_activity_method(
        Decide.decide,
        question,
        start_to_close_timeout=OWN_TRY,
        retry_policy=OWN_RETRIES,
        summary=f"decide: {followup.kind if followup else 'triage'}",
    )


async def enrich(lead: Lead, by: datetime, as_of: datetime) -> bool:
    """Ask for figures of the lead's company until `by`; whether any came. Every retry ends by then."""
    order = EnrichOrder(**_common(lead, f"{lead.lead_id}:{lead.cycle}:enrich", as_of))
    try:
        answer = await workflow.execute_activity_method(
            Enrich.enrich,
            order,
            task_queue=names.COMPANIES,
            start_to_close_timeout=min(ENRICH_TRY, by - as_of),
            schedule_to_close_timeout=by - as_of,
            retry_policy=ENRICH_RETRIES,
            summary="enrich: learn of the company",
        )
    except ActivityError:
        return False
    return answer.found


async def adopt(lead: Lead, decision_id: str, as_of: datetime) -> Decision:
    """Ask the policy that the lead is to adopt. Retried until the database answers."""
    order = Adoption(
        **_common(lead, decision_id, as_of),
        decision_id=decision_id,
        adopts=lead.adopting or "",
        lead=lead.model_copy(update={"unwritten": (), "seen": ()}),
    )
    return await workflow.execute_activity_method(
        Decide.adopt,
        order,
        start_to_close_timeout=OWN_TRY,
        retry_policy=OWN_RETRIES,
        summary=f"adopt policy {lead.adopting}",
    )


async def write(lead: Lead, as_of: datetime) -> None:
    """Bring the read model up to date; idempotent by the lead's seq."""
    await workflow.execute_activity_method(
        LeadRecords.write,
        args=(lead, as_of),
        start_to_close_timeout=OWN_TRY,
        retry_policy=OWN_RETRIES,
        summary=f"write down, to fact {lead.seq}",
    )


async def close(lead: Lead, as_of: datetime) -> None:
    """Close the lead's record and hand back messages that came too late for it."""
    await workflow.execute_activity_method(
        LeadRecords.close,
        args=(lead, as_of),
        start_to_close_timeout=OWN_TRY,
        retry_policy=OWN_RETRIES,
        summary=f"close: {lead.closed}",
    )


async def reconcile(sweep: Sweep) -> Sweep:
    """One page of a reconciliation. Retried until the ledger and the vendor answer, for a day."""
    return await workflow.execute_activity_method(
        Reconcile.step,
        sweep,
        task_queue=names.RECONCILE,
        start_to_close_timeout=SWEEP_TRY,
        schedule_to_close_timeout=timedelta(hours=20),
        heartbeat_timeout=timedelta(seconds=30),
        retry_policy=SWEEP_RETRIES,
        summary=f"reconcile: {sweep.part}, page {sweep.pages + 1}",
    )


async def text(lead: Lead, item: Item, as_of: datetime) -> Touched:
    """Text the person; guarded and effectively once. A reply that the lead hasn't heard of yet stops it."""
    order = TextOrder(
        **_keyed(lead, item, as_of),
        template=item.template or "",
        purpose=item.purpose,
        owner=lead.owner,
        heard=lead.last_reply_at or lead.opened_at,
    )
    return await _touch(Texts.send, order, names.SMS, f"text: {item.template}")


async def tell(lead: Lead, item: Item, notice: Notice, as_of: datetime) -> Touched:
    """Tell our own people, in the chat they live in."""
    detail = (item.template or "").partition(":")[2] or None
    order = NoticeOrder(
        **_keyed(lead, item, as_of),
        notice=notice,
        owner=lead.owner,
        queue=lead.queue,
        offer=lead.offer,
        due=lead.deadline(as_of),
        row_id=item.row_id,
        said=item.said,
        motion=lead.plan.motion if lead.plan else None,
        cue=lead.plan.cue if lead.plan else None,
        reason_owed=item.rule == "sla/work",
        rep=detail if notice is Notice.SET_AWAY else None,
        touch_id=detail if notice is Notice.UNSETTLED else None,
    )
    return await _touch(Notices.post, order, names.CHAT, f"tell: {notice} ({lead.owner or lead.queue or 'everybody'})")


async def sync(lead: Lead, item: Item, as_of: datetime) -> Touched:
    """Bring the CRM in line with the lead: owner, stage, note, task."""
    what, *details = (item.template or "handoff").split(":")
    code, by = (details[0], details[1]) if what == "disposition" else (None, None)
    order = CrmOrder(
        **_keyed(lead, item, as_of),
        what=what,
        owner=lead.owner,
        stage=lead.closed if what == "closed" and lead.closed else lead.stage,
        code=None if code is None else Code(code),
        by=by,
        due=lead.deadline(as_of),
        call_id=details[0] if what in ("call", "recording") else None,
    )
    return await _touch(CrmEntries.sync, order, names.CRM, f"crm: {item.template or 'handoff'}")


async def _touch(
    method: Callable[[Any, AnOrder], Awaitable[Touched]], order: AnOrder, queue: str, summary: str
) -> Touched:
    # Any: the activity's own instance, which only the worker has
    try:
        return await workflow.execute_activity_method(
            method,
            order,
            task_queue=queue,
            start_to_close_timeout=TOUCH_TRY,
            schedule_to_close_timeout=TOUCH_IN_ALL,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=TOUCH_RETRIES,
            summary=summary,
        )
    except ActivityError:
        return Touched(result="held", at=order.as_of, because=f"{queue} unavailable")


def retry_at(item: Item, now: datetime) -> datetime:
    """When an item that could not be carried out is tried again: put off, never given up."""
    return now + RETRY_LATER[min(item.tries, len(RETRY_LATER) - 1)]


def _keyed(lead: Lead, item: Item, as_of: datetime) -> dict[str, Any]:  # Any: fields of Order
    # lead:cycle:step, the same for every try of one item, in a later cycle too, so that it is made once
    return _common(lead, f"{lead.lead_id}:{item.key}", as_of)


def _common(lead: Lead, key: str, as_of: datetime) -> dict[str, Any]:  # Any: fields of Order
    return {
        "tenant": lead.tenant,
        "lead_id": lead.lead_id,
        "key": key,
        "as_of": as_of,
        "clock_offset": lead.clock_offset,
        "policy_hash": lead.policy_hash,
    }
