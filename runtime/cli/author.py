"""Who types a command, where they don't say whose word it is."""

import getpass
import re


def whoever() -> str:
    """Your login, in the signs that every record of a name takes; `cli` where there is none."""
    try:
        login = getpass.getuser()
    except (KeyError, OSError):  # a container's user has no name
        return "cli"
    return re.sub(r"[^a-z0-9_.-]+", "-", login.lower()).strip("-_.")[:64] or "cli"
