"""`baton up` and `baton status`: the embedded stack in the foreground, and what runs on a data directory."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import httpx2
import typer
from pydantic import ValidationError

from domain.switches import Switches
from policy.load import PolicyInvalid, read_policy
from runtime.cli import words
from runtime.cli.options import AsJson, Data, refuse
from runtime.embedded import environment, foreground
from runtime.embedded.addresses import Status, read_status
from runtime.embedded.stack import DEFAULT_POLICY, Options, Stack
from runtime.embedded.state import DEFAULT_DATA, DataDirectory
from runtime.logs import configure_logs

PortBase = Annotated[int | None, typer.Option(metavar="N", help="Use ports N … N+6 instead of free ones.")]
PolicyFile = Annotated[
    Path, typer.Option("--policy", metavar="FILE", help="The rules to decide by.", show_default="policies/default.yaml")
]


SWITCHES_WITHIN = 2.0
"""Seconds that the API gets to say how the switches stand; `status` speaks of processes first of all."""


def up(data: Data = DEFAULT_DATA, port_base: PortBase = None, policy: PolicyFile = DEFAULT_POLICY) -> None:
    """Run the embedded stack until Ctrl-C: PostgreSQL, Temporal with its UI, the simulator, the API and the worker.

    The same directory means the same leads, after any crash. For trying out and for tests; not for production.
    """
    configure_logs()
    require_usable(policy)
    stack = Stack(data, Options(port_base=port_base, policy=policy, say=_say))
    asyncio.run(foreground.run(stack, announce))


def status(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """What runs on a data directory, and where to reach it."""
    found = read_status(DataDirectory(data))
    if as_json:
        typer.echo(found.model_dump_json())
        return
    typer.echo(_in_words(found, data))
    for line in _switched(found):
        typer.echo(words.printable(line))


def require_usable(policy: Path) -> None:
    """Exit with status 1, every wrong line named, unless the policy is good and fit for the vendors that are set."""
    try:
        loaded = read_policy(policy)
    except PolicyInvalid as reason:
        refuse(f"The policy can't be used, so nothing was started:\n{reason}")
    real = environment.real_vendors(os.environ)
    if loaded.policy.always_open and real:
        refuse(
            f"{policy} has no contact windows and is for the simulator only, but BATON_* variables name real vendors "
            f"({', '.join(real)}). Unset them, or choose another policy."
        )


def announce(stack: Stack) -> None:
    """Where everything is, once it answers."""
    urls = stack.urls
    typer.echo(
        f"Baton is up. Everything is kept in {stack.data.path}.\n"
        f"  API and console  {urls.console}\n"
        f"  Temporal UI      {urls.temporal_ui}\n"
        f"  Simulator        {urls.simulator}\n"
        f"  API key          {stack.secrets.api_key}\n"
        "The Temporal server here is its development server: for trying out and for tests, not for production.\n"
        "Ctrl-C stops everything."
    )


def _say(what: str) -> None:
    typer.echo(what, err=True)


def _switched(found: Status) -> tuple[str, ...]:
    """What everybody should know of the tenant's switches, where the API answers at once."""
    if found.state != "up" or not found.urls.api:
        return ()
    try:
        headers = {"Authorization": f"Bearer {found.api_key}"}
        answer = httpx2.get(f"{found.urls.api}/v1/tenant", headers=headers, timeout=SWITCHES_WITHIN)
        return Switches.model_validate_json(answer.content).in_words if answer.is_success else ()
    except (httpx2.HTTPError, ValidationError):
        return ()


def _in_words(found: Status, data: Path) -> str:
    lines = [f"{data}: {found.state}"]
    lines += [f"  {name:<12} {pid or 'not running'}" for name, pid in found.processes.items()]
    if found.state != "down":
        lines += [f"  {name:<12} {url}" for name, url in found.urls.model_dump().items()]
    return "\n".join(lines)
