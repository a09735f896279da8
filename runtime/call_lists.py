"""Do-not-call lists in files, line by line: the federal registry's flat text, and our own as CSV. Reads only.

Every row that can't be read is named with its column; the error comes at the end, so that all are.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from domain.call_lists import ListedNumber
from domain.errors import BadInput
from domain.values import CallList
from runtime.sheets import Problems, shown
from runtime.unseen import printable

LONGEST_LINE = 4096
LAST_YEAR = 2199

SHOWN = 24
"""Signs of a cell that problems show; a number is no longer."""

NUMBER_FORMS = "512,5550142 or 5125550142 or +15125550142"
_FEDERAL = re.compile(rb'(?:\+?1)?"?([2-9]\d\d)"?[,;\t -]?"?([2-9]\d{6})"?')
_AREA, _LOCAL = re.compile(r"[2-9]\d\d"), re.compile(r"[2-9]\d{6}")
_HEADER = re.compile(rb'[A-Za-z_ ,;\t"-]+')
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_US = re.compile(r"(?:\+?1)?[ .-]?\(?([2-9]\d\d)\)?[ .-]?([2-9]\d\d)[ .-]?(\d{4})")
_COLUMNS = {"number": "number", "phone": "number", "until": "until", "reason": "reason"}
_NO_LISTS = {
    b"PK\x03\x04": "it is a ZIP file; unpack it first",
    b"\x1f\x8b": "it is compressed; unpack it first",
    b"<": "it is XML; download the flat text file",
    b"\xff\xfe": "it is no text in UTF-8",
    b"\xfe\xff": "it is no text in UTF-8",
}


def numbers_in(path: Path, kept_by: CallList) -> Iterator[ListedNumber]:
    """The numbers of a list, in the file's order. Raises BadInput when it is no list, holds none, or, at the end, when
    a row can't be read."""
    problems, found = Problems(path.name), False
    with path.open("rb") as file:
        _refuse_other_kinds(path, file)
        read = _federal if kept_by is CallList.FEDERAL else _own
        for number in read(file, problems):
            found = True
            yield number
    problems.refuse()
    if not found:
        raise BadInput(f"{path.name} holds no number. Nothing was imported.")


def _refuse_other_kinds(path: Path, file: BinaryIO) -> None:
    head = file.read(4)
    file.seek(3 if head.startswith(b"\xef\xbb\xbf") else 0)
    for start, said in _NO_LISTS.items():
        if head.startswith(start):
            raise BadInput(f"{path.name} can't be read: {said}. Nothing was imported.")


def _lines(file: BinaryIO, problems: Problems) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers. What goes on and on without an end is no list, and isn't read further."""
    row = 0
    while line := file.readline(LONGEST_LINE):
        row += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            problems.add(row, 1, f"has more than {LONGEST_LINE} characters; this is no list of numbers")
            return
        yield row, line


def _federal(file: BinaryIO, problems: Problems) -> Iterator[ListedNumber]:
    for row, line in _lines(file, problems):
        text = line.strip()
        found = _FEDERAL.fullmatch(text)
        if found is not None:
            yield ListedNumber(f"+1{found[1].decode()}{found[2].decode()}")
        elif text and not (row == 1 and _HEADER.fullmatch(text)):
            problems.add(row, *_wrong_with(text.decode(errors="replace")))


def _wrong_with(text: str) -> tuple[int, str]:
    """The column, and what is wrong there."""
    cells = [cell.strip().strip('"') for cell in text.split(",")]
    if len(cells) > 2:
        return 3, "is one too many: change lists aren't read; download the full list"
    if len(cells) == 2 and _AREA.fullmatch(cells[0]):
        return 2, f"{shown(cells[1], SHOWN)} is no number of seven digits; write {NUMBER_FORMS}"
    if len(cells) == 2 and _LOCAL.fullmatch(cells[1]):
        return 1, f"{shown(cells[0], SHOWN)} is no area code; write {NUMBER_FORMS}"
    return 1, f"{shown(cells[0], SHOWN)} is no number of the United States; write {NUMBER_FORMS}"


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which column is where, from 0, and how many there are."""

    number: int = 0
    until: int | None = 1
    reason: int | None = 2
    width: int = 3


def _own(file: BinaryIO, problems: Problems) -> Iterator[ListedNumber]:
    shape: _Shape | None = None
    for row, line in _lines(file, problems):
        try:
            # Each line by itself: a quote that is never closed must not swallow the numbers below it.
            cells = next(csv.reader([line.decode().rstrip("\r\n")], strict=True), [])
        except (UnicodeDecodeError, csv.Error) as error:
            said = "is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else f"can't be read: {error}"
            problems.add(row, 1, said)
            continue
        if shape is None:
            shape, is_header = _shape(cells, row, problems)
            if is_header:
                continue
        if any(cell.strip() for cell in cells):
            yield from _listed(cells, shape, row, problems)


def _shape(cells: list[str], row: int, problems: Problems) -> tuple[_Shape, bool]:
    """Where the columns are, by the first row where that names them; else number, until, reason."""
    names = [_COLUMNS.get(cell.strip().lower(), cell.strip().lower()) for cell in cells]
    if "number" not in names:
        return _Shape(), False
    for place, name in enumerate(names, 1):
        if name and name not in _COLUMNS.values():
            problems.add(row, place, f"{shown(name, SHOWN)} is no column of a list; there are number, until and reason")
        elif name and name in names[: place - 1]:
            problems.add(row, place, f"there is a second column “{name}”")
    until, reason = (names.index(name) if name in names else None for name in ("until", "reason"))
    return _Shape(names.index("number"), until, reason, len(names)), True


def _listed(cells: list[str], shape: _Shape, row: int, problems: Problems) -> Iterator[ListedNumber]:
    if any(cell.strip() for cell in cells[shape.width :]):
        problems.add(row, shape.width + 1, "is one too many; a row has number, until and reason")
        return
    written, day = _cell(cells, shape.number), _cell(cells, shape.until)
    number, until = _number(written), _day(day)
    if number is None:
        problems.add(row, shape.number + 1, f"{shown(written, SHOWN)} is no phone number; write {NUMBER_FORMS}")
    if day and until is None:
        said = f"{shown(day, SHOWN)} is no day before {LAST_YEAR + 1}; write 2027-11-24, or nothing for good"
        problems.add(row, (shape.until or 0) + 1, said)
    elif number is not None:
        yield ListedNumber(number, until, printable(_cell(cells, shape.reason))[:200] or None)


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _number(text: str) -> str | None:
    if found := _US.fullmatch(text):
        return "+1" + "".join(found.groups())
    return text if _E164.fullmatch(text) and not text.startswith("+1") else None


def _day(text: str) -> date | None:
    """The day; None for what is none, or so far away that it means for good."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year <= LAST_YEAR else None
