"""`baton policy publish`, `list`, `show`, `diff` and `rollback`: versions of the policy of a running Baton."""

import json
from pathlib import Path
from typing import Annotated

import typer

from domain.publications import Change, PolicyText, Published, Versions
from policy import differences
from policy.load import LoadedPolicy
from runtime.cli import language, migrating, versions, words
from runtime.cli.author import whoever
from runtime.cli.http import answer_of, client, read
from runtime.cli.options import AsJson, Data
from runtime.embedded.state import DEFAULT_DATA

Author = Annotated[str | None, typer.Option("--author", metavar="NAME", help="Whose word it is.", show_default="you")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why; kept in the log.")]


def publish(  # noqa: PLR0913, PLR0917 - each option is one
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The policy to publish.")],
    author: Author = None,
    note: Note = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; publish nothing.")] = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Make FILE the policy that new leads are judged by, at once. Running leads keep theirs: see `migrate`."""
    loaded = versions.loaded_file(file)
    language.warn(loaded)
    with client(data) as http:
        active = versions.active(http)
        changes = differences.between(active, loaded)
        seen = migrating.foreseen(http, {"candidate": {"text": loaded.text, "packs": dict(loaded.packs)}}, None)
        found: dict[str, object] = {"policy_hash": loaded.hash, "changes": [each.model_dump() for each in changes]}
        found["preview"] = seen.as_json()
        if not as_json:
            typer.echo("\n".join(_compared(active, loaded, changes)))
            typer.echo(words.lines(["If running leads were taken along:", *migrating.in_words(seen)]))
        if not dry_run:
            draft = {"text": loaded.text, "packs": dict(loaded.packs), "author": author or whoever(), "note": note}
            draft["expects"] = active.hash if active is not None else ""
            answer = answer_of(http.post("/v1/policies", json=draft))
            found |= answer
            if not as_json:
                typer.echo(_published(read(Published, answer)))
    if as_json:
        typer.echo(json.dumps(found))


def list_policies(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Every version, how many open leads follow it, and the log: who made what active when."""
    with client(data) as http:
        found = answer_of(http.get("/v1/policies"))
    typer.echo(json.dumps(found) if as_json else words.lines(_listed(read(Versions, found))))


def show(
    policy_hash: Annotated[str, typer.Argument(metavar="HASH", help="A version; its first letters will do.")],
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """A version as it was written."""
    with client(data) as http:
        found = answer_of(http.get(f"/v1/policies/{versions.named(http, policy_hash)}"))
    shown = read(PolicyText, found)
    typer.echo(json.dumps(found) if as_json else words.lines(shown.text.splitlines()))


def diff(
    old: Annotated[str | None, typer.Argument(metavar="A", help="A version's hash, or a file.")] = None,
    new: Annotated[str | None, typer.Argument(metavar="B", help="The same.", show_default="the active policy")] = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """What differs from A to B, by path. Two files need no running Baton. Without both: what the newest publication
    changed."""
    before, after = versions.two(data, old, new)
    changes = differences.between(before, after)
    if as_json:
        typer.echo(
            json.dumps({"from": before.hash, "to": after.hash, "changes": [each.model_dump() for each in changes]})
        )
    else:
        typer.echo("\n".join(_compared(before, after, changes)))


def rollback(
    to: Annotated[str | None, typer.Option("--to", metavar="HASH", show_default="the one before")] = None,
    author: Author = None,
    note: Note = "",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Make an earlier policy active again, for new leads. Leads that follow the newer one keep it: see `migrate`."""
    with client(data) as http:
        asked = {
            "author": author or whoever(),
            "note": note,
            "to": versions.named(http, to) if to else None,
            "expects": versions.active_hash(http),
        }
        found = answer_of(http.post("/v1/policies/rollback", json=asked))
    if as_json:
        typer.echo(json.dumps(found))
        return
    rolled = read(Published, found)
    typer.echo("\n".join([*changed(rolled.changes), _published(rolled)]))


def changed(changes: tuple[Change, ...]) -> list[str]:
    """Changes in lines: a path, then what was and what is."""
    return [words.printable(f"  {each.path}: {_side(each.old)} → {_side(each.new)}") for each in changes]


def _side(value: str | None) -> str:
    return "(none)" if value is None else value


def _compared(old: LoadedPolicy | None, new: LoadedPolicy, changes: tuple[Change, ...]) -> list[str]:
    if old is None:
        return [f"Policy {new.policy.name}, {new.hash}: the first here."]
    if old.hash == new.hash:
        return [f"Policy {new.policy.name}, {new.hash}: says the same."]
    return [f"From {old.hash} to {new.hash}, {len(changes)} changes:", *changed(changes)]


def _published(found: Published) -> str:
    if not found.changed:
        return f"{found.policy_hash} was active already: nothing was changed."
    return (
        f"{found.policy_hash} is active: new leads are judged by it from now on. Running leads follow what they "
        "followed; `baton policy migrate` takes them along."
    )


def _listed(found: Versions) -> list[str]:
    lines = [f"{'hash':<18}{'name':<20}{'published (UTC)':<19}{'by':<16}open leads"]
    lines += [
        f"{each.policy_hash:<18}{each.name:<20}{each.published_at:%Y-%m-%d %H:%M}   {each.author:<16}{each.open_leads}"
        f"{'  active' if each.active else ''}"
        for each in found.versions
    ]
    lines += ["", "The log, newest first:"]
    for each in found.log:
        undoes = f" (takes back {each.undoes})" if each.undoes is not None else ""
        note = f": {each.note}" if each.note else ""
        lines.append(
            f"{each.number:>5}  {each.at:%Y-%m-%d %H:%M}  {each.author}, {each.way}{undoes}: "
            f"{each.from_hash or 'nothing'} → {each.to_hash}{note}"
        )
    return lines
