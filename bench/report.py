"""How the suites speak: words to standard error, the report as JSON where it was asked for."""

import sys
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

Measured = TypeVar("Measured", bound=BaseModel)
"""One round's figures."""


def say(what: str) -> None:
    """A line for a person."""
    print(what, file=sys.stderr, flush=True)


def write(out: Path, report: BaseModel) -> None:
    """The report, for a program; `-` is standard output."""
    text = report.model_dump_json(indent=2)
    if str(out) == "-":
        print(text)
    else:
        out.write_text(text + "\n")


class Rounds(BaseModel, Generic[Measured]):
    """What a bench writes for `--json`. A round on a shared machine is good to a factor of two: take many."""

    model_config = ConfigDict(frozen=True)

    bars_ms: dict[str, float]
    met: bool
    rounds: list[Measured]
