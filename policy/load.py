"""Text -> LoadedPolicy, or every problem at once with its line and column: the one way to a policy that is in force."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePath
from typing import TypeVar

import cel
from pydantic import BaseModel, ValidationError

from policy import calendars, checks, documents, law, law_checks, misspelt, oddities, problems, timetable
from policy.contact_rules import ContactRules
from policy.loaded import LoadedPolicy
from policy.model import Policy
from policy.problems import Document, PolicyInvalid, Problem, Severity
from policy.soundness import sound

__all__ = ["LoadedPolicy", "PolicyInvalid", "Problem", "load_policy", "policy_from_text", "read_policy"]

Model = TypeVar("Model", bound=BaseModel)

Reader = Callable[[str], str]
"""Gives the text of a file that a policy names. Raises OSError or KeyError when there is none, ValueError else."""


def read_policy(path: Path) -> LoadedPolicy:
    """The policy in a file; the files it names are looked for beside it. Raises PolicyInvalid."""
    try:
        text = documents.text_of(path)
    except OSError as error:
        raise PolicyInvalid([Problem(str(path), 1, 1, f"can't be read: {error.strerror or error}")]) from None
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(errors="replace").split("\n")
        place = len(before), len(before[-1]) + 1
        raise PolicyInvalid([Problem(str(path), *place, "can't be read: this is no text in UTF-8")]) from None
    return load_policy(text, str(path), path.parent)


def load_policy(text: str, name: str, base: Path) -> LoadedPolicy:
    """The policy in `text`. `name` is shown in problems, `base` holds the files it names. Raises PolicyInvalid."""
    return _load(text, name, lambda reference: documents.text_of(base / reference))


def policy_from_text(text: str, packs: Mapping[str, str], is_new: bool = False) -> LoadedPolicy:
    """A stored policy again: its `text` and `packs` as LoadedPolicy holds them. Raises PolicyInvalid.

    Its shape alone is checked, unless it `is_new`. Its parts fitted together when it was stored, by the checks of that
    day, and a check that came later must not strand the leads that are pinned to it.
    """
    if is_new:
        return _load(text, "policy", packs.__getitem__)
    document, read = documents.parsed(text, "policy"), packs.__getitem__
    policy, wrong = _shaped(Policy, documents.plain(document), document)
    pack, stored, wrong_there = _pack(document, read)
    if policy is None or pack is None:
        raise PolicyInvalid(wrong + wrong_there)
    return _loaded(policy, pack, lambda: text, stored)


def _load(text: str, name: str, read: Reader) -> LoadedPolicy:
    document = documents.parsed(text, name)
    if "extends" in document.root:
        document = _extended(document, read)
    raw = documents.plain(document)
    written = cache(lambda: text if document.base is None else documents.written(documents.plain(document)))
    policy, found = _shaped(Policy, raw, document)
    pack, stored, wrong_there = _pack(document, read)
    found += (
        wrong_there
        + law_checks.switches(raw, pack, document)
        + checks.problems_of(raw, document)
        + oddities.warnings_of(raw, document)
        + list(misspelt.warnings_of(raw, document))
    )
    found += _on_calendars(policy or sound(raw), document)
    warnings = problems.in_order(found, Severity.WARNING)
    if policy is None or pack is None or len(warnings) < len(found):
        raise PolicyInvalid(found)
    return replace(_loaded(policy, pack, written, stored), warnings=warnings)


def _loaded(policy: Policy, pack: ContactRules, written: Callable[[], str], packs: Mapping[str, str]) -> LoadedPolicy:
    return LoadedPolicy(
        policy=policy,
        pack=pack,
        law=law.compiled(pack, policy.contact.switches),
        hash=_hash(policy, pack),
        written=written,
        packs=packs,
        programs=_programs(policy),
        clocks=calendars.of(policy),
    )


def _extended(document: Document, read: Reader) -> Document:
    named = _Named("extends", document, PurePath())
    try:
        base = documents.parsed(named.text(read), named.shown)
        if "extends" in base.root:
            raise PolicyInvalid([base.problem(("extends",), "a policy that is extended can't itself extend another")])
    except PolicyInvalid as error:  # what the file itself says can be looked at all the same
        _, wrong = _shaped(Policy, documents.plain(document), document, is_whole=False)
        raise PolicyInvalid([*error.problems, *wrong]) from None
    return Document(document.file, document.root, base)


def _shaped(
    model: type[Model], raw: object, document: Document, is_whole: bool = True
) -> tuple[Model | None, list[Problem]]:
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        return None, problems.of_shape(error, document, model, is_whole)


def _on_calendars(policy: Policy | None, document: Document) -> list[Problem]:
    if policy is None:
        return []  # it doesn't say when we are open
    try:
        clocks = calendars.of(policy)
    except NotImplementedError:
        return []  # said of its holidays
    return calendars.problems_of(policy, clocks, document) + timetable.problems_of(policy, clocks, document)


def _pack(document: Document, read: Reader) -> tuple[ContactRules | None, Mapping[str, str], list[Problem]]:
    named = _Named("contact_rules", document, PurePath())
    if document.base is not None and named.key not in document.root:
        named = _Named(named.key, document.base, PurePath(str(document.root["extends"])).parent)
    if not isinstance(named.by.root.get(named.key), str):
        return None, {}, []  # said of the shape already
    try:
        text = named.text(read)
        rules = documents.parsed(text, named.shown)
    except PolicyInvalid as error:
        return None, {}, list(error.problems)
    raw = documents.plain(rules)
    pack, wrong = _shaped(ContactRules, raw, rules)
    return pack, {named.reference: text}, wrong + law_checks.holidays(raw, rules)


@dataclass(frozen=True, slots=True)
class _Named:
    """A file that a document names under a key; `folder` leads from the policy's own file to that document's."""

    key: str
    by: Document
    folder: PurePath

    @property
    def reference(self) -> str:
        """The file's name as it was written."""
        return str(self.by.root[self.key])

    @property
    def shown(self) -> str:
        """The file's name as problems show it."""
        return str(PurePath(self.by.file).parent / self.reference)

    def text(self, read: Reader) -> str:
        """What the file holds. Raises PolicyInvalid."""
        given = self.by.root[self.key]
        if not isinstance(given, str) or not given.strip():
            raise PolicyInvalid([self.by.problem((self.key,), f"“{self.key}” must name a file, such as default.yaml")])
        try:
            return read(str(self.folder / given))
        except (OSError, KeyError):
            said = f"there is no file “{given}” beside this one"
        except ValueError:
            said = f"“{given}” is no text in UTF-8"
        raise PolicyInvalid([self.by.problem((self.key,), said)])


def _hash(policy: Policy, pack: ContactRules) -> str:
    whole = {"policy": policy.model_dump(mode="json"), "contact_rules": pack.model_dump(mode="json")}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]


def _programs(policy: Policy) -> dict[str, cel.Program]:
    conditions = [each.when for each in policy.disqualify if each.when is not None]
    conditions += [each.when for each in policy.score]
    conditions += [each.when for each in policy.routes]
    conditions += [each.when for each in policy.assign]
    return {condition: cel.compile(condition) for condition in conditions}
