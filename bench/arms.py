"""Failpoints of an embedded stack, armed and watched from outside (runtime/failpoints.py does the dying)."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from runtime.embedded.state import DataDirectory
from runtime.failpoints import GO, HOLD, SEND, TAKEN, Boundary, Leg


class Cell(NamedTuple):
    """Where which kind of touch is hit."""

    boundary: Boundary
    leg: Leg

    def __str__(self) -> str:
        return f"{self.boundary} {self.leg}"


@dataclass(frozen=True, slots=True)
class Arms:
    """The arms of one stack. Each holds its touch until `go`, so that one death hits all of them."""

    folder: Path

    @classmethod
    def of(cls, data: Path) -> "Arms":
        """Of the stack whose data is there."""
        return cls(DataDirectory(data).failpoints)

    def arm(self, cells: tuple[Cell, ...], word: str = HOLD) -> None:
        """One touch of each cell, whichever comes first. What an earlier round left is gone."""
        (self.folder / TAKEN).mkdir(parents=True, exist_ok=True)
        for old in (*self.folder.iterdir(), *(self.folder / TAKEN).iterdir()):
            if old.is_file():
                old.unlink()
        for number, cell in enumerate(cells):
            fresh = self.folder / f".{number}"
            fresh.write_text(word)  # never seen half written
            fresh.rename(self.folder / f"{cell.boundary}.{cell.leg}.{number}")

    def left(self) -> list[Cell]:
        """Arms that no touch has come to."""
        return [cell for path in self.folder.iterdir() if (cell := _cell(path)) is not None]

    def taken(self) -> dict[Cell, str]:
        """The touch that each used arm has."""
        used = ((_cell(path), path.read_text()) for path in (self.folder / TAKEN).iterdir())
        return {cell: touch for cell, touch in used if cell is not None}

    def withdraw(self) -> None:
        """Arms that no touch has come to, taken back."""
        for path in self.folder.iterdir():
            if _cell(path) is not None:
                path.unlink(missing_ok=True)

    def send(self) -> None:
        """Held requests leave."""
        (self.folder / SEND).touch()

    def go(self) -> None:
        """Whoever holds a touch dies."""
        (self.folder / GO).touch()


def _cell(path: Path) -> Cell | None:
    boundary, _, rest = path.name.partition(".")
    leg = rest.partition(".")[0]
    return Cell(Boundary(boundary), Leg(leg)) if boundary in set(Boundary) and leg in set(Leg) else None
