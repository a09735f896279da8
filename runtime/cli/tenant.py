"""`baton tenant stop`, `go`, `sandbox` and `status`: the switches of a running Baton."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from domain.switches import Switches
from runtime.cli import words
from runtime.cli.author import whoever
from runtime.cli.http import answer_of, client, read
from runtime.cli.options import AsJson, Data
from runtime.embedded.state import DEFAULT_DATA

Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; whoever finds it so will ask.")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Whose word it is.", show_default="you")]

app = typer.Typer(help="Stop and start a running Baton's touches of people.", no_args_is_help=True)


@app.command()
def stop(because: Because, by: By = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Hold every touch of a person at once. What is due waits; leads, our own people and the CRM go on."""
    _throw(data, "/v1/kill-switch", _said(True, because, by), as_json)


@app.command()
def go(because: Because = "all is well", by: By = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Let touches go on: each is judged again, by the hour it then is."""
    _throw(data, "/v1/kill-switch", _said(False, because, by), as_json)


@app.command()
def sandbox(
    turn: Annotated[Literal["on", "off"], typer.Argument(help="on: nothing leaves; off: touches are made again.")],
    because: Because,
    by: By = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Let nothing leave: no text, no chat, no CRM. What would have been done is in the ledger, refused as sandbox."""
    _throw(data, "/v1/sandbox", _said(turn == "on", because, by), as_json)


@app.command()
def status(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """How the switches stand, since when, and why."""
    with client(data) as http:
        _say(answer_of(http.get("/v1/tenant")), as_json)


def _said(on: bool, because: str, by: str | None) -> dict[str, object]:
    return {"on": on, "because": because, "by": by or whoever()}


def _throw(data: Path, path: str, said: dict[str, object], as_json: bool) -> None:
    with client(data) as http:
        _say(answer_of(http.post(path, json=said)), as_json)


def _say(found: dict[str, object], as_json: bool) -> None:
    told = read(Switches, found).in_words or ("touches go out; no sandbox",)
    typer.echo(json.dumps(found) if as_json else words.lines(told))
