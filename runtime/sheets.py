"""CSV files as commands take them, strictly: a first row that names the columns, then a row a line. Reads only.

No row and no cell is lost: what can't be read is named with its row and column; the error comes at the end, so that all
are.
"""

import csv
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import BadInput
from runtime.unseen import printable

LARGEST = 64 * 1024 * 1024
MOST_NAMED = 1000
"""Rows that are named one by one; of more than these it is said how many there are."""

NOT_IMPORTED, NOT_JUDGED = "Nothing was imported.", "No lead was judged."
_LINE_END = re.compile(r"\r\n|\n|\r")


class Problems:
    """What can't be read, by place. `outcome` says what has become of the rest, at the end."""

    def __init__(self, file: str, outcome: str = NOT_IMPORTED) -> None:
        self._file, self._named, self._count = file, list[tuple[str, str]](), 0
        self.outcome = outcome

    def add(self, row: int, column: int | str, said: str) -> None:
        """Notes that a cell can't be read."""
        self._count += 1
        if len(self._named) < MOST_NAMED:
            self._named.append((f"row {row}, column {column}", said))

    def refuse(self) -> None:
        """Raises BadInput with all of them; nothing when there is none."""
        if not self._count:
            return
        lines = [f"{self._file}, {place}: {said}" for place, said in self._named]
        if self._count > MOST_NAMED:
            lines.append(f"and {self._count - MOST_NAMED} rows more")
        raise BadInput("\n".join([*lines, self.outcome]), tuple(self._named))


def text_of(path: Path, outcome: str = NOT_IMPORTED) -> str:
    """What a file holds. Raises BadInput when it is larger than LARGEST or no text in UTF-8, OSError without it."""
    with path.open("rb") as file:
        found = file.read(LARGEST + 1)
    if len(found) > LARGEST:
        raise BadInput(f"{path.name} is larger than {LARGEST >> 20} MB: split it. {outcome}")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = len(_LINE_END.split(found[: error.start].decode("latin-1")))
        raise BadInput(f"{path.name}, row {row}: is no text in UTF-8; save the file in UTF-8. {outcome}") from None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file. `needs`: the one that none may be without. `is_open`: further columns are kept, under the
    names they have, and known ones are written exactly; else a name may have capitals, spaces, or be `also_called`."""

    known: tuple[str, ...]
    needs: str
    also_called: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False

    def named(self, written: str) -> str:
        """The name of a column by what its first row says."""
        if self.is_open:
            return written.strip()
        name = _plain(written)
        return self.also_called.get(name, name)

    def near(self, name: str, taken: list[str]) -> str | None:
        """The column that may be meant by a name that is none; none that the file has besides."""
        plain = _plain(name).replace("-", "_")
        for each in (plain, plain.replace(".", "_"), plain.rpartition(".")[2]):  # also as the JSON has it: person.phone
            if each in self.known:
                return each
        left = [each for each in self.known if each not in taken]
        cutoff = 0.8 if self.is_open else 0.6
        return next(iter(difflib.get_close_matches(plain, left, n=1, cutoff=cutoff)), None)


class Sheet:
    """A file's rows. `row` is that of the columns' `names`; `warnings` are about names that may be slips."""

    def __init__(self, path: Path, columns: Columns, problems: Problems) -> None:
        """Raises BadInput for a file that is none, and with all that is wrong with its first row."""
        self._problems = problems
        self._lines = _LINE_END.split(text_of(path, problems.outcome))
        self.row = next((number for number, line in enumerate(self._lines, 1) if line.strip()), 0)
        if not self.row:
            what = f"its first line names the columns: {', '.join(columns.known)}"
            raise BadInput(f"{path.name} is empty; {what}. {problems.outcome}")
        self.names = [columns.named(cell) for cell in self._cells(self.row) or []]
        problems.refuse()
        self.warnings = [f"{path.name}, row {self.row}, column {place}: {said}" for place, said in self._check(columns)]
        problems.refuse()

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row that isn't empty: its number and its cells by column, "" where it ends sooner. One with more cells
        than there are columns, or that can't be read, is noted and left out."""
        width = len(self.names)
        for row in range(self.row + 1, len(self._lines) + 1):
            cells = self._cells(row)
            if not cells or not any(cells):
                continue
            if any(cells[width:]):
                self._problems.add(row, width + 1, f"is one too many; a row has {width} columns")
                continue
            nameless = [
                place for place, name in enumerate(self.names, 1) if not name and "".join(cells[place - 1 : place])
            ]
            if nameless:
                self._problems.add(row, nameless[0], f"row {self.row} has no name for this column")
                continue
            cells += [""] * (width - len(cells))
            yield row, {name: cell for name, cell in zip(self.names, cells, strict=False) if name}

    def place(self, name: str) -> int:
        """The number of a column, from 1."""
        return self.names.index(name) + 1

    def _cells(self, row: int) -> list[str] | None:
        try:
            # Each line by itself: a quote that is never closed must not swallow the rows below it.
            return [cell.strip() for cell in next(csv.reader([self._lines[row - 1]], strict=True), [])]
        except csv.Error as error:
            self._problems.add(row, 1, f"can't be read: {_WORDS.get(str(error), error)}")
            return None

    def _check(self, columns: Columns) -> Iterator[tuple[int, str]]:
        """Notes what is wrong with the names; gives what may be."""
        for place, name in enumerate(self.names, 1):
            if name and name in self.names[: place - 1]:
                self._problems.add(self.row, place, f"there is a second column {shown(name)}")
            elif name and name not in columns.known:
                near = columns.near(name, self.names)
                if not columns.is_open:
                    hint = f"did you mean “{near}”?" if near else f"there are {', '.join(columns.known)}"
                    self._problems.add(self.row, place, f"{shown(name)} is no column; {hint}")
                elif near:
                    yield place, f"{shown(name)} is kept as a further column; did you mean “{near}”?"
        if columns.needs not in self.names:
            self._problems.add(self.row, 1, f"there is no column “{columns.needs}”{self._parted()}")

    def _parted(self) -> str:
        other = {";": "semicolons", "\t": "tabs"}
        found = [what for sign, what in other.items() if len(self.names) == 1 and sign in self._lines[self.row - 1]]
        return f"; cells are parted by commas, and these by {found[0]}" if found else ""


_WORDS = {
    "unexpected end of data": "a quote is opened and not closed in this row; a cell holds no line break",
    "',' expected after '\"'": 'something follows a closing quote; a quote within a cell is written ""',
}


def _plain(name: str) -> str:
    return " ".join(name.split()).lower().replace(" ", "_")


def shown(text: str, most: int = 40) -> str:
    """A cell as problems show it."""
    return f"“{printable(text[:most])}{'…' if len(text) > most else ''}”"
