"""`baton policy publish`, `list`, `show`, `diff` and `rollback`: versions of the policy of a running Baton."""

import getpass
import json
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from domain.errors import BadInput
from domain.publications import Change, PolicyText, Published, Versions
from policy import differences
from policy.load import LoadedPolicy, PolicyInvalid, policy_from_text, read_policy
from runtime.cli import language, words
from runtime.cli.http import answer_of, client, read
from runtime.cli.stack import AsJson, Data, refuse
from runtime.embedded.stack import DEFAULT_DATA

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
    loaded = loaded_file(file)
    language.warn(loaded)
    with client(data) as http:
        active = _active(http)
        changes = differences.between(active, loaded)
        found: dict[str, object] = {"policy_hash": loaded.hash, "changes": [each.model_dump() for each in changes]}
        if not as_json:
            typer.echo("\n".join(_compared(active, loaded, changes)))
        if not dry_run:
            draft = {"text": loaded.text, "packs": dict(loaded.packs), "author": author or _you(), "note": note}
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
        found = answer_of(http.get(f"/v1/policies/{named(http, policy_hash)}"))
    shown = read(PolicyText, found)
    typer.echo(json.dumps(found) if as_json else words.lines(shown.text.splitlines()))


def diff(
    old: Annotated[str | None, typer.Argument(metavar="A", help="A version's hash, or a file.")] = None,
    new: Annotated[str | None, typer.Argument(metavar="B", help="The same.", show_default="the active policy")] = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """What differs from A to B, by path. Without both: what the newest publication changed."""
    with client(data) as http:
        before, after = _two(http, old, new)
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
        asked = {"author": author or _you(), "note": note, "to": named(http, to) if to else None}
        found = answer_of(http.post("/v1/policies/rollback", json=asked))
    if as_json:
        typer.echo(json.dumps(found))
        return
    rolled = read(Published, found)
    typer.echo("\n".join([*changed(rolled.changes), _published(rolled)]))


def loaded_file(file: Path) -> LoadedPolicy:
    """The policy in a file; a bad one ends the command with every mistake named."""
    try:
        return read_policy(file)
    except PolicyInvalid as reason:
        refuse(str(reason))


def named(http: httpx2.Client, given: str) -> str:
    """The hash that begins with what was given. Raises BadInput when it is none's, or several's."""
    versions = read(Versions, answer_of(http.get("/v1/policies"))).versions
    found = [each.policy_hash for each in versions if given and each.policy_hash.startswith(given)]
    if given in found:
        return given
    if len(found) != 1:
        many = f"begins {len(found)} hashes: give more of it" if found else "is no policy that was published here"
        raise BadInput(f"{given!r} {many}. See `baton policy list`.")
    return found[0]


def changed(changes: tuple[Change, ...]) -> list[str]:
    """Changes in lines: a path, then what was and what is."""
    return [words.printable(f"  {each.path}: {_side(each.old)} → {_side(each.new)}") for each in changes]


def _side(value: str | None) -> str:
    return "(none)" if value is None else value


def _you() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user has no name
        return "cli"


def _version(http: httpx2.Client, given: str) -> LoadedPolicy:
    if Path(given).is_file():
        return loaded_file(Path(given))
    found = read(PolicyText, answer_of(http.get(f"/v1/policies/{named(http, given)}")))
    try:
        return policy_from_text(found.text, found.packs)
    except PolicyInvalid as reason:
        refuse(f"This version of Baton can't read policy {found.policy_hash}:\n{reason}")


def _active(http: httpx2.Client) -> LoadedPolicy | None:
    versions = read(Versions, answer_of(http.get("/v1/policies"))).versions
    active = next((each.policy_hash for each in versions if each.active), None)
    return _version(http, active) if active is not None else None


def _two(http: httpx2.Client, old: str | None, new: str | None) -> tuple[LoadedPolicy, LoadedPolicy]:
    if old is not None:
        after = _version(http, new) if new is not None else _active(http)
        if after is None:
            raise BadInput("Nothing is published yet, so there is nothing to compare with.")
        return _version(http, old), after
    newest = next(iter(read(Versions, answer_of(http.get("/v1/policies"))).log), None)
    if newest is None or newest.from_hash is None:
        raise BadInput("Only one policy was published so far, so there is nothing to compare it with.")
    return _version(http, newest.from_hash), _version(http, newest.to_hash)


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
