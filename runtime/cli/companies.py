"""`baton companies import` and `show`: the company table of a running Baton, in its database."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from adapters.postgres.companies import PostgresCompanies
from domain.companies import CompanyFacts, domain_of
from domain.enrichment import Imported
from runtime.cli.database import database, tenant
from runtime.cli.options import AsJson, Data, refuse
from runtime.cli.words import printable
from runtime.company_rows import companies_in
from runtime.embedded.state import DEFAULT_DATA

app = typer.Typer(help="What is known of companies: employees, industry, target accounts.", no_args_is_help=True)


@app.command("import")
def import_companies(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="CSV, a company a line.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; import nothing.")] = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Import FILE into the company table: all rows, or none and every cell that can't be read by row and column.

    The first line names the columns: domain, and any of name, employees, industry, revenue (whole US dollars a year),
    country, segment, target (yes: an account we want), owner (a rep's handle). A row takes the place of what the table
    had of its domain; companies that the file doesn't name stay.
    """
    rows = companies_in(file)

    async def work() -> Imported:
        async with database(data) as pool:
            return await PostgresCompanies(pool, tenant()).replace(rows, dry_run)

    found = asyncio.run(work())
    if as_json:
        typer.echo(json.dumps(found.model_dump() | {"dry_run": dry_run}))
        return
    what = f"{len(rows):,} companies: {found.added:,} new, {found.changed:,} changed, {found.unchanged:,} as they were"
    typer.echo(f"{what}. {'Nothing was imported: this was a dry run.' if dry_run else 'Imported.'}")


@app.command()
def show(domain: str, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """What is known of the company of DOMAIN, by import or by the provider's answer."""
    own = domain_of(domain)
    if own is None:
        raise typer.BadParameter(f"{domain!r} is no domain; write for example acme.com")

    async def work() -> CompanyFacts | None:
        async with database(data) as pool:
            return await PostgresCompanies(pool, tenant()).find(own)

    found = asyncio.run(work())
    if found is None:
        refuse(f"Nothing is known of {own}.")
    told = found.model_dump(exclude_none=True)
    typer.echo(
        json.dumps(told) if as_json else "\n".join(printable(f"{name}: {value}") for name, value in told.items())
    )
