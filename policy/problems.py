"""What is wrong in a policy file, and where: every problem at once, each with its line and column."""

import difflib
import re
import reprlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from domain.errors import BatonError

Place = tuple[int | str, ...]
"""A way into a document: keys and positions."""


LONGEST = 500
"""Letters of a message: a name that a file gives may be as long as the file."""


class Severity(StrEnum):
    """Whether a policy can be used all the same."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct, or to look at. Line and column count from 1."""

    file: str
    line: int
    column: int
    message: str
    suggestion: str | None = None
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """Where it is: file:line:column."""
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def said(self) -> str:
        """What is wrong, and what may have been meant."""
        return f"{self.message}; did you mean “{self.suggestion}”?" if self.suggestion else self.message

    def __str__(self) -> str:
        return f"{self.place} {self.said}"


def in_order(problems: Iterable[Problem], severity: Severity) -> tuple[Problem, ...]:
    """Those of one severity in the order of the file, each once."""
    found = [each for each in problems if each.severity is severity]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (each.file, each.line, each.column, each.message)))


class PolicyInvalid(BatonError):
    """A policy that can't be used; `problems` has every reason, in the order of the file, `warnings` what else there is
    to look at."""

    code = "policy_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = in_order(problems, Severity.ERROR)
        self.warnings = in_order(problems, Severity.WARNING)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as read, with its positions. `base` is the file it extends, whose values it may replace."""

    file: str
    root: CommentedMap
    base: "Document | None" = None

    def at(self, place: Place, by_key: bool = False) -> tuple[str, int, int]:
        """File, line and column of a place (or of its key); of its nearest surroundings when it isn't there."""
        mine, depth = self.found(place, by_key)
        if self.base is None or any(isinstance(step, int) for step in place[:depth]):
            return mine  # a list is replaced whole, so nothing below one is the base's
        theirs, deeper = self.base.found(place, by_key)
        return theirs if deeper > depth else mine

    def problem(self, place: Place, message: str, suggestion: str | None = None) -> Problem:
        """A problem at a place."""
        return Problem(*self.at(place), _one_line(message), suggestion and _one_line(suggestion))

    def warning(self, place: Place, message: str, suggestion: str | None = None, by_key: bool = False) -> Problem:
        """Something at a place, or its key, that is allowed and hardly meant."""
        return Problem(*self.at(place, by_key), _one_line(message), suggestion, severity=Severity.WARNING)

    def found(self, place: Place, by_key: bool) -> tuple[tuple[str, int, int], int]:
        """The position of a place in this file alone, and how many steps of the way lead somewhere."""
        node: object = self.root
        line, column, depth = 0, 0, 0
        for step in place:
            position = _position(node, step, by_key and step == place[-1])
            if position is None:
                break
            (line, column), depth = position, depth + 1
            node = node[step]  # type: ignore[index]  # _position found it there
        return (self.file, line + 1, column + 1), depth


def _one_line(words: str) -> str:
    """Words as problems show them: a name in a file may hold anything."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _position(node: object, step: int | str, by_key: bool) -> tuple[int, int] | None:
    if isinstance(node, CommentedMap) and step in (node.lc.data or ()):  # what `<<` merges in stands elsewhere
        is_nested = by_key or node[step] is None or isinstance(node[step], CommentedMap | CommentedSeq)
        line, column = node.lc.key(step) if is_nested else node.lc.value(step)
        return int(line), int(column)
    if isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
        line, column = node.lc.item(step)
        return int(line), int(column)
    return None


_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60


def shown(value: object) -> str:
    """A value as problems show it: never longer than a line."""
    return _SHOWN.repr(value)


def wrong(said: str, hint: str | None = None) -> PydanticCustomError:
    """A problem of one value, found by a validator, whose message is shown as it is; `hint` is what may be meant."""
    return PydanticCustomError("policy", "{said}", {"said": said, "hint": hint})


def of_shape(
    error: ValidationError, document: Document, model: type[BaseModel], is_whole: bool = True
) -> list[Problem]:
    """Each error of pydantic as a problem with its position and, for a mistyped name, a suggestion. Nothing is missing
    from a document that isn't whole."""
    errors = [each for each in error.errors() if is_whole or each["type"] != "missing"]
    places = [each["loc"] for each in errors]
    return [_problem(each, document, model) for each in errors if not _follows(each, places)]


def _follows(error: ErrorDetails, places: Sequence[Place]) -> bool:
    # What is wrong is left out of its list, so that the list seems too short.
    own = error["loc"]
    return error["type"] == "too_short" and any(place[: len(own)] == own and place != own for place in places)


def _problem(error: ErrorDetails, document: Document, model: type[BaseModel]) -> Problem:
    place = error["loc"]
    if error["type"] == "extra_forbidden":
        known = sorted(_model_at(model, place[:-1]).model_fields)
        unknown = str(place[-1])
        return Problem(*document.at(place, by_key=True), f"unknown key “{unknown}”", near(unknown, known))
    if error["type"] == "missing":
        return document.problem(place, f"“{place[-1]}” is missing{_WITHOUT.get(str(place[-1]), '')}")
    if error["type"] in ("enum", "literal_error"):
        known = re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", ""))
        said = f"{shown(error['input'])} is not one of {', '.join(known)}"
        return document.problem(place, said, near(str(error["input"]), known))
    said, _, hint = _worded(error).partition(_MEANT)
    hint = error.get("ctx", {}).get("hint") or hint.removesuffix("”?")
    return document.problem(place, f"{_name(place)}: {said}", hint or None)


_MEANT = "; did you mean “"
_WITHOUT = {"zone": ": hours mean nothing without one; write for example zone: America/Chicago"}

_WORDS = {
    "model_type": "a mapping is expected: key: value",
    "model_attributes_type": "a mapping is expected: key: value",
    "dict_type": "a mapping is expected: key: value",
    "tuple_type": "a list is expected: [one, two]",
    "too_short": "at least {min_length} is needed",
    "too_long": "at most {max_length}",
    "greater_than": "more than {gt}",
    "decimal_max_places": "at most {decimal_places} decimal places",
    "string_too_short": "a text is expected, and it is empty",
    "string_too_long": "at most {max_length} characters",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "int_type": "a whole number is expected",
    "int_parsing": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "finite_number": "an ordinary number is expected, such as 5",
    "bool_type": "true or false is expected",
    "bool_parsing": "true or false is expected",
    "date_type": "a date is expected, such as 2026-11-24",
    "date_parsing": "a date is expected, such as 2026-11-24",
    "date_from_datetime_parsing": "a date is expected, such as 2026-11-24",
}
"""What pydantic says, for people who write no Python."""


def _worded(error: ErrorDetails) -> str:
    given = error["input"]
    if error["type"] == "string_type":
        if given is None or isinstance(given, list | dict):
            return "a text is expected"
        return f'a text is expected, so put it in quotes: "{str(given).lower() if isinstance(given, bool) else given}"'
    words = _WORDS.get(error["type"])
    return words.format(**error.get("ctx", {})) if words else error["msg"]


def _name(place: Place) -> str:
    return ".".join(str(step) for step in place if step != "[key]")


def near(given: str, known: Sequence[str], cutoff: float = 0.65) -> str | None:
    """The known name that looks most like the given one."""
    return next(iter(difflib.get_close_matches(given, known, n=1, cutoff=cutoff)), None)


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel]:
    for step in place:
        field = model.model_fields.get(str(step))
        if field is not None:
            model = _inner(field.annotation) or model
    return model


def _inner(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, dict, list, Union, UnionType, Annotated):
        return next((found for part in get_args(annotation) if (found := _inner(part))), None)
    return None
