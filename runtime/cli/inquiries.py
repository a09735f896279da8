"""Inquiries in a file, JSON or CSV, as the data contract has them. Reads only; names each bad value with its place."""

import csv
import json
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from pydantic import ValidationError

from domain.errors import BadInput
from domain.messages import Inquiry

Raw = dict[str, object]

_PERSON = ("name", "phone", "email", "company", "title", "language")
_ADDRESS = ("country", "region", "postal_code")
_CONSENT = {"consent_sms": "sms", "consent_call": "call", "consent_kind": "kind", "consent_automated": "automated"}
_ATTRIBUTION = ("campaign", "page", "referrer_name")
_PLAIN = ("source", "source_event_id", "occurred_at", "test")


def read_inquiries(path: Path) -> tuple[Inquiry, ...]:
    """The inquiries of a file: a JSON object, a JSON list of them, or CSV. Raises BadInput with every problem."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = _rows(text) if path.suffix.lower() == ".csv" else _objects(text)
    except (OSError, ValueError, csv.Error) as error:  # what is no text, no JSON, or too long a number
        raise BadInput(f"{path} can't be read: {error}") from None
    except RecursionError:
        raise BadInput(f"{path} can't be read: too many levels of lists and objects") from None
    return _checked(path, raw)


def _objects(text: str) -> list[object]:
    found = json.loads(text)
    return found if isinstance(found, list) else [found]


def _checked(path: Path, raw: Iterable[object]) -> tuple[Inquiry, ...]:
    inquiries, problems = [], []
    for number, each in enumerate(raw, 1):
        named = {"source_event_id": f"{path.name}-{number}", **each} if isinstance(each, dict) else each
        try:
            inquiries.append(Inquiry.model_validate(named))
        except ValidationError as error:
            problems += [(f"{number}: {'.'.join(map(str, each['loc']))}", each["msg"]) for each in error.errors()]
    if problems:
        lines = "\n".join(f"{path}, inquiry {place}: {said}" for place, said in problems)
        raise BadInput(lines, tuple(problems))
    if not inquiries:
        raise BadInput(f"{path} holds no inquiry.")
    return tuple(inquiries)


def _rows(text: str) -> list[object]:
    return [_of_row({key: value for key, value in row.items() if value}) for row in csv.DictReader(StringIO(text))]


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
    known = (*_PERSON, *_ADDRESS, *_CONSENT, *_ATTRIBUTION, *_PLAIN)
    if extra := {name: value for name, value in row.items() if name not in known}:
        shaped["extra"] = extra
    return shaped
