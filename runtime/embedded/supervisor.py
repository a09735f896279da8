"""Children in order: phases start one after the other, the children of a phase together; stopping goes backwards."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from runtime.embedded import procfs
from runtime.embedded.child import Child, ChildSpec

START_LIMIT = 30.0
# Seconds for the servers, the simulator, the API and worker; stopped in the reverse order, 3.8 s at the worst.
STOP_LIMITS = (2.0, 0.4, 1.4)


def _unheard(_: object = None) -> None:
    return None


class Supervisor:
    """Starts phases of children, keeps them up and stops them all.

    Its event loop's thread owns them: a child dies with the thread that started it.
    """

    def __init__(
        self, logs: Path, changed: Callable[[], None] = _unheard, say: Callable[[str], object] = _unheard
    ) -> None:
        self._logs = logs
        self._changed = changed
        self._say = say
        self._phases: list[list[Child]] = []

    async def start(self, specs: Sequence[ChildSpec], limit: float = START_LIMIT) -> None:
        """Start one phase and wait until each child answers; ChildWouldNotStart for the first that doesn't."""
        phase = [Child(spec, self._logs, self._changed, self._say) for spec in specs]
        self._phases.append(phase)
        for child in phase:
            child.launch()
        waits = [asyncio.create_task(child.answers(limit)) for child in phase]
        try:
            await asyncio.gather(*waits)
        finally:
            for wait in waits:
                wait.cancel()

    async def stop(self) -> None:
        """Stop everything, the last phase first; safe to call twice, and while starting."""
        while self._phases:
            limit = STOP_LIMITS[min(len(self._phases), len(STOP_LIMITS)) - 1]
            phase = self._phases.pop()
            await asyncio.gather(*(child.stop(limit) for child in phase))

    def identities(self) -> dict[str, procfs.ProcessId | None]:
        return {child.spec.name: child.identity() for phase in self._phases for child in phase}

    def all_ready(self) -> bool:
        return all(child.ready.is_set() for phase in self._phases for child in phase)
