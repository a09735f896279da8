"""For the whole run: a loop's task that won't end is named and left behind; logs a test sets up are its own."""

import asyncio
import asyncio.runners
import gc
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest
import structlog
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

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


TOGETHER = {
    "tests/e2e/calls": "calls",
    "tests/demo": "calls",
    "tests/e2e": "processes",
    "tests/embedded": "processes",
    "tests/workflows": "workflows",
}
"""Folders whose tests are one process's where several share a run (`make test`): they start servers and use them again.
Those of the first two groups mostly wait; the others compute."""


def _group_of(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return next((group for folder, group in TOGETHER.items() if file.startswith(f"{folder}/")), file)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # it ships no types
    """Each file is one process's alone, and so are the folders of TOGETHER."""

    def schedule(self) -> None:
        """As they were collected: how many tests a folder has doesn't say how long they take."""
        self.config.option.loadscopereorder = False
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return _group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Its own marks for groups don't reach a pytest of 9.2 or later (pytest-xdist 3.8)."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one name get a number: schemathesis has one for each operation, of which two processes would run one.

    The folders of TOGETHER begin, since they take longest: what is left over at the end is short.
    """
    first = list(dict.fromkeys(TOGETHER.values()))
    items.sort(key=lambda item: first.index(group) if (group := _group_of(item.nodeid)) in first else len(first))
    known = Counter[str]()
    for item in items:
        known[item.nodeid] += 1
        if known[item.nodeid] > 1:
            item._id = item._id.with_params(str(known[item.nodeid]))


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
