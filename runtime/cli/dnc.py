"""`baton dnc import`, `status` and `check`: do-not-call lists of a running Baton, in its database."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from adapters.phones import person_facts
from adapters.postgres.call_lists import PostgresCallLists
from adapters.postgres.views import Views
from domain.call_lists import Coverage, Extract, Imported, Standing
from domain.messages import Person
from domain.values import CallList
from runtime.call_lists import numbers_in
from runtime.cli.author import whoever
from runtime.cli.database import database, tenant
from runtime.cli.options import AsJson, Data
from runtime.cli.words import printable
from runtime.embedded.state import DEFAULT_DATA

OLDEST = timedelta(days=31)
"""From when on a federal extract is too old to be relied on, as the contact rules that are shipped have it."""

TOO_OLD = (
    f"It is older than {OLDEST.days} days: do-not-call fails closed. Whoever has no exemption is neither called nor "
    "texted to sell until a newer extract is imported."
)

_NAMED_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)

app = typer.Typer(help="Do-not-call lists of a running Baton.", no_args_is_help=True)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where lists are kept: whose, and the clock of that Baton."""

    lists: PostgresCallLists
    tenant: str
    now: datetime


@app.command("import")
def import_list(  # noqa: PLR0913, PLR0917 - each option is one
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Numbers, one a line.")],
    kept_by: Annotated[
        CallList, typer.Option("--list", help="The federal registry's extract, or our own.")
    ] = CallList.FEDERAL,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="When it was made.", show_default="the day in the file's name"),
    ] = None,
    author: Annotated[str | None, typer.Option("--author", help="Who imports it.", show_default="you")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Take a federal extract that shrank by more than half.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would come to; import nothing.")] = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Import FILE: the federal registry's flat text (512,5550142), or our own list as CSV (number, until, reason).

    A federal extract takes the place of the one before for its area codes; our own list only grows. Once the newest is
    older than 31 days, do-not-call fails closed: whoever has no exemption is neither called nor texted to sell.
    """

    async def work(place: _Place) -> tuple[Imported, datetime]:
        extract = Extract(
            kept_by=kept_by,
            as_of=_day(as_of or _named_day(file, kept_by), place.now),
            author=printable(author or whoever())[:64],
            file=printable(file.name)[:200],
            may_shrink=force,
        )
        return await place.lists.take(place.tenant, extract, numbers_in(file, kept_by), dry_run), place.now

    imported, now = _at(data, work)
    _tell(imported, kept_by is CallList.FEDERAL and _is_stale(imported.as_of, now), dry_run, as_json)


def _tell(imported: Imported, stale: bool, dry_run: bool, as_json: bool) -> None:
    if as_json:
        found = imported.model_dump(mode="json") | {"stale": stale, "dry_run": dry_run}
        typer.echo(json.dumps(found | ({"list_id": None} if dry_run else {})))
        return
    typer.echo(_said(imported, dry_run))
    if stale:
        typer.echo(TOO_OLD, err=True)


@app.command()
def status(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Which imports count, as of when, by whom, and whether a federal one is too old."""

    async def work(place: _Place) -> tuple[tuple[Coverage, ...], datetime]:
        return await place.lists.in_force(place.tenant), place.now

    imports, now = _at(data, work)
    stale = [each.kept_by is CallList.FEDERAL and _is_stale(each.as_of, now) for each in imports]
    if as_json:
        rows = [each.model_dump(mode="json") | {"stale": old} for each, old in zip(imports, stale, strict=True)]
        typer.echo(json.dumps({"imports": rows}))
        return
    if not any(each.kept_by is CallList.FEDERAL for each in imports):
        typer.echo("No extract of the federal registry is here: whoever has no exemption is not solicited.")
    for each, old in zip(imports, stale, strict=True):
        areas = f" in area codes {_areas(each.areas)}" if each.areas else ""
        typer.echo(
            printable(
                f"{each.kept_by} as of {each.as_of}: {each.numbers:,} numbers{areas}, {each.file}, by {each.author}"
                f"{'; too old to be relied on' if old else ''}"
            )
        )


@app.command()
def check(number: str, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """What the lists say of NUMBER."""
    phone = person_facts(Person(phone=number)).phone
    if phone is None:
        raise typer.BadParameter(f"{number!r} is no phone number; write +15125550142 or 512 555 0142")

    async def work(place: _Place) -> tuple[Standing, datetime]:
        return await place.lists.of_number(place.tenant, phone), place.now

    standing, now = _at(data, work)
    as_of = standing.registry_as_of
    stale = as_of is not None and _is_stale(as_of.date(), now)
    if as_json:
        typer.echo(json.dumps({"number": phone} | standing.model_dump(mode="json") | {"stale": stale}))
        return
    for each in standing.listings:
        until = f", until {each.until:%Y-%m-%d %H:%M} UTC" if each.until else ""
        typer.echo(f"{phone} is on the {each.kept_by} list, as of {each.since:%Y-%m-%d}{until}")
    if not standing.listings:
        typer.echo(f"{phone} is on no list")
    covered = f"of {as_of:%Y-%m-%d}{', too old to be relied on,' if stale else ''} covers" if as_of else "here covers"
    typer.echo(f"{'The' if as_of else 'No'} federal extract {covered} its area code")


def _at(data: Path, work: Callable[[_Place], Awaitable[tuple[Found, datetime]]]) -> tuple[Found, datetime]:
    async def run() -> tuple[Found, datetime]:
        async with database(data) as pool:
            now = datetime.now(UTC) + await Views(pool).clock_offset()
            return await work(_Place(PostgresCallLists(pool), tenant(), now))

    return asyncio.run(run())


def _named_day(file: Path, kept_by: CallList) -> str | None:
    """The day in a file's name. How old a file is says nothing of a federal extract, since a copy is new. Raises
    BadParameter where the name of one holds none, or several. Our own list has no age; without a day it is today's."""
    found = list(dict.fromkeys(_NAMED_DAY.findall(file.name)))
    if len(found) == 1:
        return str(found[0])
    if kept_by is CallList.OWN:
        return None
    what = f"{len(found)} days" if found else "no day"
    raise typer.BadParameter(
        f"the name of {printable(file.name)[:200]} holds {what}; say when the registry made this extract, such as "
        "--as-of 2026-11-20",
        param_hint="--as-of",
    )


def _day(given: str | None, now: datetime) -> date:
    """As of when the list is. Raises BadParameter for no day, or one to come."""
    if given is None:
        return now.date()
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter(f"{given!r} is no day; write for example 2026-11-24", param_hint="--as-of") from None
    if not date(2003, 1, 1) <= day <= now.date():
        raise typer.BadParameter(
            f"{given} is not between 2003, when the registry began, and today", param_hint="--as-of"
        )
    return day


def _is_stale(as_of: date, now: datetime) -> bool:
    return now - datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC) > OLDEST


def _areas(areas: tuple[int, ...]) -> str:
    return ", ".join(map(str, areas[:5])) + (f" and {len(areas) - 5} more" if len(areas) > 5 else "")


def _said(imported: Imported, dry_run: bool) -> str:
    doubles = f", {imported.duplicates:,} more than once" if imported.duplicates else ""
    what = f"{imported.kept_by} list as of {imported.as_of}: {imported.numbers:,} numbers{doubles}"
    if imported.areas:
        what += f", in area codes {_areas(imported.areas)}; {imported.before:,} were there before"
    else:
        what += f"; {imported.before:,} were on it before"
    return f"{what}. {'Nothing was imported: this was a dry run.' if dry_run else 'Imported.'}"
