"""Do-not-call lists and opt-outs in memory, held to the same suites as the real ones (tests/contracts)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from domain.call_lists import Coverage, Extract, Imported, ListedNumber, Standing, refuse_shrunk
from domain.errors import BadInput, NotFound, Refused
from domain.facts import Listing
from domain.messages import RowRef
from domain.opt_outs import OptOut
from domain.ports import Captured
from domain.values import CallList


@dataclass
class FakeCallLists:
    """domain.call_lists.CallLists in memory."""

    imports: list[tuple[str, Extract]] = field(default_factory=list)
    areas: dict[tuple[str, int], int] = field(default_factory=dict)
    registry: set[tuple[str, str]] = field(default_factory=set)
    own: dict[tuple[str, str], tuple[date | None, int]] = field(default_factory=dict)

    async def take(
        self, tenant: str, extract: Extract, numbers: Iterable[ListedNumber], rehearsal: bool = False
    ) -> Imported:
        rows = list(numbers)
        listed = {row.number for row in rows}
        areas = tuple(sorted({int(number[2:5]) for number in listed})) if extract.kept_by is CallList.FEDERAL else ()
        for area in areas:
            as_of = self.imports[self.areas[tenant, area]][1].as_of if (tenant, area) in self.areas else extract.as_of
            if as_of > extract.as_of:
                raise BadInput(f"area code {area} is here as of {as_of}")
        covered = {one for one in self.registry if one[0] == tenant and int(one[1][2:5]) in areas}
        if not extract.may_shrink:
            refuse_shrunk(_by_area(number for _, number in covered), _by_area(listed))
        before = len(covered) if areas else sum((tenant, number) in self.own for number in listed)
        imported = Imported(
            list_id=len(self.imports),
            kept_by=extract.kept_by,
            as_of=extract.as_of,
            numbers=len(listed),
            duplicates=len(rows) - len(listed),
            before=before,
            areas=areas,
        )
        if not rehearsal:
            self.imports.append((tenant, extract))
            self.areas |= {(tenant, area): imported.list_id for area in areas}
            self.registry = (self.registry - covered) | ({(tenant, number) for number in listed} if areas else set())
            for row in rows if not areas else ():
                until, list_id = self.own.get((tenant, row.number), (row.until, imported.list_id))
                longest = max(until, row.until) if until and row.until else None
                self.own[tenant, row.number] = (longest, list_id)
        return imported

    async def in_force(self, tenant: str) -> tuple[Coverage, ...]:
        found = []
        for list_id, (whose, extract) in reversed(list(enumerate(self.imports))):
            areas = tuple(sorted(area for (of, area), by in self.areas.items() if (of, by) == (whose, list_id)))
            numbers = sum(of == whose and int(number[2:5]) in areas for of, number in self.registry)
            numbers += sum((of, by) == (whose, list_id) for (of, _), (_, by) in self.own.items())
            if whose == tenant and numbers:
                found.append(Coverage(**extract.model_dump(), list_id=list_id, numbers=numbers, areas=areas))
        return tuple(found)

    async def of_number(self, tenant: str, number: str) -> Standing:
        area = int(number[2:5]) if number.startswith("+1") else 0
        by = self.areas.get((tenant, area))
        as_of = None if by is None else _midnight(self.imports[by][1].as_of)
        listings = []
        if as_of is not None and (tenant, number) in self.registry:
            listings.append(Listing(kept_by=CallList.FEDERAL, since=as_of))
        if (tenant, number) in self.own:
            until, list_id = self.own[tenant, number]
            end = None if until is None else _midnight(until) + timedelta(days=1, hours=12)
            listings.append(Listing(kept_by=CallList.OWN, since=_midnight(self.imports[list_id][1].as_of), until=end))
        return Standing(listings=tuple(listings), registry_as_of=as_of)


def _by_area(numbers: Iterable[str]) -> Counter[int]:
    return Counter(int(number[2:5]) for number in numbers)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@dataclass
class FakeOptOuts:
    """domain.opt_outs.OptOuts in memory. `leads`: each person with their open lead, None without one."""

    leads: dict[str, str | None] = field(default_factory=dict)
    taken: dict[str, tuple[str, OptOut, Captured]] = field(default_factory=dict)

    async def take(self, tenant: str, person_id: str, message: OptOut, key: str) -> Captured:
        if person_id not in self.leads:
            raise NotFound(f"There is no person {person_id}.")
        if key in self.taken:
            *before, captured = self.taken[key]
            if before != [person_id, message]:
                raise Refused("This key has already carried another message.")
            return Captured(row_id=captured.row_id, status="duplicate", lead_id=captured.lead_id)
        lead_id = self.leads[person_id] if message.channel == "all" else None
        ref = RowRef(row_id=f"row-{len(self.taken)}", kind="opted_out", at=datetime.now(UTC)) if lead_id else None
        status = "joined" if ref else "kept"
        captured = Captured(row_id=f"row-{len(self.taken)}", status=status, lead_id=lead_id, ref=ref)
        self.taken[key] = (person_id, message, captured)
        return captured
