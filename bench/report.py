"""How the suites speak: words to standard error, the report as JSON where it was asked for."""

import sys
from pathlib import Path

from pydantic import BaseModel


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
