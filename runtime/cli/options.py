"""What many commands have in common: their options, and how they say no. Loads nothing heavy, as each command pays."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from runtime.unseen import lines

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Where the stack keeps everything.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def refuse(what: str) -> NoReturn:
    """Exit with status 1, having said why; a log's end or an API's words may be in it."""
    typer.echo(lines(what.splitlines()), err=True)
    raise typer.Exit(1)
