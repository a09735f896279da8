"""Raw bodies -> values: JSON and forms are read here and nowhere else, every bad field named. It verifies nobody."""

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NoReturn, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, JsonValue, ValidationError

from api.errors import Unreadable, WrongType, fields_of
from domain.errors import BadInput

DEEPEST = 32
"""How many objects and lists may hold one another."""

MOST_FIELDS = 200
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

Model = TypeVar("Model", bound=BaseModel)


def json_of(content_type: str, body: bytes, whole: bool = True) -> JsonValue:
    """The body as JSON. Raises WrongType, Unreadable, or, where the `whole` body is to be kept, BadInput naming each
    text that can't be."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise WrongType("The body must be application/json.")
    try:
        data: JsonValue = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"The body is not JSON in UTF-8{place}.") from None
    problems = tuple(_unkeepable(data)) if whole else ()
    if problems:
        raise BadInput("Some of the body can't be kept.", problems)
    return data


def model_of(kind: type[Model], data: JsonValue) -> Model:
    """`data` as a model. Raises BadInput listing every bad field."""
    if not isinstance(data, dict):
        raise BadInput("The body must be a JSON object.", (("", "must be a JSON object"),))
    try:
        model = kind.model_validate(data)
    except ValidationError as error:
        found = fields_of(error.errors(include_url=False, include_context=False, include_input=False))
        raise BadInput("Some fields are missing or wrong.", tuple((bad.field, bad.message) for bad in found)) from None
    wrong = tuple(_out_of_time(model, ""))
    if wrong:
        raise BadInput("Some moments are impossible.", wrong)
    return model


def form_of(body: bytes) -> dict[str, str]:
    """A posted form; of a name that comes twice the first counts. What is no UTF-8, and NUL, become U+FFFD."""
    text = body.decode("utf-8", errors="replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Unreadable(f"The form has more than {MOST_FIELDS} fields.") from None
    return {name: value.replace("\0", "\ufffd") for name, value in reversed(pairs)}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _unkeepable(data: JsonValue) -> Iterator[tuple[str, str]]:
    """Places of what PostgreSQL can't hold or nobody meant. A walk without recursion: the depth is the sender's."""
    pending: list[tuple[str, JsonValue, int]] = [("", data, 0)]
    while pending:
        path, value, depth = pending.pop()
        if isinstance(value, str) and (wrong := _wrong_with(value)):
            yield path, wrong
        elif isinstance(value, float) and not math.isfinite(value):
            yield path, "is too large a number"
        elif isinstance(value, dict | list):
            if depth >= DEEPEST:
                yield path, f"is nested more than {DEEPEST} deep"
                continue
            named = value.items() if isinstance(value, dict) else enumerate(value)
            for name, inner in named:
                pending.append((f"{path}.{name}" if path else str(name), inner, depth + 1))
                if isinstance(name, str) and (wrong := _wrong_with(name)):
                    yield path, f"a field name {wrong}"


def _wrong_with(text: str) -> str | None:
    if "\0" in text:
        return "holds a NUL character; remove it"
    return None if text.isascii() or _is_text(text) else "holds half a surrogate pair; send the whole character"


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _out_of_time(model: BaseModel, path: str) -> Iterator[tuple[str, str]]:
    for name in type(model).model_fields:
        value: object = getattr(model, name)
        for place, each in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
            here = ".".join(str(part) for part in (path, name, place) if part not in ("", None))
            if isinstance(each, BaseModel):
                yield from _out_of_time(each, here)
            elif isinstance(each, datetime) and not EARLIEST <= each < LATEST:
                yield here, f"must lie between {EARLIEST:%Y} and {LATEST:%Y}"
