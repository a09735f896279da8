"""Do-not-call lists as they are kept: what an import brings, what it comes to, and where they are kept."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple, Protocol

from domain.errors import BadInput
from domain.facts import Listing
from domain.values import CallList, Given, Stored


class ListedNumber(NamedTuple):
    """A number on a list, in E.164; on our own until the end of a day, or for good, and why. Personal data."""

    number: str
    until: date | None = None
    reason: str | None = None


class Extract(Given):
    """A list to be imported: whose, as of which day, by whom, and from which file. `may_shrink`: a federal one may have
    fewer than half the numbers that are here of an area code."""

    kept_by: CallList
    as_of: date
    author: str
    file: str
    may_shrink: bool = False


class Imported(Stored):
    """What an import came to. `areas`: the area codes that a federal extract covers; `before`: numbers that it replaced
    in them, or that our own list had already."""

    list_id: int
    kept_by: CallList
    as_of: date
    numbers: int
    duplicates: int
    before: int
    areas: tuple[int, ...] = ()


class Coverage(Stored):
    """An import that is in force: how many numbers, and of a federal one the area codes that it covers still."""

    list_id: int
    kept_by: CallList
    as_of: date
    author: str
    file: str
    numbers: int
    areas: tuple[int, ...] = ()


class Standing(Stored):
    """What lists say of one number. `registry_as_of`: of the federal extract that covers it; None when none does."""

    listings: tuple[Listing, ...] = ()
    registry_as_of: datetime | None = None


class CallLists(Protocol):
    """Do-not-call lists, each import whole or not at all.

    take: a federal extract replaces what was there for its area codes (BadInput when that is newer, or when less than
    half of it is left and `may_shrink` isn't said); our own list only grows. Whatever `numbers` raises leaves
    everything as it was; so does `rehearsal`. in_force: newest first.
    """

    async def take(
        self, tenant: str, extract: Extract, numbers: Iterable[ListedNumber], rehearsal: bool = False
    ) -> Imported: ...

    async def in_force(self, tenant: str) -> tuple[Coverage, ...]: ...

    async def of_number(self, tenant: str, number: str) -> Standing: ...


def refuse_shrunk(before: Mapping[int, int], after: Mapping[int, int]) -> None:
    """Raises BadInput where an area code has fewer than half the numbers it had: part of a file is no extract, and
    would let numbers be called that are on the registry. Both are how many there are, by area code."""
    lost = [area for area, number in sorted(before.items()) if area in after and 2 * after[area] < number]
    if not lost:
        return
    places = tuple((f"area code {area}", f"had {before[area]:,} numbers and has {after[area]:,} here") for area in lost)
    said = ", ".join(f"{place} {what}" for place, what in places[:3]) + (", and more" if len(places) > 3 else "")
    raise BadInput(
        f"This extract seems to be cut off: {said}. Download it again; if it is whole, say --force. "
        "Nothing was imported.",
        places,
    )
