"""Versions of a running Baton's policy as commands name them: a hash, its first letters, or a file."""

from pathlib import Path

import httpx2

from domain.errors import BadInput
from domain.publications import PolicyText, Versions
from policy.load import LoadedPolicy, PolicyInvalid, policy_from_text, read_policy
from runtime.cli.http import answer_of, client, read
from runtime.cli.options import refuse


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


def version(http: httpx2.Client, given: str) -> LoadedPolicy:
    """A file's policy, or a published one; one that can't be read ends the command with every mistake named."""
    if Path(given).is_file():
        return loaded_file(Path(given))
    found = read(PolicyText, answer_of(http.get(f"/v1/policies/{named(http, given)}")))
    try:
        return policy_from_text(found.text, found.packs)
    except PolicyInvalid as reason:
        refuse(f"This version of Baton can't read policy {found.policy_hash}:\n{reason}")


def active(http: httpx2.Client) -> LoadedPolicy | None:
    """The policy that new leads are judged by; None before the first."""
    found = active_hash(http)
    return version(http, found) if found is not None else None


def active_hash(http: httpx2.Client) -> str | None:
    """The hash of the policy that new leads are judged by; None before the first."""
    versions = read(Versions, answer_of(http.get("/v1/policies"))).versions
    return next((each.policy_hash for each in versions if each.active), None)


def two(data: Path, old: str | None, new: str | None) -> tuple[LoadedPolicy, LoadedPolicy]:
    """Two to compare: those named; without a second the active one; without both the newest change. Two files need no
    Baton."""
    if old is not None and new is not None and Path(old).is_file() and Path(new).is_file():
        return loaded_file(Path(old)), loaded_file(Path(new))
    with client(data) as http:
        return _two(http, old, new)


def _two(http: httpx2.Client, old: str | None, new: str | None) -> tuple[LoadedPolicy, LoadedPolicy]:
    if old is not None:
        after = version(http, new) if new is not None else active(http)
        if after is None:
            raise BadInput("Nothing is published yet, so there is nothing to compare with.")
        return version(http, old), after
    newest = next(iter(read(Versions, answer_of(http.get("/v1/policies"))).log), None)
    if newest is None or newest.from_hash is None:
        raise BadInput("Only one policy was published so far, so there is nothing to compare it with.")
    return version(http, newest.from_hash), version(http, newest.to_hash)
