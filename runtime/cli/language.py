"""`baton policy check`, `schema` and `facts`: the language of policies, for who writes one and for their editor."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from policy import functions
from policy import schema as schemas
from policy.conditions import LEAD_FACTS, ROUTE_FACTS
from policy.load import LoadedPolicy, PolicyInvalid, read_policy
from policy.problems import Problem
from runtime.cli import words
from runtime.cli.options import AsJson

FILES = {"policy.schema.json": schemas.of_policy, "contact_rules.schema.json": schemas.of_contact_rules}
"""Files that `schema --write` makes; policies/schema holds them, and policies name them in their first line."""


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A policy, such as policies/default.yaml.")],
    as_json: AsJson = False,
) -> None:
    """Name every mistake in FILE with its line and column; exit status 1 when there is one. Warnings are apart."""
    try:
        found: LoadedPolicy | PolicyInvalid = read_policy(file)
    except PolicyInvalid as reason:
        found = reason
    if as_json:
        typer.echo(json.dumps(_as_json(file, found), indent=2, ensure_ascii=False))
    else:
        _say(file, found)
    if isinstance(found, PolicyInvalid):
        raise typer.Exit(1)


def _as_json(file: Path, found: LoadedPolicy | PolicyInvalid) -> dict[str, object]:
    told: dict[str, object] = {"file": str(file), "ok": isinstance(found, LoadedPolicy)}
    if isinstance(found, LoadedPolicy):
        told |= {"policy": found.policy.name, "policy_hash": found.hash, "contact_rules": found.pack_version}
    return told | {"problems": [asdict(each) for each in (*_mistakes(found), *found.warnings)]}


def _say(file: Path, found: LoadedPolicy | PolicyInvalid) -> None:
    if mistakes := _mistakes(found):
        typer.echo(words.lines(map(str, mistakes)), err=True)
    warn(found)
    if isinstance(found, LoadedPolicy):
        typer.echo(
            f"{file}: no mistakes. Policy {found.policy.name}, {found.hash}; contact rules {found.pack_version}."
        )


def warn(found: LoadedPolicy | PolicyInvalid) -> None:
    """Say what a policy may say and hardly means, apart from what else is said."""
    if found.warnings:
        typer.echo(words.lines(f"warning: {each}" for each in found.warnings), err=True)


def _mistakes(found: LoadedPolicy | PolicyInvalid) -> tuple[Problem, ...]:
    return found.problems if isinstance(found, PolicyInvalid) else ()


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
                "meaning": fact.told,
                "where": "everywhere" if fact in LEAD_FACTS else "routes",
            }
            for fact in ROUTE_FACTS
        ],
        "functions": [
            {"name": each.name, "use": each.use, "meaning": each.meaning}
            for each in (*functions.FUNCTIONS, *functions.MACROS)
        ],
    }
