"""`baton policy explain`: a policy file tried out without a server, by the code that capture runs."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from adapters.phones import person_facts, whereabouts
from adapters.postgres import entries
from adapters.postgres.rows import Opening
from domain.decisions import Judgement
from domain.errors import BadInput
from domain.facts import Facts, History
from domain.messages import Inquiry
from policy import explain as words
from policy.at_capture import AtCapture
from policy.business_time import YEARS
from policy.load import LoadedPolicy, PolicyInvalid, read_policy
from runtime.cli.inquiries import read_inquiries
from runtime.cli.options import AsJson, refuse
from runtime.company_rows import NO_COMPANIES, Companies, by_domain

NOBODY = "explained"
"""The id of a lead that only exists to be explained."""

Table = Annotated[
    Path | None,
    typer.Option("--companies", metavar="FILE", help="A company table, as `baton companies import` takes it."),
]


def explain(  # noqa: PLR0913, PLR0917 - each option is one
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="The policy to decide by.")],
    lead: Annotated[Path, typer.Option("--lead", metavar="FILE", help="An inquiry as JSON, or CSV.")],
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="2026-11-24T15:00:00Z; no offset: the business's zone.")
    ],
    row: Annotated[int, typer.Option("--row", min=1, help="Which inquiry of the file.")] = 1,
    companies: Table = None,
    as_json: AsJson = False,
) -> None:
    """What would be done with the lead at TIME, and why."""
    loaded = _loaded(policy)
    table = by_domain(companies) if companies is not None else NO_COMPANIES
    facts, judgement = judged(_inquiry(lead, row), loaded, _moment(at, loaded), table)
    if as_json:
        typer.echo(json.dumps(words.as_json(judgement, loaded, facts), indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join(words.sentences(judgement, facts)))
    typer.echo(f"Policy {loaded.policy.name}, {loaded.hash}; contact rules {loaded.pack_version}: {loaded.pack.notice}")


def judged(
    inquiry: Inquiry, loaded: LoadedPolicy, at: datetime, companies: Companies = NO_COMPANIES
) -> tuple[Facts, Judgement]:
    """The first decision on a person nobody knew before, from the facts that capture would have gathered."""
    judge = AtCapture(loaded)
    who = person_facts(inquiry.person)
    opening = Opening(
        now=at,
        opening=at,
        clock_offset=0,
        kill_switch=False,
        history=History(),
        company=companies.get(who.company_domain or ""),
        row_id=NOBODY,
        lead_id=NOBODY,
        person_id=NOBODY,
    )
    arrival = entries.Arrival(NOBODY, "file", inquiry.source_event_id, inquiry, who, judge, inquiry.person.name)
    person = entries.person_row(opening, arrival, whereabouts, inquiry.model_extra)
    facts = entries.facts(opening, person, inquiry, NOBODY)
    return facts, judge.triage(facts, at, f"{NOBODY}:1:triage:0")


def _loaded(file: Path) -> LoadedPolicy:
    try:
        return read_policy(file)
    except PolicyInvalid as reason:
        refuse(str(reason))


def _inquiry(file: Path, row: int) -> Inquiry:
    try:
        found = read_inquiries(file)
    except BadInput as reason:
        refuse(str(reason))
    if row > len(found):
        refuse(f"{file} holds {len(found)} inquiries; there is no {row}.")
    return found[row - 1]


def _moment(text: str, loaded: LoadedPolicy) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time; write for example 2026-11-24T15:00:00Z") from None
    if moment.year not in YEARS:
        raise typer.BadParameter(f"{text!r} is too far away; any time from {YEARS.start} to {YEARS[-1]} will do")
    zone = moment.tzinfo or ZoneInfo(loaded.policy.business.zone)
    return moment.replace(tzinfo=zone).astimezone(UTC)
