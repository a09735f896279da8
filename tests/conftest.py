"""For the whole run: a loop's task that won't end is named and left behind; logs a test sets up are its own."""

import asyncio
import asyncio.runners
import gc
import logging
import sys
import time
from collections.abc import Iterator

import pytest
import structlog

PATIENCE = 10.0
"""Seconds that tasks get to end once they are cancelled, when the run's loop is closed."""


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if not left:
        return
    _, deaf = loop.run_until_complete(asyncio.wait(left, timeout=PATIENCE))
    for task in deaf:
        print(f"This task heeded no cancellation: {task!r}", file=sys.stderr)  # noqa: T201 - pytest's report is over


# asyncio's own waits for ever, and then a run that passed never says so.
asyncio.runners._cancel_all_tasks = _end_tasks  # type: ignore[attr-defined]  # private, and the only place there is


def pytest_collection_finish() -> None:
    """What the tests imported stays; a full collection that walks it holds up a workflow task of a test that counts."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """A thread of the Temporal SDK that wants the interpreter at its end makes it abort (runtime/leaving.py)."""
    time.sleep(1)


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """For tests of commands that set up their process's logs: the next test finds them as they were."""
    root, ours, raises = logging.getLogger(), structlog.get_config(), logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, logging.raiseExceptions = handlers, raises
    root.setLevel(level)
    structlog.configure(**ours)
