"""Companies in a CSV file, row by row, as the company table takes them. Reads only.

Every cell that can't be read is named with its row and column; the error comes at the end, so that all are.
"""

import csv
import difflib
import re
from collections.abc import Callable
from pathlib import Path

from adapters.phones import country_of
from domain.companies import CompanyFacts, domain_of, is_free_mail
from domain.errors import BadInput
from domain.messages import HANDLE
from runtime.call_lists import Problems
from runtime.unseen import printable

LARGEST = 64 * 1024 * 1024
LONGEST_CELL = 200
MOST_ROWS = 200_000
COLUMNS = ("domain", "name", "employees", "industry", "revenue", "country", "segment", "target", "owner")
_ALSO_CALLED = {"website": "domain", "company_domain": "domain", "company": "name", "target_account": "target"}
_WHOLE = re.compile(r"\$?(\d{1,3}(?:[, ]\d{3})+|\d{1,15})", re.ASCII)
_YES, _NO = ("true", "yes", "y", "1", "x", "si", "sí"), ("", "false", "no", "n", "0")

Value = str | int | bool | None


class _Wrong(Exception):
    """What is wrong with a cell, in words that follow its text."""


def companies_in(path: Path) -> tuple[CompanyFacts, ...]:
    """The companies of a file, in its order. Raises BadInput when it is no CSV of companies, and with every cell that
    can't be read."""
    lines = re.split(r"\r\n|\n|\r", _text(path))
    problems = Problems(path.name)
    header, names = _header(path, lines)
    _check_header(names, header, problems)
    problems.refuse()
    found: dict[str, tuple[int, CompanyFacts]] = {}
    for row, line in enumerate(lines[header:], header + 1):
        cells = _cells(line, row, problems)
        if any(cell.strip() for cell in cells):
            _take(cells, names, row, problems, found)
    problems.refuse()
    if not found:
        raise BadInput(f"{path.name} holds no company. Nothing was imported.")
    if len(found) > MOST_ROWS:
        raise BadInput(
            f"{path.name} holds {len(found):,} companies, {MOST_ROWS:,} at most: split it. Nothing was imported."
        )
    return tuple(company for _, company in found.values())


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise BadInput(f"{path.name} is larger than {LARGEST >> 20} MB: split it. Nothing was imported.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} is no text in UTF-8: save it as CSV in UTF-8. Nothing was imported.") from None


def _header(path: Path, lines: list[str]) -> tuple[int, list[str]]:
    """How many lines come before the first company, and what the columns are called."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            named = [" ".join(cell.split()).lower().replace(" ", "_") for cell in line.split(",")]
            named = [cell.strip('"') for cell in named]
            return number, [_ALSO_CALLED.get(cell, cell) for cell in named]
    raise BadInput(f"{path.name} is empty; its first line names the columns: {', '.join(COLUMNS)}.")


def _check_header(names: list[str], row: int, problems: Problems) -> None:
    for place, name in enumerate(names, 1):
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f"did you mean “{near[0]}”?" if near else f"there are {', '.join(COLUMNS)}"
            problems.add(row, place, f"{_shown(name)} is no column; {hint}")
        elif name in names[: place - 1]:
            problems.add(row, place, f"there is a second column “{name}”")
    if "domain" not in names:
        problems.add(row, 1, "there is no column “domain”, by which a company is known")


def _cells(line: str, row: int, problems: Problems) -> list[str]:
    try:
        # Each line by itself: a quote that is never closed must not swallow the companies below it.
        return next(csv.reader([line], strict=True), [])
    except csv.Error as error:
        problems.add(row, 1, f"can't be read: {error}")
        return []


def _take(
    cells: list[str], names: list[str], row: int, problems: Problems, found: dict[str, tuple[int, CompanyFacts]]
) -> None:
    if any(cell.strip() for cell in cells[len(names) :]):
        problems.add(row, len(names) + 1, f"is one too many; a row has {len(names)} columns")
        return
    values: dict[str, Value] = {}
    for place, name in enumerate(names, 1):
        text = cells[place - 1].strip() if place <= len(cells) else ""
        try:
            values[name] = _value(name, text)
        except _Wrong as wrong:
            problems.add(row, place, f"{_shown(text)} {wrong}")
    domain = values.get("domain")
    if not isinstance(domain, str) or len(values) < len(names):
        return
    if domain in found:
        problems.add(row, names.index("domain") + 1, f"“{domain}” is in row {found[domain][0]} already")
        return
    found[domain] = (
        row,
        CompanyFacts.model_validate({name: value for name, value in values.items() if value is not None}),
    )


def _value(name: str, text: str) -> Value:
    if len(text) > LONGEST_CELL:
        raise _Wrong(f"is longer than {LONGEST_CELL} characters")
    if text != printable(text):
        raise _Wrong("has characters that can't be seen")
    return _READ[name](text)


def _domain(text: str) -> str:
    found = domain_of(text)
    if found is None:
        raise _Wrong("is no domain; write for example acme.com")
    if is_free_mail(found):
        raise _Wrong("is a domain where anybody has an address, and no company's")
    return found


def _count(text: str) -> int | None:
    if not text:
        return None
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise _Wrong("is no whole number; write for example 1200")
    return int(re.sub(r"[, ]", "", found[1]))


def _country(text: str) -> str | None:
    found = country_of(text)
    if found is not None and not re.fullmatch(r"[A-Z]{2}", found):
        raise _Wrong("is no country; write two letters such as US, or its name")
    return found


def _target(text: str) -> bool:
    if text.lower() not in (*_YES, *_NO):
        raise _Wrong("is neither yes nor no")
    return text.lower() in _YES


def _owner(text: str) -> str | None:
    if text and not re.fullmatch(HANDLE, text):
        raise _Wrong("is no rep's handle, as the policy's team has it, such as ada")
    return text or None


def _words(text: str) -> str | None:
    return " ".join(text.split()) or None


_READ: dict[str, Callable[[str], Value]] = {
    "domain": _domain,
    "employees": _count,
    "revenue": _count,
    "country": _country,
    "target": _target,
    "owner": _owner,
    **dict.fromkeys(("name", "industry", "segment"), _words),
}


def _shown(text: str) -> str:
    return f"“{printable(text[:40])}{'…' if len(text) > 40 else ''}”"
