"""`baton policy migrate`, and what publishing would change: running leads of a running Baton under another policy."""

import json
import sys
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import httpx2
import typer

from domain.cohorts import Migrated, Moved, NextAction, Preview, Untold
from domain.errors import BadInput
from domain.values import Stage
from runtime.cli import words
from runtime.cli.author import whoever
from runtime.cli.http import answer_of, client, read
from runtime.cli.options import AsJson, Data
from runtime.cli.versions import named
from runtime.embedded.state import DEFAULT_DATA

SHOWN = 20
"""Leads that are listed in words; --json has all."""

PAGE, TOLD_AT_A_TIME = 200, 50


@dataclass
class Foreseen:
    """What would change, over all pages."""

    to: str = ""
    in_flight: int = 0
    firing: int = 0
    leads: list[Moved] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """For programs."""
        rows = [each.model_dump(mode="json") for each in self.leads]
        counts = {"in_flight": self.in_flight, "changing": len(self.leads), "firing": self.firing}
        return {"to": self.to, **counts, "leads": rows, "unclear": self.unclear}


def migrate(  # noqa: PLR0913, PLR0917 - each option is one
    to: Annotated[str | None, typer.Option("--to", metavar="HASH", show_default="the active policy")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Only leads of this source.")] = None,
    stage: Annotated[Stage | None, typer.Option("--stage", help="Only leads in this stage.")] = None,
    lead: Annotated[uuid.UUID | None, typer.Option("--lead", metavar="ID", help="Only this lead.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many leads, oldest first.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; tell no lead.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before leads are told.")] = False,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Whose word it is: a handle.", show_default="you")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why; kept in the log.")] = "",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Take running leads along to another policy: what is to come is counted from its first start. Run it again to go
    on with leads that could not be reached."""
    given = {"source": source, "stage": stage, "lead": str(lead) if lead else None}
    chosen = {name: value for name, value in given.items() if value is not None}
    with client(data) as http:
        target = {"to": named(http, to)} if to else {}
        seen = foreseen(http, {**target, "selection": chosen}, limit)
        if not as_json:
            typer.echo(words.lines(in_words(seen)))
        if dry_run or not seen.in_flight:
            if as_json:
                typer.echo(json.dumps(seen.as_json()))
            return
        _agree(seen, yes)
        asked = {
            "to": seen.to,
            "selection": chosen,
            "by": by or whoever(),
            "note": note,
            "key": f"migration-{uuid.uuid4().hex[:12]}",
        }
        told = _told(http, asked, limit)
    typer.echo(json.dumps(seen.as_json() | told) if as_json else words.lines(_report(told, asked)))
    if told["unreachable"]:
        raise typer.Exit(1)


def foreseen(http: httpx2.Client, asked: Mapping[str, object], limit: int | None) -> Foreseen:
    """What would change for all leads that are asked about, page after page."""
    seen = Foreseen()
    for answer in _pages(http, "/v1/policies/preview", asked, (limit, PAGE)):
        page = read(Preview, answer)
        seen.to = page.to
        seen.in_flight += page.in_flight
        seen.firing += page.firing
        seen.leads += page.leads
        seen.unclear += page.unclear
    return seen


def in_words(seen: Foreseen) -> list[str]:
    """The three numbers, and the leads behind them."""
    lines = [
        f"{seen.in_flight} in flight, {len(seen.leads)} would change their next action, {seen.firing} would fire now "
        f"(under {seen.to})."
    ]
    for each in seen.leads[:SHOWN]:
        now = "  fires now" if each.fires else ""
        lines.append(f"  {each.lead_id}  {each.source}, {each.stage}: {_step(each.before)} → {_step(each.after)}{now}")
    if len(seen.leads) > SHOWN:
        lines.append(f"  and {len(seen.leads) - SHOWN} more: see them with --json")
    if seen.unclear:
        lines.append(f"{len(seen.unclear)} could not be judged by it: {', '.join(seen.unclear[:SHOWN])}")
    return lines


def _step(step: NextAction) -> str:
    if step.action is None:
        return "nothing"
    what = f"{step.action} {step.template}" if step.template else str(step.action)
    return f"{what} at {_clock(step.at)}" if step.at is not None else what


def _clock(moment: datetime) -> str:
    return f"{moment:%a %d %b %H:%M:%S}Z"


def _agree(seen: Foreseen, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput("Nobody is here to agree: add --yes to tell the leads, or --dry-run to see what would change.")
    typer.confirm(f"Tell {seen.in_flight} leads to follow {seen.to}?", abort=True)


def _told(http: httpx2.Client, asked: Mapping[str, object], limit: int | None) -> dict[str, object]:
    adopted, refused, unreachable = 0, list[Untold](), list[Untold]()
    for answer in _pages(http, "/v1/policies/migrate", asked, (limit, TOLD_AT_A_TIME)):
        page = read(Migrated, answer)
        adopted += page.adopted
        refused += page.refused
        unreachable += page.unreachable
    rows = {"refused": refused, "unreachable": unreachable}
    return {"adopted": adopted, **{name: [each.model_dump() for each in found] for name, found in rows.items()}}


def _report(told: dict[str, object], asked: Mapping[str, object]) -> list[str]:
    refused, unreachable = told["refused"], told["unreachable"]
    assert isinstance(refused, list)
    assert isinstance(unreachable, list)
    lines = [f"{told['adopted']} adopted {asked['to']}, {len(refused)} refused, {len(unreachable)} unreachable."]
    lines += [f"  {each['lead_id']}: {each['because']}" for each in (*refused, *unreachable)[:SHOWN]]
    if unreachable:
        lines.append("Run the same command again to go on with those that were not reached.")
    return lines


def _pages(
    http: httpx2.Client, path: str, asked: Mapping[str, object], sizes: tuple[int | None, int]
) -> Iterator[dict[str, object]]:
    """Answers, page after page, to `sizes[0]` leads at most."""
    (limit, size), cursor, seen = sizes, None, 0
    while True:
        most = size if limit is None else min(size, limit - seen)
        answer = answer_of(http.post(path, json={**asked, "limit": most, "cursor": cursor}))
        yield answer
        seen, cursor = seen + most, answer.get("cursor")
        if cursor is None or (limit is not None and seen >= limit):
            return
