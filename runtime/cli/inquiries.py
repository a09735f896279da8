"""Inquiries in a file, JSON or CSV, as the data contract has them. Reads only; names each bad value with its place."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.errors import BadInput
from domain.messages import Inquiry
from policy.business_time import YEARS
from runtime.sheets import NOT_JUDGED, Columns, Problems, Sheet, shown, text_of
from runtime.unseen import printable

Raw = dict[str, object]
Place = tuple[int | str, ...]

_PERSON = ("name", "phone", "email", "company", "title", "language")
_ADDRESS = ("country", "region", "postal_code")
_CONSENT = {"consent_sms": "sms", "consent_call": "call", "consent_kind": "kind", "consent_automated": "automated"}
_ATTRIBUTION = ("campaign", "page", "referrer_name")
_PLAIN = ("source", "source_event_id", "occurred_at", "test")
_KNOWN = (*_PLAIN, *_PERSON, *_ADDRESS, *_CONSENT, *_ATTRIBUTION)
_AS_COLUMNS = Columns(_KNOWN, needs="source", is_open=True)
_COLUMN_OF: dict[Place, str] = {
    **{("person", name): name for name in _PERSON},
    **{("person", "address", name): name for name in _ADDRESS},
    **{("consent", field): name for name, field in _CONSENT.items()},
    **{("attribution", name): name for name in _ATTRIBUTION},
}


def read_inquiries(path: Path) -> tuple[Inquiry, ...]:
    """The inquiries of a file: a JSON object, a JSON list of them, or CSV. Raises BadInput with every problem. Columns
    whose names may be slips are told on stderr."""
    found = _of_csv(path) if path.suffix.lower() == ".csv" else _of_json(path)
    if not found:
        raise BadInput(f"{path.name} holds no inquiry. {NOT_JUDGED}")
    return tuple(found)


def _of_csv(path: Path) -> list[Inquiry]:
    problems, found = Problems(path.name, NOT_JUDGED), list[Inquiry]()
    sheet = Sheet(path, _AS_COLUMNS, problems)
    for warning in sheet.warnings:
        typer.echo(printable(f"warning: {warning}"), err=True)
    for number, (row, cells) in enumerate(sheet.rows(), 1):
        raw = {
            "source_event_id": _made_id(path, number),
            **_of_row({name: text for name, text in cells.items() if text}),
        }
        inquiry, wrong = _read(raw)
        if inquiry is not None:
            found.append(inquiry)
        for place, said in wrong:
            problems.add(row, _COLUMN_OF.get(place, ".".join(map(str, place))), said)
    problems.refuse()
    return found


def _made_id(path: Path, number: int) -> str:
    return f"{printable(path.name)[:150]}-{number}"


def _of_json(path: Path) -> list[Inquiry]:
    found, problems = list[Inquiry](), list[tuple[str, str]]()
    for number, each in enumerate(_objects(path), 1):
        raw = {"source_event_id": _made_id(path, number), **each} if isinstance(each, dict) else each
        inquiry, wrong = _read(raw)
        if inquiry is not None:
            found.append(inquiry)
        problems += [(f"inquiry {number}, {'.'.join(map(str, place)) or 'all of it'}", said) for place, said in wrong]
    if problems:
        lines = [f"{path.name}, {place}: {said}" for place, said in problems]
        raise BadInput("\n".join([*lines, NOT_JUDGED]), tuple(problems))
    return found


def _objects(path: Path) -> list[object]:
    try:
        found = json.loads(text_of(path, NOT_JUDGED), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        place = f"row {error.lineno}, column {error.colno}"
        said = "the name of a CSV file ends in .csv"
        raise BadInput(f"{path.name}, {place}: can't be read as JSON: {error.msg}; {said}. {NOT_JUDGED}") from None
    except ValueError as error:  # a number too long, a key given twice
        raise BadInput(f"{path.name} can't be read: {error}. {NOT_JUDGED}") from None
    except RecursionError:
        raise BadInput(f"{path.name} can't be read: too many levels of lists and objects. {NOT_JUDGED}") from None
    return found if isinstance(found, list) else [found]


def _once(pairs: list[tuple[str, object]]) -> Raw:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{shown(next(name for name in names if names.count(name) > 1))} is given twice in one object")
    return found


def _read(raw: object) -> tuple[Inquiry | None, list[tuple[Place, str]]]:
    """The inquiry, and what is wrong with it by place."""
    try:
        found = Inquiry.model_validate(raw)
    except ValidationError as error:
        return None, [(each["loc"], _worded(each)) for each in error.errors(include_url=False)]
    return found, list(_too_far(found))


def _too_far(inquiry: Inquiry) -> Iterator[tuple[Place, str]]:
    """Moments for which no calendar has holidays."""
    moments: Iterable[tuple[Place, datetime | None]] = [
        (("occurred_at",), inquiry.occurred_at),
        (("consent", "captured_at"), inquiry.consent.captured_at),
        *((("signals", number, "at"), seen.at) for number, seen in enumerate(inquiry.signals)),
    ]
    for place, moment in moments:
        if moment is not None and moment.year not in YEARS:
            yield place, f"{moment} is too far away; any time from {YEARS.start} to {YEARS[-1]} will do"


_WORDS = {
    "model_type": "is no object of names and values",
    "dict_type": "is no object of names and values",
    "tuple_type": "is no list",
    "string_type": "is no text; a text stands in quotes",
    "string_unicode": "is no text",
    "missing": "is missing, and no inquiry is without it",
    "bool_parsing": "is neither true nor false",
    "timezone_aware": "has no offset from UTC; write 2026-11-24T15:04:05Z",
    "datetime_from_date_parsing": "is no moment; write 2026-11-24T15:04:05Z",
    "datetime_parsing": "is no moment; write 2026-11-24T15:04:05Z",
}
"""What pydantic says, for people who write no Python. All but the first follow the value."""

_PATTERNS = {"kind": "is none of written, express, inquiry and none"}


def _worded(error: ErrorDetails) -> str:
    words = _WORDS.get(error["type"], error["msg"])
    if error["type"] == "string_pattern_mismatch":
        name = "kind" if error["loc"] == ("consent", "kind") else ""
        words = _PATTERNS.get(name, "is no name of ours; it has small letters, digits, and _ . - between them")
    if error["type"] == "missing":
        return words
    given = shown(str(error["input"]))
    return f"{given} {words}" if words != error["msg"] else f"{words}; it is {given}"


def _of_row(row: dict[str, str]) -> Raw:
    """The inquiry flattened (interfaces: CSV), put back in shape. Empty cells count as not given."""
    person: Raw = {name: row[name] for name in _PERSON if name in row}
    if address := {name: row[name] for name in _ADDRESS if name in row}:
        person["address"] = address
    shaped: Raw = {name: row[name] for name in _PLAIN if name in row} | {"person": person}
    if consent := {field: row[name] for name, field in _CONSENT.items() if name in row}:
        shaped["consent"] = consent
    if attribution := {name: row[name] for name in _ATTRIBUTION if name in row}:
        shaped["attribution"] = attribution
    if extra := {name: value for name, value in row.items() if name not in _KNOWN}:
        shaped["extra"] = extra
    return shaped
