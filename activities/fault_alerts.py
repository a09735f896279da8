"""Tells the supervisors of conditions that fail on leads. Runs in the API, not on a worker: no lead waits for it, and
its rows are there until somebody was told."""

from datetime import timedelta

import structlog

from activities.policies import Policies
from activities.strangers import quoted
from domain.errors import BatonError, NotFound
from domain.faults import Fault, Faults
from domain.ports import Chat, ChatMessage
from domain.switches import SwitchBoard
from policy.load import LoadedPolicy, PolicyInvalid

AGAIN = timedelta(minutes=1)
"""A fault that could not be told is tried again after this; far longer than one attempt takes."""

LIMIT = 20
log = structlog.get_logger()


class FaultAlerts:
    """One tenant's; `switches` are theirs too."""

    def __init__(self, tenant: str, faults: Faults, chat: Chat, policies: Policies, switches: SwitchBoard) -> None:
        self._tenant = tenant
        self._faults = faults
        self._chat = chat
        self._policies = policies
        self._switches = switches

    async def sweep(self) -> tuple[str, ...]:
        """Post what nobody was told of yet; the rules whose alert is out now. What fails is left for a later sweep, and
        all of it while the tenant is in the sandbox, which no message leaves."""
        sandbox = (await self._switches.standing()).sandbox
        if sandbox is not None and sandbox.is_on:
            return ()
        found = await self._faults.take(self._tenant, AGAIN, LIMIT)
        return tuple([fault.rule for fault in found if await self._tell(fault)])

    async def _tell(self, fault: Fault) -> bool:
        message = compose(fault, await self._policy(fault))
        try:
            # An earlier attempt may have posted it and died before it could say so.
            if fault.tries == 1 or await self._chat.find(fault.alert_id, message, fault.recorded_at) is None:
                await self._chat.post(fault.alert_id, message)
        except BatonError as error:
            log.warning("fault_alert_later", rule=fault.rule, policy=fault.policy_hash, error=error.code)
            return False
        await self._faults.told(fault.alert_id)
        return True

    async def _policy(self, fault: Fault) -> LoadedPolicy:
        try:
            return await self._policies.pinned(fault.policy_hash)
        except (NotFound, PolicyInvalid):
            return self._policies.current


def compose(fault: Fault, loaded: LoadedPolicy) -> ChatMessage:
    """What the supervisors read. It names the rule and a lead, and nothing of what the lead said."""
    where = f"{quoted(fault.rule)} of policy {loaded.policy.name} ({fault.policy_hash})"
    return ChatMessage(
        channel=loaded.policy.channels.supervisors,
        text=f"Supervisors: the condition of {where} fails on leads, and counts as false until it is corrected",
        alert=f"a condition of the policy fails on leads: {quoted(fault.rule)}",
        lines=(
            f"Lead {fault.lead_id} met it first this hour; `baton lead trace {fault.lead_id}` says why",
            "Ask first whether there is an answer: 'budget' in answers && …; then publish the policy again",
        ),
    )
