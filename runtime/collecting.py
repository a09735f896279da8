"""When this process looks for cycles of garbage, and when it had better not."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection, for work whose makings stay: a full collection would look at all of it for nothing. It is
    a quarter of the time of a simulation, and of loading a command."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()
