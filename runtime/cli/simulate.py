"""`baton policy simulate`: what a policy would do with many leads, and what another would do otherwise."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic_core import PydanticCustomError

from adapters.postgres.arrivals import PastArrival, PastArrivals
from domain.errors import BadInput
from policy import fields
from policy.load import LoadedPolicy, PolicyInvalid, read_policy
from policy.problems import near
from policy.whatif import assumptions, comparison, report
from policy.whatif.arrivals import Arrival
from policy.whatif.assumptions import OUTCOMES, Assumption
from policy.whatif.course import Course
from policy.whatif.simulation import Scenario, Simulation
from runtime.cli.arrivals import arrivals_of, of_history
from runtime.cli.database import database, tenant
from runtime.cli.durations import duration
from runtime.cli.inquiries import read_inquiries
from runtime.cli.options import AsJson, Data, refuse
from runtime.cli.policy import Table
from runtime.cli.simulated import in_words
from runtime.cli.staff import staff_in
from runtime.collecting import uncollected
from runtime.company_rows import NO_COMPANIES, by_domain
from runtime.embedded.state import DEFAULT_DATA
from runtime.unseen import printable

PolicyOption = Annotated[Path, typer.Option("--policy", metavar="FILE", help="The policy to decide by.")]
Leads = Annotated[Path | None, typer.Option("--leads", metavar="FILE", help="Inquiries as CSV or JSON.")]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="30d: instead of a file, all that came in since then.")
]
Against = Annotated[
    Path | None, typer.Option("--against", metavar="FILE", help="The policy it is held against: who gets what instead.")
]
Assume = Annotated[
    list[str] | None,
    typer.Option(metavar="KEY=RATE", help="What no policy knows: paid_lead_form.buying_signal=0.20. May be repeated."),
]
Horizon = Annotated[
    str | None, typer.Option(metavar="TIME", help="14d: count what follows the first motions too, for so long.")
]
Reps = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Reps as they stand, CSV: handle,away,open_leads. Without it nobody is ever full."
    ),
]


def simulate(  # noqa: PLR0913, PLR0917 - one a flag
    policy: PolicyOption,
    leads: Leads = None,
    since: Since = None,
    against: Against = None,
    assume: Assume = None,
    horizon: Horizon = None,
    reps: Reps = None,
    companies: Table = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """What the policy would do with all leads of a file, or of your own history: dials, texts, cost, holds, owners.

    Sends nothing. With --against: who would get what instead.
    """
    with uncollected():
        loaded, other = _loaded(policy), _loaded(against) if against is not None else None
    until = _horizon(horizon)
    scenario = Scenario(_assumed(assume or [], until), staff_in(reps, loaded) if reps is not None else (), until)
    if (leads is None) == (since is None):
        raise typer.BadParameter("say one of --leads FILE and --since TIME")
    if companies is not None and leads is None:
        raise typer.BadParameter("stored leads have the figures of their day; --companies goes with --leads")
    with uncollected():
        if leads is not None:
            table = by_domain(companies) if companies is not None else NO_COMPANIES
            arrivals, undated = arrivals_of(read_inquiries(leads), loaded, table)
            scenario = replace(scenario, undated=undated, has_companies=companies is not None)
        else:
            arrivals = of_history(asyncio.run(_history(data, duration(since or ""))))
            scenario = replace(scenario, is_history=True)
        _warn_of_nobody(scenario.assumptions, {arrival.facts.source for arrival in arrivals})
        after = ran(arrivals, loaded, scenario)
        whole: dict[str, object] = {**after[1]}
        if other is not None:
            before = ran(arrivals, other, scenario)
            whole |= {"against": before[1], "changes": comparison.between(before, after)}
    typer.echo(json.dumps(whole, indent=2, ensure_ascii=False) if as_json else in_words(whole))


async def _history(data: Path, span: timedelta) -> list[PastArrival]:
    async with database(data) as pool:
        return [each async for each in PastArrivals(pool).since(tenant(), datetime.now(UTC) - span)]


def ran(arrivals: list[Arrival], loaded: LoadedPolicy, scenario: Scenario) -> tuple[Simulation, report.Simulated]:
    """The simulation of these arrivals, and what it prints as JSON."""
    run = Simulation(loaded, scenario) if scenario.horizon is None else Course(loaded, scenario, scenario.horizon)
    run.run(arrivals)
    return run, report.as_json(run, loaded, scenario)


def _loaded(file: Path) -> LoadedPolicy:
    try:
        return read_policy(file)
    except PolicyInvalid as reason:
        refuse(str(reason))


def _horizon(given: str | None) -> timedelta | None:
    try:
        return None if given is None else fields.duration(given)
    except PydanticCustomError as error:
        raise typer.BadParameter(error.message(), param_hint="--horizon") from None


def _assumed(given: list[str], horizon: timedelta | None) -> tuple[Assumption, ...]:
    found = assumptions.read(given)
    late = [one.key for one in found if one.behaviour in OUTCOMES]
    if late and horizon is None:
        raise BadInput(f"--assume {late[0]}: a reason code comes after the first motion; say --horizon 14d as well.")
    return found


def _warn_of_nobody(assumed: tuple[Assumption, ...], sources: set[str]) -> None:
    """An assumption about a source that no lead has changes nothing: its name may be a slip."""
    for one in assumed:
        if one.source not in sources:
            meant = near(one.source, sorted(sources))
            hint = f"; did you mean “{meant}”?" if meant else f"; there are {', '.join(sorted(sources)) or 'no leads'}"
            typer.echo(printable(f"warning: --assume {one.key}: no lead is of source “{one.source}”{hint}"), err=True)
