"""The `baton` command: puts the groups together. Each group's own module says what its commands do."""

from typing import NoReturn

import typer
from typer.core import TyperGroup

from domain.errors import BatonError
from runtime.cli import (
    companies,
    data,
    demo,
    dnc,
    language,
    lead,
    migrating,
    person,
    policy,
    publishing,
    rep,
    replay,
    report,
    simulate,
    stack,
    tenant,
)
from runtime.leaving import leave_after


class Plain(TyperGroup):
    """What a command can't do is said in words, with exit status 1. A traceback is for bugs alone."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer's Context is what it is given
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever read us has seen enough; typer ends quietly
            raise
        except BatonError as reason:
            stack.refuse(str(reason))
        except OSError as reason:
            stack.refuse(": ".join(str(part) for part in (reason.filename, reason.strerror or reason) if part))


app = typer.Typer(
    name="baton",
    cls=Plain,
    help="Baton takes a lead from the second it arrives to the moment a person owns it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they may hold a person's data
)
app.command()(stack.up)
app.command()(stack.status)
app.command()(data.migrate)
app.command()(demo.demo)
app.add_typer(lead.app, name="lead")
app.add_typer(rep.app, name="rep")
app.add_typer(person.app, name="person")
app.add_typer(dnc.app, name="dnc")
app.add_typer(companies.app, name="companies")
for command in (
    language.check,
    language.schema,
    language.facts,
    publishing.publish,
    publishing.show,
    publishing.diff,
    publishing.rollback,
    migrating.migrate,
    replay.replay,
    simulate.simulate,
):
    policy.app.command()(command)
policy.app.command("list")(publishing.list_policies)
app.add_typer(policy.app, name="policy")
app.add_typer(report.app, name="report")
app.add_typer(tenant.app, name="tenant")


def main() -> NoReturn:
    """The `baton` command."""
    leave_after(app)


if __name__ == "__main__":
    main()
