"""The `baton` command: puts the groups together. Each group's own module says what its commands do."""

import typer

from runtime.cli import data, demo, lead, policy, stack

app = typer.Typer(
    name="baton",
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
app.add_typer(policy.app, name="policy")


if __name__ == "__main__":
    app()
