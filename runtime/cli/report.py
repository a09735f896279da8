"""`baton report …`: figures over the leads of a running Baton, over its HTTP API."""

import json
import uuid
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.costs import CostReport
from domain.fairness import FairnessReport
from domain.speeds import Pace, SpeedReport, Spread
from policy.fairness import sentences
from runtime.cli import words
from runtime.cli.http import answer_of, client, read
from runtime.cli.options import AsJson, Data
from runtime.embedded.state import DEFAULT_DATA

app = typer.Typer(help="Figures over the leads of a running Baton.", no_args_is_help=True)

MINUTE, HOUR, DAY = 60, 3600, 86400


@app.callback()
def report() -> None:
    """Figures over the leads of a running Baton."""


@app.command()
def speed(
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="7d, 12h, or a moment.")] = "7d",
    by: Annotated[
        Literal["source", "segment", "band", "owner"] | None, typer.Option("--by", help="Group the leads, too.")
    ] = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """How fast leads were served: the four speeds apart, in wall-clock and business time, and within their targets."""
    wanted = {"since": since} | ({"by": by} if by else {})
    with client(data) as http:
        found = answer_of(http.get("/v1/reports/speed", params=wanted))
    if as_json:
        typer.echo(json.dumps(found))
        return
    told = read(SpeedReport, found)
    typer.echo(f"Leads opened since {told.since:%a %Y-%m-%d %H:%M}Z; targets of policy {told.policy_hash}.")
    if not told.groups:
        typer.echo("No lead was opened since.")
        return
    Console(width=160).print(_table(told))


@app.command()
def fairness(
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="7d, 12h, or a moment.")] = "7d",
    rep: Annotated[str | None, typer.Option("--rep", help="Why not them: each lead that went to others.")] = None,
    lead: Annotated[uuid.UUID | None, typer.Option("--lead", help="Why not the others, for one lead.")] = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Who was offered how much, beside what was due to them; with --rep or --lead who was passed over, and why."""
    wanted = {"since": since} | ({"rep": rep} if rep else {}) | ({"lead": str(lead)} if lead else {})
    with client(data) as http:
        found = answer_of(http.get("/v1/reports/fairness", params=wanted))
    typer.echo(json.dumps(found) if as_json else words.lines(sentences(read(FairnessReport, found))))


@app.command()
def cost(
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="7d, 12h, or a moment.")] = "7d",
    by: Annotated[Literal["source", "motion", "outcome"] | None, typer.Option("--by", help="Group them, too.")] = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """What leads have cost: vendors' prices where they are known, else the policy's; how much of it is estimated."""
    wanted = {"since": since} | ({"by": by} if by else {})
    with client(data) as http:
        found = answer_of(http.get("/v1/reports/cost", params=wanted))
    if as_json:
        typer.echo(json.dumps(found))
        return
    told = read(CostReport, found)
    typer.echo(f"Leads opened since {told.since:%a %Y-%m-%d %H:%M}Z, in {told.currency}; policy {told.policy_hash}.")
    if not told.groups:
        typer.echo("No lead was opened since.")
        return
    Console(width=160).print(_costs(told))


def _costs(told: CostReport) -> Table:
    found = Table(box=None, pad_edge=False, header_style="bold")
    names = ("leads", "total", "per lead", "per touch", "texts", "segments", "calls", "minutes", "estimated")
    for number, name in enumerate(names):
        found.add_column(name, justify="left" if number == 0 else "right")
    for group in told.groups:
        counts = (group.texts, group.segments, group.calls, f"{group.minutes:g}", f"{group.estimated_share:.0%}")
        cells = (f"{group.name} ({group.leads})", group.total, group.per_lead, group.per_touch or "", *counts)
        found.add_row(*(Text(words.printable(str(cell))) for cell in cells))
    return found


def _table(told: SpeedReport) -> Table:
    found = Table(box=None, pad_edge=False, header_style="bold")
    names = ("leads", "speed", "median", "p90", "p99", "business median", "p90", "target", "within", "not yet")
    for number, name in enumerate(names):
        found.add_column(name, justify="left" if number < 2 else "right")
    for group in told.groups:
        for number, pace in enumerate(group.speeds):
            head = f"{group.name} ({group.leads})" if number == 0 else ""
            found.add_row(*(Text(words.printable(cell)) for cell in (head, *_cells(pace))))
    return found


def _cells(pace: Pace) -> tuple[str, ...]:
    wall, business = _spread(pace.wall_clock), _spread(pace.business_time)
    share = f"{pace.within} of {pace.of}, {pace.share:.0%}" if pace.share is not None else ""
    return (pace.speed.replace("_", " "), *wall, *business[:2], pace.target or "", share, str(pace.not_yet or ""))


def _spread(spread: Spread | None) -> tuple[str, str, str]:
    if spread is None:
        return "", "", ""
    return _length(spread.median), _length(spread.p90), _length(spread.p99)


def _length(seconds: float) -> str:
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.1f}{name}"
    return f"{seconds:.1f}s"
