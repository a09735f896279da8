"""What choosing one of our numbers for a person needs to know, and the port that tells it. It chooses nothing."""

from typing import Protocol

from pydantic import Field

from domain.values import Stored


class Known(Stored):
    """`last`: the number the person last heard from, or wrote to or called. `recent`: texts of the last 24 hours by
    number; `today`: segments of the day that caps count by, by number."""

    last: str | None = None
    recent: dict[str, int] = Field(default_factory=dict)
    today: dict[str, int] = Field(default_factory=dict)


class Senders(Protocol):
    """Our numbers, as people know them. `phone`: theirs; `zone`: in which the day of caps begins."""

    async def known(self, tenant: str, person_id: str, phone: str | None, zone: str) -> Known: ...
