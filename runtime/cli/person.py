"""`baton person …`: what somebody tells a running Baton for a person, over its HTTP API."""

import json
import uuid
from typing import Annotated, Literal

import typer

from runtime.cli.http import answer_of, client
from runtime.cli.options import AsJson, Data
from runtime.embedded.state import DEFAULT_DATA

app = typer.Typer(help="People of a running Baton.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """A group even while it has one command."""


@app.command("opt-out")
def opt_out(  # noqa: PLR0913, PLR0917 - each option is one
    person_id: Annotated[uuid.UUID, typer.Argument(help="The person's id, as `baton lead show --json` has it.")],
    channel: Annotated[Literal["all", "call", "sms"], typer.Option(help="What they said no to.")] = "all",
    declined: Annotated[
        bool, typer.Option("--declined", help="They only declined a call (--channel call): barred as their state says.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="In their words, or how it was told.")] = None,
    by: Annotated[str, typer.Option("--by", help="Whose word it is: a rep's handle.")] = "cli",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Record that a person doesn't want to be reached. It is in force before anything else is sent."""
    message = {"channel": channel, "kind": "declined" if declined else "asked", "reason": reason, "by": by}
    with client(data) as http:
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        found = answer_of(http.post(f"/v1/people/{person_id}/opt-out", json=message, headers=headers))
    closes = f"; lead {found['lead_id']} closes" if found.get("lead_id") else ""
    what = {"all": "everything", "call": "calls", "sms": "texts"}[channel]
    typer.echo(json.dumps(found) if as_json else f"Recorded: no to {what}{closes}")
