"""Companies in a CSV file, row by row, as the company table takes them. Reads only.

Every cell that can't be read is named with its row and column; the error comes at the end, so that all are.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from adapters.phones import country_of
from domain.companies import CompanyFacts, domain_of, is_free_mail
from domain.errors import BadInput
from domain.messages import HANDLE
from runtime.sheets import NOT_IMPORTED, NOT_JUDGED, Columns, Problems, Sheet, shown
from runtime.unseen import printable

LONGEST_CELL = 200
MOST_ROWS = 200_000
COLUMNS = ("domain", "name", "employees", "industry", "revenue", "country", "segment", "target", "owner")
_AS_COLUMNS = Columns(
    COLUMNS,
    needs="domain",
    also_called={"website": "domain", "company_domain": "domain", "company": "name", "target_account": "target"},
)
_WHOLE = re.compile(r"\$?(\d{1,3}(?:[, ]\d{3})+|\d{1,15})", re.ASCII)
_YES, _NO = ("true", "yes", "y", "1", "x", "si", "sí"), ("", "false", "no", "n", "0")

Value = str | int | bool | None
Companies = Mapping[str, CompanyFacts]
"""What is known of companies, by domain."""

NO_COMPANIES: Companies = {}


class _Wrong(Exception):
    """What is wrong with a cell, in words that follow its text."""


def companies_in(path: Path, outcome: str = NOT_IMPORTED) -> tuple[CompanyFacts, ...]:
    """The companies of a file, in its order. Raises BadInput when it is no CSV of companies, and with every cell that
    can't be read, and with the `outcome` that this has."""
    problems = Problems(path.name, outcome)
    sheet = Sheet(path, _AS_COLUMNS, problems)
    found: dict[str, tuple[int, CompanyFacts]] = {}
    for row, cells in sheet.rows():
        _take(cells, (row, sheet), problems, found)
    problems.refuse()
    if not found:
        raise BadInput(f"{path.name} holds no company. {outcome}")
    if len(found) > MOST_ROWS:
        raise BadInput(f"{path.name} holds {len(found):,} companies, {MOST_ROWS:,} at most: split it. {outcome}")
    return tuple(company for _, company in found.values())


def by_domain(path: Path) -> Companies:
    """The companies of a file, each found by its domain. Raises BadInput as `companies_in` does."""
    return {each.domain: each for each in companies_in(path, NOT_JUDGED)}


def _take(
    cells: dict[str, str], at: tuple[int, Sheet], problems: Problems, found: dict[str, tuple[int, CompanyFacts]]
) -> None:
    (row, sheet), values = at, dict[str, Value]()
    for name, text in cells.items():
        try:
            values[name] = _value(name, text)
        except _Wrong as wrong:
            problems.add(row, sheet.place(name), f"{shown(text)} {wrong}")
    domain = values.get("domain")
    if not isinstance(domain, str) or len(values) < len(cells):
        return
    if domain in found:
        problems.add(row, sheet.place("domain"), f"“{domain}” is in row {found[domain][0]} already")
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
