"""What may run where: policies and clocks that hold real vendors off. Asked once, before anything is built."""

from functools import partial

from activities.policies import Policies
from adapters.postgres.policies import PostgresPolicies
from adapters.postgres.views import Views
from domain.errors import BadInput
from policy.load import LoadedPolicy
from runtime.publishing import Publishing, take_file
from runtime.settings import Settings


async def published(settings: Settings, file: LoadedPolicy, store: PostgresPolicies) -> tuple[Policies, Publishing]:
    """The active policy, and the way to another; the file's word counts as take_file says."""
    fit = partial(_refuse_unreal, settings)
    fit(file)
    await take_file(store, file)
    policies = Policies(file, store)
    await policies.refresh()
    for each in policies.loaded:  # those that open leads follow, too
        fit(each)
    return policies, Publishing(store, policies, fit)


def _refuse_unreal(settings: Settings, policy: LoadedPolicy) -> None:
    if settings.uses_real_vendors and policy.policy.always_open:
        raise BadInput(
            f"Policy {policy.policy.name} ({policy.hash}) has no contact windows; it refuses real vendors. Use another "
            "policy; if open leads follow it, use another database, or migrate them while vendors are simulated."
        )


async def refuse_offset(settings: Settings, views: Views) -> None:
    if settings.uses_real_vendors and await views.clock_offset():
        raise BadInput(
            "Real vendors refuse to run under an offset clock. Use a data directory that `baton demo` never touched."
        )
