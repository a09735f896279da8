"""Text -> LoadedPolicy, or every problem at once with its line and column. The only module that reads YAML or files."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import TypeVar

import cel
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarbool import ScalarBoolean

from policy import business_time, checks, problems
from policy.business_time import BusinessClock
from policy.contact_rules import ContactRules
from policy.loaded import LoadedPolicy
from policy.model import Policy
from policy.problems import Document, PolicyInvalid, Problem
from policy.roster import Rep

__all__ = ["LoadedPolicy", "PolicyInvalid", "Problem", "load_policy", "policy_from_text", "read_policy"]

Model = TypeVar("Model", bound=BaseModel)

Reader = Callable[[str], str]
"""Gives the text of a file that a policy names. Raises OSError or KeyError when there is none."""


def read_policy(path: Path) -> LoadedPolicy:
    """The policy in a file; the files it names are looked for beside it. Raises PolicyInvalid."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyInvalid([Problem(str(path), 1, 1, f"can't be read: {type(error).__name__}")]) from None
    return load_policy(text, str(path), path.parent)


def load_policy(text: str, name: str, base: Path) -> LoadedPolicy:
    """The policy in `text`. `name` is shown in problems, `base` holds the files it names. Raises PolicyInvalid."""
    return _load(text, name, lambda reference: (base / reference).read_text(encoding="utf-8"))


def policy_from_text(text: str, packs: Mapping[str, str]) -> LoadedPolicy:
    """A stored policy again: its `text` and `packs` as LoadedPolicy holds them. Raises PolicyInvalid."""
    return _load(text, "policy", packs.__getitem__)


def _load(text: str, name: str, read: Reader) -> LoadedPolicy:
    document = _parsed(text, name)
    if isinstance(document.root, CommentedMap) and "extends" in document.root:
        document = _extended(document, read)
        text = _written(_plain(document))
    raw = _plain(document)
    policy, wrong = _shaped(Policy, raw, document)
    wrong += checks.problems_of(raw, document)
    reference = str(raw.get("contact_rules", ""))
    pack, pack_text, wrong_there = _pack(reference, document, read)
    if policy is None or pack is None or wrong or wrong_there:
        raise PolicyInvalid(wrong + wrong_there)
    return LoadedPolicy(
        policy=policy,
        pack=pack,
        hash=_hash(policy, pack),
        text=text,
        packs={reference: pack_text},
        programs=_programs(policy),
        clocks=_clocks(policy),
    )


@lru_cache(maxsize=8)
def _parsed(text: str, name: str) -> Document:
    try:
        root = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise PolicyInvalid([Problem(name, line, column, f"not YAML: {error.problem or error.context}")]) from None
    except ReaderError as error:
        before = text[: error.position].split("\n")
        said = f"not YAML: character {error.character!r} is not allowed"
        raise PolicyInvalid([Problem(name, len(before), len(before[-1]) + 1, said)]) from None
    except YAMLError as error:
        raise PolicyInvalid([Problem(name, 1, 1, f"not YAML: {error}")]) from None
    if not isinstance(root, CommentedMap):
        raise PolicyInvalid([Problem(name, 1, 1, "a mapping is expected: key: value")])
    return Document(name, root)


def _extended(document: Document, read: Reader) -> Document:
    assert isinstance(document.root, CommentedMap)
    reference = str(document.root["extends"])
    base = _parsed(_beside(reference, "extends", document, read), reference)
    if isinstance(base.root, CommentedMap) and "extends" in base.root:
        raise PolicyInvalid([base.problem(("extends",), "a policy that is extended can't itself extend another")])
    return Document(document.file, document.root, base)


def _plain(document: Document) -> dict[str, object]:
    mine = _unmarked(document.root)
    assert isinstance(mine, dict)
    mine.pop("extends", None)
    return mine if document.base is None else _over(_plain(document.base), mine)


def _unmarked(node: object) -> object:
    if isinstance(node, Mapping):
        return {_scalar(key): _unmarked(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_unmarked(value) for value in node]
    return _scalar(node)


def _scalar(node: object) -> str | int | float | date | None:
    """A value without what ruamel remembers of its spelling; what YAML alone has (a tag, a set) as text."""
    if node is None or type(node) in (bool, date):
        return node  # type: ignore[return-value]  # narrowed by type(), which mypy doesn't follow
    if isinstance(node, ScalarBoolean):
        return bool(node)
    return next((kind(node) for kind in (int, float) if isinstance(node, kind)), str(node))


def _over(base: dict[str, object], mine: dict[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key, value in mine.items():
        below = merged.get(key)
        merged[key] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _written(raw: dict[str, object]) -> str:
    out = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # untyped switch of ruamel
    writer.dump(raw, out)
    return out.getvalue()


def _shaped(model: type[Model], raw: object, document: Document) -> tuple[Model | None, list[Problem]]:
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        return None, problems.of_shape(error, document, model)


def _pack(reference: str, document: Document, read: Reader) -> tuple[ContactRules | None, str, list[Problem]]:
    if not reference:
        return None, "", []
    try:
        text = _beside(reference, "contact_rules", document, read)
        rules = _parsed(text, reference)
    except PolicyInvalid as error:
        return None, "", list(error.problems)
    pack, wrong = _shaped(ContactRules, _plain(rules), rules)
    return pack, text, wrong


def _beside(reference: str, key: str, document: Document, read: Reader) -> str:
    try:
        return read(reference)
    except (OSError, KeyError):
        said = f"there is no file “{reference}” beside this one"
    except ValueError:
        said = f"“{reference}” is no text in UTF-8"
    raise PolicyInvalid([document.problem((key,), said)])


def _hash(policy: Policy, pack: ContactRules) -> str:
    whole = {"policy": policy.model_dump(mode="json"), "contact_rules": pack.model_dump(mode="json")}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]


def _programs(policy: Policy) -> dict[str, cel.Program]:
    conditions = [each.when for each in policy.disqualify]
    conditions += [each.when for each in policy.score]
    conditions += [each.when for each in policy.routes]
    return {condition: cel.compile(condition) for condition in conditions}


def _clocks(policy: Policy) -> dict[str | None, BusinessClock]:
    wanted = policy.business.holidays
    known = business_time.closed_days(
        wanted.country, wanted.subdivision, range(wanted.first_year, wanted.last_year + 1)
    )
    off = tuple(
        day for day in sorted(known) if any(name in wanted.days for name in business_time.names_of({day: known[day]}))
    )
    own: dict[str | None, BusinessClock] = {None: _clock(policy, None, off)}
    return own | {rep.handle: _clock(policy, rep, off) for rep in policy.team}


def _clock(policy: Policy, rep: Rep | None, off: tuple[date, ...]) -> BusinessClock:
    hours = (rep.hours if rep else None) or policy.business.hours
    zone = (rep.zone if rep else None) or policy.business.zone
    return BusinessClock(business_time.with_days_off(hours, off), zone)
