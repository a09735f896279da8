"""What tells the supervisors, put together from a process's parts. The API sweeps by them; no worker does."""

from activities.burst_alerts import BurstAlerts
from activities.fault_alerts import FaultAlerts
from adapters.postgres.faults import PostgresFaults
from adapters.postgres.senders import PostgresSenders
from runtime.container import Container


def of_faults(services: Container) -> FaultAlerts:
    """What tells of conditions that fail on leads."""
    tenant, store = services.settings.tenant, PostgresFaults(services.pool)
    return FaultAlerts(tenant, store, services.chat, services.policies, services.switches)


def of_bursts(services: Container) -> BurstAlerts:
    """What tells that texts will be late."""
    tenant, store = services.settings.tenant, PostgresSenders(services.pool)
    return BurstAlerts(tenant, store, services.chat, services.policies, services.switches)
