"""`baton migrate`: the database of BATON_DATABASE_URL brought to this version's schema."""

import asyncio
import os

import typer

from adapters.postgres import migrate as migrations
from domain.errors import BadInput


def migrate() -> None:
    """Apply migrations that are missing. Safe to run twice, and by two at once."""
    url = os.environ.get("BATON_DATABASE_URL")
    if not url:
        raise BadInput("Set BATON_DATABASE_URL to the database to migrate, e.g. postgresql://user:password@host/baton")
    applied = asyncio.run(migrations.migrate(url))
    typer.echo(f"applied {', '.join(applied)}" if applied else "nothing to apply: the schema is up to date")
