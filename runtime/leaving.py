"""The end of a process that has closed everything it had open."""

import logging
import os
import sys
from collections.abc import Callable
from typing import NoReturn


def leave(code: int | str | None) -> NoReturn:
    """End this process with `code`, as sys.exit reads it: words go to standard error and mean 1.

    The interpreter's own last steps are left out: its look for cycles takes a second, and a thread of the Temporal SDK
    that wants the interpreter meanwhile makes it abort (PyGILState_Release: one end in seven on Python 3.11).
    """
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        code = 1
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # whoever read it has gone
            code = code or 1
    os._exit(code or 0)


def leave_after(command: Callable[[], object]) -> NoReturn:
    """Run a command, then end this process with the exit code it asked for, 0 if for none."""
    try:
        command()
    except SystemExit as ended:
        leave(ended.code)
    leave(0)
