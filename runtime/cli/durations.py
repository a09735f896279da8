"""Lengths of time as people type them: 90s, 30m, 2h, 3d."""

import re
from datetime import timedelta

import typer

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

LONGEST = timedelta(days=3660)
"""Longer than anything here lasts."""


def duration(text: str) -> timedelta:
    """The length that is meant. Raises typer.BadParameter."""
    found = re.fullmatch(r"([0-9]{1,9})([smhd])", text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is no duration; write a number and s, m, h or d, such as 3d")
    length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if length > LONGEST:
        raise typer.BadParameter(f"{text!r} is too long; {LONGEST.days}d is the longest")
    return length
