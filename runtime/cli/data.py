"""`baton migrate`: the database of BATON_DATABASE_URL brought to this version's schema."""

import asyncio
import os

import typer

from adapters.postgres import migrate as migrations
from domain.errors import BatonError


def migrate() -> None:
    """Apply migrations that are missing. Safe to run twice, and by two at once."""
    url = os.environ.get("BATON_DATABASE_URL")
    if not url:
        typer.echo(
            "Set BATON_DATABASE_URL to the database to migrate, e.g. postgresql://user:password@host/baton", err=True
        )
        raise typer.Exit(1)
    try:
        applied = asyncio.run(migrations.migrate(url))
    except BatonError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"applied {', '.join(applied)}" if applied else "nothing to apply: the schema is up to date")
