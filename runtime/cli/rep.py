"""`baton rep …`: who takes leads now, and who is away, over a running Baton's HTTP API."""

import json
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.messages import HANDLE
from domain.presence import RepList, RepView
from runtime.cli.http import Json, answer_of, client, read
from runtime.cli.options import AsJson, Data
from runtime.embedded.state import DEFAULT_DATA
from runtime.unseen import printable

app = typer.Typer(help="Reps of a running Baton.", no_args_is_help=True)


def _handle(text: str) -> str:
    if re.fullmatch(HANDLE, text) is None:
        raise typer.BadParameter(f"{text!r} is no rep's handle, as the policy's team has it, such as ada")
    return text


def _moment(text: str | None) -> str | None:
    """A moment with its offset, as the API takes it."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no moment; write for example 2026-12-24T09:00-06:00") from None
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no offset from UTC; write for example 2026-12-24T09:00-06:00")
    return moment.isoformat()


Handle = Annotated[str, typer.Argument(help="The rep's handle in the policy.", callback=_handle)]
By = Annotated[str, typer.Option("--by", help="Whose word it is: a rep's handle.")]
Moment = Annotated[str | None, typer.Option(metavar="TIME", help="Such as 2026-12-24T09:00-06:00.", callback=_moment)]


@app.command("list")
def list_reps(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """List the team as a lead that comes now would find it."""
    with client(data) as http:
        _show(answer_of(http.get("/v1/reps")), as_json)


@app.command()
def away(  # noqa: PLR0913, PLR0917 - each option is one
    handle: Handle,
    since: Moment = None,
    until: Moment = None,
    because: Annotated[str | None, typer.Option(help="Why, for whoever asks.")] = None,
    by: By = "cli",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """A rep takes no more leads: at once, or from --since on; until --until, or until they are back."""
    change = {"presence": "away", "since": since, "until": until, "because": because, "by": by}
    _say(handle, change, data, as_json)


@app.command()
def back(handle: Handle, by: By = "cli", data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """A rep takes leads again."""
    _say(handle, {"presence": "back", "by": by}, data, as_json)


def _say(handle: str, change: dict[str, str | None], data: Path, as_json: bool) -> None:
    with client(data) as http:
        _show(answer_of(http.post(f"/v1/reps/{quote(handle, safe='')}/presence", json=change)), as_json)


def _show(found: Json, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found))
        return
    team = read(RepList, found)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("rep", "", "open", "today", "weight", "back"):
        table.add_column(name)
    for rep in team.reps:
        table.add_row(*(Text(printable(cell)) for cell in _cells(rep)))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _cells(rep: RepView) -> tuple[str, ...]:
    status = rep.because or rep.status
    owed = f", owed {rep.owed}" if rep.owed else ""
    back = f"{rep.back_at:%a %d %b %H:%M}Z" if rep.back_at else ""
    return (
        rep.handle,
        status,
        _of(rep.open_leads, rep.max_open),
        _of(rep.offered_today, rep.max_per_day),
        f"{rep.weight}{owed}",
        back,
    )


def _of(number: int, most: int | None) -> str:
    return f"{number} of {most}" if most is not None else str(number)
