"""Do-not-call lists in PostgreSQL, each import one transaction. It reads no file and judges nothing.

The federal registry is kept as bits: a number is one of the 10,000 of its area code and exchange.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from itertools import islice

import asyncpg
from pydantic import TypeAdapter

from adapters.postgres import queries
from adapters.postgres.pool import connection, transaction
from domain.call_lists import Coverage, Extract, Imported, ListedNumber, Standing, refuse_shrunk
from domain.errors import BadInput
from domain.values import CallList

SQL = queries.load("call_lists")
AT_ONCE = 20_000
"""Rows that are sent to PostgreSQL together."""

PATIENCE = timedelta(minutes=30).total_seconds()
_Work = Callable[[asyncpg.Connection, str, Extract], Awaitable[Imported]]
_IN_FORCE = TypeAdapter(tuple[Coverage, ...])


class _Rehearsed(Exception):
    """Ends the transaction of a rehearsal."""


class Bits:
    """Numbers of the federal registry by area code and exchange. `duplicates` counts those that came before."""

    def __init__(self) -> None:
        self.exchanges: dict[int, bytearray] = {}
        self.duplicates = 0
        self.numbers = 0

    def take(self, numbers: Iterable[ListedNumber]) -> None:
        """Sets the bit of each number, +1 and ten digits; `numbers` may raise."""
        exchanges = self.exchanges
        for each in numbers:
            exchange, last = divmod(int(each.number[2:]), 10_000)
            bits = exchanges.get(exchange)
            if bits is None:
                bits = exchanges[exchange] = bytearray(1250)
            place, bit = last >> 3, 1 << (last & 7)
            if bits[place] & bit:
                self.duplicates += 1
            else:
                bits[place] |= bit
                self.numbers += 1

    @property
    def areas(self) -> tuple[int, ...]:
        """The area codes that have any number."""
        return tuple(sorted({exchange // 1000 for exchange in self.exchanges}))

    @property
    def by_area(self) -> Counter[int]:
        """How many numbers each area code has."""
        found = Counter[int]()
        for exchange, bits in self.exchanges.items():
            found[exchange // 1000] += int.from_bytes(bits).bit_count()
        return found


class PostgresCallLists:
    """The CallLists port. Raises Unavailable without PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def take(
        self, tenant: str, extract: Extract, numbers: Iterable[ListedNumber], rehearsal: bool = False
    ) -> Imported:
        """Imports a list, whole or not at all; a rehearsal says what it would come to and leaves all as it was."""
        work: _Work = partial(_take_own, numbers=numbers)
        if extract.kept_by is CallList.FEDERAL:
            bits = Bits()
            bits.take(numbers)  # before there is a transaction: reading millions takes its time
            work = partial(_take_federal, bits=bits)
        imported: list[Imported] = []
        try:
            async with transaction(self._pool, turn=f"call_lists:{tenant}") as session:
                await session.execute(SQL["patient"])
                imported.append(await work(session, tenant, extract))
                if rehearsal:
                    raise _Rehearsed
        except _Rehearsed:
            pass
        return imported[0]

    async def in_force(self, tenant: str) -> tuple[Coverage, ...]:
        """Imports that still count, newest first."""
        async with connection(self._pool) as session:
            return _IN_FORCE.validate_json(await session.fetchval(SQL["in_force"], tenant))

    async def of_number(self, tenant: str, number: str) -> Standing:
        """What lists say of a number in E.164."""
        async with connection(self._pool) as session:
            return Standing.model_validate_json(await session.fetchval(SQL["of_number"], tenant, number))


async def _take_federal(session: asyncpg.Connection, tenant: str, extract: Extract, bits: Bits) -> Imported:
    areas = bits.areas
    await _refuse_older(session, tenant, extract, areas)
    cleared = await session.fetch(SQL["clear_areas"], tenant, list(areas), timeout=PATIENCE)
    before = {row["area"]: row["numbers"] for row in cleared}
    if not extract.may_shrink:
        refuse_shrunk(before, bits.by_area)
    columns = ("tenant", "exchange", "listed")
    rows = ((tenant, exchange, bytes(listed)) for exchange, listed in sorted(bits.exchanges.items()))
    await session.copy_records_to_table("registry_exchange", records=rows, columns=columns, timeout=PATIENCE)
    list_id = await _written(session, tenant, extract, bits.numbers)
    await session.execute(SQL["cover_areas"], tenant, list(areas), list_id)
    return Imported(
        list_id=list_id,
        kept_by=extract.kept_by,
        as_of=extract.as_of,
        numbers=bits.numbers,
        duplicates=bits.duplicates,
        before=sum(before.values()),
        areas=areas,
    )


async def _take_own(
    session: asyncpg.Connection, tenant: str, extract: Extract, numbers: Iterable[ListedNumber]
) -> Imported:
    for some in _in_parts(numbers):
        rows = [(tenant, *each) for each in some]
        await session.copy_records_to_table("arriving_number", records=rows, timeout=PATIENCE)
    counted = await session.fetchrow(SQL["count_arriving"], tenant, timeout=PATIENCE)
    list_id = await _written(session, tenant, extract, counted["numbers"])
    await session.execute(SQL["take_arriving"], tenant, list_id, timeout=PATIENCE)
    await session.execute(SQL["clear_arriving"], tenant, timeout=PATIENCE)
    return Imported(
        list_id=list_id,
        kept_by=extract.kept_by,
        as_of=extract.as_of,
        numbers=counted["numbers"],
        duplicates=counted["rows"] - counted["numbers"],
        before=counted["before"],
    )


def _in_parts(numbers: Iterable[ListedNumber]) -> Iterator[list[ListedNumber]]:
    left = iter(numbers)
    while some := list(islice(left, AT_ONCE)):
        yield some


async def _refuse_older(session: asyncpg.Connection, tenant: str, extract: Extract, areas: tuple[int, ...]) -> None:
    newer = await session.fetch(SQL["newer_areas"], tenant, list(areas), extract.as_of)
    if newer:
        places = tuple((f"area code {row['area']}", f"is here as of {row['as_of']}") for row in newer)
        said = ", ".join(f"{place} {what}" for place, what in places[:3]) + (", and more" if len(places) > 3 else "")
        raise BadInput(
            f"This extract of {extract.as_of} is older than what is here: {said}. Nothing was imported.", places
        )


async def _written(session: asyncpg.Connection, tenant: str, extract: Extract, numbers: int) -> int:
    kept_by, as_of = str(extract.kept_by), extract.as_of
    list_id: int = await session.fetchval(
        SQL["new_list"], tenant, kept_by, as_of, extract.author, extract.file, numbers
    )
    return list_id
