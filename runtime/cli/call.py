"""`baton call …`: calls of a running Baton, and what a person of ours may have done to one, over its HTTP API."""

import json
import sys
import uuid
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.call_views import CallView
from runtime.cli import words
from runtime.cli.http import answer_of, client, read
from runtime.cli.options import AsJson, Data
from runtime.embedded.state import DEFAULT_DATA
from runtime.unseen import printable

app = typer.Typer(help="Calls of a running Baton.", no_args_is_help=True)

CallId = Annotated[str, typer.Argument(help="The call's id, as `baton call list` tells it.")]
By = Annotated[str, typer.Option("--by", help="Whose word it is: a rep's handle, or a name.")]
Rings = Annotated[str, typer.Option("--to", help="Whose phone rings: a rep's handle, or a manager's.")]


@app.command("list")
def list_calls(
    everything: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """List calls that are under way, newest first."""
    with client(data) as http:
        found = answer_of(http.get("/v1/calls", params={} if everything else {"live": "true"}))
    if as_json:
        typer.echo(json.dumps(found))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("call", "lead", "stands", "rep", "phones"):
        table.add_column(name, no_wrap=name == "call", overflow="fold")
    for raw in found["calls"]:
        call = read(CallView, raw)
        phones = ", ".join(f"{leg.rep or leg.party} {leg.stands}" for leg in call.legs)
        table.add_row(
            *(Text(printable(cell)) for cell in (call.call_id, call.lead_id, call.stands, call.rep or "", phones))
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@app.command()
def show(call_id: CallId, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show a call: who is on the phone, who had what done, where its recording is."""
    with client(data) as http:
        found = answer_of(http.get(f"/v1/calls/{quote(call_id, safe='')}"))
    typer.echo(json.dumps(found) if as_json else words.lines(words.call(read(CallView, found))))


@app.command()
def hold(call_id: CallId, by: By, data: Data = DEFAULT_DATA) -> None:
    """The person waits, and hears that they do."""
    _ask(call_id, "hold", {"by": by}, data)


@app.command()
def resume(call_id: CallId, by: By, data: Data = DEFAULT_DATA) -> None:
    """The person is back."""
    _ask(call_id, "resume", {"by": by}, data)


@app.command()
def transfer(
    call_id: CallId,
    by: By,
    to: Rings,
    why: Annotated[str | None, typer.Option("--why", help="What they should know before: it is read to them.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Hand the call over to another rep, who hears who it is and why, and speaks with you while the person waits."""
    _ask(call_id, "transfer", {"by": by, "to": to, "why": why}, data)


@app.command()
def complete(call_id: CallId, by: By, data: Data = DEFAULT_DATA) -> None:
    """You have spoken with who takes over: the person is back, and you are let go."""
    _ask(call_id, "complete", {"by": by}, data)


@app.command()
def barge(call_id: CallId, by: By, to: Rings, data: Data = DEFAULT_DATA) -> None:
    """Ring a manager, who joins and is heard by everybody."""
    _ask(call_id, "barge", {"by": by, "to": to}, data)


@app.command()
def coach(call_id: CallId, by: By, to: Rings, data: Data = DEFAULT_DATA) -> None:
    """Ring a manager, who hears both and is heard by the rep alone."""
    _ask(call_id, "coach", {"by": by, "to": to}, data)


@app.command("hang-up")
def hang_up(call_id: CallId, by: By, data: Data = DEFAULT_DATA) -> None:
    """Put down every phone of the call."""
    _ask(call_id, "hang-up", {"by": by}, data)


def _ask(call_id: str, what: str, body: dict[str, str | None], data: Path) -> None:
    with client(data) as http:
        headers, path = {"Idempotency-Key": uuid.uuid4().hex}, f"/v1/calls/{quote(call_id, safe='')}/{what}"
        found = answer_of(http.post(path, json=body, headers=headers))
    typer.echo(printable(str(found.get("said"))))
