"""The `baton` command: puts the groups together. Each group's own module says what its commands do."""

from typing import ClassVar, NoReturn

import typer

from domain.errors import BatonError
from runtime.cli.lazily import Group
from runtime.cli.options import refuse
from runtime.leaving import leave_after


class Baton(Group):
    """What a command can't do is said in words, with exit status 1. A traceback is for bugs alone."""

    places: ClassVar = {
        "up": "stack:up",
        "status": "stack:status",
        "migrate": "data:migrate",
        "demo": "demo:demo",
        "lead": "lead:app",
        "call": "call:app",
        "rep": "rep:app",
        "person": "person:app",
        "dnc": "dnc:app",
        "companies": "companies:app",
        "policy": "policies:app",
        "report": "report:app",
        "reconcile": "reconcile:reconcile",
        "tenant": "tenant:app",
    }

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer's Context is what it is given
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever read us has seen enough; typer ends quietly
            raise
        except BatonError as reason:
            refuse(str(reason))
        except OSError as reason:
            refuse(": ".join(str(part) for part in (reason.filename, reason.strerror or reason) if part))


app = typer.Typer(
    name="baton",
    cls=Baton,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they may hold a person's data
)


@app.callback()
def baton() -> None:
    """Baton takes a lead from the second it arrives to the moment a person owns it."""


def main() -> NoReturn:
    """The `baton` command."""
    leave_after(app)


if __name__ == "__main__":
    main()
