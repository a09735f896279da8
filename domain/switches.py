"""A tenant's switches: the kill switch, which holds every touch of a person, and the sandbox, which nothing leaves."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import Field, StringConstraints

from domain.publications import AUTHOR
from domain.values import Given, Stored


class Name(StrEnum):
    """Which switch."""

    KILL_SWITCH = "kill_switch"  # touches of people wait until it is off; our own people are told as ever
    SANDBOX = "sandbox"  # everything is judged and planned, and no vendor is told: no text, no chat, no CRM


class Throw(Given):
    """Turn a switch on or off. `because` is kept for whoever finds it so."""

    on: bool
    by: str = Field(pattern=AUTHOR)
    because: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Switch(Stored):
    """How a switch stands, and by whose word since when."""

    is_on: bool
    by: str
    because: str
    at: datetime


class Switches(Stored):
    """Both. None where it was never turned on."""

    kill_switch: Switch | None = None
    sandbox: Switch | None = None

    @property
    def in_words(self) -> tuple[str, ...]:
        """What of them whoever works here should know; nothing while both are off."""
        return tuple(f"{said}, by {switch.by}: {switch.because}" for said, switch in self._on())

    @property
    def in_short(self) -> tuple[str, ...]:
        """As `in_words`, without who and why: those are for callers with a key."""
        return tuple(said for said, _ in self._on())

    def _on(self) -> Iterator[tuple[str, Switch]]:
        found = ((self.kill_switch, "touches of people are stopped"), (self.sandbox, "sandbox: nothing is sent"))
        for switch, what in found:
            if switch is not None and switch.is_on:
                yield f"{what} since {switch.at:%a %d %b %H:%M}Z", switch


class SwitchBoard(Protocol):
    """One tenant's switches. Turning one to where it stands already changes nothing."""

    async def throw(self, name: Name, throw: Throw) -> Switches: ...

    async def standing(self) -> Switches: ...
