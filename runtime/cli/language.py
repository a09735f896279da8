"""`baton policy check`, `schema` and `facts`: the language of policies, for who writes one and for their editor."""

import json
from pathlib import Path
from typing import Annotated

import typer

from policy import functions
from policy import schema as schemas
from policy.conditions import LEAD_FACTS, ROUTE_FACTS
from policy.load import PolicyInvalid, read_policy
from runtime.cli.stack import AsJson, refuse

FILES = {"policy.schema.json": schemas.of_policy, "contact_rules.schema.json": schemas.of_contact_rules}
"""Files that `schema --write` makes; policies/schema holds them, and policies name them in their first line."""


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A policy, such as policies/default.yaml.")],
) -> None:
    """Name every mistake in FILE with its line and column; exit status 1 when there is one."""
    try:
        loaded = read_policy(file)
    except PolicyInvalid as reason:
        refuse(str(reason))
    typer.echo(f"{file}: no mistakes. Policy {loaded.policy.name}, {loaded.hash}; contact rules {loaded.pack_version}.")


def schema(
    contact_rules: Annotated[bool, typer.Option("--contact-rules", help="That of contact rules instead.")] = False,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="DIR", help="Write both into DIR, such as policies/schema.")
    ] = None,
) -> None:
    """The JSON Schema of policies, by which editors complete and check them."""
    if write is None:
        typer.echo(written(schemas.of_contact_rules() if contact_rules else schemas.of_policy()), nl=False)
        return
    write.mkdir(parents=True, exist_ok=True)
    for name, made in FILES.items():
        (write / name).write_text(written(made()), encoding="utf-8")
        typer.echo(str(write / name))


def written(found: schemas.Schema) -> str:
    """A schema as its file has it."""
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def facts(as_json: AsJson = False) -> None:
    """What conditions may use: facts of a lead, functions and macros."""
    found = published()
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for fact in found["facts"]:
        where = " (routes only)" if fact["where"] == "routes" else ""
        typer.echo(f"{fact['name']:<20} {fact['type']:<15} {fact['meaning']}{where}")
    for function in found["functions"]:
        typer.echo(f"{function['name']:<20} {function['use']:<55} {function['meaning']}")


def published() -> dict[str, list[dict[str, str]]]:
    """Facts with name, type, meaning and where they are known; functions with name, use and meaning."""
    return {
        "facts": [
            {
                "name": fact.name,
                "type": fact.kind,
                "meaning": fact.meaning,
                "where": "everywhere" if fact in LEAD_FACTS else "routes",
            }
            for fact in ROUTE_FACTS
        ],
        "functions": [
            {"name": each.name, "use": each.use, "meaning": each.meaning}
            for each in (*functions.FUNCTIONS, *functions.MACROS)
        ],
    }
