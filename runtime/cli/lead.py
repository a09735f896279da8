"""`baton lead …`: capture, list, show, trace and dispose leads of a running Baton, over its HTTP API."""

import asyncio
import json
import os
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

import typer
from pydantic import BaseModel
from rich.console import Console

from domain.values import Code
from domain.views import LeadDetail, LeadPage, TracedDecision
from runtime.cli import durations, words
from runtime.cli.http import Json, answer_of, client, read
from runtime.embedded.addresses import read_status
from runtime.embedded.errors import StackError
from runtime.embedded.skipping import fast_forward_lead
from runtime.embedded.state import DEFAULT_DATA, DataDirectory

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The embedded stack's data directory.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
LeadId = Annotated[uuid.UUID, typer.Argument(help="The lead's id, as capture answered it.")]

app = typer.Typer(help="Leads of a running Baton.", no_args_is_help=True)
screen = Console(width=None if sys.stdout.isatty() else 160)
PAGE = 200
"""The most leads that the API gives in one answer."""


class LeadTrace(BaseModel):
    """What GET /v1/leads/{id}/trace answers."""

    decisions: tuple[TracedDecision, ...]


@app.command()
def capture(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Capture the inquiry in FILE (JSON, the shape of POST /v1/inquiries)."""
    with client(data) as http:
        headers = {"Content-Type": "application/json", "Prefer": "wait=2"}
        found = answer_of(http.post("/v1/inquiries", content=file.read_bytes(), headers=headers))
    motion = f", first motion {found['first_motion']}" if found.get("first_motion") else ""
    _say(found, as_json, lambda: words.printable(f"{found.get('status')}: lead {found.get('lead_id')}{motion}"))


@app.command("list")
def list_leads(
    stage: str | None = None,
    owner: str | None = None,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 50,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """List leads, newest first."""
    wanted = {name: value for name, value in (("stage", stage), ("owner", owner)) if value}
    found = _listed(data, wanted, limit)
    if as_json:
        typer.echo(json.dumps(found))
        return
    page = read(LeadPage, found)
    screen.print(words.table(page))
    if page.cursor is not None:
        typer.echo(f"These are the newest {limit}. There are more: see them with --limit {2 * limit}.")


def _listed(data: Path, wanted: dict[str, str], limit: int) -> Json:
    """Page after page, as one answer."""
    leads: list[object] = []
    with client(data) as http:
        while True:
            asked = wanted | {"limit": str(min(limit - len(leads), PAGE))}
            page = answer_of(http.get("/v1/leads", params=asked))
            cursor = read(LeadPage, page).cursor
            leads += page["leads"]
            if cursor is None or not page["leads"] or len(leads) >= limit:
                return {**page, "leads": leads}
            wanted = wanted | {"cursor": cursor}


@app.command()
def show(lead_id: LeadId, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show a lead: where it stands, what happened, what is due."""
    with client(data) as http:
        found = answer_of(http.get(f"/v1/leads/{lead_id}"))
    _say(found, as_json, lambda: words.detail(read(LeadDetail, found)))


@app.command()
def trace(lead_id: LeadId, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Say why this, then, from whom: every decision on a lead, in sentences."""
    with client(data) as http:
        found = answer_of(http.get(f"/v1/leads/{lead_id}/trace"))
    _say(found, as_json, lambda: words.trace(read(LeadTrace, found).decisions))


@app.command()
def dispose(
    lead_id: LeadId,
    reason: Annotated[Code, typer.Option("--reason", help="The reason code.")],
    by: Annotated[str, typer.Option("--by", help="Whose word it is: a rep's handle.")] = "cli",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Record how it went, with a reason code."""
    with client(data) as http:
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        found = answer_of(
            http.post(f"/v1/leads/{lead_id}/disposition", json={"code": reason, "by": by}, headers=headers)
        )
    _say(found, as_json, lambda: words.printable(str(found.get("said"))))


@app.command()
def settle(
    touch_id: Annotated[str, typer.Argument(help="The touch's id, as `baton lead show` tells it.")],
    as_: Annotated[
        Literal["sent", "failed", "again"],
        typer.Option("--as", help="sent: it arrived; failed: it did not; again: it did not, send its text anew."),
    ],
    by: Annotated[str, typer.Option("--by", help="Whose word it is: a rep's handle, or a name.")],
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Say what became of a touch that nobody knows the outcome of. Once said, it counts for everybody."""
    with client(data) as http:
        body = {"as": "sent" if as_ == "sent" else "failed", "by": by, "again": as_ == "again"}
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        found = answer_of(http.post(f"/v1/touches/{quote(touch_id, safe='')}/settle", json=body, headers=headers))
    _say(found, as_json, lambda: words.printable(str(found.get("said"))))


@app.command("fast-forward")
def fast_forward(lead_id: LeadId, duration: str, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Let DURATION (90s, 30m, 2h, 3d) pass for one lead of the embedded stack, stopping at each due moment."""
    _refuse_elsewhere(data)
    now = asyncio.run(fast_forward_lead(data, str(lead_id), durations.duration(duration)))
    _say(
        {"lead_id": str(lead_id), "now": now.isoformat()},
        as_json,
        lambda: f"The lead's clock now says {now:%a %Y-%m-%d %H:%M:%S} UTC",
    )


def _refuse_elsewhere(data: Path) -> None:
    """Only an embedded stack's clock can be moved, and other commands would take the one that BATON_API_URL names."""
    url = os.environ.get("BATON_API_URL")
    if url and url.rstrip("/") != read_status(DataDirectory(data)).urls.api:
        raise StackError(
            f"BATON_API_URL names {url}, and fast-forward works on the embedded stack of --data alone: unset it first."
        )


def _say(found: Json, as_json: bool, in_words: Callable[[], str]) -> None:
    typer.echo(json.dumps(found) if as_json else in_words())
