"""Reads the named queries of this package's *.sql files: no other module holds SQL, save begin and commit."""

import re
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (?P<name>\w+): (?P<description>\S.*)$", re.MULTILINE)


def load(file: str) -> Mapping[str, str]:
    """The queries of `<file>.sql` by name. Each opens with `-- name: <name>: <what it is for, in one line>`."""
    text = resources.files(__package__).joinpath(f"{file}.sql").read_text(encoding="utf-8")
    return MappingProxyType(parsed(text, file))


def parsed(text: str, file: str) -> dict[str, str]:
    """The queries of a file's text; ValueError for a query without a name and description, or two of one name."""
    heads = list(_NAME.finditer(text))
    if text[: heads[0].start() if heads else len(text)].strip():
        raise ValueError(f"{file}.sql: a query before the first `-- name: <name>: <description>` line")
    ends = [*(head.start() for head in heads[1:]), len(text)]
    found = {head["name"]: text[head.end() : end].strip() for head, end in zip(heads, ends, strict=True)}
    if len(found) != len(heads):
        raise ValueError(f"{file}.sql: two queries have one name")
    return found
