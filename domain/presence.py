"""Whether a rep is there: what somebody says of it, and how it stands. Read outside Temporal alone."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from domain.facts import RepLoad
from domain.values import Given, Stored


class Word(StrEnum):
    """What is said of a rep."""

    AWAY = "away"
    BACK = "back"


class PresenceChange(Given):
    """A rep goes away, at once or from a moment on and until another, or is back."""

    presence: Word
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    because: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] | None = None
    by: str = Field(default="api", pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")

    @model_validator(mode="after")
    def _whole(self) -> "PresenceChange":
        if self.presence is Word.BACK and (self.since or self.until):
            raise ValueError("who is back is back at once: leave since and until out")
        if self.since is not None and self.until is None:
            raise ValueError("a time off that begins later needs until")
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise ValueError("until must come after since")
        return self


class RepView(Stored):
    """A rep as they stand at a moment. `status`: here, or why they take no leads (PassedOver)."""

    handle: str
    name: str
    status: str
    because: str = ""
    back_at: datetime | None = None
    weight: int
    open_leads: int = 0
    max_open: int | None = None
    offered_today: int = 0
    max_per_day: int | None = None
    missed: int = 0
    owed: int = 0
    territories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()


class RepList(Stored):
    """The team at a moment, in the order of the policy."""

    now: datetime
    reps: tuple[RepView, ...]


class Loads(Stored):
    """What the rotation knows of everybody, and the moment it was asked."""

    now: datetime
    reps: tuple[RepLoad, ...]
