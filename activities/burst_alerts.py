"""Tells the supervisors that more texts wait for a number than it can send in the time that was promised, before one is
late. Runs in the API, as fault_alerts.py does: no lead waits for it."""

from datetime import timedelta

import structlog

from activities.policies import Policies
from domain.errors import BatonError
from domain.ports import Chat, ChatMessage
from domain.senders import Backlog, Burst, Bursts
from domain.switches import SwitchBoard

AGAIN = timedelta(minutes=1)
"""A burst that could not be told of is tried again after this."""

log = structlog.get_logger()


class BurstAlerts:
    """One tenant's; `switches` are theirs too."""

    def __init__(self, tenant: str, bursts: Bursts, chat: Chat, policies: Policies, switches: SwitchBoard) -> None:
        self._tenant = tenant
        self._bursts = bursts
        self._chat = chat
        self._policies = policies
        self._switches = switches

    async def sweep(self) -> int:
        """Post the bursts that nobody was told of; how many are out now. What fails is left for a later sweep, and all
        of it while the tenant is in the sandbox."""
        sandbox = (await self._switches.standing()).sandbox
        if sandbox is not None and sandbox.is_on:
            return 0
        found = await self._bursts.bursts(self._tenant, AGAIN)
        return len([burst for burst in found if await self._tell(burst)])

    async def backlog(self) -> tuple[Backlog, ...]:
        """Texts that wait now, by number."""
        return await self._bursts.waiting(self._tenant)

    async def _tell(self, burst: Burst) -> bool:
        message = compose(burst, self._policies.current.policy.channels.supervisors)
        try:
            # An earlier attempt may have posted it and died before it could say so.
            if burst.tries == 1 or await self._chat.find(burst.alert_id, message, burst.recorded_at) is None:
                await self._chat.post(burst.alert_id, message)
        except BatonError as error:
            log.warning("burst_alert_later", error=error.code)
            return False
        await self._bursts.told(burst.alert_id)
        return True


def compose(burst: Burst, channel: str) -> ChatMessage:
    """What the supervisors read: figures, and what can be done about them."""
    pace = f"{burst.per_second.normalize():f} {'segment' if burst.per_second == 1 else 'segments'} a second"
    waiting = "1 text is" if burst.waiting == 1 else f"{burst.waiting} texts are"
    return ChatMessage(
        channel=channel,
        text=f"Supervisors: {waiting} waiting to go from {burst.sender}, {pace}: the last goes in "
        f"{_span(burst.last_in)}; promised: {_span(burst.promised)}",
        alert="more texts wait than can be sent in time",
        lines=(
            "Hot leads' texts go first. Call the newest leads, or add a number to `numbers` and publish the policy",
        ),
    )


def _span(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else ""]
    return " ".join(part for part in parts if part) or "0 s"
