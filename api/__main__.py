"""The API process: settings, services, server; runs until SIGTERM. `python -m api`."""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable
from functools import partial

import uvicorn

from activities.burst_alerts import BurstAlerts
from activities.fault_alerts import FaultAlerts
from activities.recalled import TakingBack
from api import metrics
from api.app import build
from domain.errors import BatonError
from runtime import alerts
from runtime.call_desk import CallDesk
from runtime.container import open_container
from runtime.dispatch import sweep_for_ever
from runtime.leaving import leave
from runtime.logs import configure_logs
from runtime.settings import Settings, read_settings
from runtime.settling import Settling

GRACE = 1
"""Seconds that open requests get at shutdown."""


async def tell_faults(faults: FaultAlerts) -> int:
    """Tell the supervisors of failed conditions, and Prometheus of each that they were told of."""
    told = await faults.sweep()
    for rule in told:
        metrics.FAULTS.labels(rule).inc()
    return len(told)


async def count_unknown(settling: Settling) -> int:
    """Tell Prometheus how many touches wait for a person's word; nothing is taken up."""
    metrics.UNKNOWN_TOUCHES.set(await settling.unknown())
    return 0


async def tell_bursts(bursts: BurstAlerts) -> int:
    """Tell Prometheus how many texts wait for each number, and the supervisors before one is late."""
    backlog = await bursts.backlog()
    for gauge in (metrics.TEXTS_WAITING, metrics.TEXTS_LAST_IN):
        gauge.clear()
    for each in backlog:
        metrics.TEXTS_WAITING.labels(each.sender).set(each.waiting)
        metrics.TEXTS_LAST_IN.labels(each.sender).set(each.last_in.total_seconds())
    return await bursts.sweep()


async def count_abandoned(calls: CallDesk) -> int:
    """Tell Prometheus how many calls of thirty days people answered, and how many of them connected nobody."""
    for source, found in (await calls.abandonment()).items():
        metrics.CALLS_ANSWERED.labels(source).set(found.answered)
        metrics.CALLS_ABANDONED.labels(source).set(found.abandoned)
    return 0


async def take_back(texts: TakingBack) -> int:
    """Take texts back at the vendor, and tell Prometheus how many."""
    taken = await texts.sweep()
    metrics.TAKEN_BACK.inc(taken)
    return taken


async def serve(settings: Settings) -> None:
    """Serve until the process is told to stop."""
    async with open_container(settings) as services:
        config = uvicorn.Config(
            build(services),
            host=settings.api_host,
            port=settings.api_port,
            access_log=False,
            server_header=False,
            log_config=None,
            timeout_graceful_shutdown=GRACE,
        )
        sweepers: dict[str, Callable[[], Awaitable[int]]] = {
            "inbox": services.dispatch.sweep,
            "webhooks": services.webhooks.sweep,
            "policies": services.policies.refresh,
            "unknown": partial(count_unknown, services.settling),
            "abandoned": partial(count_abandoned, services.calling),
            "faults": partial(tell_faults, alerts.of_faults(services)),
            "recalls": partial(take_back, alerts.taking_back(services)),
            "bursts": partial(tell_bursts, alerts.of_bursts(services)),
        }
        sweeping = [asyncio.create_task(sweep_for_ever(sweep, what)) for what, sweep in sweepers.items()]
        server = uvicorn.Server(config)
        gc.freeze()  # what is loaded stays: a full collection that looked through it would hold everybody up for 100 ms
        try:
            await server.serve()
        finally:
            for each in sweeping:
                each.cancel()


def main() -> int:
    """The process's exit code; what stops it from starting is said in words."""
    configure_logs()
    try:
        asyncio.run(serve(read_settings()))
    except BatonError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the reason a process gives its operator for not starting
        return 1
    return 0


if __name__ == "__main__":
    leave(main())
