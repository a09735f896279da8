"""Conditions of a policy that failed on a lead, as the supervisors are told of them: once an hour for a rule."""

from datetime import datetime, timedelta
from typing import Protocol

from domain.values import Stored


class Fault(Stored):
    """A rule whose condition failed. `lead_id` is the first lead of the hour that met it; its trace says why.

    `tries`: how often somebody began to tell of it, this time included.
    """

    alert_id: str
    policy_hash: str
    rule: str
    lead_id: str
    recorded_at: datetime  # the database's clock; real time
    tries: int


class Faults(Protocol):
    """Noted with each stored decision. take: faults nobody was told of, not to be taken again for `again`."""

    async def take(self, tenant: str, again: timedelta, limit: int) -> tuple[Fault, ...]: ...

    async def told(self, alert_id: str) -> None: ...
