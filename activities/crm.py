"""The CRM kept in line with the lead: owner, stage, note, task. Through the ledger; notes and tasks are made once."""

from datetime import datetime, timedelta

from temporalio import activity

from activities.call_notes import CallNotes
from activities.clock import lead_now
from activities.delivery import Delivery
from activities.intents import Words, intent_of
from activities.policies import Policies
from domain.ledger import Intent
from domain.orders import CrmOrder, Touched
from domain.ports import Accepted, Crm, CrmEntry, Dossier, Ledger
from domain.values import Channel
from policy.model import Policy

TASK_DUE = timedelta(hours=1)
"""When a task is due where the lead has no SLA."""


class CrmEntries:
    """Writes to the CRM for workflows."""

    def __init__(
        self, ledger: Ledger, crm: Crm, policies: Policies, delivery: Delivery, calls: CallNotes | None = None
    ) -> None:
        self._calls = calls
        self._ledger = ledger
        self._crm = crm
        self._policies = policies
        self._delivery = delivery

    @activity.defn(name="sync_crm")
    async def sync(self, order: CrmOrder) -> Touched:
        """Set owner and stage, add the note and, for a hand-off, the task that says what to do first and by when
        (R36)."""
        now = lead_now(order)
        dossier = await self._ledger.dossier(order.tenant, order.lead_id, now, order.key)
        policy = await self._policies.pinned(order.policy_hash)
        entry = entry_for(order, dossier, policy.policy, now)
        if order.call_id is not None and (note := await self._of_call(order, policy.policy)) is not None:
            entry = entry.model_copy(update={"note": note})
        words = Words(Channel.CRM, entry.contact_id or "contact", entry.model_dump_json())
        return await self._delivery.make(intent_of(order, dossier.person_id, words), CrmWire(self._crm))

    async def _of_call(self, order: CrmOrder, policy: Policy) -> str | None:
        if self._calls is None:
            return None
        if order.what == "recording":
            return await self._calls.of_recording(order.call_id, policy)
        return await self._calls.of_call(order.call_id, policy)


class CrmWire:
    """The CRM as the delivery protocol sees it."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    @property
    def deadline(self) -> timedelta:
        """The CRM's own."""
        return self._crm.deadline

    async def send(self, intent: Intent) -> Accepted:
        """Write the entry, the touch id in note and task."""
        return await self._crm.apply(intent.touch_id, CrmEntry.model_validate_json(intent.body))

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        """Look for note and task by the touch id."""
        found = await self._crm.find(intent.touch_id, CrmEntry.model_validate_json(intent.body))
        return (found,) if found is not None else ()


def entry_for(order: CrmOrder, dossier: Dossier, policy: Policy, now: datetime) -> CrmEntry:
    """What the CRM shall say after this order."""
    rep = policy.rep(order.owner)
    wants_task = order.what in ("handoff", "owner") and rep is not None
    person = dossier.facts.person
    return CrmEntry(
        contact_id=dossier.crm_id,
        email=person.email,
        phone=person.phone,
        name=dossier.name,
        company=person.company,
        owner_id=rep.hubspot_owner if rep is not None else None,
        stage=STAGES.get(str(order.code or order.stage)),
        note=_note(order, dossier),
        task=_task(order, dossier) if wants_task else None,
        task_due=(order.due or now + TASK_DUE) if wants_task else None,
    )


STAGES = {
    "triage": "NEW",
    "handoff": "OPEN",
    "waiting_for_contact": "OPEN",
    "working": "IN_PROGRESS",
    "resting": "BAD_TIMING",
    "connected": "CONNECTED",
    "meeting_set": "OPEN_DEAL",
    "no_response": "ATTEMPTED_TO_CONTACT",
    "not_icp": "UNQUALIFIED",
    "not_now": "BAD_TIMING",
    "competitor": "UNQUALIFIED",
    "duplicate": "UNQUALIFIED",
    "bad_number": "UNQUALIFIED",
    "opted_out": "UNQUALIFIED",
    "lost": "UNQUALIFIED",
    "won": "OPEN_DEAL",
    "exhausted": "BAD_TIMING",
    "erased": "UNQUALIFIED",
}
"""Our stages, reason codes and reasons for closing as HubSpot's own default values of hs_lead_status."""


def _note(order: CrmOrder, dossier: Dossier) -> str:
    owner = order.owner or "nobody yet"
    headline = {
        "handoff": f"Baton: lead from {dossier.facts.source.replace('_', ' ')}, owner {owner}.",
        "owner": f"Baton: {owner} took the lead.",
        "disposition": f"Baton: disposition {order.code} by {order.by or owner}.",
        "closed": f"Baton: lead closed, {order.stage.replace('_', ' ')}.",
        "call": "Baton: a call was made.",
        "recording": "Baton: a call was recorded.",
    }.get(order.what, f"Baton: {order.what}.")
    return " ".join((headline, *dossier.reasons[:3])) if order.what == "handoff" else headline


def _task(order: CrmOrder, dossier: Dossier) -> str:
    motion = dossier.decision.motion if dossier.decision is not None else None
    first = {"live_transfer": "Call", "whisper_call": "Call personally", "human_task": "Find a way to reach"}
    return f"{first.get(str(motion), 'Contact')} {dossier.name or 'the lead'}"
