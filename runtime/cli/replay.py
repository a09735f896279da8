"""`baton policy replay`: stored decisions put to policy again, and what would come out otherwise. Reads only."""

import asyncio
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from adapters.postgres.past import Past, Span
from adapters.postgres.policies import PostgresPolicies
from policy.load import LoadedPolicy, PolicyInvalid, read_policy
from runtime.cli import words
from runtime.cli.database import database, tenant
from runtime.cli.durations import duration
from runtime.cli.options import AsJson, Data, refuse
from runtime.embedded.state import DEFAULT_DATA
from runtime.replay import Differing, Report, Shelf, Tally, replayed

TELL_EVERY = 5000
SHOWN = 120
"""Signs of a value that the terminal shows; --json has all of it."""

Since = Annotated[
    str, typer.Option("--since", metavar="TIME", help="How far back: 90m, 12h, 30d; by the server's clock.")
]
OneLead = Annotated[UUID | None, typer.Option("--lead", metavar="ID", help="The decisions of one lead only.")]
Instead = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="Judge all by FILE instead of the policy each was made by."),
]
First = Annotated[int, typer.Option("--first", min=0, max=1000, help="How many differing decisions to show.")]


def replay(  # noqa: PLR0913, PLR0917 - a command's options
    since: Since = "30d",
    lead: OneLead = None,
    policy: Instead = None,
    first: First = 10,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Put stored decisions to their policies again; exit status 1 when one comes out otherwise now.

    After a change of Baton's code it says which decisions would be made otherwise; with --policy, after one of rules.
    """
    instead = _loaded(policy) if policy is not None else None
    now = datetime.now(UTC)
    span = Span(since=now - duration(since), until=now, lead_id=str(lead) if lead else None)
    report = asyncio.run(_replayed(data, span, instead, first))
    typer.echo(report.model_dump_json() if as_json else _in_words(report, span, instead))
    if report.differ:
        raise typer.Exit(1)


async def _replayed(data: Path, span: Span, instead: LoadedPolicy | None, first: int) -> Report:
    tally = Tally(first)
    async with database(data) as pool:
        decisions, shelf = Past(pool).decisions(tenant(), span), Shelf(PostgresPolicies(pool, tenant()))
        async for number in replayed(decisions, shelf, tally, instead):
            if number % TELL_EVERY == 0 and sys.stderr.isatty():
                typer.echo(f"{number:,} decisions …", err=True)
    return tally.told()


def _loaded(file: Path) -> LoadedPolicy:
    try:
        return read_policy(file)
    except PolicyInvalid as reason:
        refuse(str(reason))


def _in_words(report: Report, span: Span, instead: LoadedPolicy | None) -> str:
    whose = f" of lead {span.lead_id}" if span.lead_id else ""
    by = (
        f"policy {instead.policy.name}, {instead.hash}"
        if instead
        else f"the policies they were made by ({report.policies})"
    )
    told = [
        f"{report.decisions:,} decisions{whose} since {span.since:%Y-%m-%d %H:%M}Z, put again to {by}.",
        f"This build is {report.build}.",
        *(f"  made by {made.engine}: {made.decisions:,}, of which {made.differ:,} differ" for made in report.by_build),
    ]
    if report.unaskable:
        told.append(f"{report.unaskable:,} were kept before questions were and can't be put again.")
    if not report.differ:
        told.append("Nothing comes out otherwise." if report.same else "There is nothing to compare.")
        return words.lines(told)
    told.append(f"{report.differ:,} come out otherwise. By place:")
    told += [f"  {count:>7,}  {place}" for place, count in report.by_place.items()]
    for each in report.first:
        told += ["", *_of_one(each)]
    return words.lines(told)


def _of_one(found: Differing) -> list[str]:
    head = f"{found.decision_id}  {found.at:%a %Y-%m-%d %H:%M:%S}Z, made by {found.engine or 'unknown'}"
    return [head, *(f"  {each.place}: was {_cut(each.stored)}, is {_cut(each.now)}" for each in found.differences)]


def _cut(value: str) -> str:
    return value if len(value) <= SHOWN else re.sub(r"\s+\S*$", "", value[:SHOWN]) + " …"
