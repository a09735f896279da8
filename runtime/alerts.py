"""What is done beside leads (telling the supervisors, taking texts back), put together from a process's parts. The API
sweeps by them; no worker does."""

from activities.burst_alerts import BurstAlerts
from activities.fault_alerts import FaultAlerts
from activities.recalled import TakingBack
from adapters.postgres.faults import PostgresFaults
from adapters.postgres.recalls import PostgresRecalls
from adapters.postgres.senders import PostgresSenders
from runtime.container import Container


def of_faults(services: Container) -> FaultAlerts:
    """What tells of conditions that fail on leads."""
    tenant, store = services.settings.tenant, PostgresFaults(services.pool)
    return FaultAlerts(tenant, store, services.chat, services.policies, services.switches)


def taking_back(services: Container) -> TakingBack:
    """What takes texts back at the vendor."""
    return TakingBack(services.settings.tenant, PostgresRecalls(services.pool), services.sms)


def of_bursts(services: Container) -> BurstAlerts:
    """What tells that texts will be late."""
    tenant, store = services.settings.tenant, PostgresSenders(services.pool)
    return BurstAlerts(tenant, store, services.chat, services.policies, services.switches)
